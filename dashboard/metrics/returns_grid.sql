-- grain: one row per unit and period of kind $period_kind in $from_year..$to_year that is owed or was received
-- Owed: the kind has a deadline and the unit existed from the period's first day to its last. Clusters owe nothing.
-- Nothing is missing before its deadline: a period without a return is `chua_den_han` up to and on that day.
WITH period AS (
    SELECT
        deadline.period_kind,
        year.year::integer AS year,
        make_date(year.year, 1, 1) AS starts_on,
        CASE WHEN deadline.period_kind = '6_thang' THEN make_date(year.year, 6, 30) ELSE make_date(year.year, 12, 31) END
            AS ends_on,
        make_date(year.year, deadline.due_month, deadline.due_day) AS due_on
    FROM dim_deadline AS deadline
    CROSS JOIN range($from_year, $to_year + 1) AS year(year)
    WHERE deadline.period_kind = $period_kind AND deadline.period_kind IN ('nam', '6_thang')
),

owed AS (
    SELECT
        unit.*,
        period.*,
        coalesce(unit.valid_from <= period.starts_on, true) AND coalesce(unit.valid_to >= period.ends_on, true)
            AS is_expected
    FROM {{units}} AS unit
    CROSS JOIN period
),

span AS (
    SELECT DISTINCT don_vi_id, from_year, to_year, unnest(range(from_year, to_year + 1)) AS year
    FROM core_span_value
),

spanned AS (
    SELECT don_vi_id, year, min(from_year)::integer AS span_from_year, max(to_year)::integer AS span_to_year
    FROM span
    GROUP BY don_vi_id, year
)

SELECT
    owed.don_vi_id,
    owed.label AS unit_label,
    owed.is_district,
    owed.position,
    owed.period_kind,
    owed.year,
    owed.due_on,
    owed.valid_to,
    owed.successor_id,
    owed.is_expected,
    received.don_vi_id IS NOT NULL AS is_received,
    coalesce(received.state IN ('co_so_lieu', 'khong_phat_sinh'), false) AS is_reported,
    coalesce(received.state, CASE WHEN owed.due_on < $as_of THEN 'chua_gui' ELSE 'chua_den_han' END) AS state,
    owed.due_on < $as_of AS is_due,
    coalesce(received.first_received_on <= owed.due_on, false) AS is_on_time,
    coalesce(received.first_received_on > owed.due_on AND NOT received.is_undated, false) AS is_late,
    CASE
        WHEN received.first_received_on > owed.due_on AND NOT received.is_undated
            THEN (received.first_received_on - owed.due_on)::bigint
        WHEN received.don_vi_id IS NULL AND owed.due_on < $as_of THEN ($as_of::date - owed.due_on)::bigint
    END AS days_after_due,
    received.first_received_on,
    received.last_received_on,
    coalesce(received.version_count, 0) AS version_count,
    received.return_ids,
    CASE WHEN received.don_vi_id IS NULL THEN spanned.span_from_year END AS span_from_year,
    CASE WHEN received.don_vi_id IS NULL THEN spanned.span_to_year END AS span_to_year
FROM owed
LEFT JOIN {{returns_received}} AS received
    ON received.don_vi_id = owed.don_vi_id
    AND received.period_kind = owed.period_kind
    AND received.year = owed.year
LEFT JOIN spanned ON spanned.don_vi_id = owed.don_vi_id AND spanned.year = owed.year
WHERE owed.is_expected OR received.don_vi_id IS NOT NULL
ORDER BY owed.position, owed.year
