-- grain: one row per year since returns began: units that should give recognised models, and those that gave them for the whole year
WITH given AS (
    SELECT DISTINCT don_vi_id, year
    FROM core_year_value
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND NOT is_provisional
    UNION
    SELECT DISTINCT don_vi_id, CAST(unnest(range(from_year, to_year + 1)) AS INTEGER) AS year
    FROM core_span_value
    WHERE indicator_id = 'mo_hinh_cong_nhan'
),
period AS (
    SELECT CAST(unnest(range(min(year), max(year) + 1)) AS INTEGER) AS year
    FROM given
)
SELECT
    period.year,
    count(*) AS expected,
    count(given.don_vi_id) AS given
FROM period
JOIN dim_don_vi AS unit
    ON coalesce(unit.valid_from, DATE '1900-01-01') <= make_date(period.year, 1, 1)
    AND coalesce(unit.valid_to, DATE '9999-12-31') >= make_date(period.year, 12, 31)
LEFT JOIN given ON given.don_vi_id = unit.don_vi_id AND given.year = period.year
WHERE unit.kind <> 'cum'
GROUP BY period.year
ORDER BY period.year
