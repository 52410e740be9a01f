-- Places where two people or more were on the same day.
SELECT CAST(hour AS DATE) AS day, longitude, latitude, min(place_kind) AS place_kind, count(DISTINCT trail_no) AS people
FROM picture.trail_point
WHERE place_kind <> 'home'
GROUP BY ALL
HAVING count(DISTINCT trail_no) > 1
ORDER BY people DESC, day, longitude, latitude
