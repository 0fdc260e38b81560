-- grain: one row per model that the signed report names, with who owns it there and the register rows that name it too
-- A register row is linked, never merged: same folded name, same unit, communes that do not contradict each other.
WITH linked AS (
    SELECT
        named.mo_hinh_id AS named_id,
        unit.label || ': ' || sent.file_name || ' · ' || listed.source_sheet || ' · ' || listed.source_cell AS cell
    FROM core_mo_hinh AS named
    JOIN core_mo_hinh AS listed
        ON NOT listed.named_in_report
        AND listed.name_key = named.name_key
        AND listed.don_vi_id = named.don_vi_id
        AND (listed.place_key = named.place_key OR listed.place_key IS NULL OR named.place_key IS NULL)
    JOIN dim_don_vi AS unit ON unit.don_vi_id = listed.don_vi_id
    JOIN core_return AS sent ON sent.return_id = listed.return_id
    WHERE named.named_in_report
),

cells AS (
    SELECT named_id, string_agg(cell, '; ' ORDER BY cell) AS cells, count(*)::bigint AS cell_count
    FROM linked
    GROUP BY named_id
)

SELECT
    named.model_no,
    named.name,
    field.label AS linh_vuc,
    field.short_label AS linh_vuc_ngan,
    named.host,
    named.footnote,
    string_agg(unit.label, ', ' ORDER BY named.mo_hinh_id) AS don_vi,
    string_agg(cells.cells, '; ' ORDER BY named.mo_hinh_id) AS cells,
    coalesce(sum(cells.cell_count), 0)::bigint AS cell_count
FROM core_mo_hinh AS named
JOIN dim_linh_vuc AS field USING (linh_vuc_id)
LEFT JOIN dim_don_vi AS unit USING (don_vi_id)
LEFT JOIN {{unit_at}} AS place USING (don_vi_id)
LEFT JOIN cells ON cells.named_id = named.mo_hinh_id
WHERE named.named_in_report
    AND ($linh_vuc_id IS NULL OR named.linh_vuc_id = $linh_vuc_id)
    AND list_bool_and([contains(named.search_key, word) FOR word IN string_split($words, ' ')])
GROUP BY ALL
HAVING $don_vi_id IS NULL OR bool_or(place.counted_as = $don_vi_id)
ORDER BY named.model_no
