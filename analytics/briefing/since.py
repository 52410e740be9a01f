"""What changed since the last meeting: the picture of today against the one that was on the wall then.

    found = since(release, day)                       # against seven days before, as it was known at that day's end
    found = since(release, day, before_day, before=open_release(data, "briefing", release_id))
    sentences = since_words.sentences(found, "vi")

Two things are kept apart: days that are new since then, and days told then that were corrected meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from analytics.cube import day_number
from analytics.decisions import LEVEL, REPORTING_MEMORY_DAYS, WATCHED
from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator, Polarity, Threshold
from analytics.phrases import SINCE_DAYS, leaf_codes, since_when
from analytics.ranking import Ranked, rank
from analytics.readings import Reading, history, read, state_of
from analytics.release import AsOf, Release, moment
from analytics.risk import PROVINCE_LEVEL_ID
from analytics.trend import Trend, trend
from data_sources.contracts import CONTRACTS

MEETING_DAYS = 7
"""The steering committee meets weekly; so the two days have the same weekday, and windows of seven days share none.
Source: the working schedule of the leaders' specification; to be confirmed."""
FIGURES = (
    "cases_new_7d_mean",
    "incidence_7d",
    "positivity_7d",
    "beds_in_use",
    "quarantine_occupancy",
    "coverage_first",
    "coverage_full",
    "isolated_within_24h_share",
    "contacts_quarantined_24h_share",
    "stationary_ratio",
)
"""The figures a meeting opens with; those that a release does not know are left out."""
RANKED = ("incidence_7d", "positivity_7d", "coverage_first")
COUNTED = ("cases_new", "deaths_new")
"""Daily counts whose corrections are told apart from new days."""
LEVELS = (LEVEL, PROVINCE_LEVEL_ID)


@dataclass(frozen=True)
class FigureChange:
    """A figure now and as it was told then; `revised` is the figure of the same day then, as known now."""

    indicator: str
    unit: str
    now: Reading
    then: Reading
    revised: float | None
    trend: Trend
    """Unknown where either is missing, where they rest on different units, or where a correction turned it round."""

    @property
    def change(self) -> float | None:
        """Now less then; None where either is missing."""
        return None if self.now.value is None or self.then.value is None else self.now.value - self.then.value

    @property
    def polarity(self) -> Polarity:
        """Whether a rise is good, bad or neither."""
        return INDICATORS[self.indicator].polarity


@dataclass(frozen=True)
class RankChange:
    """A unit that stands elsewhere than then, further than chance explains."""

    indicator: str
    unit: str
    rank: int
    before: int


@dataclass(frozen=True)
class Crossing:
    """A limit that a unit passed or left since then."""

    indicator: str
    unit: str
    threshold: Threshold
    passed: bool
    now: float
    then: float
    since: date | None
    """The first day of the state it is in now; None where that reaches back beyond SINCE_DAYS."""


@dataclass(frozen=True)
class LevelChange:
    """A unit whose level of risk is another one than then."""

    indicator: str
    unit: str
    now: int
    then: int


@dataclass(frozen=True)
class DayCount:
    """A count of one day: as told then, and as told now; None where it was not told."""

    day: date
    then: float | None
    now: float | None

    @property
    def added(self) -> float:
        """Now less then, what was not told being nothing yet."""
        return (self.now or 0.0) - (self.then or 0.0)


@dataclass(frozen=True)
class Counts:
    """What a daily count of one unit came to: new days, and corrections of days up to the last meeting."""

    indicator: str
    unit: str
    total_now: float
    total_then: float
    new_days: tuple[DayCount, ...]
    revised: tuple[DayCount, ...]
    """Days up to the last meeting whose count is another now, in order."""

    @property
    def new(self) -> float:
        """The sum over the new days."""
        return sum(item.added for item in self.new_days)

    @property
    def added(self) -> float:
        """Added to days told then."""
        return sum(item.added for item in self.revised if item.added > 0)

    @property
    def taken_away(self) -> float:
        """Taken away from days told then, as a number above 0."""
        return -sum(item.added for item in self.revised if item.added < 0)


