-- Posts of the official channel published in a span of time, as they were known at a moment.
SELECT kind, published_at, views, followers, shares
FROM picture.row_channel_posts
WHERE published_at >= $begin AND published_at < $end AND issued <= $known AND ("until" IS NULL OR "until" > $known)
ORDER BY published_at, post_id
