-- How each platform stood in each unit on $day: the newest row about a day up to it, as known at a moment.
SELECT platform, unit, planned_on, started_on, trained_staff, active_accounts, day
FROM picture.row_rollout
WHERE issued <= $known AND ("until" IS NULL OR "until" > $known) AND day <= $day
QUALIFY row_number() OVER (PARTITION BY platform, unit ORDER BY day DESC, issued DESC) = 1
ORDER BY platform, unit
