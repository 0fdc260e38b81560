-- grain: one row per rule, level, scenario and measure of the bench on simulated provinces, as the catalogue lists them
SELECT
    scenario,
    scenario_label,
    rule,
    rule_label,
    level,
    measure,
    value,
    error,
    bound,
    provinces,
    measured_on,
    level IS NULL AS is_naive
FROM dim_flag_bench
ORDER BY rowid
