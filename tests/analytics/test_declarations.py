"""This week against its weekdays and the checkpoints, from rows whose answers are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.declarations import checkpoints, pooled_until, week_against_weekdays
from analytics.release import Release, open_release
from data_sources.settings import parse
from tests.deliveries import Installation, at

DAY = date(2021, 8, 29)


def declared_csv() -> str:
    """Five weeks in 747: 550 told a day, 10 ill on weekdays, 20 on Sundays, 60 on the last day; 748 has one point."""
    lines = ["unit,day,checkpoint,longitude,latitude,declarations,symptomatic,checked,confirmed_ordinary"]
    for back in range(35):
        day = DAY - timedelta(days=back)
        ill = 60 if back == 0 else 20 if day.isoweekday() == 7 else 10
        lines.append(f"747,{day},Chốt A,107.10,10.40,400,{ill - 2},{ill - 2},{ill - 2}")
        lines.append(f"747,{day},Chốt B,107.12,10.41,100,2,1,1")
        lines.append(f"747,{day},Chốt D,107.13,10.42,50,0,0,0")
        lines.append(f"748,{day},Chốt C,107.20,10.50,100,9,9,9")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> Path:
    source = {"name": "declared", "dataset": "declarations", "kind": "files", "path": "drop/*.csv"}
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": [source]}, folder)
    installed = Installation(folder / "var", settings)
    installed.deliver(("declared", declared_csv(), at("2021-08-30T08:00")), name="declared.csv")
    installed.build()
    return folder / "var"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("declared"))


@pytest.fixture(scope="module")
def release(data: Path) -> Iterator[Release]:
    opened = open_release(data, "leader")
    yield opened
    opened.close()


def test_a_day_is_compared_with_its_own_weekday(release: Release) -> None:
    days = week_against_weekdays(release, "747", DAY)
    assert [item.day for item in days] == [DAY - timedelta(days=6 - place) for place in range(7)]
    assert days[-1].expected == pytest.approx(20)
    assert (days[-1].symptomatic, days[-1].signal) == (60, "above")
    assert days[0].expected == pytest.approx(10)
    assert [item.signal for item in days[:-1]] == ["usual"] * 6


def test_without_three_weeks_nothing_is_usual_yet(release: Release) -> None:
    early = week_against_weekdays(release, "747", DAY - timedelta(days=21))
    assert {item.signal for item in early} == {"unknown"}
    assert week_against_weekdays(release, "755", DAY) == []


def test_the_share_checked_by_checkpoint_is_pooled_over_four_weeks_and_told_as_a_band(data: Path) -> None:
    """Chốt A checks everyone, Chốt B one of two on each day; five weeks are told."""
    told = {}
    for role in ("leader", "analyst"):
        opened = open_release(data, role)
        told[role] = {item.site.site: item.checked_4_weeks for item in checkpoints(opened, DAY)}
        midweek = {item.site.site: item.checked_4_weeks for item in checkpoints(opened, DAY - timedelta(days=4))}
        assert (midweek["Chốt A"], midweek["Chốt B"]) == (told[role]["Chốt A"], told[role]["Chốt B"])
        early = {item.site.site: item.checked_4_weeks for item in checkpoints(opened, DAY - timedelta(days=29))}
        assert early.get("Chốt B") is None, "ten people so far, but no week is whole"
        opened.close()
    for found in told.values():
        assert found.get("Chốt C") is None, "a district's only checkpoint is the district"
        assert found.get("Chốt D") is None, "nobody had symptoms there"
        every, half = found["Chốt A"], found["Chốt B"]
        assert every is not None and (every.shown, every.low, every.high) == ("90–100", 90, 100)
        assert half is not None and (half.shown, half.low, half.high) == ("50–60", 50, 60)


def test_the_pooled_weeks_end_on_a_sunday() -> None:
    assert pooled_until(date(2021, 8, 29)) == date(2021, 8, 29)
    assert pooled_until(date(2021, 8, 28)) == date(2021, 8, 22)


def test_checkpoints_are_protected_for_leaders_and_exact_for_analysts(data: Path, release: Release) -> None:
    told = {item.site.site: item for item in checkpoints(release, DAY)}
    assert all(item.checked_share is None for item in told.values())
    few = told["Chốt B"].symptomatic if "Chốt B" in told else None
    assert few is None or few.low != few.high
    analyst = open_release(data, "analyst")
    exact = {item.site.site: item for item in checkpoints(analyst, DAY)}
    assert exact["Chốt B"].checked_share == pytest.approx(50)
    assert exact["Chốt A"].checked_share == pytest.approx(100)
    analyst.close()
