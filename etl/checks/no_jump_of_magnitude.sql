-- level: canh_bao
-- holds: no figure of a unit is a hundred times last year's (thresholds jump_ratio, jump_min); a finding is one cell
SELECT
    own.return_id,
    own.don_vi_id,
    own.to_year AS year,
    own.source_sheet AS sheet,
    own.source_cell AS cell,
    'Số này (' || own.value || ') gấp ' || CAST(own.value / before.value AS INTEGER) || ' lần năm trước ('
        || before.value || '): có gõ thừa chữ số không?' AS message
FROM core_value AS own
JOIN core_year_value AS before
    ON before.don_vi_id = own.don_vi_id
    AND before.year = own.to_year - 1
    AND before.indicator_id = own.indicator_id
    AND before.linh_vuc_id IS NOT DISTINCT FROM own.linh_vuc_id
JOIN dim_threshold AS ratio ON ratio.rule = 'jump_ratio'
JOIN dim_threshold AS smallest ON smallest.rule = 'jump_min'
WHERE own.period_kind = 'nam'
    AND before.value > 0
    AND own.value >= smallest.value
    AND own.value >= ratio.value * before.value
