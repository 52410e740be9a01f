-- The datasets with rows in some units and days, the least complete first, of the fields that anybody states.
WITH field AS (
    SELECT dataset, field, sum(filled) AS filled, sum(rows) AS rows
    FROM picture.field_filled
    WHERE day BETWEEN $first_day AND $last_day
        AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
    GROUP BY ALL
)

SELECT dataset
FROM field
GROUP BY dataset
ORDER BY sum(filled) FILTER (WHERE filled > 0) / NULLIF(sum(rows) FILTER (WHERE filled > 0), 0), dataset
