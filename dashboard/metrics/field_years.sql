-- grain: one row per field and year of the period: recognised models, with their share of the year
WITH given AS (
    SELECT
        linh_vuc_id,
        year,
        sum(value)::bigint AS value,
        bool_or(is_provisional) AS is_provisional
    FROM {{year_value}}
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND ($don_vi_id IS NULL OR don_vi_id = $don_vi_id)
    GROUP BY linh_vuc_id, year
)

SELECT
    field.linh_vuc_id,
    field.label,
    field.short_label,
    field.colour,
    field.position,
    field.is_main,
    year.year::integer AS year,
    given.value,
    coalesce(given.is_provisional, false) AS is_provisional,
    given.value / nullif(sum(given.value) OVER (PARTITION BY year.year), 0) AS value_share
FROM {{field_list}} AS field
CROSS JOIN range($from_year, $to_year + 1) AS year(year)
LEFT JOIN given USING (linh_vuc_id, year)
ORDER BY field.position, year.year
