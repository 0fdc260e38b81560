-- grain: one row per kind of period within one year that has a deadline, the year's first
SELECT period_kind, due_day, due_month
FROM dim_deadline
WHERE period_kind IN ('nam', '6_thang')
ORDER BY period_kind = '6_thang'
