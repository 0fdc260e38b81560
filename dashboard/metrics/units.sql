-- grain: one row per unit that sends returns, districts first, each group in Vietnamese order
SELECT
    don_vi_id,
    label,
    full_label,
    kind,
    kind IN ('huyen', 'thi_xa', 'thanh_pho') AS is_district,
    terrain,
    valid_from,
    valid_to,
    successor_id,
    tile_row,
    tile_col,
    note,
    row_number() OVER (
        ORDER BY kind NOT IN ('huyen', 'thi_xa', 'thanh_pho'), kind = 'co_quan_tinh', label COLLATE vi
    )::bigint AS position
FROM dim_don_vi
WHERE kind <> 'cum'
ORDER BY position
