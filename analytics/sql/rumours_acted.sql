-- Items first acted on in a span of time, by topic: how many, within how many hours, as they were known at a moment.
SELECT
    topic,
    count(*) AS acted,
    median(epoch(acted_at - found_at) / 3600) AS median_hours,
    count(*) FILTER (WHERE epoch(acted_at - found_at) / 3600 <= $in_time) AS acted_in_time
FROM picture.row_misinformation
WHERE acted_at >= $begin AND acted_at < $end AND issued <= $known AND ("until" IS NULL OR "until" > $known)
GROUP BY topic
ORDER BY acted DESC, topic
