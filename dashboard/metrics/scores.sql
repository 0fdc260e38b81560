-- grain: one row per district of the last window scored, in the order of the units
SELECT score.*, unit.label AS don_vi, unit.terrain, unit.position
FROM district_score AS score
JOIN {{units}} AS unit USING (don_vi_id)
WHERE score.to_year = (SELECT max(to_year) FROM district_score)
ORDER BY unit.position
