-- level: canh_bao
-- holds: an annual return's register lists as many models begun that year as it counts recognised; a finding is one return
-- A model listed without its year may have begun in it, so such rows may fill what is missing but never excuse a surplus.
WITH listed AS (
    SELECT
        stage_return.return_id,
        count(CASE WHEN stage_model.start_year = stage_return.to_year THEN 1 END) AS begun,
        count(*) - count(stage_model.start_year) AS undated
    FROM stage_model
    JOIN stage_return
        ON stage_return.sha256 = stage_model.sha256
        AND stage_return.return_no = stage_model.return_no
    WHERE stage_return.period_kind = 'nam'
    GROUP BY stage_return.return_id
),
counted AS (
    SELECT return_id, don_vi_id, to_year, CAST(sum(value) AS BIGINT) AS recognised
    FROM core_value
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND period_kind = 'nam'
    GROUP BY return_id, don_vi_id, to_year
)
SELECT
    counted.return_id,
    counted.don_vi_id,
    counted.to_year AS year,
    NULL AS sheet,
    NULL AS cell,
    'Biểu 03 liệt kê ' || listed.begun || ' mô hình bắt đầu trong năm'
        || CASE WHEN listed.undated > 0 THEN ' và ' || listed.undated || ' mô hình không ghi năm' ELSE '' END
        || ' nhưng Biểu 01 ghi công nhận ' || counted.recognised AS message
FROM counted
JOIN listed ON listed.return_id = counted.return_id
WHERE counted.recognised NOT BETWEEN listed.begun AND listed.begun + listed.undated
