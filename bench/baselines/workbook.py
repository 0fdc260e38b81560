"""The workbook of the tutorial app, written from the figures of a snapshot: a row a unit, year and field."""

from pathlib import Path

from etl.build import open_read_only

_ROWS = """
SELECT unit.label AS don_vi, value.year AS nam, coalesce(field.label, '') AS linh_vuc,
       coalesce(sum(value) FILTER (indicator_id = 'mo_hinh_cong_nhan'), 0)::INTEGER AS mo_hinh_cong_nhan,
       coalesce(sum(value) FILTER (indicator_id = 'mo_hinh_dang_ky'), 0)::INTEGER AS mo_hinh_dang_ky,
       coalesce(sum(value) FILTER (indicator_id = 'mo_hinh_khen_thuong'), 0)::INTEGER AS mo_hinh_khen_thuong,
       coalesce(sum(value) FILTER (indicator_id = 'kiem_tra'), 0)::INTEGER AS kiem_tra,
       coalesce(sum(value) FILTER (indicator_id = 'hoi_nghi'), 0)::INTEGER AS hoi_nghi
FROM core_year_value AS value
JOIN dim_don_vi AS unit USING (don_vi_id)
LEFT JOIN dim_linh_vuc AS field USING (linh_vuc_id)
GROUP BY ALL
ORDER BY ALL
"""


def write_workbook(snapshot: Path, path: Path) -> None:
    """Write the figures of a snapshot as the tutorial app reads them."""
    with open_read_only(snapshot) as connection:
        connection.execute(_ROWS).df().to_excel(path, index=False)
