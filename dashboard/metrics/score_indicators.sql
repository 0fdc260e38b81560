-- grain: one row per district and indicator of its score, in the indicators' order
SELECT *
FROM score_indicator
WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
ORDER BY position, don_vi_id
