-- grain: one row per level of weakness of a field, mildest first, with the threshold of the level after it
SELECT
    rule,
    level,
    value,
    coalesce(lead(value) OVER (ORDER BY value DESC), -1) AS next_value,
    reason,
    decided_by,
    decided_on
FROM dim_threshold
WHERE rule LIKE 'weak_field_%'
ORDER BY value DESC
