-- grain: one row of returns_grid, of the units in the list $don_vi_ids alone (NULL: of all)
SELECT *
FROM {{returns_grid}}
WHERE $don_vi_ids IS NULL OR list_contains($don_vi_ids::varchar[], don_vi_id)
ORDER BY position, year
