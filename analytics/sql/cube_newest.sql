-- The newest value of every observation, one row a part (measure and stratum) with its units, days and values as lists.
-- $unit lists the units in the order of their numbers; a day is its number since $origin.
WITH place AS (
    SELECT unnest($unit::VARCHAR[]) AS unit, unnest($unit_no::INTEGER[]) AS unit_no
)
SELECT
    o.measure,
    o.stratum,
    list(place.unit_no) AS unit_no,
    list((o.day - $origin::DATE)::INTEGER) AS day_no,
    list(o.value) AS value
FROM picture.observation AS o
JOIN place ON place.unit = o.unit
WHERE o.value IS NOT NULL
GROUP BY o.measure, o.stratum
