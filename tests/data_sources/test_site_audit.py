"""Counts of sites over days: what a reader works out from totals and flows, and that it is never a small count."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.site_audit import SiteDay, withhold_told
from data_sources.structure import SMALLEST_SHOWN, Cell, protect

Flows = list[tuple[int, int]]
"""For each site, who came and who went."""


def series(start: tuple[int, ...], flows: list[Flows]) -> list[SiteDay]:
    """The days of two sites, protected each by itself."""
    counts = [dict(zip("ab", start, strict=True))]
    for day in flows:
        counts.append({site: counts[-1][site] + came - went for site, (came, went) in zip("ab", day, strict=True)})
    days = [SiteDay(each, protect(each) or []) for each in counts]
    for day, moved in zip(days[1:], flows, strict=True):
        day.arrived, day.left = sum(came for came, _ in moved), sum(went for _, went in moved)
    return days


def worlds(days: list[SiteDay], shown: list[list[Cell]]) -> set[tuple[tuple[int, int], ...]]:
    """Every course of true counts that a reader cannot exclude; all of them tried."""
    totals = [sum(day.counts.values()) for day in days]
    limits = [{cell.category: (cell.low, cell.high) for cell in cells} for cells in shown]

    def possible(number: int, first: int) -> bool:
        pair = {"a": first, "b": totals[number] - first}
        return all(low <= pair[site] <= high for site, (low, high) in limits[number].items())

    courses = []
    for course in product(*(range(total + 1) for total in totals)):
        if not all(possible(number, first) for number, first in enumerate(course)):
            continue
        if all(
            _reachable(before, after, day) for before, after, day in zip(course, course[1:], days[1:], strict=False)
        ):
            courses.append(tuple((first, total - first) for first, total in zip(course, totals, strict=True)))
    return set(courses)


def _reachable(before: int, after: int, day: SiteDay) -> bool:
    """Whether the first site can move so while the district's people come and go."""
    assert day.arrived is not None and day.left is not None
    return any(0 <= before + came - after <= min(day.left, before + came) for came in range(day.arrived + 1))


def told(days: list[SiteDay], shown: list[list[Cell]]) -> set[tuple[int, int]]:
    """Days and sites whose small count every remaining course agrees on."""
    courses = worlds(days, shown)
    return {
        (number, site)
        for number, day in enumerate(days)
        for site, count in enumerate(day.counts.values())
        if count < SMALLEST_SHOWN and len({course[number][site] for course in courses}) == 1
    }


def test_a_crossing_tells_the_count_and_its_neighbour_s() -> None:
    """Nine and two; one comes to the first: "<5" stays, "10" stays, but five after four is certain."""
    days = series((4, 9), [[(1, 0), (0, 0)]])
    assert [[cell.shown for cell in day.cells] for day in days] == [["<5", "10"], ["5", "10"]]
    assert told(days, [day.cells for day in days])  # the fifth came today, so there were four
    withhold_told(days)
    assert not told(days, [day.cells for day in days])
    assert any(not day.cells for day in days)


def test_days_without_a_small_count_stay_as_they_are() -> None:
    days = series((40, 62), [[(1, 0), (0, 2)], [(0, 3), (5, 0)]])
    before = [list(day.cells) for day in days]
    withhold_told(days)
    assert [day.cells for day in days] == before and all(before)


def test_flows_that_do_not_add_up_bind_nobody() -> None:
    days = series((4, 9), [[(1, 0), (0, 0)]])
    days[1].arrived = days[1].left = None
    withhold_told(days)
    assert all(day.cells for day in days)


move = st.tuples(st.integers(min_value=0, max_value=2), st.integers(min_value=0, max_value=2))


@settings(max_examples=40)
@given(
    st.tuples(st.integers(min_value=0, max_value=9), st.integers(min_value=0, max_value=9)),
    st.lists(st.tuples(move, move), min_size=1, max_size=3),
)
def test_no_small_count_is_told_by_the_days_around_it(
    start: tuple[int, int], moves: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    flows: list[Flows] = []
    counts = list(start)
    for pair in moves:
        day = []
        for site, (came, went) in enumerate(pair):
            gone = min(went, counts[site] + came)
            counts[site] += came - gone
            day.append((came, gone))
        flows.append(day)
    days = series(start, flows)
    withhold_told(days)
    shown = [day.cells for day in days]
    # What the district's totals and flows tell by themselves is published; nothing may be told beyond it.
    assert told(days, shown) <= told(days, [[] for _ in days])
