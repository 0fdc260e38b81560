-- grain: one row: the latest year with commune counts, if any
SELECT max(year)::integer AS year
FROM dim_don_vi_year
WHERE commune_count > 0
