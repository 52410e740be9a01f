"""Window values of a term for single units: sums, means and stocks over the days that were reported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from analytics.cube import Cube, Floats, Sums
from analytics.daily_table import UnitRows
from analytics.daily_values import daily_values, observed_days, put_together, same_before, standing_values, with_earlier
from analytics.indicators.model import Formula, Term, Window
from analytics.reports import Bools
from analytics.unit_tree import EPOCH, UnitTree

Counts = NDArray[np.int64]

# Five days of seven: a week with a weekend unreported is still a week, one with half its days missing is not.
# Source: agreed with the province's reporting duty of one report a working day; to be confirmed.
MIN_REPORTED_SHARE = 5 / 7


@dataclass(frozen=True)
class Windowed:
    """Window values of shape (units, days) and how many days of each window were reported."""

    value: Floats
    events: Floats
    """The sum over the window, which a mean is the mean of; the value itself otherwise."""
    reported_days: Counts
    expected_days: Counts
    """Shape (days,): how many days each window has."""


def least_reported_days(window: Window) -> int:
    """How many days of a window must be reported for it to have a value."""
    return 1 if window.days is None else math.ceil(window.days * MIN_REPORTED_SHARE - 1e-9)


def windowed_pair(
    cube: Cube, tree: UnitTree, formula: Formula, window: Window, units: Sequence[str], first: int, last: int
) -> tuple[Windowed, Windowed | None]:
    """Window values of a formula's numerator and denominator for each unit and each day from first to last.

    Where both are flows of a window of days, only days on which both were reported count, so that a day without
    results cannot thin out a share. Since the start of the data each counts all its own reported days.
    """
    numerator, denominator = formula.numerator, formula.denominator
    if denominator is None:
        return windowed(cube, tree, numerator, window, units, first, last), None
    if window.days is None or numerator.kind != "flow" or denominator.kind != "flow":
        return tuple(windowed(cube, tree, term, window, units, first, last) for term in (numerator, denominator))  # type: ignore[return-value]
    begin = first - window.days + 1
    top = daily_values(cube, tree, numerator, units, begin, last)
    bottom = daily_values(cube, tree, denominator, units, begin, last)
    counted = ~np.isnan(top)
    both = counted & ~np.isnan(bottom)
    return _with_lone(roll(top, window, both), top, bottom, window), roll(bottom, window, both)


def _with_lone(matched: Windowed, top: Floats, bottom: Floats, window: Window) -> Windowed:
    """The numerator's windows; one without any denominator keeps its own days, so that what is missing can be named."""
    counted, given = ~np.isnan(top), ~np.isnan(bottom)
    if given[counted].all():
        return matched
    lone = roll(bottom, window, given).reported_days == 0
    every = roll(top, window, counted)
    return Windowed(
        np.where(lone, every.value, matched.value),
        np.where(lone, every.events, matched.events),
        np.where(lone, every.reported_days, matched.reported_days),
        matched.expected_days,
    )


def windowed(
    cube: Cube, tree: UnitTree, term: Term, window: Window, units: Sequence[str], first: int, last: int
) -> Windowed:
    """The window value of a term for each unit and each day from first to last.

    A flow is summed (or averaged) over the window's reported days; a stock or a published figure is the day's own,
    carried from an earlier day only as far as the term says.
    """
    if term.kind != "flow":
        return _standing(cube, tree, term, units, first, last)
    if window.days is None:
        starts = [start for part in term.parts if (start := cube.first_day((part.measure, part.stratum))) is not None]
        begin = min([first, *starts])
        start = min(starts, default=last)
        sums, counts = _since_start(cube, tree, term, units, begin, first, last)
        expected = np.maximum(np.arange(first - start + 1, last - start + 2), 1)
        return Windowed(np.where(counts > 0, sums, np.nan), sums, counts, expected)
    values = daily_values(cube, tree, term, units, first - window.days + 1, last)
    return roll(values, window, ~np.isnan(values))


