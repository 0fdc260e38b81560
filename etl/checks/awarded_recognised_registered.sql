-- level: canh_bao
-- holds: of a unit's models of a period, awarded are no more than recognised, recognised no more than registered: in all, and
-- in each field where they hold in all; a finding is one pair
WITH pair AS (
    SELECT 'mo_hinh_khen_thuong' AS narrower, 'mo_hinh_cong_nhan' AS wider
    UNION ALL
    SELECT 'mo_hinh_cong_nhan' AS narrower, 'mo_hinh_dang_ky' AS wider
),
-- one row a unit, period, indicator and field; without a field: all of them together
figure AS (
    SELECT
        don_vi_id, period_kind, from_year, to_year, indicator_id, linh_vuc_id,
        CAST(sum(value) AS BIGINT) AS value,
        max(return_id) AS return_id,
        CASE WHEN count(*) = 1 THEN max(source_sheet) END AS sheet,
        CASE WHEN count(*) = 1 THEN max(source_cell) END AS cell,
        grouping(linh_vuc_id) AS is_total
    FROM core_value
    GROUP BY GROUPING SETS (
        (don_vi_id, period_kind, from_year, to_year, indicator_id, linh_vuc_id),
        (don_vi_id, period_kind, from_year, to_year, indicator_id)
    )
),
finding AS (
    SELECT
        part.*,
        whole.value AS whole,
        part_indicator.label AS label,
        lower(whole_indicator.label) AS whole_label,
        max(part.is_total) OVER (
            PARTITION BY part.don_vi_id, part.period_kind, part.from_year, part.to_year, part.indicator_id
        ) AS is_in_all
    FROM pair
    JOIN figure AS part ON part.indicator_id = pair.narrower
    JOIN figure AS whole
        ON whole.indicator_id = pair.wider
        AND whole.don_vi_id = part.don_vi_id
        AND whole.period_kind = part.period_kind
        AND whole.from_year = part.from_year
        AND whole.to_year = part.to_year
        AND whole.is_total = part.is_total
        AND whole.linh_vuc_id IS NOT DISTINCT FROM part.linh_vuc_id
    JOIN dim_indicator AS part_indicator ON part_indicator.indicator_id = pair.narrower
    JOIN dim_indicator AS whole_indicator ON whole_indicator.indicator_id = pair.wider
    WHERE part.value > whole.value
        AND (part.is_total = 1 OR part.linh_vuc_id <> 'chua_phan')  -- models without a field in one may have one in the other
)
SELECT
    finding.return_id,
    finding.don_vi_id,
    finding.to_year AS year,
    CASE WHEN finding.is_total = 0 THEN finding.sheet END AS sheet,
    CASE WHEN finding.is_total = 0 THEN finding.cell END AS cell,
    finding.label || coalesce(' lĩnh vực ' || dim_linh_vuc.label, '') || ' (' || finding.value || ') nhiều hơn '
        || finding.whole_label || ' (' || finding.whole || ')' AS message
FROM finding
LEFT JOIN dim_linh_vuc ON dim_linh_vuc.linh_vuc_id = finding.linh_vuc_id AND finding.is_total = 0
WHERE finding.is_total = finding.is_in_all
