"""Values of single days: what was reported, the zeros that are known without it, and what stands from earlier days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analytics.cube import Cube, Daily, Floats, Sums, day_number
from analytics.daily_table import UnitRows
from analytics.indicators.model import ANY_AGE, Part, Term, measure_of
from analytics.reports import Bools
from analytics.unit_tree import EPOCH, MOST_KEPT, Joint, UnitTree
from data_sources.contracts import CONTRACTS

NOT_STATED = "unknown"
"""The stratum of counts whose class the source did not give."""
EVERY = "all"
"""What a row says that is about every class together."""


def daily_values(cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], first: int, last: int) -> Floats:
    """The term's value of each unit and day, not to be written to; NaN where a required part was not reported.

    Two zeros are known without being written: a stratum beside a reported total, where the measure is cut that way
    at all; and a day within a line list's coverage, for a unit that belongs to the list. The units are those of the
    last day: before one was formed out of others its value is the sum of theirs, NaN where one of them has none.
    """
    return _kept(put_together, cube, tree, term, units, first, last)


def standing_values(cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], first: int, last: int) -> Floats:
    """What stands on each day in each unit, not to be written to: the day's own value or one that is carried to it.

    It is carried as far as the term says; where there is none the register's column stands in, if the term has one.
    """
    if cube is not cube.now:
        begin = first - max(term.carry_days, 0)
        # What nothing was issued about later stands as it does now.
        if all(last < same_before(cube, part, begin, last) for part in term.parts):
            cube = cube.now
    return _kept(_carried, cube, tree, term, units, first, last)


def _kept(
    work_out: Callable[[Cube, UnitTree, Term, Sequence[str], int, int], Floats],
    cube: Cube,
    tree: UnitTree,
    term: Term,
    units: Sequence[str],
    first: int,
    last: int,
) -> Floats:
    """What is worked out of a term; of the newest figures for every day there is, when it is first asked for."""
    if cube is not cube.now:
        return work_out(cube, tree, term, units, first, last)
    begin, end = observed_days(cube, tree, term, last)
    if first < begin or last > end:
        return work_out(cube, tree, term, units, first, last)
    key = term, tree.period(EPOCH + timedelta(days=last))
    known = cube.kept_daily.get(key)
    rows = None if known is None else known.row_of.of_all(units)
    if known is None or rows is None:
        every = with_earlier(known, units)
        known = cube.kept_daily[key] = Daily(UnitRows(every), begin, work_out(cube, tree, term, every, begin, end))
        rows = known.row_of.of(units)
    return known.values[rows, first - begin : last - begin + 1]


def with_earlier(known: Daily | Sums | None, units: Sequence[str]) -> list[str]:
    """The units that something is kept of already and `units`."""
    return list(dict.fromkeys([*(known.row_of if known is not None else ()), *units]))


def observed_days(cube: Cube, tree: UnitTree, term: Term, last: int) -> tuple[int, int]:
    """The first day observed of any part of a term, and the last of anything before the register changes."""
    starts = [start for part in term.parts if (start := cube.first_day((part.measure, part.stratum))) is not None]
    changes = day_number(tree.end_of_period(EPOCH + timedelta(days=last)))
    return min(starts, default=last + 1), min(cube.last_day, changes)


def put_together(cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], first: int, last: int) -> Floats:
    """What `daily_values` says, worked out anew."""
    total = np.zeros((len(units), last - first + 1))
    for part in term.parts:
        total += part.sign * _part_values(cube, tree, part, units, first, last)
    for row, joint in joined(tree, units, last).items():
        if joint.since_no > first:
            before = joint.since_no - first
            values = [
                put_together(cube, tree, term, codes, first, joint.since_no - 1).sum(axis=0)
                for codes in _formed_from(cube, tree, term, joint)
            ]
            total[row, :before] = np.sum(values, axis=0) if values else np.nan
    return total


def joined(tree: UnitTree, units: Sequence[str], last: int) -> dict[int, Joint]:
    """How each of `units` began, by its place, for those that were formed out of others before or on day `last`."""
    return tree.joined(units, EPOCH + timedelta(days=last))


def _formed_from(cube: Cube, tree: UnitTree, term: Term, joint: Joint) -> list[tuple[str, ...]]:
    """For each unit that `joint` joins the codes that report the term: its own, or those of the units below it.

    Empty where nothing can be put together: a unit was divided, or figures are published and cannot be added.
    """
    if not joint.whole or (term.kind == "published" and len(joint.before) > 1):
        return []

    def reports(code: str) -> bool:
        return all(belongs_to(cube, tree, measure, code) for measure in term.required)

    found: list[tuple[str, ...]] = []
    for unit in joint.before:
        codes: tuple[str, ...] = (unit.code,)
        if not reports(unit.code) and term.kind != "published":
            layers = (tuple(one.code for one in layer) for layer in tree.layers(unit.code, joint.eve))
            codes = next((layer for layer in layers if any(map(reports, layer))), codes)
        found.append(codes)
    return found


def _part_values(cube: Cube, tree: UnitTree, part: Part, units: Sequence[str], first: int, last: int) -> Floats:
    occurs = (part.measure, part.stratum) in cube.shape.parts
    values = cube.daily((part.measure, part.stratum), units, first, last)
    gaps = np.isnan(values)
    if not gaps.any() or not (occurs or part.optional):
        return values
    if part.stratum:
        whole = cube.daily((part.measure, ""), units, first, last)
        within = gaps & ~np.isnan(whole)
        if within.any():
            values = np.where(within & ~_undivided(cube, part, whole, units, first), 0.0, values)
    contract = CONTRACTS[part.dataset]
    # Only counts are 0 without a row: a median of nothing is no figure.
    if contract.line_list and measure_of(part.measure).kind != "published":
        known = cube.covered(part.dataset, first, last) & _listed(cube, tree, part.measure, units)[:, None]
        if contract.joins:
            since = cube.first_days((entry_of(part.measure), ""), units)
            known &= np.arange(first, last + 1) >= since[:, None]
        values = np.where(np.isnan(values) & known, 0.0, values)
    if part.optional:
        values = np.where(np.isnan(values), 0.0, values)
    return values


def _undivided(cube: Cube, part: Part, whole: Floats, units: Sequence[str], first: int) -> NDArray[np.bool_]:
    """True on days whose whole total is not stated by the part's cut: then no stratum of it is known to be 0.

    That is so where every case of the day is "not stated" and, for a column whose rows may say "all", where no stratum
    of it was written: doses without an age say nothing of the old.
    """
    out = np.zeros(whole.shape, dtype=bool)
    strata, last = strata_beside(part), first + whole.shape[1] - 1
    stated = np.zeros(whole.shape, dtype=bool)
    for stratum in strata:
        values = cube.daily((part.measure, stratum), units, first, last)
        stated |= ~np.isnan(values)
        if stratum.endswith(f"={NOT_STATED}"):
            out |= (whole > 0) & (values >= whole)
    if any(stratum.endswith(f"={EVERY}") for stratum in strata):
        out |= (whole > 0) & ~stated
    return out


@cache
def strata_beside(part: Part) -> tuple[str, ...]:
    """The strata that tell whether a total was stated by the cut that `part` is one stratum of.

    Those of a column whose rows may say "all", else only what is not stated; none for totals and crossed cuts.
    """
    name, _, value = part.stratum.partition("=")
    if not name or "|" in part.stratum or value == NOT_STATED:
        return ()
    choices = [choice.value for choice in CONTRACTS[part.dataset].column(name).choices]
    return tuple(f"{name}={choice}" for choice in choices if EVERY in choices or choice == NOT_STATED)


def _listed(cube: Cube, tree: UnitTree, measure: str, units: Sequence[str]) -> Bools:
    """Which of `units` the measure belongs to; the same whatever the day and the moment."""
    known, key = cube.now.listed, (measure, tuple(units))
    if key not in known:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[key] = np.array([belongs_to(cube, tree, measure, unit) for unit in units], dtype=bool)
    return known[key]


def belongs_to(cube: Cube, tree: UnitTree, measure: str, unit: str) -> bool:
    """True where the unit, or one it was formed from, ever reports the measure, or must report a line list's."""
    reporters = cube.shape.units_of.get(measure, frozenset())
    if unit in reporters:
        return True
    listed = measure.split(".")[0] in cube.shape.line_lists
    if unit not in tree or not (reporters or listed):
        return False
    if not reporters.isdisjoint(tree.ancestry(unit, tree.day)):
        return True
    if not listed:
        return False
    if CONTRACTS[measure.split(".")[0]].joins:
        return measure != entry_of(measure) and belongs_to(cube, tree, entry_of(measure), unit)
    return tree.get(unit).reporting


