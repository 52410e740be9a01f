"""Forty units that went through everything: zeros, growth, falls, noise, gaps, silence, ties, exact limits."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tests.analytics.release_fixture import SmallRelease, at

FIRST, DAYS = date(2021, 5, 2), 120
LAST = FIRST + timedelta(days=DAYS - 1)
REGIMES = ("zeros", "growth", "fall", "noise", "gaps", "late", "exact", "tied", "from_zero", "no_denominator")
UNITS = {f"8{number:02d}": REGIMES[number % len(REGIMES)] for number in range(40)}
NAMES = ("Quận {n}", "Huyện Ô Lâm {n}", "Phường Đông {n}", "Thị xã Mỹ Xuân {n}")
SILENT = "839"
"""Never reports anything."""
Daily = NDArray[np.float64]


def many_situations() -> SmallRelease:
    """The release before it is written; the same every time."""
    random = np.random.default_rng(29)
    made = SmallRelease(as_of=at(f"{LAST} 18:00"))
    made.unit("77", "Tỉnh Thử Nghiệm", short_name="Thử Nghiệm", level="province", parent=None, reporting=False)
    for number, (code, regime) in enumerate(UNITS.items()):
        people = None if regime == "no_denominator" else 30_000 + 9_000 * (number // len(REGIMES))
        adults = None if people is None else people * 7 // 10
        made.unit(code, NAMES[number % 4].format(n=number + 1), population=people, population_18_plus=adults)
        if code != SILENT:
            _report(made, code, regime, random)
    return made


def course(regime: str, level: float, random: np.random.Generator) -> Daily:
    """Daily counts of one regime, NaN for days that were not reported."""
    day = np.arange(DAYS)
    mean = {
        "zeros": np.zeros(DAYS),
        "growth": level * np.exp(day / 40) / 4,
        "fall": level * np.exp(-day / 30) * 8,
        "exact": np.full(DAYS, level),
        "tied": np.full(DAYS, level),
        "from_zero": np.where(day < DAYS - 10, 0.0, level),
    }.get(regime, level * (1.2 + np.sin(day / 9)))
    counts = mean.round() if regime in ("zeros", "exact", "tied") else random.poisson(mean).astype(float)
    if regime == "gaps":
        counts[random.random(DAYS) < 0.15] = np.nan
    if regime == "late":
        counts[-4:] = np.nan
    return counts


def _report(made: SmallRelease, code: str, regime: str, random: np.random.Generator) -> None:
    cases = course(regime, 12, random)
    _observe(made, "case_counts.cases", code, cases)
    _observe(made, "case_counts.cases", code, np.floor(cases * 0.6), "detection=community")
    _observe(made, "case_counts.deaths", code, np.floor(cases * 0.03))
    # A thousand results a week with just 30, 40 or 50 positives stand at the limits themselves.
    results = np.where(np.isnan(cases), np.nan, 1000.0)
    results = np.zeros(DAYS) if regime == "no_denominator" else results
    exact = np.repeat([20.0, 30.0, 40.0, 50.0, 30.0, 20.0], 20)
    positives = exact if regime in ("exact", "tied") else np.minimum(cases * 2.5, 400).round()
    _observe(made, "tests.results_returned", code, results)
    _observe(made, "tests.positives", code, np.where(results > 0, positives, 0.0 * cases))
    used = np.where(np.isnan(cases), np.nan, np.where(regime in ("exact", "tied"), 80.0, np.minimum(cases * 4, 130)))
    _observe(made, "quarantine_sites.present", code, used.round())
    _observe(made, "quarantine_sites.present", code, used.round(), "site_kind=site")
    _observe(made, "quarantine_sites.capacity", code, 0 * used + 100)
    _observe(made, "quarantine_sites.capacity", code, 0 * used + 100, "site_kind=site")
    given = np.where(np.isnan(cases), np.nan, random.poisson(180, DAYS))
    _observe(made, "vaccination.doses_given", code, given)
    _observe(made, "vaccination.people_first", code, given)
    entered = 0.9 if regime in ("exact", "tied") else random.choice([0.8, 0.99])
    _observe(made, "vaccination.doses_entered", code, np.round(given * entered))
    active = 0 * cases + (8 if regime == "zeros" else 2000)
    _observe(made, "mobility.active_subscribers", code, active)
    _observe(made, "mobility.stationary_subscribers", code, np.floor(active * random.uniform(0.3, 0.6, DAYS)))
    patients = np.minimum(np.nancumsum(cases) / 9, 3000).round()
    _observe(made, "treatment.in_treatment", code, patients + 0 * cases)
    _observe(made, "treatment.beds", code, 0 * cases + patients.max() + 20)
    _observe(made, "vaccination.stock_left", code, 0 * given + random.choice([200.0, 540.0, 2500.0]))


def _observe(made: SmallRelease, measure: str, code: str, counts: Daily, stratum: str = "") -> None:
    values = [None if value != value else float(value) for value in counts]
    made.observe(measure, code, FIRST, values, stratum=stratum)
