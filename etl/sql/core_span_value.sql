-- grain: one row per several-year figure of a unit, indicator and field that no figure of one of its years replaces
SELECT
    core_value.don_vi_id,
    core_value.from_year,
    core_value.to_year,
    core_value.indicator_id,
    core_value.linh_vuc_id,
    CAST(sum(core_value.value) AS BIGINT) AS value,
    core_value.return_id
FROM core_value
LEFT JOIN core_year_value AS single
    ON single.don_vi_id = core_value.don_vi_id
    AND single.indicator_id = core_value.indicator_id
    AND single.year BETWEEN core_value.from_year AND core_value.to_year
WHERE core_value.period_kind = 'giai_doan' AND single.don_vi_id IS NULL
GROUP BY
    core_value.don_vi_id,
    core_value.from_year,
    core_value.to_year,
    core_value.indicator_id,
    core_value.linh_vuc_id,
    core_value.return_id
