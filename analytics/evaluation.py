"""Evaluating indicators for units and days: leaves first, larger areas as ratios of their leaves' sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analytics.cube import Cube, day_number
from analytics.daily_values import belongs_to, entry_of
from analytics.figures import CODE, PRESENT, Group, Lagged, Values, figures_of, from_inputs, gathered
from analytics.indicators import INDICATORS
from analytics.indicators.model import Formula, Indicator, Term
from analytics.unit_tree import MOST_KEPT, UnitTree
from analytics.windows import windowed_pair
from data_sources.contracts import CONTRACTS

MOST_DAYS_KEPT, MOST_VALUES_KEPT = 31, 256
"""A month of 256 figures of 30 units are 20 MB at most."""
BELOW_PROVINCE = ("district", "commune")


@dataclass(frozen=True)
class Kept:
    """What was found about some units last."""

    indicator: Indicator
    column_of: dict[date, int]
    period: int
    """Of the register, on the last of the days: it says what the units were formed out of."""
    intervals: bool
    values: Values


@dataclass(frozen=True)
class Plan:
    """Where a unit's figure is taken from: its leaves, or itself when `leaves` is empty."""

    formula_no: int
    leaves: tuple[str, ...] = ()
    own_denominator: bool = False
    """True where the leaves have no denominator and the unit's own stands for all of them."""


