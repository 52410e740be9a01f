-- Who else was in the same 500 m cell within $hours of a point of $trails. A home stands at its unit's label point,
-- which everyone of the unit shares, so homes are left out. A trail whose every hour is midnight tells days only:
-- it shares a place with whoever was there on the same day.
WITH point AS (
    SELECT
        CAST(trail_no AS VARCHAR) AS trail, hour AS visited_at, longitude, latitude, place_kind,
        bool_and(hour = date_trunc('day', hour)) OVER (PARTITION BY trail_no) AS day_only
    FROM picture.trail_point
),
mine AS (
    SELECT * FROM point WHERE place_kind <> 'home' AND trail IN (SELECT unnest($trails::VARCHAR[]))
)
SELECT
    mine.trail, mine.visited_at, other.trail AS other, other.visited_at AS other_visited_at,
    mine.longitude, mine.latitude, mine.place_kind,
    0.0 AS apart_m, mine.day_only OR other.day_only AS day_only
FROM mine
JOIN point AS other
    ON other.longitude = mine.longitude AND other.latitude = mine.latitude
    AND other.trail <> mine.trail AND other.place_kind <> 'home'
WHERE CASE WHEN mine.day_only OR other.day_only THEN CAST(mine.visited_at AS DATE) = CAST(other.visited_at AS DATE)
    ELSE abs(epoch(mine.visited_at) - epoch(other.visited_at)) <= $hours * 3600 END
ORDER BY mine.visited_at, mine.trail, other.trail, other_visited_at
