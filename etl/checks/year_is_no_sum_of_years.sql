-- level: canh_bao
-- holds: no year holds in every field at least all earlier years together (thresholds cumulative_*); a finding is one indicator of a return
-- That is what a summary typed into an annual form looks like: years apart, then one that repeats them all. With
-- three earlier years or more in each field no real growth does this; a unit's first small years are left alone.
WITH counted AS (
    SELECT core_year_value.*
    FROM core_year_value
    JOIN dim_indicator ON dim_indicator.indicator_id = core_year_value.indicator_id
    WHERE dim_indicator.by_linh_vuc AND dim_indicator.aggregation = 'flow' AND NOT core_year_value.is_provisional
),
compared AS (
    SELECT
        own.return_id,
        own.don_vi_id,
        own.indicator_id,
        own.year,
        own.linh_vuc_id,
        own.value,
        count(before.year) AS earlier_years,
        coalesce(sum(before.value), 0) AS earlier_total
    FROM counted AS own
    LEFT JOIN counted AS before
        ON before.don_vi_id = own.don_vi_id
        AND before.indicator_id = own.indicator_id
        AND before.linh_vuc_id = own.linh_vuc_id
        AND before.year < own.year
    GROUP BY ALL
)
SELECT
    compared.return_id,
    compared.don_vi_id,
    compared.year,
    NULL AS sheet,
    NULL AS cell,
    dim_indicator.label || ' năm ' || compared.year || ' (' || CAST(sum(compared.value) AS BIGINT)
        || ') không ít hơn mọi năm trước cộng lại (' || CAST(sum(earlier_total) AS BIGINT)
        || ') ở mọi lĩnh vực: có ghi số lũy kế thay vì số của riêng năm không?' AS message
FROM compared
JOIN dim_indicator ON dim_indicator.indicator_id = compared.indicator_id
JOIN dim_threshold AS years ON years.rule = 'cumulative_years'
JOIN dim_threshold AS fields_min ON fields_min.rule = 'cumulative_fields'
JOIN dim_threshold AS total_min ON total_min.rule = 'identical_min'
GROUP BY compared.return_id, compared.don_vi_id, compared.year, dim_indicator.label, years.value, fields_min.value, total_min.value
HAVING bool_and(compared.value >= earlier_total AND earlier_years >= years.value)
    AND count(CASE WHEN compared.value > 0 THEN 1 END) >= fields_min.value
    AND sum(earlier_total) >= total_min.value
