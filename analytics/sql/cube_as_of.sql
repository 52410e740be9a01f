-- Some parts (measure and stratum, each from its own first day) as they were known at $moment, in the shape of
-- cube_newest: the newest version of each observation issued by then. A version whose value is NULL withdraws the
-- observation, so NULLs take part in the choice first.
WITH place AS (
    SELECT unnest($unit::VARCHAR[]) AS unit, unnest($unit_no::INTEGER[]) AS unit_no
),
part AS (
    SELECT
        unnest($measure::VARCHAR[]) AS measure, unnest($stratum::VARCHAR[]) AS stratum,
        unnest($first_day::DATE[]) AS first_day, unnest($part_no::INTEGER[]) AS part_no
),
known AS (
    SELECT part.part_no, place.unit_no, h.day, arg_max_null(h.value, h.issued) AS value
    FROM picture.observation_history AS h
    JOIN part ON part.measure = h.measure AND part.stratum = h.stratum
    JOIN place ON place.unit = h.unit
    -- The first condition lets whole row groups be passed over: the table is sorted by measure.
    WHERE h.measure BETWEEN $first_measure AND $last_measure
        AND h.day BETWEEN part.first_day AND $last_day::DATE
        AND h.issued <= $moment::TIMESTAMPTZ
    GROUP BY part.part_no, place.unit_no, h.day
)
SELECT
    part.measure,
    part.stratum,
    list(known.unit_no) AS unit_no,
    list((known.day - $origin::DATE)::INTEGER) AS day_no,
    list(known.value) AS value
FROM known
JOIN part ON part.part_no = known.part_no
WHERE known.value IS NOT NULL
GROUP BY part.measure, part.stratum
