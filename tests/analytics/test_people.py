"""Structure and line list: protected for leaders, exact and pseudonymous for analysts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.disclosure import Protected, total
from analytics.line_list import COLUMNS, line_list
from analytics.release import Release, open_release
from analytics.structure import category_name, dimension_name, dimensions, distribution
from data_sources.refusal import Refused
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
MONDAY, NEXT_MONDAY = date(2021, 8, 16), date(2021, 8, 23)


def weeks() -> SmallRelease:
    made = SmallRelease().unit("747").unit("748")
    made.observe("cases.f0", "747", MONDAY, [20, 5]).observe("cases.f0", "748", NEXT_MONDAY, [9])
    made.observe("cases.f0", "748", date(2021, 8, 9), [2])
    made.insert(
        "structure",
        ("cases", "exposure", "household", MONDAY, "20", 18.0, 22.0),
        ("cases", "exposure", "market", MONDAY, "<5", 0.0, 4.0),
        ("cases", "exposure", "household", NEXT_MONDAY, "10", 8.0, 12.0),
        ("cases", "age_group", "18-49", MONDAY, "25", 23.0, 27.0),
    )
    made.insert(
        "analysis.structure_exact",
        ("cases", "exposure", "household", "747", MONDAY, 19.0),
        ("cases", "exposure", "market", "747", MONDAY, 3.0),
        ("cases", "exposure", "household", "748", NEXT_MONDAY, 9.0),
    )
    return made


def test_leaders_see_whole_weeks_under_the_small_number_rule(opened: Opened) -> None:
    found = distribution(opened(weeks()), "exposure", date(2021, 8, 18), date(2021, 8, 25))
    assert (found.first_day, found.last_day, found.exact) == (MONDAY, date(2021, 8, 29), False)
    assert [(item.category, item.shown, item.low, item.high) for item in found.categories] == [
        ("household", "26–34", 26, 34),
        ("market", "<5", 0, 4),
    ]
    assert found.withheld_weeks == 0


def test_a_withheld_week_is_counted(opened: Opened) -> None:
    found = distribution(opened(weeks()), "exposure", date(2021, 8, 2), date(2021, 8, 29))
    assert found.withheld_weeks == 1, "the week of 9/8 has cases and no distribution; the week of 2/8 has no case"


def test_analysts_see_exact_counts_of_a_unit_and_its_days(opened: Opened) -> None:
    release = opened(weeks(), "analyst")
    found = distribution(release, "exposure", MONDAY, MONDAY, ["747"])
    assert [(item.category, item.shown) for item in found.categories] == [("household", "19"), ("market", "3")]
    assert found.exact and (found.first_day, found.last_day) == (MONDAY, MONDAY)
    assert [item.shown for item in distribution(release, "exposure", MONDAY, NEXT_MONDAY).categories] == ["28", "3"]


def test_dimensions_and_categories_have_names(opened: Opened) -> None:
    assert dimensions(opened(weeks())) == ("age_group", "exposure")
    assert (dimension_name("exposure", "vi"), dimension_name("age_group", "en")) == ("Loại tiếp xúc", "Age group")
    assert category_name("exposure", "household", "vi") == "Trong gia đình"
    assert category_name("symptoms", "symptomatic", "en") == "Symptomatic"
    assert category_name("age_group", "18-49", "vi") == "18-49"


def test_sums_of_protected_counts_keep_their_width() -> None:
    whole = total([Protected("<5", 0, 4), Protected("20", 18, 22), Protected("7", 7, 7)])
    assert (whole.shown, whole.low, whole.high, whole.middle) == ("25–33", 25, 33, 29)


def listed() -> SmallRelease:
    made = SmallRelease().unit("747").unit("748")
    for number in range(25):
        made.insert("analysis.cases", case(number, date(2021, 8, 1 + number), "747" if number % 2 else "748"))
    return made


def case(number: int, day: date, unit: str) -> tuple[Any, ...]:
    return (
        f"p{number:02}", "p00" if number in (3, 4) else None, "F1" if number % 5 == 0 else "F0", unit, "Phường 1", day,
        "community" if number % 3 else "quarantine", None, at("2021-08-20 08:00"), None, None, "in_treatment", None,
        "mild", None, 30 + number, "female", "worker", "household", at("2021-08-29 17:00"),
    )  # fmt: skip


def test_the_list_comes_in_pages_with_its_total(opened: Opened) -> None:
    release = opened(listed(), "analyst")
    page = line_list(release, limit=10, offset=20)
    assert (page.total, len(page.rows), tuple(page.rows.columns)) == (25, 5, COLUMNS)
    assert page.rows["person"].tolist() == ["p04", "p03", "p02", "p01", "p00"]


def test_the_list_is_filtered_by_bound_values(opened: Opened) -> None:
    release = opened(listed(), "analyst")
    assert line_list(release, units=["747"], f_class="F0").total == 10
    assert line_list(release, first_day=date(2021, 8, 3), last_day=date(2021, 8, 5)).total == 3
    assert set(line_list(release, person="p00").rows["person"]) == {"p00", "p03", "p04"}
    assert line_list(release, detection="'; DROP TABLE cases; --").total == 0
    oldest = line_list(release, order_by="age", descending=False, limit=1).rows
    assert oldest["age"].tolist() == [30]
    with pytest.raises(ValueError, match="no column"):
        line_list(release, order_by='day"; SELECT 1')


def test_only_the_days_on_a_page_are_read_and_nothing_else_changes(tmp_path: Path) -> None:
    pages = []
    for derived in (True, False):
        made = SmallRelease(derived=derived).unit("747").unit("748").unit("750")
        for number in range(90):
            unit = ("747", "748", "750")[(number // 7 + number) % 3]
            made.insert("analysis.cases", case(number, date(2021, 8, 1 + number * 7 % 5), unit))
        folder = tmp_path / str(derived)
        folder.mkdir()
        made.write(folder)
        release = open_release(folder, "analyst")
        assert ("analysis.cases_by_day" in release.tables) == derived
        wanted: list[dict[str, Any]] = [
            {}, {"units": ["748"]}, {"units": ["747", "750"], "f_class": "F0"}, {"detection": "quarantine"},
            {"first_day": date(2021, 8, 2), "last_day": date(2021, 8, 3)}, {"units": ["none"]},
        ]  # fmt: skip
        found = [
            line_list(release, **only, descending=descending, offset=offset, limit=limit)
            for only in wanted
            for descending in (True, False)
            for offset, limit in ((0, 4), (5, 11), (17, 30), (80, 50), (500, 5), (3, 0))
        ]
        pages.append([(one.total, one.rows["person"].tolist(), one.rows["day"].tolist()) for one in found])
    assert pages[0] == pages[1]
    assert len({total for total, _, _ in pages[0]}) > 4


@pytest.mark.parametrize("role", ["leader", "briefing"])
def test_the_list_is_for_analysts(opened: Opened, role: str) -> None:
    with pytest.raises(Refused, match="analysts only"):
        line_list(opened(listed(), role))
