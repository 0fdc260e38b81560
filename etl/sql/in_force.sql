-- grain: one row per unit, period and indicator: the return that speaks for it, the latest received
SELECT
    latest.don_vi_id,
    latest.period_kind,
    latest.from_year,
    latest.to_year,
    latest.indicator_id,
    spoken.return_id
FROM (
    SELECT
        stage_return.don_vi_id,
        stage_return.period_kind,
        stage_return.from_year,
        stage_return.to_year,
        stage_coverage.indicator_id,
        max(stage_return.sequence) AS sequence
    FROM stage_return
    JOIN stage_coverage ON stage_coverage.return_id = stage_return.return_id
    GROUP BY ALL
) AS latest
JOIN stage_return AS spoken
    ON spoken.don_vi_id = latest.don_vi_id
    AND spoken.period_kind = latest.period_kind
    AND spoken.from_year = latest.from_year
    AND spoken.to_year = latest.to_year
    AND spoken.sequence = latest.sequence
