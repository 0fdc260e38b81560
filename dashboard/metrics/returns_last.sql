-- grain: one row per unit that ever sent a return: the day the last one came, by what the returns say themselves
SELECT don_vi_id, max(received_at)::date AS last_received_on, count(*)::bigint AS return_count
FROM core_return
GROUP BY don_vi_id
