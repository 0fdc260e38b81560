-- grain: one row per threshold, as the catalogue gives it
SELECT rule, level, value, unit, label, decided_by, decided_on, reason
FROM dim_threshold
ORDER BY rule, value DESC
