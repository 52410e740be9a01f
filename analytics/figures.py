"""An indicator's figures as arrays, and how they follow from the window values of single units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from analytics.daily_table import Floats, together
from analytics.disclosure import LEAST_COUNT
from analytics.indicators.methods import Absence
from analytics.indicators.model import Formula, Indicator
from analytics.rates import interval
from analytics.reports import Bools
from analytics.windows import Counts

REASONS: tuple[Absence, ...] = get_args(Absence)
PRESENT = -1
NO_LIMIT = np.iinfo(np.int64).max
CODE: dict[Absence, int] = {reason: code for code, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Values:
    """An indicator's figures, arrays of shape (units, days); NaN is missing and `absence` says why."""

    value: Floats
    low: Floats
    high: Floats
    numerator: Floats
    denominator: Floats
    absence: NDArray[np.int64]
    """Position in REASONS; PRESENT where there is a value."""
    reported_units: Counts
    expected_units: Counts
    reported_days: Counts
    expected_days: Counts

    def on(self, columns: list[int]) -> Values:
        """The figures of some of the days."""
        step = columns[1] - columns[0] if len(columns) > 1 else 1
        if step > 0 and columns == list(range(columns[0], columns[-1] + 1, step)):
            places = slice(columns[0], columns[-1] + 1, step)
            return Values(**{name: getattr(self, name)[:, places] for name in NAMES})
        numbers = np.array(columns)
        return Values(**{name: getattr(self, name).take(numbers, axis=1) for name in NAMES})


NAMES = tuple(item.name for item in fields(Values))


@dataclass(frozen=True)
class Group:
    """Rows of a question whose figures one formula makes from the same kind of sums, by their places in `codes`."""

    rows: list[int]
    members: NDArray[np.int64]
    """Shape (rows, units that each is the sum of)."""
    whole: int | None
    """The place of the unit whose denominator stands for all members."""
    expected: int

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """What an array says of the members, shape (rows, units, ...); not to be written to."""
        # A slice, where the members follow one another, is a view: a third of the time of a copy.
        return array[self._places].reshape(*self.members.shape, *array.shape[1:])

    @property
    def is_single(self) -> bool:
        """True where each row is one unit and nothing is summed."""
        return len(self.members[0]) == 1

    @cached_property
    def _places(self) -> NDArray[np.int64] | slice:
        return together(self.members.ravel())


@dataclass(frozen=True)
class Lagged:
    """Window values of single units with the lags a method asks for: arrays of shape (units, days, lags)."""

    numerator: Floats
    denominator: Floats | None
    events: Floats | None
    """Shape (units, days): the sum over the window, where the numerator is its mean; None where it is the same."""
    reported_days: Counts
    expected_days: Counts


def from_inputs(why: Absence, value: Floats, inputs: Sequence[Values], *, override: bool = False) -> Values:
    """A combination's values with the quality of its inputs; a missing input hides the value unless `override`."""
    absence = np.full(value.shape, PRESENT, dtype=np.int64)
    for item in () if override else reversed(inputs):
        absence = np.where(item.absence != PRESENT, item.absence, absence)
    value = np.where(absence == PRESENT, value, np.nan)
    absence = np.where((absence == PRESENT) & np.isnan(value), CODE[why], absence)
    nothing = np.full(value.shape, np.nan)
    return Values(
        value=value,
        low=nothing,
        high=nothing,
        numerator=nothing,
        denominator=nothing,
        absence=absence,
        reported_units=np.minimum.reduce([item.reported_units for item in inputs]),
        expected_units=np.maximum.reduce([item.expected_units for item in inputs]),
        reported_days=np.minimum.reduce([item.reported_days for item in inputs]),
        expected_days=np.maximum.reduce([item.expected_days for item in inputs]),
    )


