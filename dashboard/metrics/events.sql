-- grain: one row per event that touches $from_year..$to_year
SELECT
    event_id,
    from_on,
    to_on,
    year(from_on) - 0.5 + (dayofyear(from_on) - 1) / 366.0 AS from_position,
    year(to_on) - 0.5 + (dayofyear(to_on) - 1) / 366.0 AS to_position,
    kind,
    label,
    detail,
    legal_basis,
    confidence,
    confidence = 'low' AS is_inferred,
    note
FROM dim_event
WHERE year(from_on) <= $to_year AND year(coalesce(to_on, from_on)) >= $from_year
ORDER BY from_on, event_id
