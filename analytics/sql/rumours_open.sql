-- Items of misinformation found and not closed by a time, the oldest first, as they were known at a moment.
SELECT topic, platform, found_at, reach, status, acted_at
FROM picture.row_misinformation
WHERE found_at < $end AND (closed_at IS NULL OR closed_at >= $end)
    AND issued <= $known AND ("until" IS NULL OR "until" > $known)
ORDER BY found_at, item_id
