-- The newest report of each dataset and unit about days up to $last_day that had been issued by $moment, as one day and
-- one time each, in the shape of reports.
SELECT
    dataset,
    unit,
    [(max(day) - DATE '1970-01-01')::INTEGER] AS days,
    [epoch(max(issued))] AS issued
FROM picture.report
WHERE dataset IN (SELECT unnest($datasets::VARCHAR[]))
    AND issued <= $moment::TIMESTAMPTZ
    AND day <= $last_day::DATE
GROUP BY dataset, unit
