-- grain: one row per year of the period whose figures stop well before its end (threshold part_year), with their last day
WITH cut_off AS (
    SELECT sent.to_year AS year, max(sent.as_of_on) AS as_of_on
    FROM core_return AS sent
    JOIN {{unit_at}} AS place USING (don_vi_id)
    WHERE sent.superseded_by IS NULL
        AND sent.period_kind = 'nam'
        AND sent.to_year BETWEEN $from_year AND $to_year
        AND ($don_vi_id IS NULL OR place.counted_as = $don_vi_id)
    GROUP BY sent.to_year
)

SELECT cut_off.year, cut_off.as_of_on
FROM cut_off
JOIN dim_threshold AS allowed ON allowed.rule = 'part_year'
WHERE cut_off.as_of_on < make_date(cut_off.year, 12, 31) - allowed.value::integer
ORDER BY cut_off.year
