-- grain: one row per unit that owed any figure in the period, in the order of the units
SELECT unit.don_vi_id
FROM {{units}} AS unit
SEMI JOIN {{coverage}} AS owed USING (don_vi_id)
ORDER BY unit.position
