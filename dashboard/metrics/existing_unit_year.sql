-- grain: one row per unit (by the boundaries of $boundary_on) and year of the period in which it or a part of it existed
SELECT DISTINCT don_vi_id, year, is_district
FROM {{existing_part_year}}
