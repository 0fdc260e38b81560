-- grain: one row of rate_years, of the districts in the list $don_vi_ids alone (NULL: of all)
SELECT *
FROM {{rate_years}}
WHERE $don_vi_ids IS NULL OR list_contains($don_vi_ids::varchar[], don_vi_id)
ORDER BY position, year