def entry_of(measure: str) -> str:
    """The measure of the same dataset by whose first value a unit joins it: its contract's first."""
    contract = CONTRACTS[measure.split(".")[0]]
    return f"{contract.dataset}.{contract.measures[0].name}"


def same_before(cube: Cube, part: Part, begin: int, last: int) -> int:
    """The day before which a part's values from `begin` on, its known zeros among them, are the newest ones."""
    contract = CONTRACTS[part.dataset]
    strata = {part.stratum, "", *strata_beside(part)}
    same = min(cube.same_before((part.measure, stratum)) for stratum in strata)
    if contract.joins:
        same = min(same, cube.same_before((entry_of(part.measure), "")))
    if contract.line_list and same > begin:
        other = (cube.covered(part.dataset, begin, last) != cube.now.covered(part.dataset, begin, last)).nonzero()[0]
        same = min(same, begin + int(other[0])) if len(other) else same
    return same


def _carried(cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], first: int, last: int) -> Floats:
    if term.carry_days == ANY_AGE:
        values = _newest(cube, tree, term, units, np.arange(first, last + 1, dtype=np.int32))
    else:
        values = put_together(cube, tree, term, units, first - term.carry_days, last)
        if term.carry_days:
            values = _newest_of_days(values, term.carry_days)
    if term.fallback is not None:
        day = EPOCH + timedelta(days=last)
        standing = np.array(tree.standing(units, term.fallback, day))
        values = np.where(np.isnan(values), standing[:, None], values)
    return values


