-- grain: one row per unit and year of $from_year..$to_year in which it could send a return, with the unit it counts to
-- A return's period starts on 1 January and lasts at least half a year. Clusters repeat their members' figures.
SELECT
    unit.don_vi_id AS sender_id,
    place.counted_as AS don_vi_id,
    year.year::integer AS year,
    unit.kind IN ('huyen', 'thi_xa', 'thanh_pho') AS is_district
FROM dim_don_vi AS unit
JOIN {{unit_at}} AS place USING (don_vi_id)
CROSS JOIN range($from_year, $to_year + 1) AS year(year)
WHERE coalesce(unit.valid_from, DATE '1900-01-01') <= make_date(year.year, 1, 1)
    AND coalesce(unit.valid_to, DATE '9999-12-31') >= make_date(year.year, 6, 30)
