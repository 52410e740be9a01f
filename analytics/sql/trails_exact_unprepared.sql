-- The same as trails_exact for releases that are without its table.
WITH home AS (
    SELECT person, unit, commune, 0 AS place FROM analysis.cases
    UNION ALL
    SELECT person, unit, NULL, 1 FROM analysis.traces
),
placed AS (
    SELECT person, arg_min(unit, place) AS unit, arg_min(commune, place) AS commune FROM home GROUP BY person
)
SELECT p.person AS trail, h.unit, h.commune, min(p.visited_at) AS first_at, max(p.visited_at) AS last_at, count(*) AS points
FROM analysis.trail_point AS p
LEFT JOIN placed AS h ON h.person = p.person
WHERE $units::VARCHAR[] IS NULL OR h.unit IN (SELECT unnest($units::VARCHAR[]))
GROUP BY p.person, h.unit, h.commune
HAVING ($first_day::DATE IS NULL OR CAST(max(p.visited_at) AS DATE) >= $first_day::DATE)
    AND ($last_day::DATE IS NULL OR CAST(min(p.visited_at) AS DATE) <= $last_day::DATE)
ORDER BY last_at DESC, trail
