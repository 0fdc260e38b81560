-- grain: one row per effective figure, with the cell it stands in
SELECT
    stage_return.return_id,
    stage_return.don_vi_id,
    stage_return.period_kind,
    stage_return.from_year,
    stage_return.to_year,
    stage_figure.indicator_id,
    stage_figure.linh_vuc_id,
    stage_figure.value,
    stage_figure.sheet AS source_sheet,
    stage_figure.cell AS source_cell
FROM stage_figure
JOIN stage_return
    ON stage_return.sha256 = stage_figure.sha256
    AND stage_return.return_no = stage_figure.return_no
JOIN in_force
    ON in_force.return_id = stage_return.return_id
    AND in_force.indicator_id = stage_figure.indicator_id
