-- grain: one row per unit and indicator: the years of the period the unit existed in, and those it gave a figure for
SELECT
    don_vi_id,
    indicator_id,
    is_district,
    count(*)::bigint AS expected_years,
    (count(*) FILTER (is_covered))::bigint AS covered_years,
    bool_and(is_covered) AS is_complete
FROM {{covered_unit_year}}
GROUP BY ALL
