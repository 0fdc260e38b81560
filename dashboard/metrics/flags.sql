-- grain: one row per flag: data quality first, then norms, then statistics; in a rule the severest first, the province first
SELECT
    flag.rule,
    coalesce(rule.label, flag.rule) AS rule_label,
    coalesce(rule.question, flag.rule) AS question,
    flag.kind,
    flag.level,
    flag.don_vi_id,
    unit.label AS don_vi,
    flag.linh_vuc_id,
    field.label AS linh_vuc,
    flag.from_year,
    flag.to_year,
    flag.observed,
    flag.expected,
    flag.ratio,
    flag.p_value,
    flag.statement,
    flag.usual,
    flag.certainty,
    flag.action,
    flag.evidence::varchar AS evidence
FROM flag
LEFT JOIN dim_rule AS rule USING (rule)
LEFT JOIN dim_don_vi AS unit USING (don_vi_id)
LEFT JOIN {{units}} AS listed USING (don_vi_id)
LEFT JOIN dim_linh_vuc AS field USING (linh_vuc_id)
ORDER BY
    list_position(['DL', 'QD', 'TH'], flag.kind),
    rule.position NULLS LAST,
    list_position(['nghiem_trong', 'canh_bao', 'theo_doi', 'chua_du_so_lieu'], flag.level),
    flag.don_vi_id IS NOT NULL,
    listed.position,
    field.position NULLS FIRST,
    flag.to_year DESC,
    flag.from_year DESC,
    flag.statement
