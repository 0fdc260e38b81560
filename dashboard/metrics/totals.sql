-- grain: one row per indicator: its total in the period, held against the signed report where that counts the same
WITH of_unit AS (
    SELECT indicator_id, sum(value)::bigint AS value, bool_or(is_provisional) AS is_provisional
    FROM {{counted_value}}
    WHERE don_vi_id = $don_vi_id
    GROUP BY indicator_id
),

counted AS (
    SELECT
        province.indicator_id,
        CASE WHEN $don_vi_id IS NULL THEN province.value ELSE of_unit.value END AS value,
        CASE WHEN $don_vi_id IS NULL THEN province.is_provisional ELSE of_unit.is_provisional END AS is_provisional,
        province.value AS province_value
    FROM {{province_totals}} AS province
    LEFT JOIN of_unit USING (indicator_id)
),

published AS (
    SELECT indicator_id, value, from_year, to_year, published_on, citation
    FROM {{signed_total}}
    WHERE linh_vuc_id IS NULL
)

SELECT
    indicator.indicator_id,
    indicator.label,
    indicator.short_label,
    indicator.unit_label,
    indicator.aggregation,
    indicator.definition,
    counted.value,
    coalesce(counted.is_provisional, false) AS is_provisional,
    counted.value / nullif(counted.province_value, 0) AS province_share,
    completeness.* EXCLUDE (indicator_id, is_enough),
    published.value AS published_value,
    published.from_year AS published_from_year,
    published.to_year AS published_to_year,
    published.published_on,
    published.citation,
    $don_vi_id IS NULL AND published.from_year = $from_year AND published.to_year = $to_year AS is_comparable,
    CASE WHEN is_comparable THEN counted.value - published.value END AS gap
FROM dim_indicator AS indicator
LEFT JOIN counted USING (indicator_id)
LEFT JOIN published USING (indicator_id)
LEFT JOIN {{completeness}} AS completeness USING (indicator_id)
ORDER BY indicator.position
