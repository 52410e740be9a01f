-- Every version of some parts (measure and stratum), one row a part with the units, days, times of issue in
-- microseconds since 1970, and values of its versions as lists. NULL is a version that withdraws the observation.
-- $unit lists the units in the order of their numbers.
WITH place AS (
    SELECT unnest($unit::VARCHAR[]) AS unit, unnest($unit_no::INTEGER[]) AS unit_no
),
part AS (
    SELECT unnest($measure::VARCHAR[]) AS measure, unnest($stratum::VARCHAR[]) AS stratum
)
SELECT
    h.measure,
    h.stratum,
    list(place.unit_no) AS unit_no,
    list((h.day - DATE '1970-01-01')::INTEGER) AS day_no,
    list(epoch_us(h.issued)) AS issued,
    list(h.value) AS value
FROM picture.observation_history AS h
JOIN part ON part.measure = h.measure AND part.stratum = h.stratum
JOIN place ON place.unit = h.unit
-- This condition lets whole row groups be passed over: the table is sorted by measure.
WHERE h.measure BETWEEN $first_measure AND $last_measure
GROUP BY h.measure, h.stratum
