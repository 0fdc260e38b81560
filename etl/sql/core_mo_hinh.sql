-- grain: one row per model: those of the registers in force, each as its latest register says, and those the report names
WITH listed AS (
    SELECT
        stage_model.mo_hinh_id,
        stage_return.don_vi_id,
        stage_model.name,
        stage_model.linh_vuc_id,
        stage_model.commune,
        stage_model.host,
        stage_model.kind,
        stage_model.start_year,
        stage_model.status,
        stage_model.award_level,
        stage_model.theme,
        stage_model.area_kind,
        stage_return.return_id,
        stage_model.sheet AS source_sheet,
        stage_model.cell AS source_cell,
        stage_model.name_key,
        stage_model.place_key,
        stage_model.place_don_vi_id,
        stage_model.search_key,
        row_number() OVER (
            PARTITION BY stage_model.mo_hinh_id
            ORDER BY stage_return.to_year DESC, stage_return.period_kind DESC, stage_return.from_year DESC,
                stage_return.sequence DESC, stage_model.row_no DESC
        ) AS recency
    FROM stage_model
    JOIN stage_return
        ON stage_return.sha256 = stage_model.sha256
        AND stage_return.return_no = stage_model.return_no
    JOIN in_force
        ON in_force.return_id = stage_return.return_id
        AND in_force.indicator_id = 'mo_hinh'
)
SELECT
    mo_hinh_id,
    don_vi_id,
    name,
    linh_vuc_id,
    commune,
    host,
    kind,
    start_year,
    status,
    award_level,
    theme,
    area_kind,
    return_id,
    source_sheet,
    source_cell,
    FALSE AS named_in_report,
    NULL AS model_no,
    NULL AS footnote,
    name_key,
    place_key,
    place_don_vi_id,
    search_key
FROM listed
WHERE recency = 1
UNION ALL
SELECT
    mo_hinh_id,
    don_vi_id,
    name,
    linh_vuc_id,
    commune,
    host,
    NULL AS kind,
    NULL AS start_year,
    NULL AS status,
    NULL AS award_level,
    NULL AS theme,
    NULL AS area_kind,
    NULL AS return_id,
    NULL AS source_sheet,
    NULL AS source_cell,
    TRUE AS named_in_report,
    model_no,
    footnote,
    name_key,
    place_key,
    place_don_vi_id,
    search_key
FROM stage_named_model
