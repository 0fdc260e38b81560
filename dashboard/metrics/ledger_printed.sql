-- grain: one row per figure that a source printed, named, with the indicator of the returns it may be laid beside
SELECT
    published.rowid + 1 AS figure_no,
    published.* EXCLUDE (published_on),
    source.label AS source_label,
    source.published_on,
    published.source_id = (SELECT value FROM snapshot_info WHERE key = 'signed_report') AS is_signed,
    coalesce(indicator.label, measure.label) AS label,
    field.label AS field_label,
    field.position AS field_position,
    coalesce(indicator.unit_label, measure.unit_label) AS unit_label,
    indicator.indicator_id IS NOT NULL AS is_indicator,
    coalesce(nearest.indicator_id, indicator.indicator_id) AS counted_id,
    nearest.label AS nearest_label,
    measure.relation,
    measure.note AS measure_note
FROM published_total AS published
JOIN dim_source AS source USING (source_id)
LEFT JOIN dim_indicator AS indicator ON indicator.indicator_id = published.indicator_id
LEFT JOIN dim_measure AS measure ON measure.measure_id = published.indicator_id
LEFT JOIN dim_indicator AS nearest ON nearest.indicator_id = measure.nearest_indicator_id
LEFT JOIN dim_linh_vuc AS field ON field.linh_vuc_id = published.linh_vuc_id
ORDER BY figure_no
