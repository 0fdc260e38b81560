-- grain: one row per unit and period in which the unit has sent a return, however many versions of it
-- On time is judged by the first version that had figures (or was signed "không phát sinh"): a correction asked for
-- later makes nobody late. A version without a day of sending leaves open whether the first one was in time.
WITH version AS (
    SELECT
        *,
        superseded_by IS NULL AS is_in_force,
        state = 'trong' AND NOT bool_and(state = 'trong') OVER sent AS is_empty_forerunner
    FROM core_return
    WHERE period_kind IN ('nam', '6_thang')
    WINDOW sent AS (PARTITION BY don_vi_id, period_kind, to_year)
)

SELECT
    don_vi_id,
    period_kind,
    to_year AS year,
    CASE
        WHEN bool_or(state = 'co_so_lieu') FILTER (is_in_force) THEN 'co_so_lieu'
        WHEN bool_or(state = 'khong_phat_sinh') FILTER (is_in_force) THEN 'khong_phat_sinh'
        ELSE 'trong'
    END AS state,
    count(*)::bigint AS version_count,
    (min(received_at) FILTER (NOT is_empty_forerunner))::date AS first_received_on,
    max(received_at)::date AS last_received_on,
    bool_or(received_at IS NULL) FILTER (NOT is_empty_forerunner) AS is_undated,
    list(return_id ORDER BY return_id) FILTER (is_in_force) AS return_ids
FROM version
GROUP BY don_vi_id, period_kind, to_year
