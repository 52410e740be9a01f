from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from data_sources.structure import SMALLEST_SHOWN, protect


def consistent(cells: list[tuple[int, int]], total: int) -> list[tuple[int, ...]]:
    """Every assignment of true counts that a reader of the table cannot exclude."""
    return [counts for counts in product(*(range(low, high + 1) for low, high in cells)) if sum(counts) == total]


@given(st.lists(st.integers(min_value=0, max_value=14), min_size=2, max_size=4))
def test_no_protected_cell_can_be_recovered_from_the_published_total(counts: list[int]) -> None:
    cells = protect({f"c{i}": count for i, count in enumerate(counts)})
    if cells is None:
        return
    worlds = consistent([(cell.low, cell.high) for cell in cells], sum(counts))
    assert tuple(counts) in worlds
    for position in range(len(counts)):
        assert len({world[position] for world in worlds}) > 1


def test_a_zero_and_a_four_look_the_same() -> None:
    cells = protect({"household": 0, "market": 4, "work": 23, "other": 9})
    assert cells is not None
    shown = {cell.category: cell.shown for cell in cells}
    assert shown == {"household": "<5", "market": "<5", "work": "25", "other": "10"}


def test_a_five_is_at_least_a_five() -> None:
    """Were it taken for 3 to 7, five and nothing of a published five would be shown as "5" and "<5"."""
    assert protect({"male": 5, "female": 0}) is None
    cells = protect({"male": 6, "female": 2, "unknown": 1})
    assert cells is not None
    assert {cell.category: (cell.shown, cell.low, cell.high) for cell in cells}["male"] == ("5", 5, 7)


def test_a_distribution_that_the_total_would_give_away_is_withheld() -> None:
    assert protect({"male": 0, "female": 0}) is None
    assert protect({"male": 12, "female": 4}) is None  # 16 cases: "10" and "<5" leave only 12 and 4
    assert SMALLEST_SHOWN == 5
