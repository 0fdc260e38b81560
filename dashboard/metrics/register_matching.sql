-- grain: one row per model of the period's registers that holds every one of $words and what the filters ask for
-- A filter that is NULL asks for nothing; khong_ghi asks for what the register leaves blank.
SELECT listed.*
FROM {{register_listed}} AS listed
WHERE ($don_vi_id IS NULL OR listed.don_vi_id = $don_vi_id)
    AND ($linh_vuc_id IS NULL OR listed.linh_vuc_id = $linh_vuc_id)
    AND ($status IS NULL OR coalesce(listed.status, 'khong_ghi') = $status)
    AND ($award_level IS NULL OR coalesce(listed.award_level, 'khong_ghi') = $award_level)
    AND ($theme IS NULL OR coalesce(listed.theme, 'khong_ghi') = $theme)
    AND ($area_kind IS NULL OR coalesce(listed.area_kind, 'khong_ghi') = $area_kind)
    AND list_bool_and([contains(listed.search_key, word) FOR word IN string_split($words, ' ')])
