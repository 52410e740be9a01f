-- The observations of $measures as they were known at $moment, in the shape of cube_newest: the newest version of each
-- issued by then. A version whose value is NULL withdraws the observation, so NULLs take part in the choice first.
WITH place AS (
    SELECT unnest($unit::VARCHAR[]) AS unit, unnest($unit_no::INTEGER[]) AS unit_no
),
known AS (
    SELECT h.measure, h.stratum, place.unit_no, h.day, arg_max_null(h.value, h.issued) AS value
    FROM picture.observation_history AS h
    JOIN place ON place.unit = h.unit
    WHERE h.measure IN (SELECT unnest($measures::VARCHAR[]))
        AND h.day <= $last_day::DATE
        AND h.issued <= $moment::TIMESTAMPTZ
    GROUP BY h.measure, h.stratum, place.unit_no, h.day
)
SELECT
    measure,
    stratum,
    list(unit_no) AS unit_no,
    list((day - $origin::DATE)::INTEGER) AS day_no,
    list(value) AS value
FROM known
WHERE value IS NOT NULL
GROUP BY measure, stratum
