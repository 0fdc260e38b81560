-- grain: one row per unit and year whose annual figures stop well before its end (threshold part_year), with their last day
SELECT sent.don_vi_id, sent.to_year AS year, max(sent.as_of_on) AS as_of_on
FROM core_return AS sent
JOIN dim_threshold AS allowed ON allowed.rule = 'part_year'
WHERE sent.superseded_by IS NULL AND sent.period_kind = 'nam'
GROUP BY sent.don_vi_id, sent.to_year
HAVING max(sent.as_of_on) < make_date(sent.to_year, 12, 31) - CAST(any_value(allowed.value) AS INTEGER)
ORDER BY sent.don_vi_id, year
