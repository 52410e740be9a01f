"""Rankings: order by the record, shared ranks, ranks that chance allows, and who is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from analytics.findings import leaders, ranking_title
from analytics.ranking import NATION, rank
from analytics.release import Release
from tests.analytics.release_fixture import SmallRelease

DAY = date(2021, 8, 29)
WEEK = DAY - timedelta(days=6)
Opened = Callable[..., Release]


def units(*residents: int) -> SmallRelease:
    made = SmallRelease()
    for number, people in enumerate(residents, start=1):
        made.unit(f"74{number}", f"Huyện {chr(64 + number)}", population=people, population_18_plus=people // 2)
    return made


def test_the_worst_stands_first_and_equals_share_a_rank(opened: Opened) -> None:
    made = units(100_000, 100_000, 100_000, 100_000)
    for code, cases in (("741", 5), ("742", 9), ("743", 5), ("744", 1)):
        made.observe("case_counts.cases", code, DAY, [cases])
    ranking = rank(opened(made), "cases_new", DAY)
    assert [(row.name, row.value, row.rank) for row in ranking.rows] == [
        ("B", 9, 1),
        ("A", 5, 2),
        ("C", 5, 2),
        ("D", 1, 4),
    ]
    assert ranking.parent_reading is not None
    assert ranking.parent_reading.value == 20


def test_leaders_stand_first_where_higher_is_better(opened: Opened) -> None:
    made = units(100_000, 100_000)
    made.observe("health_book.installs", "741", DAY, [1000]).observe("health_book.installs", "742", DAY, [4000])
    assert [row.name for row in rank(opened(made), "health_book_share", DAY).rows] == ["B", "A"]


def test_units_without_a_value_are_listed_apart_with_the_reason(opened: Opened) -> None:
    made = units(100_000, 100_000, 100_000)
    made.observe("case_counts.cases", "741", WEEK, [5] * 7).observe("case_counts.cases", "742", DAY, [5])
    ranking = rank(opened(made), "incidence_7d", DAY)
    assert [row.unit for row in ranking.rows] == ["741"]
    assert {item.unit: item.absence for item in ranking.not_reported} == {"742": "not_enough_days", "743": "no_data"}


def test_a_small_unit_is_not_shuffled_by_noise(opened: Opened) -> None:
    made = units(8_827, 357_124, 357_124)
    for code, cases in (("741", 1), ("742", 30), ("743", 200)):
        made.observe("case_counts.cases", code, WEEK, [0, 0, 0, 0, 0, 0, cases])
    rows = {row.unit: row for row in rank(opened(made), "incidence_7d", DAY).rows}
    assert rows["743"].rank == 1
    assert (rows["743"].rank_low, rows["743"].rank_high) == (1, 2)
    assert (rows["741"].rank, rows["741"].rank_low, rows["741"].rank_high) == (2, 1, 3)
    assert (rows["742"].rank_low, rows["742"].rank_high) == (2, 3)


def test_figures_without_chance_have_no_interval_of_ranks(opened: Opened) -> None:
    made = units(100_000, 100_000)
    made.observe("health_book.installs", "741", DAY, [1000]).observe("health_book.installs", "742", DAY, [4000])
    assert [(row.rank_low, row.rank_high) for row in rank(opened(made), "health_book_share", DAY).rows] == [
        (None, None)
    ] * 2


def test_the_rank_some_days_before_stands_beside_today(opened: Opened) -> None:
    made = units(100_000, 100_000, 100_000)
    for code, before, now in (("741", 9, 1), ("742", 5, 8), ("743", None, 20)):
        made.observe("case_counts.cases", code, DAY - timedelta(days=7), [before]).observe(
            "case_counts.cases", code, DAY, [now]
        )
    rows = rank(opened(made), "cases_new", DAY).rows
    assert [(row.unit, row.rank, row.previous_rank) for row in rows] == [("743", 1, None), ("742", 2, 2), ("741", 3, 1)]


def test_the_province_among_the_provinces(opened: Opened) -> None:
    made = units(100_000, 100_000)
    for code, share in (("01", 20_000), ("79", 5_000)):
        made.unit(
            code,
            f"Tỉnh {code}",
            level="province",
            parent=None,
            reporting=False,
            population=200_000,
            population_18_plus=100_000,
        )
        made.observe("health_book.installs", code, DAY, [share])
    made.observe("health_book.installs", "741", DAY, [5000]).observe("health_book.installs", "742", DAY, [6000])
    ranking = rank(opened(made), "health_book_share", DAY, NATION)
    assert [(row.unit, row.rank) for row in ranking.rows] == [("01", 1), ("77", 2), ("79", 3)]
    assert ranking.rows[1].value == pytest.approx(11.0)
    assert ranking.parent_reading is None


def test_a_ranking_as_it_was_known(opened: Opened) -> None:
    made = units(100_000, 100_000)
    late = DAY + timedelta(days=1)
    made.as_of = made.as_of + timedelta(days=2)
    made.observe("case_counts.cases", "741", DAY, [5]).observe("case_counts.cases", "742", DAY, [4])
    made.observe("case_counts.cases", "742", DAY, [40], issued=made.as_of)
    release = opened(made)
    assert [row.unit for row in rank(release, "cases_new", DAY).rows] == ["742", "741"]
    assert [row.unit for row in rank(release, "cases_new", DAY, as_of=late).rows] == ["741", "742"]


def test_a_unit_too_small_to_be_placed_is_not_named_the_highest(opened: Opened) -> None:
    """0 of 100 may be anything by chance; it is not first where 1% of 4,000 before it certainly is not."""
    made = units(100_000, 100_000, 100_000)
    for code, results, positives in (("741", 4_000, 120), ("742", 4_000, 40), ("743", 100, 0)):
        for measure, count in (("results_returned", results), ("positives", positives)):
            made.observe(f"tests.{measure}", code, WEEK, [count, *[0] * 6])
    ranking = rank(opened(made), "positivity_7d", DAY)
    rows = {row.unit: row for row in ranking.rows}
    assert rows["743"].rank_low == 1 and rows["742"].rank_low == 2
    assert [row.unit for row in leaders(ranking)] == ["741"]
    assert ranking_title(ranking, "vi").startswith("A cao nhất: 3,0%")
