-- grain: one row per model chosen to be replicated (named by a document, or "điển hình" in a register): since when, and its replicas
-- A replica: the same name in another place, begun no earlier; or the model's own register says that it was replicated.
WITH told AS (
    SELECT mo_hinh_id, min(to_year) AS since_year
    FROM core_mo_hinh_status
    WHERE status = 'dien_hinh'
    GROUP BY mo_hinh_id
),

-- a typical model whose life has ended is no longer one to replicate
typical AS (
    SELECT
        model.name, model.name_key, model.linh_vuc_id, model.don_vi_id, model.place_key, model.return_id,
        told.since_year, told.mo_hinh_id
    FROM told
    JOIN core_mo_hinh AS model USING (mo_hinh_id)
    WHERE model.status IS DISTINCT FROM 'dung'
    UNION ALL
    SELECT
        chosen.name, chosen.name_key, chosen.linh_vuc_id, chosen.don_vi_id, NULL, NULL,
        year((SELECT published_on FROM dim_source JOIN snapshot_info ON value = source_id WHERE key = 'signed_report')),
        NULL
    FROM dim_typical_model AS chosen
    WHERE chosen.name_key NOT IN (
        SELECT model.name_key
        FROM told
        JOIN core_mo_hinh AS model USING (mo_hinh_id)
        WHERE model.don_vi_id IS NOT DISTINCT FROM chosen.don_vi_id
    )
)

SELECT
    typical.name,
    typical.linh_vuc_id,
    typical.don_vi_id,
    CAST(typical.since_year AS INTEGER) AS since_year,
    typical.return_id,
    EXISTS (
        SELECT 1
        FROM core_mo_hinh_status AS own
        JOIN core_mo_hinh AS model USING (mo_hinh_id)
        WHERE own.status = 'nhan_rong'
            AND model.name_key = typical.name_key
            AND (typical.don_vi_id IS NULL OR model.don_vi_id = typical.don_vi_id)
    ) OR EXISTS (
        SELECT 1
        FROM core_mo_hinh AS other
        WHERE other.name_key = typical.name_key
            AND other.return_id IS NOT NULL
            AND other.mo_hinh_id IS DISTINCT FROM typical.mo_hinh_id
            AND coalesce(other.start_year >= typical.since_year, true)
            AND (
                other.don_vi_id IS DISTINCT FROM typical.don_vi_id
                OR other.place_key IS DISTINCT FROM typical.place_key
            )
    ) AS is_replicated
FROM typical
WHERE typical.since_year IS NOT NULL
ORDER BY ALL
