-- The same as reports_newest, from the versions that had been issued by $moment.
WITH issue AS (
    SELECT split_part(measure, '.', 1) AS dataset, unit, day, max(issued) AS issued
    FROM picture.observation_history
    WHERE issued <= $moment::TIMESTAMPTZ AND measure IN (SELECT unnest($measures::VARCHAR[]))
    GROUP BY ALL
)
SELECT dataset, unit, list((day - DATE '1970-01-01')::INTEGER ORDER BY day) AS days, list(epoch(issued) ORDER BY day) AS issued
FROM issue
GROUP BY dataset, unit
