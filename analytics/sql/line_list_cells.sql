-- How many cases and contacts match of each day and unit, the newest day first where $sign is -1; a filter that is NULL
-- does not filter.
SELECT day, unit, CAST(sum(rows) AS BIGINT) AS rows
FROM analysis.cases_by_day
WHERE ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
    AND ($first_day::DATE IS NULL OR day >= $first_day::DATE)
    AND ($last_day::DATE IS NULL OR day <= $last_day::DATE)
    AND ($f_class::VARCHAR IS NULL OR f_class = $f_class::VARCHAR)
    AND ($detection::VARCHAR IS NULL OR detection = $detection::VARCHAR)
GROUP BY day, unit
ORDER BY $sign::INTEGER * (day - DATE '1970-01-01'), unit
