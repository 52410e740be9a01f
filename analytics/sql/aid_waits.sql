-- Entries open at a time: the place of the category among $categories, whether it is an offer, and the time of opening.
SELECT
    list_position($categories::VARCHAR[], category)::TINYINT AS category,
    kind = 'offer' AS offered,
    epoch_us(opened_at) AS opened
FROM picture.aid_entry
WHERE known_until > $known AND known_from <= $known AND opened_at < $end AND ended_at >= $end
    AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
