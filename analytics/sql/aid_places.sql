-- Entries open at a time by kind and cell of the grid; the cell is -1, -1 where no place is stated.
SELECT kind = 'offer' AS offered, COALESCE(grid_x, -1) AS x, COALESCE(grid_y, -1) AS y, count(*) AS entries
FROM picture.aid_entry
WHERE known_until > $known AND known_from <= $known AND opened_at < $end AND ended_at >= $end
    AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
    AND ($category::VARCHAR IS NULL OR category = $category::VARCHAR)
GROUP BY ALL
