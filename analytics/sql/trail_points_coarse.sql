-- The points of some coarse trails, in order.
SELECT CAST(trail_no AS VARCHAR) AS trail, hour AS visited_at, longitude, latitude, place_kind
FROM picture.trail_point
WHERE CAST(trail_no AS VARCHAR) IN (SELECT unnest($trails::VARCHAR[]))
ORDER BY trail_no, hour, seq
