-- Cases and contacts that match; a filter that is NULL does not filter.
SELECT
    person, source_person, f_class, unit, commune, day, detection, onset, sampled_at, result_at, isolated_at, outcome,
    outcome_day, severity, symptoms, age, sex, occupation, exposure
FROM analysis.cases
WHERE ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit))
    AND ($first_day::DATE IS NULL OR day >= $first_day::DATE)
    AND ($last_day::DATE IS NULL OR day <= $last_day::DATE)
    AND ($f_class::VARCHAR IS NULL OR f_class = $f_class::VARCHAR)
    AND ($detection::VARCHAR IS NULL OR detection = $detection::VARCHAR)
    AND ($person::VARCHAR IS NULL OR person = $person::VARCHAR OR source_person = $person::VARCHAR)
