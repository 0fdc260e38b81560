-- grain: one row per return that was accepted and not withdrawn
SELECT return_id, don_vi_id, period_kind, from_year, to_year, file_name, superseded_by
FROM core_return
ORDER BY return_id
