"""What a reader learns of a site from one day to the next, and what must be withheld so that it is nothing small.

People present today are those of yesterday, and who came, without who left. A district's people, arrivals and
departures are published exactly, so a site whose rounded count changes on a day on which one person left gives its
true count away, and the district's total that of its neighbour. The audit narrows every count as such a reader would,
by the totals of each day and by the flows between days, and withholds the days that tell a count under the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data_sources.structure import SMALLEST_SHOWN, Cell

Bounds = dict[str, tuple[int, int]]
REACH_DAYS = 7
"""How far around a day with a small count the reader's knowledge is followed: a week of flows leaves none of it."""
MOST_SWEEPS = 12


@dataclass
class SiteDay:
    """The sites of one district on one day: true counts, what would be shown, and the flows since the day before."""

    counts: dict[str, int]
    cells: list[Cell]
    """Empty where the day is withheld."""
    arrived: int | None = None
    left: int | None = None
    """None where the day before is missing, or its people with the flows do not make up this day's."""


def withhold_told(days: Sequence[SiteDay]) -> None:
    """Empty the cells of the days, in order of time, that tell a small count with what is shown around them."""
    for first, end in _stretches(days):
        stretch = days[first:end]
        known_anyway = _told(stretch, [[] for _ in stretch])
        radius = dict.fromkeys(range(len(stretch)), 0)
        while told := _told(stretch, [day.cells for day in stretch]) - known_anyway:
            for number in {number for number, _ in told}:
                for day in stretch[max(0, number - radius[number]) : number + radius[number] + 1]:
                    day.cells = []
                radius[number] += 1


def _stretches(days: Sequence[SiteDay]) -> list[tuple[int, int]]:
    """The stretches of days around small counts, as first and end; those that touch are one."""
    found: list[tuple[int, int]] = []
    for number, day in enumerate(days):
        if min(day.counts.values(), default=SMALLEST_SHOWN) >= SMALLEST_SHOWN:
            continue
        first, end = max(0, number - REACH_DAYS), min(len(days), number + REACH_DAYS + 1)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return found


def _told(days: Sequence[SiteDay], cells: Sequence[list[Cell]]) -> set[tuple[int, str]]:
    """Which small counts are certain to a reader, by number of the day and site."""
    bounds = [_start(day, shown) for day, shown in zip(days, cells, strict=True)]
    for _ in range(MOST_SWEEPS):
        before = [dict(each) for each in bounds]
        for number, day in enumerate(days):
            bounds[number] = _by_total(bounds[number], sum(day.counts.values()))
            if number + 1 < len(days):
                after = days[number + 1]
                _follow(bounds[number], bounds[number + 1], after.arrived, after.left)
        for number in range(len(days) - 1, 0, -1):
            _follow(bounds[number], bounds[number - 1], days[number].left, days[number].arrived)
        if bounds == before:
            break
    return {
        (number, site)
        for number, day in enumerate(days)
        for site, (low, high) in bounds[number].items()
        if low == high and day.counts[site] < SMALLEST_SHOWN
    }


def _start(day: SiteDay, shown: list[Cell]) -> Bounds:
    total = sum(day.counts.values())
    intervals = {cell.category: (cell.low, min(cell.high, total)) for cell in shown}
    return {site: intervals.get(site, (0, total)) for site in day.counts}


def _by_total(bounds: Bounds, total: int) -> Bounds:
    """Each count within what the others leave of the total."""
    lows, highs = sum(low for low, _ in bounds.values()), sum(high for _, high in bounds.values())
    return {
        site: (max(low, total - (highs - high)), min(high, total - (lows - low)))
        for site, (low, high) in bounds.items()
    }


def _follow(known: Bounds, other: Bounds, more: int | None, fewer: int | None) -> None:
    """Narrow the counts of the other day: from this one at most `more` above and `fewer` below."""
    if more is None or fewer is None:
        return
    for site, (low, high) in other.items():
        if site in known:
            other[site] = (max(low, known[site][0] - fewer), min(high, known[site][1] + more))
