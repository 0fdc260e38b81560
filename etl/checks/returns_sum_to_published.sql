-- level: ghi_chu
-- holds: the returns add up to every figure of the signed report; a finding is one published figure that they miss
WITH counted AS (
    SELECT
        published_total.indicator_id,
        published_total.linh_vuc_id,
        published_total.value AS published,
        published_total.value_text,
        CAST(sum(core_year_value.value) AS BIGINT) AS added
    FROM published_total
    JOIN dim_indicator ON dim_indicator.indicator_id = published_total.indicator_id
    JOIN core_year_value
        ON core_year_value.indicator_id = published_total.indicator_id
        AND core_year_value.year BETWEEN published_total.from_year AND published_total.to_year
        AND (published_total.linh_vuc_id IS NULL OR published_total.linh_vuc_id = core_year_value.linh_vuc_id)
    JOIN dim_don_vi ON dim_don_vi.don_vi_id = core_year_value.don_vi_id AND dim_don_vi.kind <> 'cum'
    JOIN snapshot_info ON snapshot_info.key = 'signed_report' AND snapshot_info.value = published_total.source_id
    WHERE dim_indicator.aggregation = 'flow' AND published_total.don_vi_id IS NULL
    GROUP BY ALL
)
SELECT
    NULL AS return_id,
    NULL AS don_vi_id,
    NULL AS year,
    NULL AS sheet,
    NULL AS cell,
    dim_indicator.label || coalesce(' - ' || dim_linh_vuc.label, '') || ': báo cáo công bố ' || value_text
        || ', các đơn vị cộng lại ' || added || ' (chênh ' || (added - published) || ')' AS message
FROM counted
JOIN dim_indicator ON dim_indicator.indicator_id = counted.indicator_id
LEFT JOIN dim_linh_vuc ON dim_linh_vuc.linh_vuc_id = counted.linh_vuc_id
WHERE added <> published
