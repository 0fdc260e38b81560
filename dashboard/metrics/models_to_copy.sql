-- grain: one row per model of field $linh_vuc_id that a unit like $don_vi_id could copy: named by the signed report, or in a register
-- Like: another district of the same terrain. A register's model counts once it was awarded, made a pattern or spread.
WITH alike AS (
    SELECT other.don_vi_id, other.label, other.position
    FROM {{units}} AS own
    JOIN {{units}} AS other
        ON other.is_district AND other.terrain = own.terrain AND other.don_vi_id <> own.don_vi_id
    WHERE own.don_vi_id = $don_vi_id AND own.is_district
)

SELECT
    model.name,
    alike.label AS don_vi,
    alike.position,
    model.commune,
    model.host,
    model.named_in_report,
    model.footnote,
    status.label AS status,
    model.start_year,
    sent.file_name,
    model.source_sheet,
    model.source_cell
FROM core_mo_hinh AS model
JOIN alike USING (don_vi_id)
LEFT JOIN dim_list AS status ON status.list = 'tinh_trang' AND status.id = model.status
LEFT JOIN core_return AS sent USING (return_id)
WHERE model.linh_vuc_id = $linh_vuc_id
    AND (model.named_in_report OR model.status IN ('dien_hinh', 'khen_thuong', 'nhan_rong'))
ORDER BY NOT model.named_in_report, model.model_no, model.start_year DESC NULLS LAST, alike.position, model.name COLLATE vi
