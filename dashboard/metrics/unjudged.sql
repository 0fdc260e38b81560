-- grain: one row per flag of $rule that could not be judged: of which unit (NULL: of the province)
SELECT don_vi_id
FROM flag
WHERE rule = $rule AND level = 'chua_du_so_lieu'
