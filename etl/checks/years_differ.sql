-- level: canh_bao
-- holds: no unit's year repeats every figure of the year before (threshold identical_min); a finding is one return
WITH paired AS (
    SELECT
        own.return_id,
        own.don_vi_id,
        own.year,
        count(*) AS figures,
        count(CASE WHEN before.value = own.value THEN 1 END) AS same,
        sum(own.value) AS total
    FROM core_year_value AS own
    LEFT JOIN core_year_value AS before
        ON before.don_vi_id = own.don_vi_id
        AND before.year = own.year - 1
        AND before.indicator_id = own.indicator_id
        AND before.linh_vuc_id IS NOT DISTINCT FROM own.linh_vuc_id
    GROUP BY own.return_id, own.don_vi_id, own.year
)
SELECT
    return_id,
    don_vi_id,
    year,
    NULL AS sheet,
    NULL AS cell,
    'Mọi số liệu năm ' || year || ' giống hệt năm ' || (year - 1) || ': có gửi lại báo cáo cũ không?' AS message
FROM paired
JOIN dim_threshold ON dim_threshold.rule = 'identical_min'
WHERE figures = same AND total >= dim_threshold.value