def _newest(cube: Cube, tree: UnitTree, term: Term, units: Sequence[str], days: NDArray[np.int32]) -> Floats:
    """The newest value of a stock on or before each day; that of a unit formed of others is the sum of theirs.

    Its own counts from its first day on; until it has one, the sum stands.
    """
    part = (term.parts[0].measure, term.parts[0].stratum)
    values = cube.newest_until(part, units, days)
    for row, joint in joined(tree, units, int(days.max())).items():
        until = np.minimum(days, joint.since_no - 1)
        codes = _formed_from(cube, tree, term, joint)
        sums = [_newest(cube, tree, term, group, until).sum(axis=0) for group in codes]
        before = np.sum(sums, axis=0) if sums else np.full(len(days), np.nan)
        own = cube.daily(part, units[row : row + 1], joint.since_no, int(days.max()))[0]
        present = np.maximum.accumulate(np.where(np.isnan(own), -1, np.arange(len(own))))
        at = np.where(days >= joint.since_no, present[np.maximum(days - joint.since_no, 0)], -1)
        values[row] = np.where(at >= 0, own[np.maximum(at, 0)], before)
    return values


def _newest_of_days(values: Floats, carry_days: int) -> Floats:
    """Each day's newest value of the last `carry_days` days; the leading days that only feed others are dropped."""
    columns = np.arange(values.shape[1])
    newest = np.maximum.accumulate(np.where(np.isnan(values), -1, columns[None, :]), axis=1)[:, carry_days:]
    fresh = newest >= columns[None, carry_days:] - carry_days
    taken = np.take_along_axis(values, np.maximum(newest, 0), axis=1)
    return np.where(fresh & (newest >= 0), taken, np.nan)
