-- Who else was within $radius metres and $hours of a point of $trails. Cells of the radius in degrees ($step_x wide,
-- $step_y tall) make it an equality join over a cell and its eight neighbours. A trail whose every time is midnight
-- tells days only: it shares a place with whoever was there on the same day.
WITH point AS (
    SELECT
        person AS trail, visited_at, longitude, latitude, place_kind,
        CAST(floor(longitude / $step_x) AS BIGINT) AS cell_x, CAST(floor(latitude / $step_y) AS BIGINT) AS cell_y,
        bool_and(visited_at = date_trunc('day', visited_at)) OVER (PARTITION BY person) AS day_only
    FROM analysis.trail_point
),
near AS (
    SELECT x, y FROM (SELECT unnest([-1, 0, 1]) AS x), (SELECT unnest([-1, 0, 1]) AS y)
),
mine AS (
    SELECT point.*, cell_x + near.x AS near_x, cell_y + near.y AS near_y
    FROM point, near
    WHERE trail IN (SELECT unnest($trails::VARCHAR[]))
),
met AS (
    SELECT
        mine.trail, mine.visited_at, other.trail AS other, other.visited_at AS other_visited_at,
        mine.longitude, mine.latitude, mine.place_kind,
        2 * 6371008.8 * asin(sqrt(
            pow(sin(radians(other.latitude - mine.latitude) / 2), 2)
            + cos(radians(mine.latitude)) * cos(radians(other.latitude))
            * pow(sin(radians(other.longitude - mine.longitude) / 2), 2)
        )) AS apart_m,
        mine.day_only OR other.day_only AS day_only
    FROM mine
    JOIN point AS other ON other.cell_x = mine.near_x AND other.cell_y = mine.near_y AND other.trail <> mine.trail
)
SELECT * FROM met
WHERE apart_m <= $radius
    AND CASE WHEN day_only THEN CAST(visited_at AS DATE) = CAST(other_visited_at AS DATE)
        ELSE abs(epoch(visited_at) - epoch(other_visited_at)) <= $hours * 3600 END
ORDER BY visited_at, trail, other, other_visited_at
