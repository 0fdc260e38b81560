-- grain: one row per day from which a district counts to its successor, after the figures' first day: how many districts there were
SELECT DISTINCT
    gone.valid_to + 1 AS boundary_on,
    (
        SELECT count(*)
        FROM dim_don_vi AS there
        WHERE there.kind IN ('huyen', 'thi_xa', 'thanh_pho')
            AND coalesce(there.valid_from <= gone.valid_to + 1, true)
            AND coalesce(there.valid_to > gone.valid_to, true)
    )::bigint AS district_count
FROM dim_don_vi AS gone
JOIN dim_don_vi AS heir ON heir.don_vi_id = gone.successor_id
WHERE gone.kind IN ('huyen', 'thi_xa', 'thanh_pho')
    AND heir.kind IN ('huyen', 'thi_xa', 'thanh_pho')
    AND gone.valid_to + 1 > make_date((SELECT from_year FROM {{year_range}}), 1, 1)
ORDER BY boundary_on
