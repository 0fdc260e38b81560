-- grain: one row per warning and return in force that it is about; of a file with many returns it may be about any
SELECT
    found.rule,
    found.sheet,
    found.cell,
    found.message,
    found.return_id,
    found.don_vi_id,
    found.year,
    CASE WHEN found.return_id IS NOT NULL THEN sent.period_kind END AS period_kind,
    CASE WHEN found.return_id IS NOT NULL THEN sent.from_year END AS from_year,
    CASE WHEN found.return_id IS NOT NULL THEN sent.to_year END AS to_year,
    CASE WHEN found.return_id IS NOT NULL THEN sent.file_name END AS file_name,
    sent.return_id AS used_return_id
FROM check_result AS found
JOIN core_return AS sent
    ON sent.return_id = found.return_id
    OR (
        found.return_id IS NULL
        AND coalesce(found.don_vi_id = sent.don_vi_id, true)
        AND coalesce(found.year BETWEEN sent.from_year AND sent.to_year, true)
    )
WHERE found.level = 'canh_bao' AND sent.superseded_by IS NULL
