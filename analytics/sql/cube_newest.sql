-- The newest value of every observation, one row a part (measure and stratum) with its units, days and values as lists.
-- $unit lists the units in the order of their numbers.
WITH place AS (
    SELECT unnest($unit::VARCHAR[]) AS unit, unnest($unit_no::INTEGER[]) AS unit_no
)
SELECT
    o.measure,
    o.stratum,
    list(place.unit_no) AS unit_no,
    list((o.day - DATE '1970-01-01')::INTEGER) AS day_no,
    list(o.value) AS value
FROM picture.observation AS o
JOIN place ON place.unit = o.unit
WHERE o.value IS NOT NULL
GROUP BY o.measure, o.stratum
