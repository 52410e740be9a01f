-- The measures, strata and units of which something held at a moment, and the first and last day of it; days to come
-- are not among them. A cell holds nothing once its newest version until then withdrew it: only where anything was
-- withdrawn are cells looked at singly.
WITH told AS (
    SELECT
        measure, stratum, unit, bool_or(value IS NULL) AS withdrawn, count(value) > 0 AS ever,
        min(day) FILTER (WHERE value IS NOT NULL) AS first_day, max(day) FILTER (WHERE value IS NOT NULL) AS last_day
    FROM picture.observation_history
    WHERE issued <= $known AND day <= CAST($known AS DATE)
    GROUP BY ALL
),
cell AS (
    SELECT h.measure, h.stratum, h.unit, h.day
    FROM picture.observation_history AS h
    SEMI JOIN (SELECT * FROM told WHERE withdrawn AND ever) AS t
        ON t.measure = h.measure AND t.stratum = h.stratum AND t.unit = h.unit
    WHERE h.issued <= $known AND h.day <= CAST($known AS DATE)
    GROUP BY ALL
    HAVING max(h.issued) FILTER (WHERE h.value IS NOT NULL)
        > coalesce(max(h.issued) FILTER (WHERE h.value IS NULL), TIMESTAMPTZ '-infinity')
)
SELECT measure, stratum, unit, first_day, last_day FROM told WHERE ever AND NOT withdrawn
UNION ALL
SELECT measure, stratum, unit, min(day), max(day) FROM cell GROUP BY ALL
