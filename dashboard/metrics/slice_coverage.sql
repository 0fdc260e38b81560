-- grain: one row per unit that a slice's number should speak of: the years it owes a figure for, and those it gave none for
SELECT
    unit.don_vi_id,
    unit.label AS don_vi,
    count(*)::bigint AS expected_years,
    (count(*) FILTER (covered.is_covered))::bigint AS covered_years,
    list(covered.year ORDER BY covered.year) FILTER (NOT covered.is_covered) AS missing_years
FROM {{covered_unit_year}} AS covered
JOIN {{units}} AS unit USING (don_vi_id)
WHERE covered.indicator_id = $indicator_id
    AND ($don_vi_id IS NULL OR covered.don_vi_id = $don_vi_id)
    AND ($units = 'tat_ca' OR covered.is_district = ($units = 'cap_huyen'))
GROUP BY unit.don_vi_id, unit.label, unit.position
ORDER BY unit.position
