-- grain: one row per kind of period that has a deadline
SELECT period_kind, due_day, due_month, decided_by, decided_on, reason
FROM dim_deadline
ORDER BY due_month, due_day
