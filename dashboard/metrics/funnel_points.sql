-- grain: one row per district in the funnel of $rule against $terrain (NULL: the whole province)
SELECT point.*, unit.label AS don_vi, unit.position
FROM flag_funnel AS point
JOIN {{units}} AS unit USING (don_vi_id)
WHERE point.rule = $rule AND point.terrain IS NOT DISTINCT FROM $terrain
ORDER BY unit.position
