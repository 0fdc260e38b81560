-- grain: one row per district: its models of $linh_vuc_id in the period's last year and last years, and how many gave no figure
WITH recent AS (
    SELECT DISTINCT existing.don_vi_id, existing.year
    FROM {{existing_unit_year}} AS existing
    JOIN {{units}} AS unit USING (don_vi_id)
    WHERE unit.is_district
        AND existing.year > $to_year - (SELECT value FROM dim_threshold WHERE rule = 'field_window_years')
),

given AS (
    SELECT don_vi_id, to_year AS year, sum(value)::bigint AS value
    FROM {{counted_value}}
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND linh_vuc_id = $linh_vuc_id AND from_year = to_year
    GROUP BY don_vi_id, to_year
)

SELECT
    recent.don_vi_id,
    unit.label,
    min(recent.year)::integer AS from_year,
    max(recent.year)::integer AS to_year,
    (sum(given.value) FILTER (recent.year = $to_year))::bigint AS last_value,
    sum(given.value)::bigint AS value,
    (count(*) FILTER (given.value IS NULL))::bigint AS missing_years
FROM recent
JOIN {{units}} AS unit USING (don_vi_id)
LEFT JOIN given USING (don_vi_id, year)
GROUP BY recent.don_vi_id, unit.label, unit.position
ORDER BY unit.position
