"""What there is to say of an indicator's figures on a day, before it is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.ranking import Ranking, rank_readings
from analytics.readings import Reading, history, read_days, state_of
from analytics.release import AsOf, Release
from analytics.wording import rounded

LEAST_RECORD_DAYS = 14
"""Less than two weeks back a highest value says no more than the change on the week."""
LEAST_RECORD_SHARE = 0.5
"""A record among days half of which are missing is none."""


@dataclass(frozen=True)
class Record:
    """A figure that is the highest or the lowest for a while."""

    is_highest: bool
    since: date
    """The newest earlier day with a figure as high (or as low); the first day with any where there is none."""
    is_since_start: bool
    missing_days: int
    """Days in between that nothing is known of."""


@dataclass(frozen=True)
class Situation:
    """One unit's figure on a day with what went before."""

    reading: Reading
    before: Reading
    """The reading `compare_days` earlier: whether the two rest on the same units and days."""
    since: date | None
    """The first day of the unbroken run in the present state; None where there is no state."""
    is_since_start: bool
    """True where the run reaches back to the first day anything is known of, so that it may be longer."""
    record: Record | None

    @property
    def is_whole(self) -> bool:
        """True where every unit and every day that should be part of the figure is."""
        quality = self.reading.quality
        units = quality.reported_units >= quality.expected_units
        return units and (has_all_days(INDICATORS[self.reading.indicator], self.reading))

    @property
    def is_comparable(self) -> bool:
        """False where the two rest on other numbers of units or, counts without a denominator, of days.

        A share moves by itself where a large unit is in it one day and not the other.
        """
        indicator, now, then = INDICATORS[self.reading.indicator], self.reading.quality, self.before.quality
        is_share = bool(indicator.formulas) and indicator.formulas[0].denominator is not None
        same_days = is_share or indicator.window.days is None or now.reported_days == then.reported_days
        return now.reported_units == then.reported_units and same_days


def has_all_days(indicator: Indicator, reading: Reading) -> bool:
    """True where every day of a window of several days was reported; what is told since the start has no such end."""
    quality = reading.quality
    return (indicator.window.days or 1) < 2 or quality.reported_days >= quality.expected_days


def only_grows(indicator: Indicator) -> bool:
    """True for a total since the data begin that nothing is ever taken from, alone or over a population."""
    if indicator.window.days is not None or not indicator.formulas:
        return False
    formula = indicator.formulas[0]
    over = formula.denominator
    return all(part.sign == 1 for part in formula.numerator.parts) and (over is None or over.kind == "stock")


def situations(
    release: Release, indicator_id: str, units: Sequence[str], day: date, as_of: AsOf = None
) -> dict[str, Situation]:
    """The situation of each of `units` by its code. KeyError for an unknown indicator."""
    indicator = INDICATORS[indicator_id]
    then = day - timedelta(days=indicator.compare_days)
    both = read_days(release, (indicator_id,), units, (then, day), as_of)
    first = min(release.first_day, day)
    courses = history(release, indicator_id, units, first, day, as_of)
    found = {}
    for unit in units:
        reading, values = both[day][indicator_id, unit], courses[unit]
        since, is_open = _since(indicator, values, day)
        found[unit] = Situation(
            reading=reading,
            before=both[then][indicator_id, unit],
            since=since,
            is_since_start=is_open,
            record=_record(indicator, values, reading),
        )
    return found


def ranking_of(release: Release, found: dict[str, Situation], day: date, whole: Reading | None) -> Ranking:
    """The units of some situations ranked; those without a value apart."""
    readings = {unit: item.reading for unit, item in found.items()}
    indicator_id = next(iter(readings.values())).indicator
    names = {unit: release.units.get(unit, day).short_name for unit in readings}
    rows = rank_readings(INDICATORS[indicator_id], readings, names)
    return Ranking(indicator_id, day, rows, [item for item in readings.values() if item.value is None], whole)


def _since(indicator: Indicator, values: Sequence[float | None], day: date) -> tuple[date | None, bool]:
    """Since when the last of the values is in its state, and whether nothing is known of the days before."""
    if not indicator.thresholds or not values or values[-1] is None:
        return None, False
    state = state_of(indicator, values[-1])
    run = 1
    while run < len(values) and (value := values[-1 - run]) is not None and state_of(indicator, value) == state:
        run += 1
    is_open = all(value is None for value in values[: len(values) - run])
    return day - timedelta(days=run - 1), is_open


def _record(indicator: Indicator, values: Sequence[float | None], reading: Reading) -> Record | None:
    """The record that the last of the values is, if any.

    What is still filling up, or rests on fewer units, is no lowest value. What has only ever grown is the highest on
    every day of its life, which says nothing.
    """
    if not values or values[-1] is None or indicator.levels:
        return None
    quality = reading.quality
    is_part = quality.reported_units < quality.expected_units or not has_all_days(indicator, reading)
    for is_highest in (True, False):
        if not is_highest and (reading.quality.provisional or is_part):
            continue
        found = _record_of(indicator, values, reading.day, is_highest=is_highest)
        if found is not None:
            return found
    return None


def _record_of(indicator: Indicator, values: Sequence[float | None], day: date, *, is_highest: bool) -> Record | None:
    sign = 1 if is_highest else -1
    now = sign * rounded(values[-1] or 0.0, indicator.decimals)
    missing, known, back, reached = 0, 0, 0, False
    oldest_known = 0
    has_turned, newer = False, now
    for back in range(1, len(values)):
        value = values[-1 - back]
        if value is None:
            missing += 1
            continue
        shown = sign * rounded(value, indicator.decimals)
        if shown >= now:
            reached = True
            break
        known, oldest_known = known + 1, back
        has_turned, newer = has_turned or shown > newer, shown
    span = back if reached else oldest_known
    if not reached:
        # What lies before the first day with a figure is not missing from the record.
        missing = oldest_known - known
    if span < LEAST_RECORD_DAYS or known < LEAST_RECORD_SHARE * span:
        return None
    if not has_turned and not reached:
        return None
    return Record(is_highest, day - timedelta(days=span), not reached, missing)
