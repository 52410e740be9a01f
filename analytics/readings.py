"""What an indicator says about a unit on a day: value, change, state and quality; and its series over days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analytics.cube import Floats, Part
from analytics.daily_values import entry_of, strata_beside
from analytics.evaluation import Evaluation
from analytics.figures import PRESENT, REASONS, Values
from analytics.indicators import INDICATORS
from analytics.indicators.methods import Absence
from analytics.indicators.model import Indicator, Polarity, Threshold
from analytics.quality import Quality, age_hours, complete_share, is_provisional
from analytics.release import AsOf, Release
from analytics.reports import Reports
from analytics.trend import Trend, trend
from analytics.unit_tree import MOST_KEPT
from data_sources.contracts import CONTRACTS

State = Literal["ok", "near", "past", "none"]
_parts_of: dict[int, tuple[Indicator, set[Part]]] = {}


@dataclass(frozen=True)
class Reading:
    """One figure with everything that must be printed beside it."""

    indicator: str
    unit: str
    day: date
    value: float | None
    low: float | None
    high: float | None
    """The 95% interval of the value, where chance takes part in it."""
    numerator: float | None
    """The sum over the window (of a mean too); None for published and combined figures."""
    denominator: float | None
    previous: float | None
    """The value `compare_days` before."""
    change: float | None
    trend: Trend
    """Unknown too where the two days rest on different numbers of units."""
    state: State
    threshold: Threshold | None
    """The threshold that was passed, or the next one where none was."""
    absence: Absence | None
    quality: Quality

    @property
    def change_percent(self) -> float | None:
        """The change as a share of the earlier value, in percent; None where that is missing or 0."""
        return 100 * self.change / abs(self.previous) if self.change is not None and self.previous else None

    @property
    def polarity(self) -> Polarity:
        """Whether a rise is good, bad or neither: gives a change its colour."""
        return INDICATORS[self.indicator].polarity


class Counts(NamedTuple):
    """A value and what it was made of; None is missing."""

    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class Known:
    """What was known at the moment a question is asked as of."""

    evaluation: Evaluation
    moment: datetime


def read(
    release: Release, indicator_ids: Iterable[str], units: Iterable[str], day: date, as_of: AsOf = None
) -> dict[tuple[str, str], Reading]:
    """The reading of each indicator for each unit on `day`, by (indicator id, unit code).

    Every pair asked for is in the answer: a figure that is missing says why in `absence`. `as_of` reads what was
    known at an earlier time (a date means its end in Asia/Ho_Chi_Minh).
    KeyError for an unknown indicator.
    """
    return read_days(release, indicator_ids, units, (day,), as_of)[day]


def read_days(
    release: Release, indicator_ids: Iterable[str], units: Iterable[str], days: Sequence[date], as_of: AsOf = None
) -> dict[date, dict[tuple[str, str], Reading]]:
    """What `read` says of each of some days, each indicator worked out for all of them at once."""
    indicators = [INDICATORS[name] for name in dict.fromkeys(indicator_ids)]
    codes = tuple(dict.fromkeys(units))
    readings: dict[date, dict[tuple[str, str], Reading]] = {day: {} for day in days}
    if not indicators or not codes:
        return readings
    known = knowledge(release, indicators, as_of)
    reports = release.reports_by(as_of)
    members = {day: [_members(release, unit, day) for unit in codes] for day in days}
    behind: dict[tuple[tuple[tuple[str, ...], ...], date], list[tuple[float | None, float | None]]] = {}
    for indicator in indicators:
        compared = [day - timedelta(days=indicator.compare_days) for day in days]
        columns = {day: column for column, day in enumerate(dict.fromkeys((*compared, *days)))}
        values = known.evaluation.values(indicator, codes, list(columns))
        for day, before in zip(days, compared, strict=True):
            provisional = is_provisional(indicator, day, known.moment)
            sources = known.evaluation.datasets_of(indicator, codes, day)
            if (sources, day) not in behind:
                # Many indicators rest on the same datasets.
                behind[sources, day] = _ages_and_shares(release, reports, sources, members[day], day, known.moment)
            told = zip(codes, _figures(values, columns[day], columns[before]), behind[sources, day], strict=True)
            for unit, figures, (age, complete) in told:
                quality = Quality(
                    reported_units=figures.reported_units,
                    expected_units=figures.expected_units,
                    newest_report_age_hours=age,
                    fields_complete_share=complete,
                    provisional=provisional,
                    reported_days=figures.reported_days,
                    expected_days=figures.expected_days,
                )
                readings[day][indicator.id, unit] = _reading(indicator, unit, day, figures, quality)
    return readings


def _ages_and_shares(
    release: Release,
    reports: Reports,
    sources: Sequence[tuple[str, ...]],
    members: Sequence[Collection[str]],
    day: date,
    moment: datetime,
) -> list[tuple[float | None, float | None]]:
    """For each unit the age of the newest report of its datasets, in hours, and their share of fields filled."""
    shares = {datasets: complete_share(release.fields_complete, datasets) for datasets in set(sources)}
    return [
        (age_hours(reports, datasets, codes, day, moment), shares[datasets])
        for datasets, codes in zip(sources, members, strict=True)
    ]


def _members(release: Release, unit: str, day: date) -> set[str]:
    """The units whose reports are about `unit`: itself and those it is made of."""
    return {unit, *(leaf.code for leaf in release.units.leaves(unit, day))}


def with_values(release: Release, indicator_ids: Iterable[str], units: Sequence[str], day: date) -> tuple[str, ...]:
    """Those of the indicators that have a figure of any of `units` on `day`, in their order."""
    evaluation = release.evaluation
    reported = [name for name in dict.fromkeys(indicator_ids) if evaluation.is_reported(INDICATORS[name])]
    return tuple(
        name
        for name in reported
        if not np.isnan(evaluation.values(INDICATORS[name], units, (day,), intervals=False).value).all()
    )


def series(
    release: Release, indicator_id: str, units: Iterable[str], first_day: date, last_day: date, as_of: AsOf = None
) -> pd.DataFrame:
    """One row for each unit and day: unit, day, value, low, high, numerator, denominator, provisional.

    A missing figure is a row with NaN, so that a gap in the data is a gap in the line. Sorted by unit as asked, then
    day; `day` is datetime64. KeyError for an unknown indicator.
    """
    indicator = INDICATORS[indicator_id]
    codes = list(dict.fromkeys(units))
    days = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
    columns = ("value", "low", "high", "numerator", "denominator")
    if not codes or not days:
        return pd.DataFrame(columns=["unit", "day", *columns, "provisional"])
    known = knowledge(release, [indicator], as_of)
    values = known.evaluation.values(indicator, codes, days)
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.array(codes, dtype=object), len(days)),
            "day": np.tile(np.array(days, dtype="datetime64[ns]"), len(codes)),
            **{name: getattr(values, name).ravel() for name in columns},
        }
    )
    provisional = [is_provisional(indicator, day, known.moment) for day in days]
    frame["provisional"] = np.tile(np.array(provisional, dtype=bool), len(codes))
    return frame


def history(
    release: Release,
    indicator_id: str,
    units: Sequence[str],
    first_day: date,
    last_day: date,
    as_of: AsOf = None,
) -> dict[str, list[float | None]]:
    """Only the values of `series`, as a list for each unit; a tenth of its time, for sentences that ask often."""
    indicator = INDICATORS[indicator_id]
    days = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
    known = knowledge(release, [indicator], as_of)
    values = known.evaluation.values(indicator, units, days, intervals=False).value
    return dict(zip(units, _numbers(values), strict=True))


def counts(
    release: Release, indicator_id: str, units: Sequence[str], day: date, as_of: AsOf = None
) -> dict[str, Counts]:
    """Only the value of `read` and what it was made of, by unit; for sentences, that say no more."""
    indicator = INDICATORS[indicator_id]
    values = knowledge(release, [indicator], as_of).evaluation.values(indicator, units, (day,), intervals=False)
    numbers = _numbers(np.column_stack((values.value, values.numerator, values.denominator)))
    return {unit: Counts(*row) for unit, row in zip(units, numbers, strict=True)}


def knowledge(release: Release, indicators: Iterable[Indicator], as_of: AsOf) -> Known:
    """What the release knows, or knew at `as_of`; the versions that `indicators` may need are read by one query."""
    if not release.is_history(as_of):
        return Known(release.evaluation, release.as_of)
    moment = release.moment(as_of)
    parts = set().union(*(parts_needed(indicator) for indicator in indicators))
    newest = release.evaluation
    cube = newest.cube.as_of(release.cursor(), moment, parts)
    return Known(newest.of(cube), moment)


def parts_needed(indicator: Indicator) -> set[Part]:
    """Every measure and stratum a figure of the indicator may be made of; not to be written to."""
    # The record is kept with its parts, so that its number is nobody else's.
    known = _parts_of.get(id(indicator))
    if known is None or known[0] is not indicator:
        if len(_parts_of) >= MOST_KEPT:
            _parts_of.clear()
        known = _parts_of[id(indicator)] = indicator, _find_parts(indicator)
    return known[1]


def _find_parts(indicator: Indicator) -> set[Part]:
    found = {part for name in indicator.made_of for part in parts_needed(INDICATORS[name])}
    for formula in indicator.formulas:
        for term in (formula.numerator, formula.denominator):
            for part in term.parts if term is not None else ():
                found |= {(part.measure, stratum) for stratum in (part.stratum, "", *strata_beside(part))}
                if CONTRACTS[part.dataset].joins:
                    found.add((entry_of(part.measure), ""))
    return found


def state_of(indicator: Indicator, value: float | None) -> tuple[State, Threshold | None]:
    """The state of a value by the record's thresholds, with the threshold that was passed or, if none, the next."""
    if value is None or not indicator.thresholds:
        return "none", None
    rising = indicator.polarity == "higher_is_worse"
    ordered = indicator.worsening_thresholds
    passed = None
    for threshold in ordered:
        beyond = value > threshold.at if rising else value < threshold.at
        if beyond or (threshold.inclusive and value == threshold.at):
            passed = threshold
    return (passed.state, passed) if passed else ("ok", ordered[0])


