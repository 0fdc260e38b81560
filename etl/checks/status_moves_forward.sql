-- level: canh_bao
-- holds: a model at the end of its life stays there, and none goes back to its beginning; a finding is one register row
WITH life AS (
    SELECT id, label, position, min(position) OVER () AS first_position, max(position) OVER () AS last_position
    FROM dim_list
    WHERE list = 'tinh_trang'
),
step AS (
    SELECT
        told.*,
        life.label,
        life.position,
        life.first_position,
        life.last_position,
        lag(life.position) OVER model_life AS earlier_position,
        lag(life.label) OVER model_life AS earlier_label,
        lag(told.to_year) OVER model_life AS earlier_year
    FROM core_mo_hinh_status AS told
    JOIN life ON life.id = told.status
    WINDOW model_life AS (
        PARTITION BY told.mo_hinh_id
        ORDER BY told.to_year, told.period_kind, told.from_year
    )
)
SELECT
    step.return_id,
    step.don_vi_id,
    step.to_year AS year,
    step.source_sheet AS sheet,
    step.source_cell AS cell,
    'Mô hình “' || core_mo_hinh.name || '” đã ghi “' || step.earlier_label || '” (' || step.earlier_year
        || ') nay lại ghi “' || step.label || '”: sửa cột Tình trạng, hoặc đặt tên khác nếu là mô hình mới' AS message
FROM step
JOIN core_mo_hinh ON core_mo_hinh.mo_hinh_id = step.mo_hinh_id
WHERE (step.earlier_position = step.last_position AND step.position < step.last_position)
    OR (step.earlier_position > step.first_position AND step.position = step.first_position)
