-- grain: one row per model and period in which a register in force lists it, with what it says of the model then
SELECT
    stage_model.mo_hinh_id,
    stage_return.don_vi_id,
    stage_return.period_kind,
    stage_return.from_year,
    stage_return.to_year,
    stage_model.status,
    stage_return.return_id,
    stage_model.sheet AS source_sheet,
    stage_model.cell AS source_cell
FROM stage_model
JOIN stage_return
    ON stage_return.sha256 = stage_model.sha256
    AND stage_return.return_no = stage_model.return_no
JOIN in_force
    ON in_force.return_id = stage_return.return_id
    AND in_force.indicator_id = 'mo_hinh'
