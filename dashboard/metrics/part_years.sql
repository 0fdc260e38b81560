-- grain: one row per year of the period whose figures stop well before its end (threshold part_year), with their last day
WITH cut_off AS (
    SELECT to_year AS year, max(as_of_on) AS as_of_on
    FROM core_return
    WHERE superseded_by IS NULL
        AND period_kind = 'nam'
        AND to_year BETWEEN $from_year AND $to_year
        AND ($don_vi_id IS NULL OR don_vi_id = $don_vi_id)
    GROUP BY to_year
)

SELECT cut_off.year, cut_off.as_of_on
FROM cut_off
JOIN dim_threshold AS allowed ON allowed.rule = 'part_year'
WHERE cut_off.as_of_on < make_date(cut_off.year, 12, 31) - allowed.value::integer
ORDER BY cut_off.year