class _Figures(NamedTuple):
    """One unit's figures on a day; those of the day it is compared with are `before`. None is missing."""

    value: float | None
    value_before: float | None
    low: float | None
    low_before: float | None
    high: float | None
    high_before: float | None
    events: float | None
    events_before: float | None
    denominator: float | None
    absence: Absence | None
    reported_units: int
    reported_units_before: int
    expected_units: int
    reported_days: int
    expected_days: int


def _figures(values: Values, day: int, before: int) -> Iterable[_Figures]:
    """The rows of two columns as plain numbers; one conversion for all is ten times as fast as one for each."""
    both = [array[:, at] for array in (values.value, values.low, values.high, values.numerator) for at in (day, before)]
    columns = _numbers(np.array([*both, values.denominator[:, day]]))
    reasons = [None if code == PRESENT else REASONS[code] for code in values.absence[:, day].tolist()]
    units = [values.reported_units[:, at].tolist() for at in (day, before)]
    rest = [array[:, day].tolist() for array in (values.expected_units, values.reported_days, values.expected_days)]
    return map(_Figures._make, zip(*columns, reasons, *units, *rest, strict=True))


def _reading(indicator: Indicator, unit: str, day: date, figures: _Figures, quality: Quality) -> Reading:
    value, previous = figures.value, figures.value_before
    # A sum over fewer units is smaller for that alone; which way the figure itself moved is not known.
    alike = figures.reported_units == figures.reported_units_before
    state, threshold = state_of(indicator, value)
    return Reading(
        indicator=indicator.id,
        unit=unit,
        day=day,
        value=value,
        low=figures.low,
        high=figures.high,
        numerator=figures.events,
        denominator=figures.denominator,
        previous=previous,
        change=_difference(value, previous),
        trend=trend(
            indicator,
            value,
            previous if alike else None,
            events=figures.events,
            previous_events=figures.events_before,
            spread=_difference(figures.high, figures.low),
            previous_spread=_difference(figures.high_before, figures.low_before),
        ),
        state=state,
        threshold=threshold,
        absence=figures.absence,
        quality=quality,
    )


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _numbers(values: Floats) -> list[list[float | None]]:
    """The rows as plain numbers, None where one is missing."""
    told = values.astype(object)
    told[np.isnan(values)] = None
    rows: list[list[float | None]] = told.tolist()
    return rows
