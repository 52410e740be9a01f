-- Every version of one part (measure and stratum): units, days, times of issue in microseconds since 1970, and values.
-- NULL is a version that withdraws the observation. $unit lists the units in the order of their numbers.
WITH place AS (
    SELECT unnest($unit::VARCHAR[]) AS unit, unnest($unit_no::INTEGER[]) AS unit_no
)
SELECT
    place.unit_no,
    (h.day - DATE '1970-01-01')::INTEGER AS day_no,
    epoch_us(h.issued) AS issued,
    h.value
FROM picture.observation_history AS h
JOIN place ON place.unit = h.unit
WHERE h.measure = $measure AND h.stratum = $stratum
