-- grain: one row per figure printed for just $from_year..$to_year: what the returns add up to there, and how they compare
-- The returns count by the rule of every page. A cluster stands for the districts of its terrain. Simulated returns of
-- one place are never held against a real figure of it; where returns are missing, a smaller sum is no difference yet.
WITH printed AS (
    SELECT *
    FROM {{ledger_printed}}
    WHERE from_year IS NOT DISTINCT FROM $from_year AND to_year IS NOT DISTINCT FROM $to_year
),

place AS (
    SELECT printed.figure_no, printed.counted_id, printed.linh_vuc_id, unit.don_vi_id, unit.is_district
    FROM printed
    LEFT JOIN dim_don_vi AS named ON named.don_vi_id = printed.don_vi_id
    JOIN {{units}} AS unit
        ON printed.don_vi_id IS NULL
        OR unit.don_vi_id = printed.don_vi_id
        OR (named.kind = 'cum' AND unit.is_district AND unit.terrain = named.terrain)
),

added AS (
    SELECT place.figure_no, sum(counted.value)::bigint AS added, bool_or(counted.is_provisional) AS is_provisional
    FROM place
    JOIN {{counted_value}} AS counted
        ON counted.don_vi_id = place.don_vi_id
        AND counted.indicator_id = place.counted_id
        AND (place.linh_vuc_id IS NULL OR counted.linh_vuc_id = place.linh_vuc_id)
    GROUP BY place.figure_no
),

covered AS (
    SELECT
        place.figure_no,
        (count(*) FILTER (place.is_district))::bigint AS district_count,
        (count(*) FILTER (place.is_district AND coverage.is_complete))::bigint AS complete_district_count,
        (count(*) FILTER (NOT place.is_district))::bigint AS other_count,
        (count(*) FILTER (NOT place.is_district AND coverage.is_complete))::bigint AS complete_other_count,
        sum(coverage.expected_years)::bigint AS expected_years,
        sum(coverage.covered_years)::bigint AS covered_years,
        bool_and(coverage.is_complete) AS is_complete
    FROM place
    JOIN {{coverage}} AS coverage ON coverage.don_vi_id = place.don_vi_id AND coverage.indicator_id = place.counted_id
    GROUP BY place.figure_no
),

simulated AS (
    SELECT value = 'true' AS is_simulated FROM snapshot_info WHERE key = 'is_simulated'
),

compared AS (
    SELECT
        printed.*,
        added.added,
        coalesce(added.is_provisional, false) AS is_provisional,
        covered.* EXCLUDE (figure_no),
        printed.is_indicator AND printed.value IS NOT NULL AND printed.from_year IS NOT NULL AS is_same_count,
        printed.don_vi_id IS NOT NULL AND simulated.is_simulated AS is_simulated_place,
        CASE WHEN is_same_count AND NOT is_simulated_place THEN added.added - printed.value END AS gap
    FROM printed
    CROSS JOIN simulated
    LEFT JOIN added USING (figure_no)
    LEFT JOIN covered USING (figure_no)
)

SELECT
    *,
    CASE
        WHEN NOT is_same_count THEN 'khong_so'
        WHEN added IS NULL THEN 'chua_co'
        WHEN is_simulated_place THEN 'mo_phong'
        WHEN gap = 0 THEN 'khop'
        WHEN gap < 0 AND NOT is_complete THEN 'chua_du'
        ELSE 'lech'
    END AS state
FROM compared
ORDER BY figure_no
