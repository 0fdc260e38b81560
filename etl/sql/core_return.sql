-- grain: one row per return in the store; superseded_by is set once nothing of it is in force
WITH replaced AS (
    -- the latest return that took over any of its indicators
    SELECT
        stage_coverage.return_id,
        max(newer.sequence) AS sequence,
        bool_or(in_force.return_id = stage_coverage.return_id) AS is_in_force
    FROM stage_coverage
    JOIN stage_return AS own ON own.return_id = stage_coverage.return_id
    JOIN in_force
        ON in_force.don_vi_id = own.don_vi_id
        AND in_force.period_kind = own.period_kind
        AND in_force.from_year = own.from_year
        AND in_force.to_year = own.to_year
        AND in_force.indicator_id = stage_coverage.indicator_id
    JOIN stage_return AS newer ON newer.return_id = in_force.return_id
    GROUP BY stage_coverage.return_id
)
SELECT
    stage_return.return_id,
    stage_return.don_vi_id,
    stage_return.period_kind,
    stage_return.from_year,
    stage_return.to_year,
    stage_return.due_on,
    CAST(stage_return.sent_on AS TIMESTAMP) AS received_at,
    stage_return.state,
    stage_return.file_name,
    stage_return.sha256,
    stage_return.layout,
    stage_return.is_simulated,
    newer.return_id AS superseded_by,
    stage_return.as_of_on
FROM stage_return
LEFT JOIN replaced ON replaced.return_id = stage_return.return_id AND NOT replaced.is_in_force
LEFT JOIN stage_return AS newer
    ON newer.sequence = replaced.sequence
    AND newer.don_vi_id = stage_return.don_vi_id
    AND newer.period_kind = stage_return.period_kind
    AND newer.from_year = stage_return.from_year
    AND newer.to_year = stage_return.to_year
