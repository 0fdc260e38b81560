-- grain: one row: whether $don_vi_id gave a figure of any year of the period
SELECT count(*) > 0 AS has_figures
FROM {{coverage}}
WHERE don_vi_id = $don_vi_id AND covered_years > 0
