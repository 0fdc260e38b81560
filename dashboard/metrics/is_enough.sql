-- grain: one row: whether enough units gave recognised models for a judgement on them
SELECT coalesce(
    (SELECT covered_share FROM {{completeness}} WHERE indicator_id = 'mo_hinh_cong_nhan')
        >= (SELECT value FROM dim_threshold WHERE rule = 'complete_enough'),
    false
) AS is_enough
