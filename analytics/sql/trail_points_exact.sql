-- The points of some exact trails, in order.
SELECT person AS trail, visited_at, longitude, latitude, place_kind
FROM analysis.trail_point
WHERE person IN (SELECT unnest($trails::VARCHAR[]))
ORDER BY person, visited_at, longitude, latitude
