-- grain: one row per model of the period's registers that is neither stopped nor only registered, with its entry of $list_id
WITH life AS (
    SELECT
        id AS status,
        position IN (min(position) OVER (), max(position) OVER ()) AS is_before_or_after
    FROM dim_list
    WHERE list = 'tinh_trang'
)

SELECT
    listed.mo_hinh_id,
    listed.don_vi_id,
    listed.linh_vuc_id,
    coalesce(CASE $list_id WHEN 'chu_de' THEN listed.theme ELSE listed.area_kind END, 'khong_ghi') AS entry_id
FROM {{register_listed}} AS listed
LEFT JOIN life USING (status)
WHERE NOT coalesce(life.is_before_or_after, false)
