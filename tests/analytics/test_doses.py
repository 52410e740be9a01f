"""What waits to be entered, what is left and who was reached, against sums made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.doses import LONG_DAYS, backlogs, people_by_age, stocks, targets
from analytics.release import Release, open_release
from data_sources.settings import parse
from tests.analytics.release_fixture import SmallRelease
from tests.deliveries import Installation, at

DAY = date(2021, 8, 29)
HEAD = "unit,day,dose_number,age_group,vaccine,doses_given,doses_entered,people_first,people_full,stock_left\n"


def rows() -> str:
    """Ten days: 747 gives 100 and enters 80 a day, 748 gives 50 and enters 60; stock is told by 747 until the 27th."""
    lines = []
    for back in range(10):
        day = DAY - timedelta(days=back)
        stock = "700" if day == date(2021, 8, 27) else ""
        lines.append(f"747,{day},1,18-49,AstraZeneca,60,50,60,0,{stock}")
        lines.append(f"747,{day},2,65+,AstraZeneca,40,30,0,40,")
        lines.append(f"748,{day},1,18-49,AstraZeneca,50,{60 if back < 7 else 10},50,0,")
    return HEAD + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    folder = tmp_path_factory.mktemp("doses")
    source = {"name": "doses", "dataset": "vaccination", "kind": "files", "path": "drop/*.csv"}
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": [source]}, folder)
    installed = Installation(folder / "var", settings)
    installed.deliver(("doses", rows(), at("2021-08-30T08:00")), name="doses.csv")
    installed.build()
    opened = open_release(folder / "var", "leader")
    yield opened
    opened.close()


def test_what_waits_is_given_less_entered_and_clears_only_where_entry_outruns_giving(release: Release) -> None:
    found = {row.unit: row for row in backlogs(release, DAY)}
    assert (found["747"].given, found["747"].entered, found["747"].waiting) == (1000, 800, 200)
    assert found["747"].days_to_clear is None
    assert (found["748"].given, found["748"].entered, found["748"].waiting) == (500, 450, 50)
    assert found["748"].days_to_clear == pytest.approx(50 / 10)
    assert [row.unit for row in backlogs(release, DAY)] == ["747", "748"]


def test_stock_is_the_newest_report_of_a_week_and_silence_is_no_zero(release: Release) -> None:
    (only,) = stocks(release, DAY)
    assert (only.unit, only.left, only.day) == ("747", 700, date(2021, 8, 27))
    assert only.days == pytest.approx(7.0)
    assert stocks(release, date(2021, 8, 26)) == []


def test_people_are_counted_by_the_age_group_that_is_stated(release: Release) -> None:
    assert people_by_age(release, "77", DAY) == {"18-49": (1100.0, 0.0), "65+": (0.0, 400.0)}
    assert people_by_age(release, "755", DAY) == {}


NAMES = {"747": "Vũng Tàu", "748": "Bà Rịa", "750": "Châu Đức", "751": "Xuyên Mộc", "752": "Long Điền", "753": "Đất Đỏ"}
FIRST_DOSES = {
    "747": [5_980.0] + [0.0] * 13 + [20.0] * 7,  # 61.2%, 0.2 points a day: 8.8 are missing
    "748": [6_990.0] + [0.0] * 20,  # 69.9% and nobody for a week
    "750": [7_000.0] + [0.0] * 20,
    "752": [1_000.0] + [0.0] * 13 + [1.0] * 7,  # 59.93 points at 0.01 a day
    "753": [6_000.0] + [0.0] * 10,  # silent for ten days
}
"""People with a first dose on each of 21 days, among 10,000 adults; 751 tells nothing."""


def write_targets(data: Path) -> None:
    """A province with a district for everything that can be said of the day of 70%."""
    made = SmallRelease()
    adults = 10_000 * len(NAMES)
    made.unit("77", "Tỉnh Thử", level="province", parent=None, reporting=False, population_18_plus=adults)
    for code, name in NAMES.items():
        made.unit(code, f"Huyện {name}", population=14_000, population_18_plus=10_000)
    for code, people in FIRST_DOSES.items():
        made.observe("vaccination.people_first", code, DAY - timedelta(days=20), people)
    made.write(data)


def test_the_day_of_70_percent_is_a_date_or_why_there_is_none(tmp_path: Path) -> None:
    write_targets(tmp_path)
    opened = open_release(tmp_path, "leader")
    found = targets(opened, DAY, tuple(NAMES))
    assert [(row.unit, row.ahead) for row in found] == [
        ("750", "reached"), ("747", "on"), ("752", "far"), ("748", "never"), ("753", "unknown"), ("751", "unknown"),
    ]  # fmt: skip
    on = found[1]
    assert (on.days, on.day) == (44, date(2021, 10, 12))
    assert on.coverage_percent == pytest.approx(61.2) and on.pace_points_a_day == pytest.approx(0.2)
    assert found[2].days is None and LONG_DAYS < (70 - 10.07) / 0.01
    assert all(row.day is None for row in found if row is not on)
    # Before the last week nobody had come for a week.
    assert targets(opened, DAY - timedelta(days=10), ("747",))[0].ahead == "never"
    opened.close()
