-- grain: one row per indicator and year: the whole province's figure and that of the year before, of units that gave both
-- Cell by cell: a field counts where it was given both years. is_part: one of the two years' figures stop well before its end.
WITH figure AS (
    SELECT value.don_vi_id, value.indicator_id, value.linh_vuc_id, value.year, value.value
    FROM core_year_value AS value
    JOIN dim_indicator AS indicator ON indicator.indicator_id = value.indicator_id AND indicator.aggregation = 'flow'
    JOIN dim_don_vi AS unit ON unit.don_vi_id = value.don_vi_id AND unit.kind <> 'cum'
    WHERE NOT value.is_provisional
),

step AS (
    SELECT
        own.indicator_id,
        own.year,
        CAST(sum(own.value) AS BIGINT) AS value,
        CAST(sum(before.value) AS BIGINT) AS value_before,
        count(DISTINCT own.don_vi_id) AS given
    FROM figure AS own
    JOIN figure AS before
        ON before.don_vi_id = own.don_vi_id
        AND before.indicator_id = own.indicator_id
        AND before.linh_vuc_id IS NOT DISTINCT FROM own.linh_vuc_id
        AND before.year = own.year - 1
    GROUP BY own.indicator_id, own.year
),

cut_off AS (
    SELECT to_year AS year, max(as_of_on) AS as_of_on
    FROM core_return
    WHERE superseded_by IS NULL AND period_kind = 'nam'
    GROUP BY to_year
),

part AS (
    SELECT cut_off.year
    FROM cut_off
    JOIN dim_threshold AS allowed ON allowed.rule = 'part_year'
    WHERE cut_off.as_of_on < make_date(cut_off.year, 12, 31) - CAST(allowed.value AS INTEGER)
)

SELECT
    step.*,
    indicator.label,
    indicator.unit_label,
    (
        SELECT count(*)
        FROM dim_don_vi AS unit
        WHERE unit.kind <> 'cum'
            AND coalesce(unit.valid_from <= make_date(step.year - 1, 1, 1), true)
            AND coalesce(unit.valid_to >= make_date(step.year, 12, 31), true)
    ) AS expected,
    EXISTS (SELECT 1 FROM part WHERE part.year IN (step.year, step.year - 1)) AS is_part
FROM step
JOIN dim_indicator AS indicator USING (indicator_id)
ORDER BY indicator.position, step.year
