-- Every report due for the days from $first_day to $last_day as known at a moment: when due, when received, how good.
SELECT form, unit, day, due_at, received_at, rows, required_fields, required_filled, rows_rejected
FROM picture.row_submissions
WHERE issued <= $known AND ("until" IS NULL OR "until" > $known) AND day BETWEEN $first_day AND $last_day
ORDER BY form, unit, day