def _since_start(
    cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], begin: int, first: int, last: int
) -> tuple[Floats, Counts]:
    """Sums from `begin` to each day from first to last, and how many days were reported.

    Those of the newest figures are kept, because nearly every page asks for some of them. As of an earlier moment
    only the days are added up that were told otherwise then; the days before are as they are now.
    """
    if begin == first:
        return _running(daily_values(cube, tree, term, units, first, last))
    period = tree.period(EPOCH + timedelta(days=last))
    same = last + 1
    if cube.now is not cube:
        same = min(same, *(same_before(cube, part, begin, last) for part in term.parts))
    if same <= begin or tree.period(EPOCH + timedelta(days=same - 1)) != period:
        return _running(daily_values(cube, tree, term, units, begin, last), first - begin)
    since = min(first, same - 1)
    sums, counts = _kept_sums(cube.now, tree, term, units, begin, since, same - 1)
    if same <= last:
        more, more_counts = _running(daily_values(cube, tree, term, units, same, last))
        sums = np.concatenate((sums, sums[:, -1:] + more), axis=1)
        counts = np.concatenate((counts, counts[:, -1:] + more_counts), axis=1)
    return sums[:, first - since :], counts[:, first - since :]


def _kept_sums(
    cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], begin: int, first: int, last: int
) -> tuple[Floats, Counts]:
    """The newest figures' sums; worked out for every day there is when they are first asked for."""
    end = max(last, observed_days(cube, tree, term, last)[1])
    period = tree.period(EPOCH + timedelta(days=last))
    known = cube.kept.get((term, period))
    rows = None if known is None else known.row_of.of_all(units)
    if known is None or rows is None or known.sums.shape[1] <= last - begin:
        every = with_earlier(known, units)
        sums, counts = _running(put_together(cube, tree, term, every, begin, end))
        known = cube.kept[term, period] = Sums(UnitRows(every), sums, counts)
        rows = known.row_of.of(units)
    about = slice(first - begin, last - begin + 1)
    return known.sums[rows, about], known.counts[rows, about]


def roll(values: Floats, window: Window, counted: Bools) -> Windowed:
    """Window sums or means of the daily values that are counted.

    They begin `window.days - 1` days before the first window's end.
    """
    days = window.days or 1
    if days > 1:
        running, reported = _running(values, counted=counted)
        sums, counts = running[:, days - 1 :].copy(), reported[:, days - 1 :].copy()
        sums[:, 1:] -= running[:, :-days]
        counts[:, 1:] -= reported[:, :-days]
    else:
        sums, counts = np.where(counted, values, 0.0), counted.astype(np.int64)
    figure = sums / np.maximum(counts, 1) if window.how == "mean" else sums
    value = np.where(counts >= least_reported_days(window), figure, np.nan)
    return Windowed(value, sums, counts, np.full(sums.shape[1], days))


def _running(values: Floats, before: int = 0, counted: Bools | None = None) -> tuple[Floats, Counts]:
    """Sums of the values and counts of the days reported, up to each day; without those of the first `before` days.

    Only values that are `counted` take part; all that there are by default.
    """
    present = ~np.isnan(values) if counted is None else counted
    filled = np.where(present, values, 0.0)
    if before:
        # Only the last days' sums are wanted: those before are added up at once.
        filled[:, before] += filled[:, :before].sum(axis=1)
        sums, counts = np.cumsum(filled[:, before:], axis=1), np.cumsum(present[:, before:], axis=1)
        return sums, counts + present[:, :before].sum(axis=1)[:, None]
    return np.cumsum(filled, axis=1), np.cumsum(present, axis=1)


def _standing(cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], first: int, last: int) -> Windowed:
    values = standing_values(cube, tree, term, units, first, last)
    counts = (~np.isnan(values)).astype(np.int64)
    return Windowed(values, values, counts, np.ones(values.shape[1], dtype=np.int64))
