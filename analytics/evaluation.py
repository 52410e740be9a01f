"""Evaluating indicators for units and days: leaves first, larger areas as ratios of their leaves' sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from analytics.cube import Cube, Floats, day_number
from analytics.indicators import INDICATORS
from analytics.indicators.methods import Absence
from analytics.indicators.model import Formula, Indicator, Term
from analytics.rates import interval
from analytics.unit_tree import UnitTree
from analytics.windows import Counts, Windowed, belongs_to, windowed_pair
from data_sources.contracts import CONTRACTS

REASONS: tuple[Absence, ...] = get_args(Absence)
PRESENT = -1
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

    def reason(self, row: int, column: int) -> Absence | None:
        """Why the figure is missing, or None where it is there."""
        code = int(self.absence[row, column])
        return None if code == PRESENT else REASONS[code]


@dataclass(frozen=True)
class Plan:
    """Where a unit's figure is taken from: its leaves, or itself when `leaves` is empty."""

    formula: Formula
    leaves: tuple[str, ...] = ()
    own_denominator: bool = False


@dataclass(frozen=True)
class Lagged:
    """Window values of single units with the lags a method asks for: arrays of shape (units, days, lags)."""

    numerator: Floats
    denominator: Floats | None
    events: Floats
    """Shape (units, days): the sum over the window, which a mean is the mean of."""
    reported_days: Counts
    expected_days: Counts


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of indicators against one cube: the newest versions, or those known at a moment."""

    cube: Cube
    tree: UnitTree
    _levels: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def values(self, indicator: Indicator, units: Sequence[str], days: Sequence[date]) -> Values:
        """The figures of `indicator` for each of `units` on each of `days`."""
        if indicator.combination is not None:
            return self._combined(indicator, units, days)
        numbers = np.array([day_number(day) for day in days], dtype=np.int64)
        plans = [self.plan(indicator, unit, max(days)) for unit in units]
        members: dict[Formula, dict[str, int]] = {}
        for unit, plan in zip(units, plans, strict=True):
            rows = members.setdefault(plan.formula, {})
            for code in (*plan.leaves, unit):
                rows.setdefault(code, len(rows))
        lagged = {formula: self._lagged(indicator, formula, tuple(rows), numbers) for formula, rows in members.items()}
        figures = []
        for unit, plan in zip(units, plans, strict=True):
            rows, known = members[plan.formula], lagged[plan.formula]
            own = [rows[unit]]
            below = [rows[leaf] for leaf in plan.leaves] or own
            whole = own if plan.own_denominator else None
            figures.append(_figure(indicator, plan.formula, known, below, whole, len(self._expected(unit, plan))))
        return _stacked(figures)

    def plan(self, indicator: Indicator, unit: str, day: date) -> Plan:
        """How the figure of `unit` is put together: by which formula, from its leaves or from itself.

        Leaves come first, so that a province agrees with its districts; its own report is used where none of them
        ever reports the measure.
        """
        leaves = tuple(leaf.code for leaf in self.tree.leaves(unit, day) if leaf.code != unit)
        for formula in indicator.formulas if leaves else ():
            if formula.numerator.kind == "published" or not self._reported_by(formula.numerator, leaves):
                continue
            if formula.denominator is None or self._reported_by(formula.denominator, leaves):
                return Plan(formula, leaves)
            if self._reported_by(formula.denominator, (unit,)):
                return Plan(formula, leaves, own_denominator=True)
        level = self.tree.get(unit, day).level if unit in self.tree else ""
        usable = [formula for formula in indicator.formulas if self._at_level(formula.numerator, level)]
        whole = [item for item in usable if item.denominator is None or self._at_level(item.denominator, level)]
        return Plan((whole or usable or list(indicator.formulas))[0])

    def datasets(self, indicator: Indicator, unit: str, day: date) -> tuple[str, ...]:
        """The datasets whose reports carry the unit's figure: those of the numerator in use, or of every input's."""
        if indicator.inputs:
            found = [name for item in indicator.inputs for name in self.datasets(INDICATORS[item], unit, day)]
            return tuple(dict.fromkeys(found))
        formula = self.plan(indicator, unit, day).formula
        return tuple(dict.fromkeys(part.dataset for part in formula.numerator.parts))

    def _expected(self, unit: str, plan: Plan) -> tuple[str, ...]:
        must_report = tuple(leaf for leaf in plan.leaves if self.tree.get(leaf).reporting)
        return must_report or plan.leaves or (unit,)

    def _reported_by(self, term: Term, units: Sequence[str]) -> bool:
        """True where any of `units` ever reports every required part of the term, or a register column stands in."""
        if term.fallback is not None:
            return True
        required = [part.measure for part in term.parts if not part.optional]
        return all(any(belongs_to(self.cube, self.tree, measure, unit) for unit in units) for measure in required)

    def _at_level(self, term: Term, level: str) -> bool:
        """True where some unit of `level` reports every required part of the term."""
        if term.fallback is not None:
            return True
        return all(level in self._levels_of(part.measure) for part in term.parts if not part.optional)

    def _levels_of(self, measure: str) -> frozenset[str]:
        if measure not in self._levels:
            units = self.cube.units_of.get(measure, frozenset())
            levels = {self.tree.get(unit).level for unit in units if unit in self.tree}
            dataset = measure.split(".")[0]
            if CONTRACTS[dataset].line_list and any(item.dataset == dataset for item in self.cube.coverage):
                levels.add(self.tree.level)
            self._levels[measure] = frozenset(levels)
        return self._levels[measure]

    def _lagged(
        self, indicator: Indicator, formula: Formula, units: tuple[str, ...], numbers: NDArray[np.int64]
    ) -> Lagged:
        lags = np.array(indicator.method.lags, dtype=np.int64)
        first, last = int(numbers.min() - lags.max()), int(numbers.max())
        numerator, denominator = windowed_pair(self.cube, self.tree, formula, indicator.window, units, first, last)
        at = numbers[:, None] - lags[None, :] - first
        return Lagged(
            numerator=numerator.value[:, at],
            denominator=None if denominator is None else denominator.value[:, at],
            events=numerator.events[:, at[:, 0]],
            reported_days=numerator.reported_days[:, at[:, 0]],
            expected_days=numerator.expected_days[at[:, 0]],
        )

    def _combined(self, indicator: Indicator, units: Sequence[str], days: Sequence[date]) -> Values:
        assert indicator.combination is not None  # noqa: S101 (the record's own check; narrows the type)
        inputs = [self.values(INDICATORS[name], units, days) for name in indicator.inputs]
        value = indicator.combination.combine(tuple(item.value for item in inputs), tuple(days))
        absence = np.full(value.shape, PRESENT, dtype=np.int64)
        for item in reversed(inputs):
            absence = np.where(item.absence != PRESENT, item.absence, absence)
        value = np.where(absence == PRESENT, value, np.nan)
        absence = np.where((absence == PRESENT) & np.isnan(value), CODE[indicator.combination.absence], absence)
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


def _figure(
    indicator: Indicator, formula: Formula, known: Lagged, rows: list[int], whole: list[int] | None, expected_units: int
) -> Values:
    """One unit's figures from the rows it is made of; `whole` is the row whose denominator stands for all of them."""
    method = indicator.method
    numerator = known.numerator[rows]
    denominator = known.denominator[whole or rows] if known.denominator is not None else None
    reported = ~np.isnan(numerator)
    matched = reported if denominator is None else reported & ~np.isnan(denominator)
    counted = matched[..., 0] & (matched.sum(axis=-1) >= method.least_lags)
    use = matched & counted[..., None]
    any_lag = use.any(axis=0)
    # A row whose denominator is 0 has reported, but its numerator has nothing to be divided by.
    summed = use if denominator is None else use & (denominator > 0)
    numerators = np.where(any_lag, np.where(summed, numerator, 0.0).sum(axis=0), np.nan)
    denominators = None
    if denominator is not None:
        total = denominator[0] if whole else np.where(summed, denominator, 0.0).sum(axis=0)
        denominators = np.where(any_lag, total, np.nan)
    estimate = method.estimate(numerators, denominators, formula.scale)
    events = np.where(any_lag[..., 0], np.where(summed[..., 0], known.events[rows], 0.0).sum(axis=0), np.nan)
    bottom = denominators[..., 0] if denominators is not None else np.full(events.shape, np.nan)
    small = (bottom < indicator.least_denominator) & (bottom > 0)
    value = np.where(small | ~np.isfinite(estimate.value), np.nan, estimate.value)
    days = known.reported_days[rows]
    low, high = (estimate.low, estimate.high)
    if low is None or high is None:
        means = indicator.window.days if indicator.window.how == "mean" and indicator.window.days else 1
        exposure = (np.ones(value.shape) if denominators is None else bottom) * means
        low, high = interval(indicator.interval, value, events, bottom, exposure, formula.scale)
    absence = np.select(
        [~np.isnan(value), counted.any(axis=0) & small, counted.any(axis=0)],
        [PRESENT, CODE["too_small"], CODE[method.absence]],
        default=_why_uncounted(reported[..., 0], matched[..., 0], days),
    )
    return Values(
        value=value,
        low=np.where(np.isnan(value), np.nan, low),
        high=np.where(np.isnan(value), np.nan, high),
        numerator=np.full(value.shape, np.nan) if formula.numerator.kind == "published" else events,
        denominator=bottom,
        absence=absence,
        reported_units=counted.sum(axis=0),
        expected_units=np.full(value.shape, expected_units, dtype=np.int64),
        reported_days=np.where(
            counted.any(axis=0), np.where(counted, days, np.iinfo(np.int64).max).min(axis=0), days.max(axis=0)
        ),
        expected_days=known.expected_days.astype(np.int64),
    )


def _why_uncounted(reported: NDArray[np.bool_], matched: NDArray[np.bool_], days: Counts) -> NDArray[np.int64]:
    """Why no row could be counted, by day: lags short, no denominator, too few days, or nothing at all."""
    return np.select(
        [matched.any(axis=0), reported.any(axis=0), days.max(axis=0) > 0],
        [CODE["not_enough_days"], CODE["no_denominator"], CODE["not_enough_days"]],
        default=CODE["no_data"],
    )


def _stacked(figures: list[Values]) -> Values:
    names = (
        "value",
        "low",
        "high",
        "numerator",
        "denominator",
        "absence",
        "reported_units",
        "expected_units",
        "reported_days",
        "expected_days",
    )
    return Values(**{name: np.stack([getattr(item, name) for item in figures]) for name in names})


__all__ = ["CODE", "PRESENT", "REASONS", "Evaluation", "Plan", "Values", "Windowed"]
