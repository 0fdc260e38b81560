-- grain: one row: the signed report that headline figures are held against
SELECT
    source.source_id,
    source.label,
    source.published_on,
    min(total.from_year)::integer AS from_year,
    max(total.to_year)::integer AS to_year
FROM dim_source AS source
JOIN {{signed_total}} AS total USING (source_id)
WHERE total.indicator_id = 'mo_hinh_cong_nhan'
GROUP BY ALL
