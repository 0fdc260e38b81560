-- grain: one row per figure the signed report prints for the whole province
SELECT published.*, source.label AS source_label
FROM published_total AS published
JOIN dim_source AS source USING (source_id)
WHERE published.source_id = (SELECT value FROM snapshot_info WHERE key = 'signed_report')
    AND published.don_vi_id IS NULL