@dataclass(frozen=True)
class Reporting:
    """A unit that began to report a dataset since then, or fell silent."""

    dataset: str
    unit: str
    what: Literal["started", "stopped"]


@dataclass(frozen=True)
class Since:
    """Everything that changed between two pictures; empty where they are the same."""

    release: Release
    before: Release
    day: date
    before_day: date
    figures: tuple[FigureChange, ...]
    ranks: tuple[RankChange, ...]
    crossings: tuple[Crossing, ...]
    levels: tuple[LevelChange, ...]
    counts: tuple[Counts, ...]
    reporting: tuple[Reporting, ...]

    @property
    def nothing(self) -> bool:
        """True where no figure, rank, limit, level, count or report is another than then."""
        return not (
            any(item.change for item in self.figures)
            or self.ranks
            or self.crossings
            or self.levels
            or any(item.new_days or item.revised for item in self.counts)
            or self.reporting
        )


def since(
    release: Release,
    day: date | None = None,
    before_day: date | None = None,
    *,
    as_of: AsOf = None,
    before: Release | None = None,
    before_as_of: AsOf = None,
    indicators: Sequence[str] = FIGURES,
) -> Since:
    """What changed between the last meeting and `day` (the newest by default).

    The meeting was MEETING_DAYS before where `before_day` does not say otherwise. Its picture is the release read as
    of that day's end, or as of `before_as_of`, or another release `before`. ValueError where it lies after `day`.
    """
    now = release if as_of is None else release.known_at(as_of)
    on = min(day or now.last_day, now.last_day)
    then_on = before_day if before_day is not None else on - timedelta(days=MEETING_DAYS)
    if then_on > on:
        raise ValueError(f"the last meeting must not be after the day: {then_on} is after {on}")
    if before is None:
        then = now.known_at(before_as_of if before_as_of is not None else min(moment(then_on), now.as_of))
    else:
        then = before if before_as_of is None else before.known_at(before_as_of)
    both = _Both(now, then, on, then_on, leaf_codes(now, on))
    return Since(
        release=now,
        before=then,
        day=on,
        before_day=then_on,
        figures=tuple(_figures(both, tuple(dict.fromkeys(indicators)))),
        ranks=tuple(item for name in RANKED for item in _ranks(both, name)),
        crossings=tuple(item for name in WATCHED for item in _crossings(both, INDICATORS[name])),
        levels=tuple(item for name in LEVELS for item in _levels(both, name)),
        counts=tuple(item for name in COUNTED for item in _counts(both, name)),
        reporting=tuple(_reporting(both)),
    )


@dataclass(frozen=True)
class _Both:
    """Two pictures and the days they are read on."""

    now: Release
    then: Release
    day: date
    before_day: date
    leaves: tuple[str, ...]

    @property
    def province(self) -> str:
        return self.now.province.code


def _figures(both: _Both, names: Sequence[str]) -> list[FigureChange]:
    units = (both.province,)
    now = read(both.now, names, units, both.day)
    then = read(both.then, names, units, both.before_day)
    again = read(both.now, names, units, both.before_day)
    found = []
    for key, reading in now.items():
        if reading.value is None and then[key].value is None:
            continue
        direction = _direction(reading, then[key])
        if direction != _direction(reading, again[key]):
            direction = "unknown"
        found.append(FigureChange(*key, reading, then[key], again[key].value, direction))
    return found


def _direction(now: Reading, then: Reading) -> Trend:
    """The trend from one reading to another; unknown where they rest on different numbers of units."""
    if now.quality.reported_units != then.quality.reported_units:
        return "unknown"
    return trend(
        INDICATORS[now.indicator],
        now.value,
        then.value,
        events=now.numerator,
        previous_events=then.numerator,
        spread=_width(now),
        previous_spread=_width(then),
    )


def _width(reading: Reading) -> float | None:
    return None if reading.low is None or reading.high is None else reading.high - reading.low


