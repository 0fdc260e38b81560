-- grain: one row per model that matches the search, in words, with its cell; at most $row_limit of them
SELECT
    model.name,
    model.don_vi,
    field.label AS linh_vuc,
    field.short_label AS linh_vuc_ngan,
    model.commune,
    model.host,
    kind.label AS kind,
    model.start_year,
    status.label AS status,
    award_level.label AS award_level,
    theme.label AS theme,
    area_kind.label AS area_kind,
    life.life,
    sent.file_name,
    model.source_sheet,
    model.source_cell
FROM {{register_matching}} AS model
JOIN dim_linh_vuc AS field USING (linh_vuc_id)
JOIN {{register_lives}} AS life USING (mo_hinh_id)
JOIN core_return AS sent USING (return_id)
LEFT JOIN dim_list AS kind ON kind.list = 'loai' AND kind.id = model.kind
LEFT JOIN dim_list AS status ON status.list = 'tinh_trang' AND status.id = model.status
LEFT JOIN dim_list AS award_level ON award_level.list = 'cap_khen_thuong' AND award_level.id = model.award_level
LEFT JOIN dim_list AS theme ON theme.list = 'chu_de' AND theme.id = model.theme
LEFT JOIN dim_list AS area_kind ON area_kind.list = 'dia_ban_dac_thu' AND area_kind.id = model.area_kind
ORDER BY model.unit_position, field.position, model.start_year DESC NULLS LAST, model.name COLLATE vi, model.mo_hinh_id
LIMIT $row_limit
