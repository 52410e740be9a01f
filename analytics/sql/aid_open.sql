-- Requests open at a time, the oldest first.
SELECT aid_id, unit, category, grid_x, grid_y, epoch(opened_at) AS opened, matched_at < $end AS matched
FROM picture.aid_entry
WHERE known_until > $known AND known_from <= $known AND opened_at < $end AND ended_at >= $end AND kind = 'request'
    AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
    AND ($category::VARCHAR IS NULL OR category = $category::VARCHAR)
    AND ($id::VARCHAR IS NULL OR aid_id = $id::VARCHAR)
ORDER BY opened_at, aid_id
LIMIT $most OFFSET $skip
