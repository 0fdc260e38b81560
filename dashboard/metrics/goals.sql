-- grain: one row: what targets are reckoned with; nothing where the catalogue names no target
SELECT
    min(value) FILTER (rule LIKE 'target_share_%') AS first_share,
    (max(value) FILTER (rule = 'target_from_year'))::integer AS from_year,
    (max(value) FILTER (rule = 'target_to_year'))::integer AS to_year
FROM dim_threshold
HAVING first_share IS NOT NULL AND from_year IS NOT NULL AND to_year IS NOT NULL
