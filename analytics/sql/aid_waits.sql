-- Open requests and offers by category: how many, and of the requests the middle and the earliest time of opening.
SELECT
    category,
    count(*) FILTER (WHERE kind = 'request') AS requests,
    count(*) FILTER (WHERE kind = 'offer') AS offers,
    median(epoch(opened_at)) FILTER (WHERE kind = 'request') AS middle,
    min(epoch(opened_at)) FILTER (WHERE kind = 'request') AS earliest
FROM picture.aid_entry
WHERE known_until > $known AND known_from <= $known AND opened_at < $end AND ended_at >= $end
    AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
GROUP BY category
ORDER BY category
