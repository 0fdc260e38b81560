-- grain: one row: how many models match the search, and of how many units
SELECT count(*)::bigint AS model_count, count(DISTINCT don_vi_id)::bigint AS unit_count
FROM {{register_matching}}
