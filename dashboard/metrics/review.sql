-- grain: one row: the years under review, as the rate funnel or the scores have them; NULL where districts were not compared
WITH compared AS (
    SELECT from_year, to_year FROM flag_funnel WHERE rule = 'F3'
    UNION ALL
    SELECT to_year - (SELECT value::integer FROM dim_threshold WHERE rule = 'window_years') + 1, to_year FROM district_score
)

SELECT
    (SELECT min(from_year) FROM compared WHERE to_year = (SELECT max(to_year) FROM compared))::integer AS from_year,
    (SELECT max(to_year) FROM compared)::integer AS to_year,
    (SELECT count(*) FROM dim_rule)::bigint AS rule_count
