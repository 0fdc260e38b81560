-- level: canh_bao
-- holds: no return repeats every figure of another unit's (thresholds identical_figures, identical_min); a finding is one return
-- A few equal figures are chance and returns of zeros are alike by nature, so only figures above zero count towards
-- `identical_figures`. Both returns are named: which of them is the copy, the order of loading does not tell.
WITH told AS (
    SELECT
        core_value.return_id,
        core_value.don_vi_id,
        dim_don_vi.label,
        core_value.period_kind,
        core_value.from_year,
        core_value.to_year,
        list_sort(list((indicator_id, coalesce(linh_vuc_id, ''), value))) AS figures,
        count(CASE WHEN value > 0 THEN 1 END) AS above_zero,
        sum(value) AS total
    FROM core_value
    JOIN dim_don_vi ON dim_don_vi.don_vi_id = core_value.don_vi_id AND dim_don_vi.kind <> 'cum'
    GROUP BY ALL
),
-- only these are compared: a nation has thousands of returns of zeros, each like all others
enough AS (
    SELECT told.*
    FROM told
    JOIN dim_threshold AS figures_min ON figures_min.rule = 'identical_figures'
    JOIN dim_threshold AS total_min ON total_min.rule = 'identical_min'
    WHERE told.above_zero >= figures_min.value AND told.total >= total_min.value
)
SELECT
    own.return_id,
    own.don_vi_id,
    own.to_year AS year,
    NULL AS sheet,
    NULL AS cell,
    'Mọi số liệu giống hệt báo cáo cùng kỳ của ' || string_agg(DISTINCT other.label, ', ' ORDER BY other.label)
        || ': có gửi nhầm số liệu của đơn vị khác không?' AS message
FROM enough AS own
JOIN enough AS other
    ON other.don_vi_id <> own.don_vi_id
    AND other.period_kind = own.period_kind
    AND other.from_year = own.from_year
    AND other.to_year = own.to_year
    AND other.figures = own.figures
GROUP BY own.return_id, own.don_vi_id, own.to_year
