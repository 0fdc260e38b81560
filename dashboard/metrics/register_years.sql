-- grain: one row per year of the period: distinct models in the year's registers, and models recognised in that year
WITH listed AS (
    SELECT told.to_year AS year, count(DISTINCT told.mo_hinh_id)::bigint AS model_count
    FROM core_mo_hinh_status AS told
    JOIN {{unit_at}} AS place USING (don_vi_id)
    WHERE told.from_year = told.to_year AND ($don_vi_id IS NULL OR place.counted_as = $don_vi_id)
    GROUP BY told.to_year
),

recognised AS (
    SELECT value.year, sum(value.value)::bigint AS recognised_count
    FROM {{year_value}} AS value
    WHERE value.indicator_id = 'mo_hinh_cong_nhan' AND ($don_vi_id IS NULL OR value.don_vi_id = $don_vi_id)
    GROUP BY value.year
)

SELECT year.year::integer AS year, listed.model_count, recognised.recognised_count
FROM range($from_year, $to_year + 1) AS year(year)
LEFT JOIN listed USING (year)
LEFT JOIN recognised USING (year)
ORDER BY year.year
