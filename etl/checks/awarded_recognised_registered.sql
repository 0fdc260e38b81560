-- level: canh_bao
-- holds: of a unit's models of a year, awarded are no more than recognised, recognised no more than registered; a finding is one pair
WITH pair AS (
    SELECT 'mo_hinh_khen_thuong' AS narrower, 'mo_hinh_cong_nhan' AS wider
    UNION ALL
    SELECT 'mo_hinh_cong_nhan' AS narrower, 'mo_hinh_dang_ky' AS wider
),
yearly AS (
    SELECT don_vi_id, year, indicator_id, CAST(sum(value) AS BIGINT) AS value, max(return_id) AS return_id
    FROM core_year_value
    GROUP BY don_vi_id, year, indicator_id
)
SELECT
    part.return_id,
    part.don_vi_id,
    part.year,
    NULL AS sheet,
    NULL AS cell,
    part_indicator.label || ' (' || part.value || ') nhiều hơn ' || lower(whole_indicator.label) || ' (' || whole.value || ')'
        AS message
FROM pair
JOIN yearly AS part ON part.indicator_id = pair.narrower
JOIN yearly AS whole
    ON whole.indicator_id = pair.wider
    AND whole.don_vi_id = part.don_vi_id
    AND whole.year = part.year
JOIN dim_indicator AS part_indicator ON part_indicator.indicator_id = pair.narrower
JOIN dim_indicator AS whole_indicator ON whole_indicator.indicator_id = pair.wider
WHERE part.value > whole.value
