-- Rows set aside that match; a filter that is NULL does not filter. The order is total, so that pages never overlap.
SELECT source, delivery, sheet, "row", field, found, needed, reason
FROM analysis.set_aside
WHERE ($source::VARCHAR IS NULL OR source = $source::VARCHAR)
    AND ($reason::VARCHAR IS NULL OR reason = $reason::VARCHAR)
ORDER BY source, delivery, sheet, "row", field, reason, found, needed