def _ranks(both: _Both, name: str) -> list[RankChange]:
    """Units whose possible ranks now and then have none in common; of figures without chance, any other rank."""
    then = {row.unit: row for row in rank(both.then, name, both.before_day).rows}
    found = []
    for row in rank(both.now, name, both.day).rows:
        old = then.get(row.unit)
        if old is None or row.rank == old.rank:
            continue
        if not _overlap(row, old):
            found.append(RankChange(name, row.unit, row.rank, old.rank))
    return found


def _overlap(row: Ranked, old: Ranked) -> bool:
    """True where some rank is possible now and was possible then; False for figures without chance."""
    if row.rank_low is None or row.rank_high is None or old.rank_low is None or old.rank_high is None:
        return False
    return row.rank_low <= old.rank_high and old.rank_low <= row.rank_high


def _crossings(both: _Both, indicator: Indicator) -> list[Crossing]:
    units = (*both.leaves, both.province)
    first = both.day - timedelta(days=SINCE_DAYS)
    now = history(both.now, indicator.id, units, first, both.day)
    then = history(both.then, indicator.id, units, both.before_day, both.before_day)
    found = []
    for unit in units:
        value, old = now[unit][-1], then[unit][-1]
        if value is None or old is None:
            continue
        since = since_when(indicator, now[unit], both.day)
        own, before = _passed(indicator, value), _passed(indicator, old)
        began = since if since > first else None
        found += [Crossing(indicator.id, unit, item, True, value, old, began) for item in own if item not in before]
        found += [Crossing(indicator.id, unit, item, False, value, old, began) for item in before if item not in own]
    return found


def _passed(indicator: Indicator, value: float) -> tuple[Threshold, ...]:
    """Every threshold the value lies beyond, from the mildest."""
    state, last = state_of(indicator, value)
    ordered = indicator.worsening_thresholds
    return tuple(ordered[: ordered.index(last) + 1]) if last is not None and state in ("near", "past") else ()


def _levels(both: _Both, name: str) -> list[LevelChange]:
    if name not in INDICATORS:
        return []
    units = (both.province,) if name == PROVINCE_LEVEL_ID else both.leaves
    now = history(both.now, name, units, both.day, both.day)
    then = history(both.then, name, units, both.before_day, both.before_day)
    pairs = ((unit, now[unit][-1], then[unit][-1]) for unit in units)
    return [
        LevelChange(name, unit, int(level), int(old))
        for unit, level, old in pairs
        if level is not None and old is not None and level != old
    ]


def _counts(both: _Both, name: str) -> list[Counts]:
    """The count of the province and of each unit; those that never told anything are left out."""
    units = (both.province, *both.leaves)
    first = min(both.now.first_day, both.then.first_day, both.before_day)
    now = history(both.now, name, units, first, both.day)
    then = history(both.then, name, units, first, both.before_day)
    split = (both.before_day - first).days + 1
    found = []
    for unit in units:
        told = [*then[unit], *([None] * (len(now[unit]) - split))]
        days = [
            DayCount(first + timedelta(days=number), old, new)
            for number, (old, new) in enumerate(zip(told, now[unit], strict=True))
        ]
        fresh = tuple(item for item in days[split:] if item.now is not None)
        revised = tuple(item for item in days[:split] if item.now != item.then)
        if any(item.now is not None or item.then is not None for item in days):
            totals = (sum(item.now or 0.0 for item in days), sum(item.then or 0.0 for item in days))
            found.append(Counts(name, unit, *totals, fresh, revised))
    return found


def _reporting(both: _Both) -> list[Reporting]:
    """Units that reported a dataset in the week up to the one day and not in the week up to the other."""
    if both.now is both.then and both.day == both.before_day:
        return []
    found = []
    for dataset, contract in CONTRACTS.items():
        if contract.line_list or not contract.measures or dataset == "population":
            continue
        now, then = (
            release.reports.units_about(dataset, day_number(day) - REPORTING_MEMORY_DAYS + 1, day_number(day))
            for release, day in ((both.now, both.day), (both.then, both.before_day))
        )
        told = [unit for unit in (*both.leaves, both.province) if unit in now ^ then]
        found += [Reporting(dataset, unit, "started" if unit in now else "stopped") for unit in told]
    return found
