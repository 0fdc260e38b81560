-- grain: one row per unit that owed $indicator_id in the period: the years it owed it for, and those it gave it for
SELECT don_vi_id, expected_years, covered_years
FROM {{coverage}}
WHERE indicator_id = $indicator_id
