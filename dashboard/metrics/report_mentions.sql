-- grain: one row per unit and leadership action of the signed report: whether the report names the unit for it
WITH named AS (
    SELECT don_vi_id, count(DISTINCT model_no)::bigint AS model_count
    FROM core_mo_hinh
    WHERE named_in_report
    GROUP BY don_vi_id
)

SELECT
    unit.don_vi_id,
    unit.label AS unit_label,
    unit.is_district,
    action.action_id,
    action.label,
    action.short_label,
    action.footnote,
    action.section,
    action.citation,
    action.printed,
    action.note,
    mention.action_id IS NOT NULL AS is_named,
    coalesce(named.model_count, 0) AS model_count
FROM {{units}} AS unit
CROSS JOIN dim_leadership_action AS action
LEFT JOIN dim_leadership_mention AS mention USING (don_vi_id, action_id)
LEFT JOIN named USING (don_vi_id)
WHERE $don_vi_id IS NULL OR unit.don_vi_id = $don_vi_id
ORDER BY unit.position, action.position
