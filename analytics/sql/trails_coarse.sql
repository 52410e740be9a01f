-- The coarse trails of a picture: numbers that change with every release, whole hours, a 500 m grid.
SELECT CAST(trail_no AS VARCHAR) AS trail, unit, commune, first_hour AS first_at, last_hour AS last_at, points
FROM picture.trail
WHERE ($units::VARCHAR[] IS NULL OR unit IN (SELECT unnest($units::VARCHAR[])))
    AND ($first_day::DATE IS NULL OR CAST(last_hour AS DATE) >= $first_day::DATE)
    AND ($last_day::DATE IS NULL OR CAST(first_hour AS DATE) <= $last_day::DATE)
ORDER BY last_at DESC, trail_no
