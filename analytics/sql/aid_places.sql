-- Entries open at a time by kind and cell of the grid, in one number: 1 for offers, then 20 bits each for x + 1 and y + 1,
-- both 0 where no place is stated.
SELECT
    (kind = 'offer')::BIGINT * 1099511627776 + COALESCE(grid_x + 1, 0)::BIGINT * 1048576 + COALESCE(grid_y + 1, 0)
        AS cell
FROM picture.aid_entry
WHERE known_until > $known AND known_from <= $known AND opened_at < $end AND ended_at >= $end
    AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
    AND ($category::VARCHAR IS NULL OR category = $category::VARCHAR)
