"""Tests beyond their indicators: positivity by target group, and the leaders' three questions answered from data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from analytics.cube import day_number
from analytics.indicators import INDICATORS
from analytics.indicators.model import Threshold
from analytics.rates import wilson_interval
from analytics.readings import Reading, read
from analytics.release import Release
from data_sources.contracts import CONTRACTS

WEEK_DAYS = 7
METHODS = ("rapid", "pcr")
LEAST_RESULTS = 20
"""Below 20 results one positive moves the share by five points; the same floor as the indicators of positivity."""
LEVEL_PERCENT = 5.0
"""Changes of a week within 5% are no change: holidays and shifts move sampling as much (as for every trend)."""
KEPT_UP_PERCENT = 95.0
"""Results of a week that reach 95% of its samples keep up: the rest were taken on the last day."""

Verdict = Literal["yes", "no", "unknown"]
Question = Literal["sampling", "results", "positivity"]


@dataclass(frozen=True)
class GroupPositivity:
    """Positives and results of one target group and method over a week; the share with its 95% interval, in percent."""

    group: str
    method: str
    positives: float
    results: float
    share: float | None
    """None below LEAST_RESULTS results."""
    low: float | None
    high: float | None
    threshold: Threshold | None
    """The highest limit that is passed."""


@dataclass(frozen=True)
class Answer:
    """One of the three questions: the verdict, which sentence says it, and the figures in it."""

    question: Question
    verdict: Verdict
    sentence: str
    values: dict[str, float]
    threshold: Threshold | None = None


def positivity_by_group(release: Release, unit: str, day: date) -> list[GroupPositivity]:
    """Each target group and method with results in the week up to `day`, in the order of the contract.

    (Leaders' specification of July 2021: rapid and PCR apart, limits at 3, 4 and 5%.)
    """
    found = []
    for choice in CONTRACTS["tests"].column("target_group").choices:
        for method in METHODS:
            stratum = f"method={method}|target_group={choice.value}"
            results, positives = (_week(release, f"tests.{name}", stratum, unit, day) for name in RESULTS)
            if not results:
                continue
            found.append(_group(choice.value, method, positives or 0.0, results))
    return found


RESULTS = ("results_returned", "positives")


def _group(group: str, method: str, positives: float, results: float) -> GroupPositivity:
    if results < LEAST_RESULTS:
        return GroupPositivity(group, method, positives, results, None, None, None, None)
    low, high = (100 * float(edge) for edge in wilson_interval(np.array(positives), np.array(results)))
    share = 100 * positives / results
    return GroupPositivity(group, method, positives, results, share, low, high, passed(share))


def passed(share: float) -> Threshold | None:
    """The highest limit of positivity that `share` has reached."""
    reached = [item for item in INDICATORS["positivity_7d"].thresholds if share >= item.at]
    return max(reached, key=lambda item: item.at) if reached else None


def answers(release: Release, unit: str, day: date) -> tuple[Answer, Answer, Answer]:
    """Is sampling keeping up, are results keeping up, what does positivity say; each from the week up to `day`."""
    found = read(release, ["cases_new_7d_mean", "positivity_7d", "result_backlog", "result_hours_p50"], [unit], day)
    samples = _two_weeks(release, "tests.samples", unit, day)
    results = _two_weeks(release, "tests.results_returned", unit, day)
    cases = found["cases_new_7d_mean", unit]
    return (
        _sampling(samples, cases),
        _returned(samples, results, found["result_backlog", unit], found["result_hours_p50", unit]),
        _share(found["positivity_7d", unit]),
    )


def _sampling(samples: tuple[float | None, float | None], cases: Reading) -> Answer:
    """Sampling keeps up where it grew at least as the cases did, or where the cases did not grow."""
    now, before = samples
    if now is None or not before:
        return Answer("sampling", "unknown", "unknown", {} if now is None else {"samples": now})
    change = 100 * (now - before) / before
    values = {"samples": now, "change": change}
    grown = cases.change_percent
    if cases.trend == "unknown" or grown is None:
        return Answer("sampling", "unknown", "no_cases", values)
    values["cases_change"] = grown
    if cases.trend == "up" and change < grown - LEVEL_PERCENT:
        return Answer("sampling", "no", "behind", values)
    return Answer("sampling", "yes", "with_cases" if cases.trend == "up" else "cases_not_up", values)


def _returned(
    samples: tuple[float | None, float | None],
    results: tuple[float | None, float | None],
    backlog: Reading,
    hours: Reading,
) -> Answer:
    """Results keep up where a week's results reach the week's samples."""
    if samples[0] is None or results[0] is None or not samples[0]:
        return Answer("results", "unknown", "unknown", {})
    share = 100 * results[0] / samples[0]
    values = {"share": share, "results": results[0], "samples": samples[0]}
    if backlog.value is not None:
        values["backlog"] = max(backlog.value, 0.0)
        values["backlog_days"] = values["backlog"] / (results[0] / WEEK_DAYS) if results[0] else 0.0
    if hours.value is not None:
        values["hours"] = hours.value
    return Answer(
        "results", "yes" if share >= KEPT_UP_PERCENT else "no", "kept" if share >= KEPT_UP_PERCENT else "slow", values
    )


def _share(positivity: Reading) -> Answer:
    """What positivity says: within the limits, or past which of them."""
    if positivity.value is None:
        return Answer("positivity", "unknown", "unknown", {})
    limit = passed(positivity.value)
    values = {"share": positivity.value}
    if limit is None:
        return Answer("positivity", "yes", "within", values)
    return Answer("positivity", "no", "past", values, limit)


def _two_weeks(release: Release, measure: str, unit: str, day: date) -> tuple[float | None, float | None]:
    """The sums of the week up to `day` and of the week before it."""
    earlier = date.fromordinal(day.toordinal() - WEEK_DAYS)
    return _week(release, measure, "", unit, day), _week(release, measure, "", unit, earlier)


def _week(release: Release, measure: str, stratum: str, unit: str, day: date) -> float | None:
    """The sum over the week and the unit's leaves, of what was reported; None where nothing was."""
    leaves = [leaf.code for leaf in release.units.leaves(unit, day)] or [unit]
    number = day_number(day)
    values = release.evaluation.cube.daily((measure, stratum), leaves, number - WEEK_DAYS + 1, number)
    return None if np.isnan(values).all() else float(np.nansum(values))
