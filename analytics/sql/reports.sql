-- For each dataset and unit: the days its reports were about, as days since 1970, and when each was issued, in
-- microseconds since 1970.
SELECT
    dataset,
    unit,
    list((day - DATE '1970-01-01')::INTEGER ORDER BY day, issued) AS days,
    list(epoch_us(issued) ORDER BY day, issued) AS issued
FROM picture.report
GROUP BY dataset, unit
