-- grain: one row per indicator, in the catalogue's order, with what the signed report prints for it
SELECT indicator.*, published.value AS published_value, published.citation
FROM dim_indicator AS indicator
LEFT JOIN {{signed_total}} AS published
    ON indicator.indicator_id = published.indicator_id AND published.linh_vuc_id IS NULL
ORDER BY indicator.position
