-- grain: one row per point of the limits of the funnel of $rule against $terrain (NULL: the whole province)
SELECT expected, low95, high95, low998, high998
FROM flag_funnel_limit
WHERE rule = $rule AND terrain IS NOT DISTINCT FROM $terrain
ORDER BY expected
