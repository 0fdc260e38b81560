-- grain: one row: the first and last year that any figure, of a return or of the signed report, speaks of
SELECT min(from_year)::integer AS from_year, max(to_year)::integer AS to_year
FROM (
    SELECT year AS from_year, year AS to_year FROM core_year_value
    UNION ALL
    SELECT from_year, to_year FROM core_span_value
    UNION ALL
    SELECT from_year, to_year FROM {{signed_total}}
)