@dataclass(frozen=True)
class Grouped:
    """The groups that one formula makes, and every unit they need."""

    formula: Formula
    codes: tuple[str, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of indicators against one cube: the newest versions, or those known at a moment."""

    cube: Cube
    tree: UnitTree
    _levels: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _plans: dict[tuple[int, str, int], tuple[Indicator, Plan]] = field(default_factory=dict, repr=False)
    _kept: dict[tuple[int, tuple[str, ...]], Kept] = field(default_factory=dict, repr=False)
    _empty: dict[tuple[int, tuple[str, ...], int], tuple[Indicator, Values]] = field(default_factory=dict, repr=False)
    _datasets: dict[tuple[str, str, int], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _sources: dict[tuple[int, tuple[str, ...], int], tuple[Indicator, tuple[tuple[str, ...], ...]]] = field(
        default_factory=dict, repr=False
    )
    _grouped: dict[tuple[int, tuple[str, ...], int], tuple[Indicator, tuple[Grouped, ...]]] = field(
        default_factory=dict, repr=False
    )

    def of(self, cube: Cube) -> Evaluation:
        """The same against another cube of the same shape."""
        return replace(self, cube=cube, _kept={})

    def values(
        self, indicator: Indicator, units: Sequence[str], days: Sequence[date], *, intervals: bool = True
    ) -> Values:
        """The figures of `indicator` for each of `units` on each of `days`.

        Without `intervals` those that follow from counts are NaN; they take a third of the time of a figure. What was
        asked about units last is kept for the next question about some of the same days: a page's sentences ask for
        a figure, its last days and the level that rests on it.
        """
        intervals = intervals and indicator.interval != "none"
        key = (id(indicator), tuple(units))
        kept = self._kept.get(key)
        if kept is not None and kept.indicator is indicator and kept.intervals >= intervals:
            columns = [kept.column_of.get(day, -1) for day in days]
            if min(columns) >= 0 and self.tree.period(max(days)) == kept.period:
                return kept.values.on(columns)
        found = self._evaluated(indicator, units, days, intervals)
        if len(days) <= MOST_DAYS_KEPT:
            if len(self._kept) >= MOST_VALUES_KEPT:
                self._kept.clear()
            column_of = {day: column for column, day in enumerate(days)}
            self._kept[key] = Kept(indicator, column_of, self.tree.period(max(days)), intervals, found)
        return found

    def _evaluated(self, indicator: Indicator, units: Sequence[str], days: Sequence[date], intervals: bool) -> Values:
        if indicator.combination is not None:
            return self._combined(indicator, units, days)
        if self._occurs(indicator):
            return self._of_formulas(indicator, units, days, intervals)
        # Nothing of it was ever reported: every day is like any other.
        key = (id(indicator), tuple(units), self.tree.period(max(days)))
        known = self._empty.get(key)
        if known is None or known[0] is not indicator:
            if len(self._empty) >= MOST_KEPT:
                self._empty.clear()
            known = self._empty[key] = indicator, self._of_formulas(indicator, units, (max(days),), intervals)
        return known[1].on([0] * len(days))

    def _occurs(self, indicator: Indicator) -> bool:
        """True where anything that is counted above the line was ever reported, or the register stands in."""
        return any(
            formula.numerator.fallback is not None
            or any(self.cube.occurs((part.measure, part.stratum)) for part in formula.numerator.parts)
            for formula in indicator.formulas
        )

    def _of_formulas(self, indicator: Indicator, units: Sequence[str], days: Sequence[date], intervals: bool) -> Values:
        numbers = np.array([day_number(day) for day in days], dtype=np.int64)
        found: list[tuple[list[int], Values]] = []
        for grouped in self._groups(indicator, tuple(units), max(days)):
            known = self._lagged(indicator, grouped.formula, grouped.codes, numbers)
            for group in grouped.groups:
                found.append((group.rows, figures_of(indicator, grouped.formula, known, group, intervals)))
        whole = gathered(found, len(units))
        if not indicator.province_wide:
            return whole
        below = [unit in self.tree and self.tree.get(unit).level in BELOW_PROVINCE for unit in units]
        absence = np.where(
            np.array(below)[:, None] & (whole.absence == CODE["no_data"]), CODE["area_only"], whole.absence
        )
        return replace(whole, absence=absence)

    def _groups(self, indicator: Indicator, units: tuple[str, ...], day: date) -> tuple[Grouped, ...]:
        """The formulas that make the figures of `units`, the same for all days between two changes of the register."""
        key = (id(indicator), units, self.tree.period(day))
        known = self._grouped.get(key)
        if known is None or known[0] is not indicator:
            if len(self._grouped) >= MOST_KEPT:
                self._grouped.clear()
            # The record is kept with what was found of it, so that its number is nobody else's.
            known = self._grouped[key] = indicator, self._find_groups(indicator, units, day)
        return known[1]

    def _find_groups(self, indicator: Indicator, units: tuple[str, ...], day: date) -> tuple[Grouped, ...]:
        plans = [self.plan(indicator, unit, day) for unit in units]
        found = []
        for number, formula in enumerate(indicator.formulas):
            chosen = [row for row, plan in enumerate(plans) if plan.formula_no == number]
            if not chosen:
                continue
            codes: dict[str, int] = {}
            for row in chosen:
                plan = plans[row]
                # A province beside its districts would be a row of gaps, each to be looked at for why it is one.
                own = () if plan.leaves and not plan.own_denominator else (units[row],)
                for code in (*plan.leaves, *own):
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
        key = (id(indicator), unit, self.tree.period(day))
        known = self._plans.get(key)
        if known is None or known[0] is not indicator:
            leaves = tuple(leaf.code for leaf in self.tree.leaves(unit, day) if leaf.code != unit)
            place = unit if leaves else self.tree.get(unit, day).level if unit in self.tree else ""
            known = self._plans[key] = indicator, self._find_plan(indicator, unit, place, leaves)
        return known[1]

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

    def datasets_of(self, indicator: Indicator, units: tuple[str, ...], day: date) -> tuple[tuple[str, ...], ...]:
        """`datasets` of each of `units`."""
        key = (id(indicator), units, self.tree.period(day))
        known = self._sources.get(key)
        if known is None or known[0] is not indicator:
            if len(self._sources) >= MOST_KEPT:
                self._sources.clear()
            known = self._sources[key] = indicator, tuple(self.datasets(indicator, unit, day) for unit in units)
        return known[1]

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
        lags = indicator.method.lags
        first, last = int(numbers.min()) - max(lags), int(numbers.max())
        numerator, denominator = windowed_pair(self.cube, self.tree, formula, indicator.window, units, first, last)
        own = numbers - first
        at = own[:, None] - np.array(lags, dtype=np.int64)
        return Lagged(
            numerator=numerator.value.take(at, axis=1),
            denominator=None if denominator is None else denominator.value.take(at, axis=1),
            events=numerator.events.take(own, axis=1) if indicator.window.how == "mean" else None,
            reported_days=numerator.reported_days.take(own, axis=1),
            expected_days=numerator.expected_days[own],
        )

    def _combined(self, indicator: Indicator, units: Sequence[str], days: Sequence[date]) -> Values:
        assert indicator.combination is not None  # noqa: S101 (the record's own check; narrows the type)
        if indicator.leaf_inputs:
            return self._of_areas(indicator, units, days)
        inputs = [self.values(INDICATORS[name], units, days, intervals=False) for name in indicator.inputs]
        optional = [self.values(INDICATORS[name], units, days, intervals=False) for name in indicator.optional_inputs]
        value = indicator.combination.combine(tuple(item.value for item in (*inputs, *optional)), tuple(days))
        return from_inputs(indicator.combination.absence, value, inputs)

    def _of_areas(self, indicator: Indicator, units: Sequence[str], days: Sequence[date]) -> Values:
        """Figures of units from their own inputs and those of the units below them; none for a unit without any."""
        below = [[leaf.code for leaf in self.tree.leaves(unit, max(days)) if leaf.code != unit] for unit in units]
        areas = [row for row, leaves in enumerate(below) if leaves]
        found = [([row], self._of_area(indicator, units[row], below[row], days)) for row in areas]
        single = [row for row, leaves in enumerate(below) if not leaves]
        if single:
            inputs = [
                self.values(INDICATORS[name], [units[row] for row in single], days, intervals=False)
                for name in indicator.inputs
            ]
            nothing = np.full((len(single), len(days)), np.nan)
            found.append((single, from_inputs("area_only", nothing, inputs, override=True)))
        return gathered(found, len(units))

    def _of_area(self, indicator: Indicator, unit: str, leaves: Sequence[str], days: Sequence[date]) -> Values:
        """The figure of one unit from its own inputs and those of its leaves."""
        assert indicator.combination is not None  # noqa: S101 (the record's own check; narrows the type)
        inputs = [self.values(INDICATORS[name], (unit,), days, intervals=False) for name in indicator.inputs]
        below = [self.values(INDICATORS[name], leaves, days, intervals=False) for name in indicator.leaf_inputs]
        figures = tuple(item.value for item in inputs), tuple(item.value for item in below)
        value = indicator.combination.combine(figures[0], tuple(days), figures[1])
        known = np.minimum.reduce([(item.absence == PRESENT).sum(axis=0) for item in below])[None, :]
        # Missing inputs are for the combination to judge: what is known may suffice.
        found = from_inputs(indicator.combination.absence, value, inputs, override=True)
        return replace(found, reported_units=known, expected_units=np.full(value.shape, len(leaves), dtype=np.int64))
