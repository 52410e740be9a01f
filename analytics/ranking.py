"""Ranking units by an indicator, with ties, the ranks that chance allows, and the rank some days before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.readings import Reading, read
from analytics.release import AsOf, Release

NATION = "*"
"""The parent of `rank` that stands for the whole country: its units are the provinces."""


@dataclass(frozen=True)
class Ranked:
    """One unit in a ranking."""

    unit: str
    name: str
    value: float
    rank: int
    rank_low: int | None
    """The best and the worst rank the 95% intervals allow; None for figures without chance."""
    rank_high: int | None
    previous_rank: int | None
    """The rank `compare_days` before, None where the unit had no value then."""
    reading: Reading


@dataclass(frozen=True)
class Ranking:
    """Units in order, those without a value apart, and the figure of the area they belong to."""

    indicator: str
    day: date
    rows: list[Ranked]
    not_reported: list[Reading]
    """Units without a value, each with the reason in `absence`."""
    parent_reading: Reading | None


def rank(release: Release, indicator_id: str, day: date, parent: str | None = None, as_of: AsOf = None) -> Ranking:
    """The units of `parent` (the release's province by default, NATION for provinces) ranked by an indicator.

    Rank 1 is the highest value or, where the record says so, the lowest; equal values share a rank. Units without
    a value are listed apart with the reason. KeyError for an unknown indicator.
    """
    indicator = INDICATORS[indicator_id]
    area = None if parent == NATION else (parent or release.province.code)
    units = provinces(release, day) if area is None else [leaf.code for leaf in release.units.leaves(area, day)]
    whole = [area] if area is not None and area not in units else []
    readings = read(release, [indicator_id], [*units, *whole], day, as_of)
    own = {unit: readings[indicator_id, unit] for unit in units}
    rows = rank_readings(indicator, own, {unit: release.units.get(unit, day).short_name for unit in units})
    missing = [reading for reading in own.values() if reading.value is None]
    return Ranking(indicator_id, day, rows, missing, readings[indicator_id, whole[0]] if whole else None)


def provinces(release: Release, day: date) -> list[str]:
    """The codes of all provinces the release knows."""
    return [unit.code for unit in release.units.at_level("province", day)]


def ranks(indicator: Indicator, values: Mapping[str, float]) -> dict[str, int]:
    """The rank of each unit that has a value; equal values share a rank and the next one is left out."""
    ordered = sorted(values.values(), reverse=indicator.rank_first == "highest")
    first: dict[float, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    return {unit: first[value] for unit, value in values.items()}


def rank_readings(indicator: Indicator, readings: Mapping[str, Reading], names: Mapping[str, str]) -> list[Ranked]:
    """The readings that have a value, in order of rank and then of name."""
    before = ranks(indicator, {unit: item.previous for unit, item in readings.items() if item.previous is not None})
    present = {unit: reading for unit, reading in readings.items() if reading.value is not None}
    places = ranks(indicator, {unit: reading.value for unit, reading in present.items() if reading.value is not None})
    possible = possible_ranks(indicator, list(present.values()))
    rows = [
        Ranked(
            unit=unit,
            name=names.get(unit, unit),
            value=reading.value if reading.value is not None else 0.0,
            rank=places[unit],
            rank_low=possible[unit][0],
            rank_high=possible[unit][1],
            previous_rank=before.get(unit),
            reading=reading,
        )
        for unit, reading in present.items()
    ]
    return sorted(rows, key=lambda row: (row.rank, row.name))


def possible_ranks(indicator: Indicator, readings: Sequence[Reading]) -> dict[str, tuple[int | None, int | None]]:
    """The best and worst rank of each unit that the 95% intervals allow.

    A unit can stand no better than behind those whose whole interval lies before its own, and no worse than before
    those whose whole interval lies behind it.
    """
    sign = -1.0 if indicator.rank_first == "highest" else 1.0
    spans = {
        item.unit: tuple(sorted((sign * item.low, sign * item.high)))
        for item in readings
        if item.low is not None and item.high is not None
    }
    if len(spans) != len(readings):
        return {item.unit: (None, None) for item in readings}
    total = len(spans)
    return {
        unit: (
            1 + sum(other[1] < span[0] for other in spans.values()),
            total - sum(other[0] > span[1] for other in spans.values()),
        )
        for unit, span in spans.items()
    }
