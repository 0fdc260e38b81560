-- grain: one row per two printed figures that speak of one thing: a part and its whole, two names, two sources
-- trong_do: the second is part of the first; ten_khac: the first by another name; nguon_khac: another source's figure.
WITH printed AS (
    SELECT * FROM {{ledger_printed}} WHERE value IS NOT NULL
),

pair AS (
    SELECT first.figure_no, second.figure_no AS other_no, second.relation
    FROM printed AS first
    JOIN printed AS second
        ON second.source_id = first.source_id
        AND second.territory = first.territory
        AND second.counted_id = first.indicator_id
        AND second.linh_vuc_id IS NOT DISTINCT FROM first.linh_vuc_id
        AND second.from_year = first.from_year
        AND second.to_year = first.to_year
    WHERE second.relation IN ('trong_do', 'ten_khac')
    UNION ALL
    SELECT first.figure_no, second.figure_no, 'nguon_khac'
    FROM printed AS first
    JOIN printed AS second
        ON second.indicator_id = first.indicator_id
        AND second.don_vi_id IS NOT DISTINCT FROM first.don_vi_id
        AND second.linh_vuc_id IS NOT DISTINCT FROM first.linh_vuc_id
        AND second.from_year = first.from_year
        AND second.to_year = first.to_year
        AND second.source_id <> first.source_id
        AND second.figure_no > first.figure_no
)

SELECT
    pair.relation AS kind,
    first.*,
    second.figure_no AS other_no,
    second.label AS other_label,
    second.source_label AS other_source_label,
    second.value AS other_value,
    second.value_text AS other_text,
    second.citation AS other_citation,
    CASE WHEN pair.relation <> 'trong_do' THEN second.value - first.value END AS gap,
    CASE WHEN gap IS NULL THEN 'nam_trong' WHEN gap = 0 THEN 'khop' ELSE 'lech' END AS state
FROM pair
JOIN printed AS first ON first.figure_no = pair.figure_no
JOIN printed AS second ON second.figure_no = pair.other_no
ORDER BY pair.figure_no, pair.other_no
