-- For each dataset and unit: the days its reports were about, as days since 1970, and when each was issued, in seconds.
SELECT dataset, unit, list((day - DATE '1970-01-01')::INTEGER ORDER BY day) AS days, list(epoch(issued) ORDER BY day) AS issued
FROM picture.report
WHERE ($moment::TIMESTAMPTZ IS NULL OR issued <= $moment::TIMESTAMPTZ)
    AND ($first_day::DATE IS NULL OR day >= $first_day::DATE)
GROUP BY dataset, unit
