-- grain: one row per unit and period that was due by the day the returns speak of: what became of it
-- The day: the latest date that two units' returns state (sent, or figures closed), so that one slip of a pen puts nobody in
-- arrears; of one unit where only one states any. Owed, received, reported, on time and late as on the page of returns: a
-- unit owes a period that it existed all through; the first version that says something counts for its time; a return that
-- does not say when it was sent is neither on time nor late. A half-year that nobody sent is nobody's duty.
WITH stated AS (
    SELECT don_vi_id, max(greatest(CAST(received_at AS DATE), as_of_on)) AS stated_on
    FROM core_return
    GROUP BY don_vi_id
),

today AS (
    SELECT min(stated_on) AS stated_on
    FROM (SELECT stated_on FROM stated WHERE stated_on IS NOT NULL ORDER BY stated_on DESC LIMIT 2)
),

first_return AS (
    SELECT period_kind, min(to_year) AS year
    FROM core_return
    GROUP BY period_kind
),

period AS (
    SELECT
        deadline.period_kind,
        CAST(years.year AS INTEGER) AS year,
        make_date(years.year, 1, 1) AS starts_on,
        CASE deadline.period_kind WHEN '6_thang' THEN make_date(years.year, 6, 30) ELSE make_date(years.year, 12, 31) END
            AS ends_on,
        make_date(years.year, deadline.due_month, deadline.due_day) AS due_on,
        today.stated_on
    FROM dim_deadline AS deadline
    JOIN first_return USING (period_kind)
    CROSS JOIN today
    CROSS JOIN LATERAL unnest(range(first_return.year, year(today.stated_on) + 1)) AS years(year)
    WHERE deadline.period_kind IN ('nam', '6_thang')
        AND make_date(years.year, deadline.due_month, deadline.due_day) < today.stated_on
),

version AS (
    SELECT
        *,
        superseded_by IS NULL AS is_in_force,
        state = 'trong' AND NOT bool_and(state = 'trong') OVER sent AS is_empty_forerunner
    FROM core_return
    WINDOW sent AS (PARTITION BY don_vi_id, period_kind, to_year)
),

received AS (
    SELECT
        don_vi_id,
        period_kind,
        to_year AS year,
        coalesce(bool_or(state IN ('co_so_lieu', 'khong_phat_sinh')) FILTER (is_in_force), false) AS is_reported,
        CAST(min(received_at) FILTER (NOT is_empty_forerunner) AS DATE) AS received_on,
        bool_or(received_at IS NULL) FILTER (NOT is_empty_forerunner) AS is_undated,
        list(return_id ORDER BY return_id) FILTER (is_in_force) AS return_ids
    FROM version
    GROUP BY don_vi_id, period_kind, to_year
)

SELECT
    unit.don_vi_id,
    unit.label,
    period.period_kind,
    period.year,
    period.due_on,
    period.stated_on,
    received.don_vi_id IS NOT NULL AS is_received,
    coalesce(received.is_reported, false) AS is_reported,
    coalesce(received.received_on <= period.due_on, false) AS is_on_time,
    coalesce(received.received_on > period.due_on AND NOT received.is_undated, false) AS is_late,
    received.received_on,
    coalesce(received.return_ids, []) AS return_ids
FROM dim_don_vi AS unit
CROSS JOIN period
LEFT JOIN received
    ON received.don_vi_id = unit.don_vi_id
    AND received.period_kind = period.period_kind
    AND received.year = period.year
WHERE unit.kind <> 'cum'
    AND coalesce(unit.valid_from <= period.starts_on, true)
    AND coalesce(unit.valid_to >= period.ends_on, true)
    AND (
        period.period_kind = 'nam'
        OR EXISTS (
            SELECT 1
            FROM core_return AS sent
            WHERE sent.period_kind = period.period_kind AND sent.to_year = period.year
        )
    )
ORDER BY unit.don_vi_id, period.due_on
