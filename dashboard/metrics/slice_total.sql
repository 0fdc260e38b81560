-- grain: one row: the number a slice stands for, as pages show it, and from how many returns
SELECT
    sum(value)::bigint AS value,
    coalesce(bool_or(is_provisional), false) AS is_provisional,
    count(DISTINCT return_id)::bigint AS return_count
FROM {{counted_in_slice}}
