-- grain: one row per rule that raises flags, in the order of their numbers
SELECT rule, kind, label, question, formula, needs
FROM dim_rule
ORDER BY position
