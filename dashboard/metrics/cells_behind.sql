-- grain: one row per cell that adds to the figure of $indicator_id in the period: of one unit or a group, a field or all
SELECT
    cell.don_vi_id,
    cell.don_vi,
    cell.sender_id,
    cell.sender,
    cell.linh_vuc_id,
    cell.linh_vuc,
    cell.from_year,
    cell.to_year,
    value.period_kind,
    value.return_id,
    sent.state,
    sent.file_name,
    sent.sha256,
    value.source_sheet AS sheet,
    value.source_cell AS cell,
    value.value,
    cell.is_provisional,
    sent.is_simulated,
    sent.received_at,
    sent.as_of_on
FROM {{counted_in_slice}} AS cell
JOIN core_value AS value
    ON value.return_id = cell.return_id
    AND value.indicator_id = cell.indicator_id
    AND value.linh_vuc_id IS NOT DISTINCT FROM cell.linh_vuc_id
JOIN core_return AS sent ON sent.return_id = cell.return_id
ORDER BY
    cell.unit_position, cell.sender_position, cell.from_year, cell.to_year, value.source_sheet, cell.field_position,
    length(value.source_cell), value.source_cell
