"""Pieces of sentences that several kinds of sentence share: values, names, thresholds, how long a state has lasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator, Threshold
from analytics.readings import Reading, State, state_of
from analytics.release import Release
from analytics.wording import Language, measured, number, text
from analytics.wording import day as written_day

Severity = Literal["past", "near", "information"]
ORDER: dict[Severity, int] = {"past": 0, "near": 1, "information": 2}
SINCE_DAYS = 14


@dataclass(frozen=True)
class Sentence:
    """One sentence, how urgent it is, and the figure it rests on."""

    text: str
    severity: Severity
    indicator: str | None = None
    unit: str | None = None


def by_urgency(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences, the most urgent first, otherwise in their order."""
    return sorted(sentences, key=lambda item: ORDER[item.severity])


def severity_of(state: State) -> Severity:
    """How urgent a figure in `state` is."""
    return "past" if state == "past" else "near" if state == "near" else "information"


def leaf_codes(release: Release, day: date) -> tuple[str, ...]:
    """The units that report to the province."""
    return tuple(leaf.code for leaf in release.units.leaves(release.province.code, day))


def value_of(reading: Reading, language: Language) -> str:
    """The value with its unit of measurement."""
    return value_said(INDICATORS[reading.indicator], reading.value, language)


def value_said(indicator: Indicator, value: float | None, language: Language) -> str:
    """A value of an indicator with its unit of measurement."""
    if indicator.levels:
        return level_said(value, indicator, language)
    return measured(value, language, indicator.decimals, indicator.measured_in(language))


def level_said(level: float | None, indicator: Indicator, language: Language) -> str:
    """A level with its word: cấp 3 (nguy cơ cao); a dash where it is not known."""
    if level is None:
        return number(None, language)
    name = indicator.levels[int(level) - 1].name(language)
    measured_in = indicator.measured_in(language)
    return text("risk.named", language, measured_in=measured_in, number=number(level, language), name=name)


def change_of(reading: Reading, language: Language) -> str | None:
    """The size of a change, without its sign: 18%, 2,1 điểm, 0,12; None where the earlier value is missing or 0."""
    indicator = INDICATORS[reading.indicator]
    if indicator.change_in == "percent":
        share = reading.change_percent
        return None if share is None else f"{number(abs(share), language)}%"
    if reading.change is None:
        return None
    size = number(abs(reading.change), language, indicator.decimals)
    return text("sentences.points", language, size=size) if indicator.measured_in_en == "%" else size


def short_name(release: Release, unit: str, day: date) -> str:
    """The short name of a unit."""
    return release.units.get(unit, day).short_name


def threshold_name(threshold: Threshold, language: Language) -> str:
    """The name of a threshold."""
    return threshold.vi if language == "vi" else threshold.en


def unit_value(
    release: Release,
    indicator: Indicator,
    unit: str,
    value: float | None,
    day: date,
    language: Language,
    since: date | None = None,
) -> str:
    """A unit with its value, and since when it has been so where that is not today."""
    values = {"unit": short_name(release, unit, day), "value": value_said(indicator, value, language)}
    if since is None or since == day:
        return text("sentences.threshold.unit_value", language, **values)
    return text(
        "sentences.threshold.unit_value_since", language, **values, day=written_day(since, language, year=False)
    )


def since_when(indicator: Indicator, values: Sequence[float | None], day: date) -> date:
    """The first day of the unbroken run in the state of the last of the values, which is that of `day`."""
    state = state_of(indicator, values[-1])
    another = (back for back, value in enumerate(reversed(values)) if state_of(indicator, value) != state)
    return day - timedelta(days=next(another, len(values)) - 1)
