-- Places where two people or more were on the same day.
SELECT CAST(visited_at AS DATE) AS day, longitude, latitude, min(place_kind) AS place_kind, count(DISTINCT person) AS people
FROM analysis.trail_point
GROUP BY ALL
HAVING count(DISTINCT person) > 1
ORDER BY people DESC, day, longitude, latitude
