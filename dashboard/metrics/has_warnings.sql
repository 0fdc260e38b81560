-- grain: one row: whether any return of the snapshot came with a warning
SELECT count(*) > 0 AS has_warnings
FROM check_result
WHERE level = 'canh_bao'
