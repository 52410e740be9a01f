"""Evaluating indicators for units and days: leaves first, larger areas as ratios of their leaves' sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from analytics.cube import Cube, Floats, day_number
from analytics.disclosure import LEAST_COUNT
from analytics.indicators import INDICATORS
from analytics.indicators.methods import Absence
from analytics.indicators.model import Formula, Indicator, Term
from analytics.rates import interval
from analytics.unit_tree import MOST_KEPT, UnitTree
from analytics.windows import Counts, belongs_to, entry_of, windowed_pair
from data_sources.contracts import CONTRACTS

REASONS: tuple[Absence, ...] = get_args(Absence)
PRESENT = -1
BELOW_PROVINCE = ("district", "commune")
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


@dataclass(frozen=True)
class Plan:
    """Where a unit's figure is taken from: its leaves, or itself when `leaves` is empty."""

    formula_no: int
    leaves: tuple[str, ...] = ()
    own_denominator: bool = False
    """True where the leaves have no denominator and the unit's own stands for all of them."""


@dataclass(frozen=True)
class Group:
    """Rows of a question whose figures one formula makes from the same kind of sums, by their places in `codes`."""

    rows: list[int]
    members: NDArray[np.int64]
    """Shape (rows, units that each is the sum of)."""
    whole: int | None
    """The place of the unit whose denominator stands for all members."""
    expected: int


