-- grain: one row per event of the catalogue
SELECT event_id, from_on, to_on, kind, label, detail, legal_basis, confidence, confidence = 'low' AS is_inferred, note
FROM dim_event
ORDER BY from_on, event_id
