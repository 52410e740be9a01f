-- The share checked by checkpoint over the four weeks that end on a day, as a band in percent.
SELECT unit, site, shown, low, high FROM picture.site_count
WHERE dataset = 'declarations' AND field = $field AND day = $day AND issued <= $known
