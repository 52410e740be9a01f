-- How many rows of a dataset state each field and how many should, by day or by ISO week, of some units or of all.
SELECT field, CAST(CASE WHEN $by_week THEN date_trunc('week', day) ELSE day END AS DATE) AS start, sum(filled), sum(rows)
FROM picture.field_filled
WHERE dataset = $dataset AND day BETWEEN $first_day AND $last_day
    AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
GROUP BY ALL
ORDER BY ALL
