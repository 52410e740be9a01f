-- The newest bulletin of the official channel until a time, as it was known at a moment.
SELECT kind, published_at, views, followers, shares
FROM picture.row_channel_posts
WHERE kind = 'bulletin' AND published_at < $end AND issued <= $known AND ("until" IS NULL OR "until" > $known)
ORDER BY published_at DESC, post_id
LIMIT 1
