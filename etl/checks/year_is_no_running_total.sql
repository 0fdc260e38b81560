-- level: canh_bao
-- holds: no unit adds year upon year, each figure holding the years before (thresholds cumulative_*); a finding is one indicator of a return
-- A running total never falls, in any field, and its first years multiply. One field that rises three years in a
-- row is chance, one time in 24, so several fields must, the sum must rise every year and double over the span;
-- a movement that grows by a tenth a year is left alone. Indicators without fields give too little to judge by.
WITH counted AS (
    SELECT core_year_value.*
    FROM core_year_value
    JOIN dim_indicator ON dim_indicator.indicator_id = core_year_value.indicator_id
    WHERE dim_indicator.by_linh_vuc AND dim_indicator.aggregation = 'flow' AND NOT core_year_value.is_provisional
),
step AS (
    SELECT
        own.don_vi_id,
        own.indicator_id,
        own.year,
        max(own.return_id) AS return_id,
        count(CASE WHEN own.value > 0 THEN 1 END) AS fields,
        sum(own.value) AS total,
        sum(before.value) AS total_before,
        coalesce(bool_and(coalesce(own.value >= before.value, false)) AND total > total_before, false) AS is_added_to
    FROM counted AS own
    LEFT JOIN counted AS before
        ON before.don_vi_id = own.don_vi_id
        AND before.indicator_id = own.indicator_id
        AND before.linh_vuc_id = own.linh_vuc_id
        AND before.year = own.year - 1
    GROUP BY own.don_vi_id, own.indicator_id, own.year
)
SELECT
    own.return_id,
    own.don_vi_id,
    own.year,
    NULL AS sheet,
    NULL AS cell,
    dim_indicator.label || ' năm nào cũng bằng hoặc hơn năm trước ở mọi lĩnh vực, từ '
        || CAST(min_by(span.total_before, span.year) AS BIGINT) || ' (năm ' || (min(span.year) - 1) || ') lên '
        || CAST(own.total AS BIGINT) || ' (năm ' || own.year || '): có ghi số cộng dồn thay vì số của riêng năm không?'
        AS message
FROM step AS own
JOIN dim_threshold AS years ON years.rule = 'cumulative_years'
JOIN dim_threshold AS growth ON growth.rule = 'cumulative_growth'
JOIN dim_threshold AS fields_min ON fields_min.rule = 'cumulative_fields'
JOIN dim_threshold AS total_min ON total_min.rule = 'identical_min'
JOIN step AS span
    ON span.don_vi_id = own.don_vi_id
    AND span.indicator_id = own.indicator_id
    AND span.year > own.year - years.value
    AND span.year <= own.year
    AND span.is_added_to
JOIN dim_indicator ON dim_indicator.indicator_id = own.indicator_id
WHERE own.fields >= fields_min.value AND own.total >= total_min.value
GROUP BY own.return_id, own.don_vi_id, own.year, own.total, dim_indicator.label, years.value, growth.value
HAVING count(*) = years.value AND own.total >= growth.value * min_by(span.total_before, span.year)
