-- grain: one row per field: typical models chosen there as printed, and what names, registers and returns say of replicating
WITH chosen AS (
    SELECT linh_vuc_id, any_value(value) AS chosen_count
    FROM published_total
    WHERE indicator_id = 'mo_hinh_dien_hinh'
        AND source_id = (SELECT value FROM snapshot_info WHERE key = 'signed_report')
    GROUP BY linh_vuc_id
),

named AS (
    SELECT
        linh_vuc_id,
        (count(*) FILTER (is_chosen))::bigint AS chosen_named_count,
        (count(*) FILTER (NOT is_chosen))::bigint AS named_count,
        (count(*) FILTER (elsewhere_count > 0))::bigint AS elsewhere_count
    FROM {{replication}}
    GROUP BY linh_vuc_id
),

listed AS (
    SELECT
        linh_vuc_id,
        (count(*) FILTER (status = 'dien_hinh'))::bigint AS typical_count,
        (count(*) FILTER (status = 'nhan_rong'))::bigint AS replicated_count
    FROM {{register_listed}}
    GROUP BY linh_vuc_id
),

returned AS (
    SELECT linh_vuc_id, sum(value)::bigint AS returned_count
    FROM {{counted_value}}
    WHERE indicator_id = 'mo_hinh_nhan_rong'
    GROUP BY linh_vuc_id
)

SELECT
    field.linh_vuc_id,
    field.label,
    chosen.chosen_count,
    coalesce(named.chosen_named_count, 0) AS chosen_named_count,
    coalesce(named.named_count, 0) AS named_count,
    CASE WHEN EXISTS (SELECT 1 FROM listed) THEN coalesce(named.elsewhere_count, 0) END AS elsewhere_count,
    CASE WHEN EXISTS (SELECT 1 FROM listed) THEN coalesce(listed.typical_count, 0) END AS typical_count,
    CASE WHEN EXISTS (SELECT 1 FROM listed) THEN coalesce(listed.replicated_count, 0) END AS replicated_count,
    returned.returned_count
FROM {{field_list}} AS field
LEFT JOIN chosen USING (linh_vuc_id)
LEFT JOIN named USING (linh_vuc_id)
LEFT JOIN listed USING (linh_vuc_id)
LEFT JOIN returned USING (linh_vuc_id)
WHERE field.is_main
ORDER BY field.position
