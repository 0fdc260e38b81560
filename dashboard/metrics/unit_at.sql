-- grain: one row per unit that sends returns: the unit its figures count to by the boundaries of $boundary_on (NULL: itself)
-- A district that was gone on that day counts to its successor, and on, up to one that was still there or has no heir.
-- The bound on hops keeps a circle of successors from running for ever: its figures then stay within the circle.
WITH RECURSIVE hop AS (
    SELECT don_vi_id, don_vi_id AS counted_as, 0 AS place
    FROM dim_don_vi
    WHERE kind <> 'cum'
    UNION ALL
    SELECT hop.don_vi_id, heir.don_vi_id, hop.place + 1
    FROM hop
    JOIN dim_don_vi AS gone ON gone.don_vi_id = hop.counted_as
    JOIN dim_don_vi AS heir ON heir.don_vi_id = gone.successor_id
    WHERE gone.valid_to < $boundary_on::date
        AND gone.kind IN ('huyen', 'thi_xa', 'thanh_pho')
        AND heir.kind IN ('huyen', 'thi_xa', 'thanh_pho')
        AND hop.place < (SELECT count(*) FROM dim_don_vi)
)

SELECT don_vi_id, arg_max(counted_as, place) AS counted_as
FROM hop
GROUP BY don_vi_id
