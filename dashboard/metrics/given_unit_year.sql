-- grain: one row per unit and year of the period in which it existed: whether every part gave its year's $indicator_id
SELECT part.don_vi_id, part.year, part.is_district, bool_and(given.sender_id IS NOT NULL) AS is_complete
FROM {{existing_part_year}} AS part
LEFT JOIN (
    SELECT DISTINCT sender_id, year
    FROM {{year_value}}
    WHERE indicator_id = $indicator_id
) AS given USING (sender_id, year)
GROUP BY ALL
