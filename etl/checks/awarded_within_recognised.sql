-- level: canh_bao
-- holds: a unit's awarded models of a year are no more than its recognised ones; a finding is one unit and year
WITH yearly AS (
    SELECT
        don_vi_id,
        year,
        sum(CASE WHEN indicator_id = 'mo_hinh_khen_thuong' THEN value END) AS awarded,
        sum(CASE WHEN indicator_id = 'mo_hinh_cong_nhan' THEN value END) AS recognised,
        max(CASE WHEN indicator_id = 'mo_hinh_khen_thuong' THEN return_id END) AS return_id
    FROM core_year_value
    GROUP BY don_vi_id, year
)
SELECT
    return_id,
    don_vi_id,
    year,
    NULL AS sheet,
    NULL AS cell,
    'Số mô hình khen thưởng (' || awarded || ') lớn hơn số mô hình công nhận (' || recognised || ')' AS message
FROM yearly
WHERE awarded > recognised
