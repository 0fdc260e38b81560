-- grain: one row per district of the latest year with commune counts: its communes, its recognised models of $linh_vuc_id
WITH latest AS (
    SELECT max(year) AS year
    FROM dim_don_vi_year
    WHERE commune_count > 0
),

counted AS (
    SELECT don_vi_id, sum(value)::bigint AS value
    FROM {{counted_value}}
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND linh_vuc_id = $linh_vuc_id
    GROUP BY don_vi_id
)

SELECT
    unit.don_vi_id,
    unit.label,
    unit.valid_to,
    latest.year::integer AS year,
    place.commune_count::bigint AS commune_count,
    counted.value,
    coalesce(coverage.is_complete, false) AS is_complete
FROM latest
JOIN dim_don_vi_year AS place USING (year)
JOIN {{units}} AS unit USING (don_vi_id)
LEFT JOIN counted USING (don_vi_id)
LEFT JOIN {{coverage}} AS coverage
    ON unit.don_vi_id = coverage.don_vi_id AND coverage.indicator_id = 'mo_hinh_cong_nhan'
WHERE unit.is_district AND place.commune_count > 0
ORDER BY unit.position