@dataclass(frozen=True)
class Grouped:
    """The groups that one formula makes, and every unit they need."""

    formula: Formula
    codes: tuple[str, ...]
    groups: tuple[Group, ...]


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
    _plans: dict[tuple[str, str, int], Plan] = field(default_factory=dict, repr=False)
    _datasets: dict[tuple[str, str, int], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _grouped: dict[tuple[str, tuple[str, ...], int], tuple[Grouped, ...]] = field(default_factory=dict, repr=False)

    def values(
        self, indicator: Indicator, units: Sequence[str], days: Sequence[date], *, intervals: bool = True
    ) -> Values:
        """The figures of `indicator` for each of `units` on each of `days`; without `intervals`, low and high are NaN.

        The intervals take a third of the time of a figure.
        """
        if indicator.combination is not None:
            return self._combined(indicator, units, days)
        numbers = np.array([day_number(day) for day in days], dtype=np.int64)
        found: list[tuple[list[int], Values]] = []
        for grouped in self._groups(indicator, tuple(units), max(days)):
            known = self._lagged(indicator, grouped.formula, grouped.codes, numbers)
            for group in grouped.groups:
                found.append((group.rows, _figures(indicator, grouped.formula, known, group, intervals)))
        gathered = _gathered(found, len(units))
        if not indicator.province_wide:
            return gathered
        below = [unit in self.tree and self.tree.get(unit).level in BELOW_PROVINCE for unit in units]
        absence = np.where(
            np.array(below)[:, None] & (gathered.absence == CODE["no_data"]), CODE["area_only"], gathered.absence
        )
        return replace(gathered, absence=absence)

    def _groups(self, indicator: Indicator, units: tuple[str, ...], day: date) -> tuple[Grouped, ...]:
        """The formulas that make the figures of `units`, the same for all days between two changes of the register."""
        key = (indicator.id, units, self.tree.period(day))
        if INDICATORS.get(indicator.id) is not indicator:
            return self._find_groups(indicator, units, day)
        if key not in self._grouped:
            if len(self._grouped) >= MOST_KEPT:
                self._grouped.clear()
            self._grouped[key] = self._find_groups(indicator, units, day)
        return self._grouped[key]

    def _find_groups(self, indicator: Indicator, units: tuple[str, ...], day: date) -> tuple[Grouped, ...]:
        plans = [self.plan(indicator, unit, day) for unit in units]
        found = []
        for number, formula in enumerate(indicator.formulas):
            chosen = [row for row, plan in enumerate(plans) if plan.formula_no == number]
            if not chosen:
                continue
            codes: dict[str, int] = {}
            for row in chosen:
                for code in (*plans[row].leaves, units[row]):
                    codes.setdefault(code, len(codes))
            single = [row for row in chosen if not plans[row].leaves]
            groups = [Group(single, np.array([[codes[units[row]]] for row in single]), None, 1)] if single else []
            for row in chosen:
                if plans[row].leaves:
                    members = np.array([[codes[leaf] for leaf in plans[row].leaves]])
                    whole = codes[units[row]] if plans[row].own_denominator else None
                    groups.append(Group([row], members, whole, len(self._expected(plans[row]))))
            found.append(Grouped(formula, tuple(codes), tuple(groups)))
        return tuple(found)

    def plan(self, indicator: Indicator, unit: str, day: date) -> Plan:
        """How the figure of `unit` is put together: by which formula, from its leaves or from itself.

        Leaves come first, so that a province agrees with its districts; its own report is used where none of them
        ever reports the measure.
        """
        key = (indicator.id, unit, self.tree.period(day))
        if key not in self._plans or INDICATORS.get(indicator.id) is not indicator:
            leaves = tuple(leaf.code for leaf in self.tree.leaves(unit, day) if leaf.code != unit)
            place = unit if leaves else self.tree.get(unit, day).level if unit in self.tree else ""
            found = self._find_plan(indicator, unit, place, leaves)
            if INDICATORS.get(indicator.id) is not indicator:
                return found
            self._plans[key] = found
        return self._plans[key]

    def _find_plan(self, indicator: Indicator, unit: str, place: str, leaves: tuple[str, ...]) -> Plan:
        for number, formula in enumerate(indicator.formulas if leaves else ()):
            if formula.numerator.kind == "published" or not self._reported_by(formula.numerator, leaves):
                continue
            if formula.denominator is None or self._reported_by(formula.denominator, leaves):
                return Plan(number, leaves)
            if self._reported_by(formula.denominator, (unit,)):
                return Plan(number, leaves, own_denominator=True)
        level = self.tree.get(unit).level if leaves else place
        usable = [number for number, item in enumerate(indicator.formulas) if self._at_level(item.numerator, level)]
        whole = [
            number
            for number in usable
            if (below := indicator.formulas[number].denominator) is None or self._at_level(below, level)
        ]
        return Plan((whole or usable or [0])[0])

    def datasets(self, indicator: Indicator, unit: str, day: date) -> tuple[str, ...]:
        """The datasets whose reports carry the unit's figure: those of the numerator in use, or of every input's."""
        if not indicator.inputs:
            return indicator.formulas[self.plan(indicator, unit, day).formula_no].numerator.datasets
        key = (indicator.id, unit, self.tree.period(day))
        if key not in self._datasets:
            read = (*indicator.inputs, *indicator.leaf_inputs)
            found = [name for item in read for name in self.datasets(INDICATORS[item], unit, day)]
            self._datasets[key] = tuple(dict.fromkeys(found))
        return self._datasets[key]

    def is_reported(self, indicator: Indicator) -> bool:
        """False where something that every figure of the indicator needs was never reported by any unit."""
        if indicator.inputs:
            return all(self.is_reported(INDICATORS[name]) for name in indicator.inputs)
        return any(self._reported(formula.numerator) for formula in indicator.formulas)

    def _reported(self, term: Term) -> bool:
        shape = self.cube.shape
        return term.fallback is not None or all(
            measure in shape.units_of or measure.split(".")[0] in shape.line_lists for measure in term.required
        )

    def _expected(self, plan: Plan) -> tuple[str, ...]:
        must_report = tuple(leaf for leaf in plan.leaves if self.tree.get(leaf).reporting)
        return must_report or plan.leaves

    def _reported_by(self, term: Term, units: Sequence[str]) -> bool:
        """True where any of `units` ever reports every required part of the term, or a register column stands in."""
        if term.fallback is not None:
            return True
        return all(any(belongs_to(self.cube, self.tree, measure, unit) for unit in units) for measure in term.required)

    def _at_level(self, term: Term, level: str) -> bool:
        """True where some unit of `level` reports every required part of the term."""
        if term.fallback is not None:
            return True
        return all(level in self._levels_of(measure) for measure in term.required)

    def _levels_of(self, measure: str) -> frozenset[str]:
        if measure not in self._levels:
            units = self.cube.shape.units_of.get(measure, frozenset())
            levels = {self.tree.get(unit).level for unit in units if unit in self.tree}
            dataset = measure.split(".")[0]
            if dataset in self.cube.shape.line_lists and not CONTRACTS[dataset].joins:
                levels.add(self.tree.level)
            elif dataset in self.cube.shape.line_lists and measure != entry_of(measure):
                levels |= self._levels_of(entry_of(measure))
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
        if indicator.leaf_inputs:
            return self._of_areas(indicator, units, days)
        inputs = [self.values(INDICATORS[name], units, days) for name in indicator.inputs]
        optional = [self.values(INDICATORS[name], units, days) for name in indicator.optional_inputs]
        value = indicator.combination.combine(tuple(item.value for item in (*inputs, *optional)), tuple(days))
        return _from_inputs(indicator.combination.absence, value, inputs)

    def _of_areas(self, indicator: Indicator, units: Sequence[str], days: Sequence[date]) -> Values:
        """Figures of units from their own inputs and those of the units below them; none for a unit without any."""
        below = [[leaf.code for leaf in self.tree.leaves(unit, max(days)) if leaf.code != unit] for unit in units]
        areas = [row for row, leaves in enumerate(below) if leaves]
        found = [([row], self._of_area(indicator, units[row], below[row], days)) for row in areas]
        single = [row for row, leaves in enumerate(below) if not leaves]
        if single:
            inputs = [self.values(INDICATORS[name], [units[row] for row in single], days) for name in indicator.inputs]
            nothing = np.full((len(single), len(days)), np.nan)
            found.append((single, _from_inputs("area_only", nothing, inputs, override=True)))
        return _gathered(found, len(units))

    def _of_area(self, indicator: Indicator, unit: str, leaves: Sequence[str], days: Sequence[date]) -> Values:
        """The figure of one unit from its own inputs and those of its leaves."""
        assert indicator.combination is not None  # noqa: S101 (the record's own check; narrows the type)
        inputs = [self.values(INDICATORS[name], (unit,), days) for name in indicator.inputs]
        below = [self.values(INDICATORS[name], leaves, days) for name in indicator.leaf_inputs]
        figures = tuple(item.value for item in inputs), tuple(item.value for item in below)
        value = indicator.combination.combine(figures[0], tuple(days), figures[1])
        known = np.minimum.reduce([(item.absence == PRESENT).sum(axis=0) for item in below])[None, :]
        # Missing inputs are for the combination to judge: what is known may suffice.
        found = _from_inputs(indicator.combination.absence, value, inputs, override=True)
        return replace(found, reported_units=known, expected_units=np.full(value.shape, len(leaves), dtype=np.int64))


def _from_inputs(why: Absence, value: Floats, inputs: Sequence[Values], *, override: bool = False) -> Values:
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


def _figures(indicator: Indicator, formula: Formula, known: Lagged, group: Group, intervals: bool) -> Values:
    """Figures of a group; sums run over the members of each row."""
    method, members, whole = indicator.method, group.members, group.whole
    numerator = known.numerator[members]
    denominator = None
    if known.denominator is not None:
        denominator = known.denominator[members if whole is None else np.full_like(members, whole)]
    reported = ~np.isnan(numerator)
    matched = reported if denominator is None else reported & ~np.isnan(denominator)
    counted = matched[..., 0] & (matched.sum(axis=-1) >= method.least_lags)
    use = matched & counted[..., None]
    any_lag, any_counted = use.any(axis=1), counted.any(axis=1)
    # A row whose denominator is 0 has reported, but its numerator has nothing to be divided by.
    summed = use if denominator is None else use & (denominator > 0)
    numerators = np.where(any_lag, np.where(summed, numerator, 0.0).sum(axis=1), np.nan)
    denominators = None
    if denominator is not None:
        total = denominator[:, 0] if whole is not None else np.where(summed, denominator, 0.0).sum(axis=1)
        denominators = np.where(any_lag, total, np.nan)
    estimate = method.estimate(numerators, denominators, formula.scale)
    events = np.where(any_counted, np.where(summed[..., 0], known.events[members], 0.0).sum(axis=1), np.nan)
    bottom = denominators[..., 0] if denominators is not None else np.full(events.shape, np.nan)
    small = (bottom < indicator.least_denominator) & (bottom > 0)
    if indicator.small_numbers == "suppressed":
        small = small | (events < LEAST_COUNT)
    value = np.where(small | ~np.isfinite(estimate.value), np.nan, estimate.value)
    missing = np.isnan(value)
    low, high = estimate.low, estimate.high
    if not intervals:
        low = high = np.full(value.shape, np.nan)
    elif low is None or high is None:
        means = indicator.window.days if indicator.window.how == "mean" and indicator.window.days else 1
        exposure = (np.ones(value.shape) if denominators is None else bottom) * means
        low, high = interval(indicator.interval, value, events, bottom, exposure, formula.scale)
    days = known.reported_days[members]
    fewest = np.where(counted, days, NO_LIMIT).min(axis=1)
    why = np.where(small, CODE["too_small"], CODE[method.absence])
    why = np.where(any_counted, why, _why_uncounted(reported[..., 0], matched[..., 0], days))
    return Values(
        value=value,
        low=np.where(missing, np.nan, low),
        high=np.where(missing, np.nan, high),
        numerator=np.full(value.shape, np.nan) if formula.numerator.kind == "published" else events,
        denominator=bottom,
        absence=np.where(missing, why, PRESENT),
        reported_units=counted.sum(axis=1),
        expected_units=np.full(value.shape, group.expected, dtype=np.int64),
        reported_days=np.where(any_counted, fewest, days.max(axis=1)),
        expected_days=np.broadcast_to(known.expected_days.astype(np.int64), value.shape),
    )


def _why_uncounted(reported: NDArray[np.bool_], matched: NDArray[np.bool_], days: Counts) -> NDArray[np.int64]:
    """Why no row could be counted, by group and day: lags short, no denominator, too few days, or nothing at all."""
    why = np.where(days.max(axis=1) > 0, CODE["not_enough_days"], CODE["no_data"])
    why = np.where(reported.any(axis=1), CODE["no_denominator"], why)
    return np.where(matched.any(axis=1), CODE["not_enough_days"], why)


def _gathered(groups: list[tuple[list[int], Values]], units: int) -> Values:
    """The groups' figures back in the order of the units."""
    if len(groups) == 1 and groups[0][0] == list(range(units)):
        return groups[0][1]
    order = np.argsort(np.concatenate([rows for rows, _ in groups]))
    return Values(
        **{
            item.name: np.concatenate([getattr(values, item.name) for _, values in groups])[order]
            for item in fields(Values)
        }
    )
