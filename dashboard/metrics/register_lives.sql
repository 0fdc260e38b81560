-- grain: one row per model of a register: its life as the registers in force tell it, each change of status with its year
WITH told AS (
    SELECT
        told.*,
        coalesce(choice.label, 'Không ghi') AS label,
        row_number() OVER life AS place,
        told.status IS DISTINCT FROM lag(told.status) OVER life AS is_change
    FROM core_mo_hinh_status AS told
    LEFT JOIN dim_list AS choice ON choice.list = 'tinh_trang' AND choice.id = told.status
    WINDOW life AS (PARTITION BY told.mo_hinh_id ORDER BY told.to_year, told.period_kind, told.from_year)
)

SELECT
    mo_hinh_id,
    string_agg(label || ' ' || to_year, ' → ' ORDER BY place) FILTER (is_change OR place = 1) AS life
FROM told
GROUP BY mo_hinh_id
