-- grain: one row per terrain and year of the period: $indicator_id of its districts per commune, and how many gave one
SELECT
    terrain,
    year,
    sum(value)::bigint AS value,
    sum(commune_count)::bigint AS commune_count,
    (sum(value) FILTER (commune_count IS NOT NULL)) / nullif(sum(commune_count), 0) AS rate,
    (count(*) FILTER (is_complete))::bigint AS given_count,
    count(*)::bigint AS expected_count,
    bool_or(is_provisional) AS is_provisional,
    bool_or(is_part_year) AS is_part_year
FROM {{rate_years}}
WHERE terrain IS NOT NULL
GROUP BY terrain, year
ORDER BY terrain, year
