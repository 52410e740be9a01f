"""Lists about the province as a whole, lists that units join, published ages, and figures made of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.ranking import rank
from analytics.readings import history, read
from analytics.release import Release, open_release
from tests.analytics.release_fixture import SmallRelease, at

FIRST = date(2021, 8, 1)
LAST = date(2021, 8, 14)
UNITS = ("747", "752", "755")


def base() -> SmallRelease:
    made = SmallRelease(as_of=at("2021-08-14 18:00"))
    made.unit("77", "Tỉnh Thử", level="province", parent=None, reporting=False, kind="tỉnh", population=600_000)
    for code in UNITS:
        made.unit(code, population=200_000)
    return made


def opened(made: SmallRelease, folder: Path) -> Release:
    made.write(folder)
    return open_release(folder, "leader")


def values(release: Release, name: str, unit: str, day: date, as_of: date | None = None) -> float | None:
    return read(release, [name], [unit], day, as_of)[name, unit].value


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    made = base()
    # The register of stories: nothing found on most days, one open since the first.
    found = [2.0, None, None, 1.0, None, None, None, None, 3.0, None, None, None, None, None]
    made.observe("misinformation.found", "77", FIRST, found)
    made.observe("misinformation.closed", "77", FIRST + timedelta(days=4), [1.0, None, 1.0])
    ages = [20.0, 44.0, 68.0, None, 10.0]
    made.observe("misinformation.open_age_p50_hours", "77", FIRST, ages)
    # Aid: one unit has joined on the first day, one on the eighth, one never.
    made.observe("aid.opened", "747", FIRST, [4.0] * 14)
    made.observe("aid.opened", "747", FIRST, [4.0] * 14, stratum="kind=request")
    made.observe("aid.met", "747", FIRST + timedelta(days=2), [3.0] * 12, stratum="kind=request")
    made.observe("aid.met", "747", FIRST + timedelta(days=2), [3.0] * 12)
    made.observe("aid.cancelled", "747", FIRST + timedelta(days=5), [1.0], stratum="kind=request")
    made.observe("aid.opened", "752", FIRST + timedelta(days=7), [5.0, None, 1.0])
    made.observe("aid.opened", "752", FIRST + timedelta(days=7), [5.0, None, 1.0], stratum="kind=request")
    for dataset in ("aid", "misinformation"):
        for number in range(14):
            day = FIRST + timedelta(days=number)
            made.insert("coverage", (dataset, FIRST, day, at(f"{day} 17:00")))
    made.observe("hotline.calls", "747", LAST, [300.0]).observe("hotline.calls", "752", LAST, [100.0])
    for unit, answered, seconds in (("747", 200.0, 60.0), ("752", 100.0, 15.0)):
        made.observe("hotline.answered_with_waiting_p50", unit, FIRST, [answered] * 14)
        made.observe("hotline.waiting_p50_seconds_by_answered", unit, FIRST, [answered * seconds] * 14)
    for unit, without, delivered in (("747", 90.0, 2.0), ("752", 0.0, 0.0), ("755", 60.0, 0.0)):
        made.observe("devices.pupils_without_device", unit, FIRST, [without] * 14)
        made.observe("devices.devices_delivered", unit, FIRST, [delivered] * 14)
    return opened(made, tmp_path_factory.mktemp("response"))


def test_a_story_is_the_province_s_and_no_district_s(release: Release) -> None:
    readings = read(release, ["misinformation_open"], ["77", "747"], LAST)
    assert readings["misinformation_open", "77"].value == 4
    assert readings["misinformation_open", "747"].absence == "area_only"
    ranking = rank(release, "misinformation_open", LAST)
    assert ranking.rows == []
    assert ranking.parent_reading.value == 4


def test_a_day_without_a_row_is_a_counted_zero_but_no_age(release: Release) -> None:
    assert values(release, "misinformation_found_7d", "77", LAST) == 3
    day = FIRST + timedelta(days=3)
    assert values(release, "misinformation_open", "77", day) == 3
    assert read(release, ["misinformation_open_age_p50_hours"], ["77"], day)[
        "misinformation_open_age_p50_hours", "77"
    ].absence == "no_data"  # fmt: skip
    assert values(release, "misinformation_open_age_p50_hours", "77", FIRST + timedelta(days=4)) == 10


def test_open_requests_of_units_that_joined_one_after_another(release: Release) -> None:
    found = history(release, "aid_open", ["747", "752", "755", "77"], FIRST, LAST)
    assert found["747"] == [4, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    assert found["752"] == [None] * 7 + [5, 5, 6, 6, 6, 6, 6]
    assert found["755"] == [None] * 14
    assert found["77"][-1] == 25
    assert values(release, "aid_met_share", "752", LAST) == 0, "six requests, none met: a known zero"
    assert values(release, "aid_requests_7d", "752", LAST) == 6


@pytest.mark.parametrize("name", ["aid_requests_7d", "aid_open", "aid_met_share", "misinformation_found_7d"])
def test_read_as_of_a_day_is_read_as_if_it_were_today(release: Release, name: str) -> None:
    """Everything of a day was issued that day here, so the past as of its own evening is what is known today."""
    for number in (7, 9, 11, 13):
        day = FIRST + timedelta(days=number)
        for unit in ("747", "752", "77"):
            assert values(release, name, unit, day, as_of=day) == values(release, name, unit, day), (unit, day)


def test_waits_are_pooled_by_calls(release: Release) -> None:
    assert values(release, "hotline_waiting", "747", LAST) == 60
    assert values(release, "hotline_waiting", "77", LAST) == pytest.approx((200 * 60 + 100 * 15) / 300)


def test_days_until_every_pupil_has_a_device(release: Release) -> None:
    assert values(release, "devices_days_to_close", "747", LAST) == 45
    assert values(release, "devices_days_to_close", "752", LAST) == 0, "nobody lacks one"
    assert values(release, "devices_days_to_close", "755", LAST) is None, "nothing was delivered"
    assert values(release, "devices_days_to_close", "77", LAST) == 75


def test_supply_over_demand_is_withheld_for_very_few_requests(tmp_path: Path) -> None:
    made = base()
    for unit, requests, offers in (("747", 20.0, 30.0), ("752", 3.0, 9.0)):
        for kind, count in (("request", requests), ("offer", offers)):
            made.observe("aid.opened", unit, LAST, [count], stratum=f"kind={kind}")
        made.observe("aid.opened", unit, LAST, [requests + offers])
    made.insert("coverage", ("aid", FIRST, LAST, at("2021-08-14 17:00")))
    release = opened(made, tmp_path)
    assert values(release, "aid_supply_over_demand", "747", LAST) == 1.5
    assert read(release, ["aid_supply_over_demand"], ["752"], LAST)["aid_supply_over_demand", "752"].absence == (
        "too_small"
    )
    assert values(release, "aid_supply_over_demand", "77", LAST) == pytest.approx(39 / 23)
