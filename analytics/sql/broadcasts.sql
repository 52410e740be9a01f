-- Campaigns of text messages and ring-back tones that ran in a span of time, as they were known at a moment.
SELECT kind, audience, started_at, finished_at, units_covered, sent, delivered, failed
FROM picture.row_broadcasts
WHERE started_at < $end AND COALESCE(finished_at, started_at) >= $begin
    AND issued <= $known AND ("until" IS NULL OR "until" > $known)
ORDER BY started_at, message_id
