-- level: canh_bao
-- holds: no unit has more communes with a model than it has communes; a finding is one unit and year
SELECT
    core_year_value.return_id,
    core_year_value.don_vi_id,
    core_year_value.year,
    core_value.source_sheet AS sheet,
    core_value.source_cell AS cell,
    'Số xã có mô hình (' || core_year_value.value || ') lớn hơn số xã của đơn vị (' || dim_don_vi_year.commune_count || ')'
        AS message
FROM core_year_value
JOIN dim_don_vi_year
    ON dim_don_vi_year.don_vi_id = core_year_value.don_vi_id
    AND dim_don_vi_year.year = core_year_value.year
JOIN core_value
    ON core_value.return_id = core_year_value.return_id
    AND core_value.indicator_id = core_year_value.indicator_id
WHERE core_year_value.indicator_id = 'xa_co_mo_hinh'
    AND core_year_value.value > dim_don_vi_year.commune_count
