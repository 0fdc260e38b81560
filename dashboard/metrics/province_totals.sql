-- grain: one row per indicator with any figure in the period: the sum of all units
SELECT indicator_id, sum(value)::bigint AS value, bool_or(is_provisional) AS is_provisional
FROM {{counted_value}}
GROUP BY indicator_id
