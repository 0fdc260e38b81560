-- grain: one row per unit whose official borders the catalogue holds
SELECT don_vi_id, geojson
FROM dim_geometry
