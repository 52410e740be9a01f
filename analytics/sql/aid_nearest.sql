-- Offers of one category open at a time, the nearest to a place first: great-circle distance between middles of cells.
-- Distances that agree to the metre are one distance; the older offer then stands first. Offers without a place are
-- last; where the request itself has none, those of its own unit stand first.
WITH offer AS (
    SELECT
        aid_id, unit, epoch(opened_at) AS opened, matched_at < $end AS matched,
        radians((grid_y + 0.5) * $cell) AS latitude,
        radians((grid_x + 0.5) * $cell - $longitude::DOUBLE) AS east
    FROM picture.aid_entry
    WHERE known_until > $known AND known_from <= $known AND opened_at < $end AND ended_at >= $end
        AND kind = 'offer' AND category = $category
)
SELECT
    aid_id, unit, opened, matched,
    -- LEAST leaves a NULL out, and would put an offer without a place at the other end of the Earth.
    CASE WHEN haversine IS NOT NULL THEN round(2 * $earth_km * asin(least(1, sqrt(haversine))), 3) END AS distance_km
FROM (
    SELECT *, sin((latitude - radians($latitude::DOUBLE)) / 2) ** 2
        + cos(latitude) * cos(radians($latitude::DOUBLE)) * sin(east / 2) ** 2 AS haversine
    FROM offer
)
ORDER BY distance_km NULLS LAST, unit <> $unit, opened, aid_id
LIMIT $most
