-- grain: one row: models in the period's registers, models recognised over its years, and who sent a register
SELECT
    sum(model_count)::bigint AS model_count,
    sum(recognised_count)::bigint AS recognised_count,
    count(*)::bigint AS unit_count,
    (count(*) FILTER (register_years > 0))::bigint AS register_count,
    sum(register_years)::bigint AS register_years,
    sum(expected_years)::bigint AS expected_years,
    (SELECT count(DISTINCT model_no) FROM core_mo_hinh WHERE named_in_report)::bigint AS named_count
FROM {{register_units}}
