-- grain: one row per printed total with a printed breakdown by field: what its fields add up to
WITH printed AS (
    SELECT * FROM {{ledger_printed}}
),

field AS (
    SELECT
        source_id,
        territory,
        indicator_id,
        from_year,
        to_year,
        count(*)::bigint AS field_count,
        sum(value)::bigint AS added,
        string_agg(value_text, ' + ' ORDER BY field_position) AS parts,
        list(citation ORDER BY field_position) AS part_citations
    FROM printed
    WHERE linh_vuc_id IS NOT NULL
    GROUP BY ALL
    HAVING count(value) = count(*)
)

SELECT
    total.*,
    field.field_count,
    field.added,
    field.parts,
    field.part_citations,
    field.added - total.value AS gap,
    CASE WHEN gap = 0 THEN 'khop' ELSE 'lech' END AS state
FROM printed AS total
JOIN field
    ON field.source_id = total.source_id
    AND field.territory = total.territory
    AND field.indicator_id = total.indicator_id
    AND field.from_year IS NOT DISTINCT FROM total.from_year
    AND field.to_year IS NOT DISTINCT FROM total.to_year
WHERE total.linh_vuc_id IS NULL AND total.value IS NOT NULL
ORDER BY total.figure_no
