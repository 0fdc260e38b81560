-- grain: one row per year of the period: awards per recognised model and recognised models per inspection
-- Only units that gave both figures of a ratio count in it, each as it sent them, so that a missing one does not bend it.
WITH given AS (
    SELECT
        value.sender_id,
        value.year,
        (sum(value.value) FILTER (value.indicator_id = 'mo_hinh_cong_nhan'))::bigint AS recognised,
        (sum(value.value) FILTER (value.indicator_id = 'mo_hinh_khen_thuong'))::bigint AS awarded,
        (sum(value.value) FILTER (value.indicator_id = 'kiem_tra'))::bigint AS inspected
    FROM {{year_value}} AS value
    WHERE $don_vi_id IS NULL OR value.don_vi_id = $don_vi_id
    GROUP BY value.sender_id, value.year
),

summed AS (
    SELECT
        year,
        (sum(awarded) FILTER (recognised IS NOT NULL))::bigint AS awarded,
        (sum(recognised) FILTER (awarded IS NOT NULL))::bigint AS recognised_with_awards,
        (sum(recognised) FILTER (inspected IS NOT NULL))::bigint AS recognised_with_inspections,
        (sum(inspected) FILTER (recognised IS NOT NULL))::bigint AS inspected
    FROM given
    GROUP BY year
)

SELECT
    year.year::integer AS year,
    summed.* EXCLUDE (year),
    summed.awarded / nullif(summed.recognised_with_awards, 0) AS awarded_share,
    summed.recognised_with_inspections / nullif(summed.inspected, 0) AS models_per_inspection,
    sum(summed.awarded) OVER () / nullif(sum(summed.recognised_with_awards) OVER (), 0) AS period_awarded_share,
    sum(summed.recognised_with_inspections) OVER () / nullif(sum(summed.inspected) OVER (), 0)
        AS period_models_per_inspection
FROM range($from_year, $to_year + 1) AS year(year)
LEFT JOIN summed USING (year)
ORDER BY year.year
