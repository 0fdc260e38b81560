-- grain: one row per unit, year, indicator and field: the annual return's figure, without one the half-year's
WITH annual AS (
    SELECT don_vi_id, to_year, indicator_id
    FROM in_force
    WHERE period_kind = 'nam'
)
SELECT
    core_value.don_vi_id,
    core_value.to_year AS year,
    core_value.indicator_id,
    core_value.linh_vuc_id,
    CAST(sum(core_value.value) AS BIGINT) AS value,
    core_value.period_kind = '6_thang' AS is_provisional,
    core_value.return_id
FROM core_value
LEFT JOIN annual
    ON annual.don_vi_id = core_value.don_vi_id
    AND annual.to_year = core_value.to_year
    AND annual.indicator_id = core_value.indicator_id
WHERE core_value.period_kind = 'nam' OR (core_value.period_kind = '6_thang' AND annual.don_vi_id IS NULL)
GROUP BY
    core_value.don_vi_id,
    core_value.to_year,
    core_value.indicator_id,
    core_value.linh_vuc_id,
    core_value.period_kind,
    core_value.return_id
