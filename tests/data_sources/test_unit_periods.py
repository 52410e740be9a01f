"""What a release knows of units that ended or began within it, from names in a file to a joined series."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from analytics.readings import series
from analytics.release import open_release
from data_sources.unit_national import national_register
from data_sources.unit_periods import periods_within
from tests.deliveries import Installation, at, counts_source, settings_of

HEADER = "unit,day,detection,cases\n"
DISTRICTS = ("747", "748", "750", "751", "753", "754", "755")


def told(codes: tuple[str, ...], first: date, last: date) -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in periods_within(national_register(), codes, (first, last))]


def test_within_one_year_without_a_change_there_is_nothing_to_say() -> None:
    assert told(("77", *DISTRICTS, "752"), date(2021, 4, 1), date(2021, 12, 31)) == []


def test_what_a_unit_was_formed_from_comes_along() -> None:
    found = told(DISTRICTS, date(2024, 12, 1), date(2025, 3, 31))
    assert ("752", "Huyện Long Điền") in found
    assert [name for code, name in found if code == "753"] == ["Huyện Đất Đỏ", "Huyện Long Đất"]
    assert [name for code, name in found if code == "754"] == ["Thị xã Phú Mỹ", "Thành phố Phú Mỹ"]


def test_a_city_comes_with_the_provinces_and_districts_that_went_into_it() -> None:
    found = dict(told(("79",), date(2025, 6, 1), date(2025, 7, 31)))
    assert {"74", "77", "747", "753"} <= set(found)
    assert "24" not in found


def test_a_file_across_the_merger_gives_one_series(tmp_path: Path) -> None:
    place = Installation(tmp_path, settings_of(tmp_path, counts_source()))
    days = [date(2024, 12, 25) + timedelta(days=number) for number in range(14)]
    rows = []
    for day in days:
        names = {"Long Điền": 3, "Đất Đỏ": 2} if day < date(2025, 1, 1) else {"Long Đất": 10}
        rows += [f"{name},{day},community,{count}" for name, count in (names | {"TX Phú Mỹ": 1}).items()]
    report = place.deliver(("counts", HEADER + "\n".join(rows) + "\n", at("2025-01-08T08:00")))[0]
    assert report.rows_set_aside == 0
    place.build()
    release = open_release(tmp_path, "leader")
    frame = series(release, "cases_new", ["753", "77"], days[0], days[-1])
    assert frame[frame["unit"] == "753"]["value"].tolist() == [5.0] * 7 + [10.0] * 7
    assert frame[frame["unit"] == "77"]["value"].tolist() == [6.0] * 7 + [11.0] * 7
    (joint,) = release.units.joints("753", days[0], days[-1])
    assert (joint.since, sorted(unit.short_name for unit in joint.before)) == (
        date(2025, 1, 1),
        ["Long Điền", "Đất Đỏ"],
    )
    # On a day before, the units of that day report to the province.
    assert len(release.units.leaves("77", days[0])) == 8
    assert len(release.units.leaves("77", days[-1])) == 7
