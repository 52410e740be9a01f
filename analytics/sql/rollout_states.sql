-- How each platform stood in each unit on $day: the newest row about a day up to it, of its newest version.
SELECT platform, unit, planned_on, started_on, trained_staff, active_accounts, day
FROM picture.row_rollout
WHERE until IS NULL AND day <= $day
QUALIFY row_number() OVER (PARTITION BY platform, unit ORDER BY day DESC, issued DESC) = 1
ORDER BY platform, unit
