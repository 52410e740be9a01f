-- Exact counts by site of the days from $first_day to $last_day, as far as told at $at; analysts only.
SELECT unit, site, day, field, value
FROM analysis.site_count_exact
WHERE dataset = $dataset AND day BETWEEN $first_day AND $last_day AND issued <= $at
ORDER BY unit, site, day, field
