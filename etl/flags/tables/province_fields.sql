-- grain: one row per field: recognised models of all units in all years of returns, with the years they span
-- A several-year figure counts where no annual one does; a half-year's counts while the year has none.
WITH figure AS (
    SELECT don_vi_id, year AS from_year, year AS to_year, linh_vuc_id, value
    FROM core_year_value
    WHERE indicator_id = 'mo_hinh_cong_nhan'
    UNION ALL
    SELECT don_vi_id, from_year, to_year, linh_vuc_id, value
    FROM core_span_value
    WHERE indicator_id = 'mo_hinh_cong_nhan'
)
SELECT
    figure.linh_vuc_id,
    CAST(min(figure.from_year) AS INTEGER) AS from_year,
    CAST(max(figure.to_year) AS INTEGER) AS to_year,
    CAST(sum(figure.value) AS BIGINT) AS value
FROM figure
JOIN dim_don_vi USING (don_vi_id)
WHERE dim_don_vi.kind <> 'cum'
GROUP BY figure.linh_vuc_id
ORDER BY figure.linh_vuc_id
