-- grain: one row per year of the period that any district gave $indicator_id for, with the rate of all districts
-- district_count: districts with a rate in any year of the period. gap_count: those without one in some year.
SELECT
    year,
    any_value(district_rate) AS district_rate,
    bool_or(is_part_year) AS is_part_year,
    (SELECT count(DISTINCT don_vi_id) FROM {{rate_years}} WHERE rate IS NOT NULL)::bigint AS district_count,
    (SELECT count(DISTINCT don_vi_id) FROM {{rate_years}} WHERE rate IS NULL)::bigint AS gap_count
FROM {{rate_years}}
WHERE rate IS NOT NULL
GROUP BY year
ORDER BY year
