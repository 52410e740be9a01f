-- The exact trails an analyst sees, by pseudonym, with the unit and commune the line list or the tracing form gives.
SELECT person AS trail, unit, commune, first_at, last_at, points
FROM analysis.trail
WHERE ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
    AND ($first_day::DATE IS NULL OR CAST(last_at AS DATE) >= $first_day::DATE)
    AND ($last_day::DATE IS NULL OR CAST(first_at AS DATE) <= $last_day::DATE)
ORDER BY last_at DESC, trail
