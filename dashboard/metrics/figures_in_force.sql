-- grain: one row per unit, period, indicator and field that has an effective figure, with the return that gave it
SELECT
    found.don_vi_id,
    unit.label AS don_vi,
    found.period_kind,
    found.from_year,
    found.to_year,
    found.indicator_id,
    indicator.label AS indicator,
    found.linh_vuc_id,
    field.label AS linh_vuc,
    sum(found.value)::bigint AS value,
    min(found.return_id) AS return_id
FROM core_value AS found
LEFT JOIN {{units}} AS unit USING (don_vi_id)
LEFT JOIN dim_indicator AS indicator USING (indicator_id)
LEFT JOIN dim_linh_vuc AS field USING (linh_vuc_id)
WHERE $don_vi_id IS NULL OR found.don_vi_id = $don_vi_id
GROUP BY ALL
ORDER BY
    any_value(unit.position),
    found.to_year DESC,
    found.from_year,
    found.period_kind,
    any_value(indicator.position),
    any_value(field.position) NULLS LAST
