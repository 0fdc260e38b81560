-- grain: one row per district and year of the period in which it existed: $indicator_id, and its rate per commune
-- district_rate: of all districts that gave a figure that year. Part-year: the year's figures stop well before its end.
WITH given AS (
    SELECT don_vi_id, sender_id, year, sum(value)::bigint AS value, bool_or(is_provisional) AS is_provisional
    FROM {{year_value}}
    WHERE indicator_id = $indicator_id
    GROUP BY ALL
),

counted AS (
    SELECT
        given.don_vi_id,
        given.year,
        sum(given.value)::bigint AS value,
        bool_or(given.is_provisional) AS is_provisional,
        -- A part whose communes are not known leaves the whole without a rate.
        CASE WHEN count(*) = count(sent.commune_count) THEN sum(sent.commune_count)::bigint END AS commune_count
    FROM given
    LEFT JOIN dim_don_vi_year AS sent ON sent.don_vi_id = given.sender_id AND sent.year = given.year
    GROUP BY given.don_vi_id, given.year
)

SELECT
    unit.don_vi_id,
    unit.label,
    unit.terrain,
    unit.position,
    existing.year,
    existing.is_complete,
    counted.value,
    counted.commune_count,
    counted.value / nullif(counted.commune_count, 0) AS rate,
    sum(counted.value) FILTER (counted.commune_count IS NOT NULL) OVER (PARTITION BY existing.year)
        / nullif(sum(counted.commune_count) OVER (PARTITION BY existing.year), 0) AS district_rate,
    coalesce(counted.is_provisional, false) AS is_provisional,
    part.as_of_on IS NOT NULL AS is_part_year
FROM {{given_unit_year}} AS existing
JOIN {{units}} AS unit USING (don_vi_id)
LEFT JOIN counted USING (don_vi_id, year)
LEFT JOIN {{part_years}} AS part USING (year)
WHERE existing.is_district
ORDER BY unit.position, existing.year
