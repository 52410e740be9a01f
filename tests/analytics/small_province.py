"""A province of eight districts with every dataset, from a seed: what contract tests and sentences are tried on."""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.analytics import response_rows
from tests.analytics.release_fixture import SmallRelease, at

FIRST = date(2021, 5, 1)
LAST = date(2021, 8, 29)
DAYS = (LAST - FIRST).days + 1
UNITS = {
    "747": ("Thành phố Vũng Tàu", 357_124),
    "748": ("Thành phố Bà Rịa", 108_701),
    "750": ("Huyện Châu Đức", 143_859),
    "751": ("Huyện Xuyên Mộc", 140_723),
    "752": ("Huyện Long Điền", 135_763),
    "753": ("Huyện Đất Đỏ", 73_530),
    "754": ("Thị xã Phú Mỹ", 179_786),
    "755": ("Huyện Côn Đảo", 8_827),
}
DETECTIONS = ("community", "quarantine", "locked_down_area", "arrival")


def small_province(seed: int = 1) -> SmallRelease:
    """The release before it is written; the same for the same seed."""
    random, response = np.random.default_rng(seed), np.random.default_rng([seed, 3])
    made = SmallRelease(as_of=at("2021-08-29 18:00"))
    made.unit("77", "Tỉnh Bà Rịa - Vũng Tàu", level="province", parent=None, reporting=False, population=1_148_313)
    for code, (name, residents) in UNITS.items():
        made.unit(code, name, population=residents, population_18_plus=round(0.717 * residents), island=code == "755")
        _cases(made, code, residents, random)
        _campaigns(made, code, residents, random)
        _platforms(made, code, residents, random)
        _care(made, code, residents, random)
        _contacts(made, code, residents, random)
        response_rows.of_unit(made, code, residents, FIRST, DAYS, response)
    response_rows.of_province(made, "77", FIRST, DAYS, response)
    response_rows.covered(made, FIRST, LAST)
    made.insert(
        "coverage", ("cases", FIRST, LAST, at("2021-08-29 17:00")), ("traces", FIRST, LAST, at("2021-08-29 17:00"))
    )
    made.insert("coverage", *((name, FIRST, LAST, at("2021-08-29 17:00")) for name in ("contacts", "submissions")))
    made.insert("completeness", ("case_counts", "cases", 900, 1000), ("tests", "positives", 450, 500))
    return made


def _daily(random: np.random.Generator, mean: float) -> list[float | None]:
    growth = np.linspace(0.2, 1.8, DAYS)
    return [float(value) for value in random.poisson(mean * growth)]


def _cases(made: SmallRelease, code: str, residents: int, random: np.random.Generator) -> None:
    total = np.zeros(DAYS)
    for place, detection in enumerate(DETECTIONS):
        cases = random.poisson(residents / 1e5 * (2.0, 3.0, 1.0, 0.2)[place] * np.linspace(0.2, 1.8, DAYS))
        total += cases
        made.observe("case_counts.cases", code, FIRST, cases.astype(float), stratum=f"detection={detection}")
    made.observe("case_counts.cases", code, FIRST, total)
    made.observe("case_counts.deaths", code, FIRST, random.binomial(total.astype(int), 0.01).astype(float))
    made.observe("case_counts.recovered", code, FIRST, _daily(random, residents / 5e4))
    for measure, share in (
        ("f0", 1.0), ("f1", 3.0), ("f2", 6.0), ("f0_with_isolation_times", 0.8), ("f0_result_isolated_24h", 0.6),
        ("f0_with_onset", 0.5), ("f0_tested_72h", 0.4),
    ):  # fmt: skip
        counts = [float(value) if value else None for value in np.floor(total * share)]
        made.observe(f"cases.{measure}", code, FIRST, counts)
    traced = [float(value) if value else None for value in np.floor(total / 3)]
    for measure, share in (
        ("traced_f0", 1.0),
        ("f0_with_contacts_stated", 1.0),
        ("f1_found", 1.4),
        ("f0_needing_map", 0.3),
        ("f0_without_contact", 0.1),
    ):
        counts = [None if value is None else float(np.floor(value * share)) for value in traced]
        made.observe(f"traces.{measure}", code, FIRST, counts)


def _campaigns(made: SmallRelease, code: str, residents: int, random: np.random.Generator) -> None:
    given = np.array(_daily(random, residents / 500), dtype=np.float64)
    made.observe("vaccination.doses_given", code, FIRST, given)
    made.observe("vaccination.doses_entered", code, FIRST, np.floor(given * (0.88 if code in ("747", "754") else 0.97)))
    made.observe("vaccination.people_first", code, FIRST, np.floor(given * 0.8))
    made.observe("vaccination.people_full", code, FIRST, np.floor(given * 0.2))
    # Half of the districts reach the target for older residents, the others do not.
    older = np.floor(given * 0.2 * (0.9 if int(code) % 2 else 0.3))
    made.observe("vaccination.people_full", code, FIRST, older, stratum="age_group=65+")
    made.observe("vaccination.people_booster", code, FIRST, np.zeros(DAYS))
    for method in ("rapid", "pcr"):
        results = np.array(_daily(random, residents / 300), dtype=np.float64) + 1
        positives = random.binomial(results.astype(int), 0.03).astype(float)
        for stratum in (f"method={method}", ""):
            if stratum or method == "pcr":
                made.observe("tests.results_returned", code, FIRST, results, stratum=stratum)
                made.observe("tests.positives", code, FIRST, positives, stratum=stratum)
                made.observe("tests.samples", code, FIRST, results + 2, stratum=stratum)
                made.observe("tests.people_sampled", code, FIRST, results + 40, stratum=stratum)


