-- grain: one row per indicator: how many units (or the one of $don_vi_id) gave every figure of the period
-- is_enough: whether enough of its figures were given for a judgement on them.
SELECT
    indicator_id,
    (count(*) FILTER (is_district))::bigint AS district_count,
    (count(*) FILTER (is_district AND is_complete))::bigint AS complete_district_count,
    (count(*) FILTER (NOT is_district))::bigint AS other_count,
    (count(*) FILTER (NOT is_district AND is_complete))::bigint AS complete_other_count,
    sum(expected_years)::bigint AS expected_years,
    sum(covered_years)::bigint AS covered_years,
    sum(covered_years) / sum(expected_years) AS covered_share,
    bool_and(is_complete) AS is_complete,
    coalesce(sum(covered_years) / sum(expected_years) >= any_value(allowed.value), false) AS is_enough
FROM {{coverage}}
LEFT JOIN dim_threshold AS allowed ON allowed.rule = 'complete_enough'
WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
GROUP BY indicator_id