def figures_of(indicator: Indicator, formula: Formula, known: Lagged, group: Group, intervals: bool) -> Values:
    """Figures of a group; sums run over the members of each row."""
    method, whole = indicator.method, group.whole
    numerator = group.of(known.numerator)
    denominator = None
    if known.denominator is not None:
        one = known.denominator
        denominator = group.of(one) if whole is None else np.broadcast_to(one[whole], numerator.shape)
    reported = ~np.isnan(numerator)
    matched = use = reported if denominator is None else reported & ~np.isnan(denominator)
    counted = matched[..., 0]
    if len(method.lags) > 1:
        counted = counted & (matched.sum(axis=-1) >= method.least_lags)
        use = matched & counted[..., None]
    any_lag = _any(use, group)
    any_counted = any_lag[..., 0]
    # A row whose denominator is 0 has reported, but its numerator has nothing to be divided by.
    summed = use if denominator is None else use & (denominator > 0)
    numerators = np.where(any_lag, _sum(np.where(summed, numerator, 0.0), group), np.nan)
    denominators = None
    if denominator is not None:
        total = denominator[:, 0] if whole is not None else _sum(np.where(summed, denominator, 0.0), group)
        denominators = np.where(any_lag, total, np.nan)
    estimate = method.estimate(numerators, denominators, formula.scale)
    events = numerators[..., 0]
    if known.events is not None:
        own = np.where(summed[..., 0], group.of(known.events), 0.0)
        events = np.where(any_counted, _sum(own, group), np.nan)
    bottom = denominators[..., 0] if denominators is not None else np.full(events.shape, np.nan)
    value = estimate.value
    small = None
    if indicator.least_denominator > 0:
        small = (bottom < indicator.least_denominator) & (bottom > 0)
    if indicator.small_numbers == "suppressed":
        few = events < LEAST_COUNT
        small = few if small is None else small | few
    if small is not None:
        value = np.where(small, np.nan, value)
    missing = np.isnan(value)
    low, high = estimate.low, estimate.high
    if (low is None or high is None) and not intervals:
        low = high = np.full(value.shape, np.nan)
    elif low is None or high is None:
        means = indicator.window.days if indicator.window.how == "mean" and indicator.window.days else 1
        exposure = (np.ones(value.shape) if denominators is None else bottom) * means
        low, high = interval(indicator.interval, value, events, bottom, exposure, formula.scale)
    days = group.of(known.reported_days)
    reported_days = days[:, 0]
    if not group.is_single:
        fewest = np.where(counted, days, NO_LIMIT).min(axis=1)
        reported_days = np.where(any_counted, fewest, days.max(axis=1))
    absence = np.full(value.shape, PRESENT, dtype=np.int64)
    if missing.any():
        why = np.full(value.shape, CODE[method.absence], dtype=np.int64)
        if small is not None:
            why[small] = CODE["too_small"]
        why = np.where(any_counted, why, _why_uncounted(reported[..., 0], matched[..., 0], days))
        absence = np.where(missing, why, PRESENT)
        low, high = np.where(missing, np.nan, low), np.where(missing, np.nan, high)
    expected = np.empty(value.shape, dtype=np.int64)
    expected[:] = known.expected_days
    return Values(
        value=value,
        low=low,
        high=high,
        numerator=np.full(value.shape, np.nan) if formula.numerator.kind == "published" else events,
        denominator=bottom,
        absence=absence,
        reported_units=counted[:, 0].astype(np.int64) if group.is_single else counted.sum(axis=1),
        expected_units=np.full(value.shape, group.expected, dtype=np.int64),
        reported_days=reported_days,
        expected_days=expected,
    )


def _sum(values: Floats, group: Group) -> Floats:
    """The sum over a group's members."""
    return values[:, 0] if group.is_single else values.sum(axis=1)


def _any(found: Bools, group: Group) -> Bools:
    """Whether it is so of any of a group's members."""
    any_of: Bools = found[:, 0] if group.is_single else np.logical_or.reduce(found, axis=1)
    return any_of


def _why_uncounted(reported: NDArray[np.bool_], matched: NDArray[np.bool_], days: Counts) -> NDArray[np.int64]:
    """Why no row could be counted, by group and day: lags short, no denominator, too few days, or nothing at all."""
    why = np.where(days.max(axis=1) > 0, CODE["not_enough_days"], CODE["no_data"])
    why = np.where(reported.any(axis=1), CODE["no_denominator"], why)
    return np.where(matched.any(axis=1), CODE["not_enough_days"], why)


def gathered(groups: list[tuple[list[int], Values]], units: int) -> Values:
    """The groups' figures back in the order of the units."""
    if len(groups) == 1 and groups[0][0] == list(range(units)):
        return groups[0][1]
    order = np.argsort(np.concatenate([rows for rows, _ in groups]))
    return Values(**{name: np.concatenate([getattr(values, name) for _, values in groups])[order] for name in NAMES})
