-- Rows set aside by unit, dataset and reason of the days from $first_day to $last_day; a row that only repeats another
-- need not be mended.
SELECT unit, dataset, reason, sum(rows)
FROM picture.set_aside_part
WHERE day BETWEEN $first_day AND $last_day AND reason <> 'duplicate'
GROUP BY ALL
ORDER BY ALL
