-- grain: one row per model to replicate (chosen ones whose names are known, then those the report names): register rows of its name
-- Elsewhere: in the period's registers under the same folded name, but not where the document says the model is.
WITH wanted AS (
    SELECT
        'chon-' || name_key AS model_id,
        true AS is_chosen,
        NULL AS model_no,
        name,
        name_key,
        linh_vuc_id,
        don_vi_id,
        NULL AS place_key,
        citation AS said
    FROM dim_typical_model
    UNION ALL
    SELECT 'bc-' || model_no, false, model_no, name, name_key, linh_vuc_id, don_vi_id, place_key, host
    FROM core_mo_hinh
    WHERE named_in_report
),

seen AS (
    SELECT
        wanted.model_id,
        listed.mo_hinh_id,
        listed.status = 'nhan_rong' AS is_replicated,
        listed.sender || coalesce(', ' || listed.commune, '') || coalesce(' (từ năm ' || listed.start_year || ')', '') AS place,
        bool_or(
            coalesce(listed.sender_id = wanted.don_vi_id, false)
            AND coalesce(listed.place_key = wanted.place_key, true)
        ) AS is_own
    FROM wanted
    JOIN {{register_listed}} AS listed USING (name_key)
    GROUP BY ALL
),

counted AS (
    SELECT
        model_id,
        (count(*) FILTER (is_own))::bigint AS own_count,
        (count(*) FILTER (NOT is_own))::bigint AS elsewhere_count,
        (count(*) FILTER (is_replicated))::bigint AS replicated_count,
        string_agg(place, '; ' ORDER BY place) FILTER (NOT is_own) AS places
    FROM seen
    GROUP BY model_id
)

SELECT
    wanted.model_id,
    wanted.is_chosen,
    wanted.model_no,
    wanted.name,
    wanted.said,
    field.linh_vuc_id,
    field.label AS linh_vuc,
    field.short_label AS linh_vuc_ngan,
    field.position,
    string_agg(DISTINCT unit.label, ', ' ORDER BY unit.label) AS don_vi,
    coalesce(counted.own_count, 0) AS own_count,
    coalesce(counted.elsewhere_count, 0) AS elsewhere_count,
    coalesce(counted.replicated_count, 0) AS replicated_count,
    counted.places
FROM wanted
JOIN dim_linh_vuc AS field USING (linh_vuc_id)
LEFT JOIN dim_don_vi AS unit USING (don_vi_id)
LEFT JOIN counted USING (model_id)
GROUP BY ALL
HAVING $don_vi_id IS NULL OR bool_or(wanted.don_vi_id = $don_vi_id)
ORDER BY wanted.is_chosen DESC, wanted.model_no, wanted.name
