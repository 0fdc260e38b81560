-- grain: one row per published source, with how many of its figures the catalogue holds
SELECT source.source_id, source.label, source.published_on, source.note, count(total.source_id)::bigint AS figure_count
FROM dim_source AS source
LEFT JOIN published_total AS total USING (source_id)
GROUP BY ALL
ORDER BY source.published_on DESC NULLS LAST, source.label
