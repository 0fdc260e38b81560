-- grain: one row per warning and return in force that it is about; of a file with many returns it may be about any
WITH in_force AS (
    SELECT *
    FROM core_return
    WHERE superseded_by IS NULL
),

warned AS (
    SELECT found.*, sent.return_id AS used_return_id, sent.period_kind, sent.from_year, sent.to_year, sent.file_name
    FROM check_result AS found
    JOIN in_force AS sent USING (return_id)
    WHERE found.level = 'canh_bao'
    UNION ALL BY NAME
    SELECT found.*, sent.return_id AS used_return_id
    FROM check_result AS found
    JOIN in_force AS sent
        ON coalesce(found.don_vi_id = sent.don_vi_id, true)
        AND coalesce(found.year BETWEEN sent.from_year AND sent.to_year, true)
    WHERE found.level = 'canh_bao' AND found.return_id IS NULL
)

SELECT
    rule,
    sheet,
    cell,
    message,
    return_id,
    don_vi_id,
    year,
    period_kind,
    from_year,
    to_year,
    file_name,
    used_return_id
FROM warned
