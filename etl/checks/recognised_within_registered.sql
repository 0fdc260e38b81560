-- level: canh_bao
-- holds: a unit's recognised models of a year are no more than its registered ones; a finding is one unit and year
WITH yearly AS (
    SELECT
        don_vi_id,
        year,
        sum(CASE WHEN indicator_id = 'mo_hinh_cong_nhan' THEN value END) AS recognised,
        sum(CASE WHEN indicator_id = 'mo_hinh_dang_ky' THEN value END) AS registered,
        max(CASE WHEN indicator_id = 'mo_hinh_cong_nhan' THEN return_id END) AS return_id
    FROM core_year_value
    GROUP BY don_vi_id, year
)
SELECT
    return_id,
    don_vi_id,
    year,
    NULL AS sheet,
    NULL AS cell,
    'Số mô hình công nhận (' || recognised || ') lớn hơn số mô hình đăng ký (' || registered || ')' AS message
FROM yearly
WHERE recognised > registered
