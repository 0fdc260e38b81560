-- grain: one row: how many warnings concern the returns that figures of the place and period use, and how many returns
-- return_count: of the warnings whose return is known. is_known: of all of them it is.
SELECT
    count(*)::bigint AS warning_count,
    count(DISTINCT return_id)::bigint AS return_count,
    count(*) = count(return_id) AS is_known
FROM {{warnings_in_scope}}
