-- grain: one row per warning about a return in force of $don_vi_id (or of every unit): where it stands and what it says
SELECT
    sent.don_vi_id,
    sent.period_kind,
    sent.from_year,
    sent.to_year,
    sent.return_id,
    sent.file_name,
    found.rule,
    found.sheet,
    found.cell,
    found.message
FROM check_result AS found
JOIN core_return AS sent USING (return_id)
WHERE found.level = 'canh_bao'
    AND sent.superseded_by IS NULL
    AND sent.to_year BETWEEN $from_year AND $to_year
    AND ($don_vi_id IS NULL OR sent.don_vi_id = $don_vi_id)
ORDER BY sent.don_vi_id, sent.to_year, sent.period_kind, sent.return_id, found.sheet, found.cell, found.message
