-- grain: one row per whole-province figure of the signed report that the returns count the same: what they add up to, and how complete
-- Annual figures, a half-year's where the year has none, and several-year figures inside the printed period, as everywhere.
WITH printed AS (
    SELECT published.*, indicator.label, indicator.position, indicator.unit_label
    FROM published_total AS published
    JOIN dim_indicator AS indicator USING (indicator_id)
    JOIN snapshot_info ON snapshot_info.key = 'signed_report' AND snapshot_info.value = published.source_id
    WHERE indicator.aggregation = 'flow'
        AND published.don_vi_id IS NULL
        AND published.value IS NOT NULL
        AND published.from_year IS NOT NULL
),

figure AS (
    SELECT don_vi_id, indicator_id, linh_vuc_id, year AS from_year, year AS to_year, value, is_provisional
    FROM core_year_value
    UNION ALL
    SELECT don_vi_id, indicator_id, linh_vuc_id, from_year, to_year, value, false
    FROM core_span_value
),

added AS (
    SELECT printed.indicator_id, printed.linh_vuc_id, CAST(sum(figure.value) AS BIGINT) AS added
    FROM printed
    JOIN figure
        ON figure.indicator_id = printed.indicator_id
        AND figure.from_year >= printed.from_year
        AND figure.to_year <= printed.to_year
        AND (printed.linh_vuc_id IS NULL OR figure.linh_vuc_id = printed.linh_vuc_id)
    JOIN dim_don_vi AS unit ON unit.don_vi_id = figure.don_vi_id AND unit.kind <> 'cum'
    GROUP BY printed.indicator_id, printed.linh_vuc_id
),

owed AS (
    SELECT DISTINCT
        printed.indicator_id,
        unit.don_vi_id,
        CAST(unnest(range(printed.from_year, printed.to_year + 1)) AS INTEGER) AS year,
        unit.valid_from,
        unit.valid_to
    FROM printed
    CROSS JOIN dim_don_vi AS unit
    WHERE unit.kind <> 'cum'
),

given AS (
    SELECT DISTINCT don_vi_id, indicator_id, CAST(unnest(range(from_year, to_year + 1)) AS INTEGER) AS year
    FROM figure
    WHERE NOT is_provisional
),

covered AS (
    SELECT owed.indicator_id, count(*) AS expected, count(given.year) AS given
    FROM owed
    LEFT JOIN given USING (don_vi_id, indicator_id, year)
    WHERE coalesce(owed.valid_from <= make_date(owed.year, 1, 1), true)
        AND coalesce(owed.valid_to >= make_date(owed.year, 12, 31), true)
    GROUP BY owed.indicator_id
)

SELECT
    printed.source_id,
    printed.indicator_id,
    printed.label,
    printed.unit_label,
    printed.linh_vuc_id,
    field.label AS field_label,
    printed.from_year,
    printed.to_year,
    printed.value,
    added.added,
    covered.expected,
    covered.given
FROM printed
JOIN added
    ON added.indicator_id = printed.indicator_id AND added.linh_vuc_id IS NOT DISTINCT FROM printed.linh_vuc_id
JOIN covered ON covered.indicator_id = printed.indicator_id
LEFT JOIN dim_linh_vuc AS field ON field.linh_vuc_id = printed.linh_vuc_id
ORDER BY printed.position, field.position NULLS FIRST
