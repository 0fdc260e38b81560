-- grain: one row per figure that the rules estimated
SELECT measure_id, label, value, low, high
FROM flag_measure
ORDER BY measure_id
