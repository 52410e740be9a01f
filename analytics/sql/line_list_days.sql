-- How many cases and contacts there are of each day, unit, class and detection, each told by its number in a list.
SELECT
    CAST(day - DATE '1970-01-01' AS INTEGER) AS day,
    CAST(list_position($unit::VARCHAR[], unit) - 1 AS SMALLINT) AS unit,
    CAST(list_position($f_class::VARCHAR[], f_class) - 1 AS TINYINT) AS f_class,
    CAST(list_position($detection::VARCHAR[], detection) - 1 AS TINYINT) AS detection,
    CAST(rows AS INTEGER) AS rows
FROM analysis.cases_by_day
