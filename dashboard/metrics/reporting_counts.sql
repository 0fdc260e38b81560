-- grain: one row per year and group of units (districts, others): the counts that DHIS2's reporting rates divide
-- A return of a period the unit did not owe is in no count. Sent but empty counts as received, not as reported.
SELECT
    year,
    is_district,
    any_value(due_on) AS due_on,
    bool_and(is_due) AS is_due,
    count(*)::bigint AS expected,
    (count(*) FILTER (is_received))::bigint AS received,
    (count(*) FILTER (is_reported))::bigint AS reported,
    (count(*) FILTER (is_on_time))::bigint AS on_time,
    (count(*) FILTER (is_late))::bigint AS late
FROM {{returns_grid}}
WHERE is_expected
GROUP BY year, is_district
ORDER BY year, is_district DESC