def _platforms(made: SmallRelease, code: str, residents: int, random: np.random.Generator) -> None:
    active = np.array(_daily(random, residents / 2), dtype=np.float64) + 1000
    made.observe("mobility.active_subscribers", code, FIRST, active)
    made.observe("mobility.stationary_subscribers", code, FIRST, np.floor(active * random.uniform(0.4, 0.5, DAYS)))
    made.observe("mobility.known_home_subscribers", code, FIRST, np.floor(active * 0.9))
    made.observe("mobility.out_of_home_subscribers", code, FIRST, np.floor(active * random.uniform(0.2, 0.3, DAYS)))
    made.observe("mobility.movement_change_percent", code, FIRST, random.uniform(-40, 5, DAYS))
    made.observe("mobility.residential_change_percent", code, FIRST, random.uniform(0, 25, DAYS))
    made.observe("health_book.installs", code, FIRST, np.linspace(0, residents * 0.07, DAYS).round())
    for stratum in ("", "site_kind=site"):
        made.observe("quarantine_sites.present", code, FIRST, np.linspace(50, 300, DAYS).round(), stratum=stratum)
        made.observe("quarantine_sites.capacity", code, FIRST, np.full(DAYS, 400.0), stratum=stratum)
    made.observe("population.residents", code, date(2019, 4, 1), [float(residents)])
    made.observe("population.residents_65_plus", code, date(2019, 4, 1), [float(round(0.05 * residents))])


def _care(made: SmallRelease, code: str, residents: int, random: np.random.Generator) -> None:
    """Beds, declarations, stocks and the reporting duty; beds and quarantine fill up at the end."""
    patients = np.round(np.linspace(10, residents / 900 + 20, DAYS))
    for measure, values in (
        ("in_treatment", patients),
        ("beds", np.full(DAYS, float(patients[-1]) + 15)),
        ("icu_beds", np.full(DAYS, float(patients[-1]) / 4 + 4)),
        ("severe", np.floor(patients / 12)),
        ("critical", np.floor(patients / 30)),
        ("f0_received", np.floor(patients / 40)),
    ):
        made.observe(f"treatment.{measure}", code, FIRST, values)
    made.observe("quarantine_sites.present", code, FIRST, np.full(DAYS, 40.0), stratum="site_kind=home")
    declared = np.array(_daily(random, residents / 150), dtype=np.float64) + 200
    symptomatic = random.binomial(declared.astype(int), 0.03).astype(float) + 1
    made.observe("declarations.declarations", code, FIRST, declared)
    made.observe("declarations.symptomatic", code, FIRST, symptomatic)
    made.observe("declarations.checked", code, FIRST, symptomatic - 1)
    made.observe("declarations.confirmed_ordinary", code, FIRST, symptomatic - 1)
    made.observe("vaccination.stock_left", code, FIRST, np.linspace(900, 400, DAYS).round())
    made.observe("vaccination.registered_cumulative", code, FIRST, np.linspace(0, residents * 0.3, DAYS).round())
    results = np.full(DAYS, 40.0)
    for quantile, hours in (("p50", 18.0), ("p90", 30.0)):
        for stratum in ("", "method=pcr"):
            weighted, counted = f"tests.result_hours_{quantile}_weighted", f"tests.results_with_result_hours_{quantile}"
            made.observe(weighted, code, FIRST, results * hours, stratum=stratum)
            made.observe(counted, code, FIRST, results, stratum=stratum)
    for measure, value in (
        ("due", 5.0), ("received", 4.0), ("on_time", 3.0), ("required_fields", 90.0), ("required_filled", 88.0),
        ("rows_rejected", 1.0),
    ):  # fmt: skip
        made.observe(f"submissions.{measure}", code, FIRST, np.full(DAYS, value))


def _contacts(made: SmallRelease, code: str, residents: int, random: np.random.Generator) -> None:
    named = np.array(_daily(random, residents / 20_000), dtype=np.float64) + 4
    for measure, share in (
        ("named", 1.0), ("followed", 0.9), ("seen", 0.8), ("with_times", 0.7), ("quarantined_24h", 0.6),
        ("automatic", 0.3), ("automatic_on_list", 0.2), ("on_list", 0.9), ("ended", 0.6), ("completed", 0.4),
        ("lost", 0.1), ("became_case", 0.1), ("unseen_began", 0.3), ("unseen_ended", 0.2),
    ):  # fmt: skip
        made.observe(f"contacts.{measure}", code, FIRST, np.floor(named * share))
    made.observe("cases.f0_with_interview_times", code, FIRST, np.floor(named))
    made.observe("cases.f0_interviewed_isolated_24h", code, FIRST, np.floor(named / 2))
    made.observe("cases.f0_transferred", code, FIRST, [1.0 if day % 9 == 0 else None for day in range(DAYS)])
    made.observe("tracing_counts.checkins", code, FIRST, _daily(random, residents / 20))
    made.observe("tracing_counts.contacts_warned", code, FIRST, _daily(random, residents / 50_000))
