-- grain: one row per pair of models of the period's registers that may be one: same folded name, same commune, two senders
-- Communes of one name in two districts are two places, unless one district succeeded the other; an unknown commune
-- is no place at all, an unknown district (a provincial body's row) may be any. Senders keep the names they sent under.
WITH RECURSIVE heir AS (
    SELECT don_vi_id, don_vi_id AS heir_id
    FROM dim_don_vi
    UNION
    SELECT heir.don_vi_id, unit.successor_id
    FROM heir
    JOIN dim_don_vi AS unit ON unit.don_vi_id = heir.heir_id
    WHERE unit.successor_id IS NOT NULL
),

related AS (
    SELECT DISTINCT own.don_vi_id, other.don_vi_id AS other_id
    FROM heir AS own
    JOIN heir AS other USING (heir_id)
),

listed AS (
    SELECT model.*, sent.file_name, life.life
    FROM {{register_listed}} AS model
    JOIN core_return AS sent USING (return_id)
    JOIN {{register_lives}} AS life USING (mo_hinh_id)
    WHERE model.name_key <> '' AND model.place_key IS NOT NULL
)

SELECT
    own.name,
    own.commune,
    own.sender AS don_vi,
    own.life,
    own.file_name,
    own.source_sheet,
    own.source_cell,
    other.name AS other_name,
    other.commune AS other_commune,
    other.sender AS other_don_vi,
    other.life AS other_life,
    other.file_name AS other_file_name,
    other.source_sheet AS other_source_sheet,
    other.source_cell AS other_source_cell
FROM listed AS own
JOIN listed AS other
    ON other.name_key = own.name_key
    AND other.place_key = own.place_key
    AND other.sender_position > own.sender_position
LEFT JOIN related ON related.don_vi_id = own.place_don_vi_id AND related.other_id = other.place_don_vi_id
WHERE (related.other_id IS NOT NULL OR own.place_don_vi_id IS NULL OR other.place_don_vi_id IS NULL)
    AND ($don_vi_id IS NULL OR own.don_vi_id = $don_vi_id OR other.don_vi_id = $don_vi_id)
ORDER BY own.sender_position, own.name_key, other.sender_position, own.mo_hinh_id, other.mo_hinh_id
