"""How complete every field of a form is over time, and whose rows had to be set aside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.release import Release
from analytics.sql import query
from data_sources.contracts import CONTRACTS

OTHERS = "others"
"""In place of the code of a unit that does not report to this province, as in national figures."""
MOST_DAYS = 28
"""Beyond four weeks a column is a week: more columns than this are not read one by one."""


@dataclass(frozen=True)
class FieldCourse:
    """Rows that state each field and rows that should, in consecutive days or ISO weeks."""

    dataset: str
    by_week: bool
    starts: tuple[date, ...]
    """The days, or the Mondays of the weeks."""
    filled: dict[str, tuple[int, ...]]
    rows: dict[str, tuple[int, ...]]

    def share(self, name: str, place: int) -> float | None:
        """The filled share of a field in one column, in percent; None where there were no rows."""
        rows = self.rows[name][place]
        return 100 * self.filled[name][place] / rows if rows else None

    def overall(self, name: str) -> float | None:
        """The filled share of a field in all columns together, in percent."""
        rows = sum(self.rows[name])
        return 100 * sum(self.filled[name]) / rows if rows else None

    @property
    def stated(self) -> tuple[str, ...]:
        """The fields that any row states, the least complete first."""
        told = [(self.overall(name) or 0.0, place, name) for place, name in enumerate(self.filled)]
        return tuple(name for share, _, name in sorted(told) if share)

    @property
    def never_stated(self) -> tuple[str, ...]:
        """The fields that no row states: the source does not offer them, or everybody leaves them out."""
        return tuple(name for name, filled in self.filled.items() if not any(filled))


@dataclass(frozen=True)
class Rejected:
    """Rows of one unit that must be mended; `unit` is None where it could not be read, OTHERS beyond the province."""

    unit: str | None
    rows: int
    datasets: dict[str, int]
    """By dataset, the most first."""
    reasons: dict[str, int]


def datasets_told(release: Release, unit: str, first_day: date, last_day: date) -> tuple[str, ...]:
    """The datasets with rows of `unit` in the period, the least complete first."""
    if not release.has_table("field_filled"):
        return ()
    values = {"first_day": _monday(first_day), "last_day": last_day, "units": _units(release, unit, last_day)}
    found = [row[0] for row in release.cursor().execute(query("field_datasets"), values).fetchall()]
    return tuple(name for name in found if name in CONTRACTS)


def field_course(release: Release, dataset: str, unit: str, first_day: date, last_day: date) -> FieldCourse | None:
    """Every field of a dataset over the period, by day up to MOST_DAYS and by week beyond; None where no row came.

    Rows about persons are always told by week, and only where a unit had enough of them.
    """
    if not release.has_table("field_filled"):
        return None
    contract = CONTRACTS[dataset]
    by_week = contract.about_persons or (last_day - first_day).days >= MOST_DAYS
    step = 7 if by_week else 1
    start = _monday(first_day) if by_week else first_day
    starts = tuple(start + timedelta(days=days) for days in range(0, (last_day - start).days + 1, step))
    rows = release.cursor().execute(
        query("field_course"),
        {
            "dataset": dataset,
            "by_week": by_week,
            "first_day": start,
            "last_day": last_day,
            "units": _units(release, unit, last_day),
        },
    )
    cells = {(name, day): (int(filled), int(owed)) for name, day, filled, owed in rows.fetchall()}
    if not cells:
        return None
    known = {name for name, _ in cells}
    names = [column.name for column in contract.columns if column.name in known]
    pairs = {name: [cells.get((name, day), (0, 0)) for day in starts] for name in names}
    return FieldCourse(
        dataset,
        by_week,
        starts,
        {name: tuple(filled for filled, _ in pair) for name, pair in pairs.items()},
        {name: tuple(owed for _, owed in pair) for name, pair in pairs.items()},
    )


def rejected_by_unit(release: Release, first_day: date, last_day: date) -> list[Rejected]:
    """Who must mend most rows of the period first; then all others together, and rows whose unit could not be read."""
    if not release.has_table("set_aside_part"):
        return []
    values = {"first_day": first_day, "last_day": last_day}
    datasets: dict[str | None, Counter[str]] = {}
    reasons: dict[str | None, Counter[str]] = {}
    own = {release.province.code, *(unit.code for unit in release.units.reporting())}
    for written, dataset, reason, rows in release.cursor().execute(query("rejected_rows"), values).fetchall():
        unit = written if written is None or written in own else OTHERS
        datasets.setdefault(unit, Counter())[dataset] += int(rows)
        reasons.setdefault(unit, Counter())[reason] += int(rows)
    found = [
        Rejected(unit, counts.total(), dict(counts.most_common()), dict(reasons[unit].most_common()))
        for unit, counts in datasets.items()
    ]
    return sorted(found, key=lambda item: (item.unit is None, item.unit == OTHERS, -item.rows, item.unit or ""))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _units(release: Release, unit: str, day: date) -> list[str] | None:
    """The codes whose rows count for `unit`; None for all, so that rows without a unit count for the province."""
    if unit == release.province.code:
        return None
    return sorted({leaf.code for leaf in release.units.leaves(unit, day)} | {unit})
