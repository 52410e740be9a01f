"""How full sites are and who runs out first, from rows whose answers are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.care import filled_sites, running_out
from analytics.release import Release, open_release
from data_sources.settings import parse
from tests.deliveries import Installation, at

DAY = date(2021, 8, 29)


def sites_csv() -> str:
    """Ten days: 747 fills by ten people a day in its first site, 748 stands still; both have two sites."""
    lines = ["unit,day,site,site_kind,longitude,latitude,capacity,present"]
    for back in range(10):
        day = DAY - timedelta(days=back)
        lines.append(f"747,{day},Khu A,site,107.10,10.40,200,{170 - 10 * back}")
        lines.append(f"747,{day},Khu B,site,107.12,10.41,200,100")
        lines.append(f"748,{day},Khu C,site,107.17,10.50,100,30")
        lines.append(f"748,{day},Khu D,site,107.18,10.51,100,2")
    return "\n".join(lines) + "\n"


def write(folder: Path) -> Path:
    source = {"name": "sites", "dataset": "quarantine_sites", "kind": "files", "path": "drop/*.csv"}
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": [source]}, folder)
    installed = Installation(folder / "var", settings)
    installed.deliver(("sites", sites_csv(), at("2021-08-30T08:00")), name="sites.csv")
    installed.build()
    return folder / "var"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("sites"))


@pytest.fixture(scope="module")
def release(data: Path) -> Iterator[Release]:
    opened = open_release(data, "leader")
    yield opened
    opened.close()


def test_the_unit_that_fills_runs_out_on_the_day_its_slope_says(release: Release) -> None:
    rows = running_out(release, DAY)
    assert [row.unit for row in rows] == ["747", "748"]
    assert rows[0].places_use == pytest.approx(100 * 270 / 400)
    # 2.5 points a day: 32.5 points are left.
    assert rows[0].places_days == pytest.approx(32.5 / 2.5, abs=0.2)
    assert rows[1].places_days is None
    assert rows[0].beds_use is None


def test_sites_are_told_rounded_to_leaders_and_exactly_to_analysts(data: Path, release: Release) -> None:
    told = {item.site.site: item for item in filled_sites(release, DAY)}
    assert told["Khu A"].people is not None
    assert told["Khu A"].people.shown == "170"
    assert told["Khu A"].state == "past"
    assert told["Khu B"].state == "ok"
    few = told["Khu D"].people
    assert few is None or few.shown == "<5"
    analyst = open_release(data, "analyst")
    exact = {item.site.site: item.people for item in filled_sites(analyst, DAY)}
    assert exact["Khu D"] is not None
    assert (exact["Khu D"].low, exact["Khu D"].high) == (2, 2)
    analyst.close()


def test_a_unit_that_is_asked_for_has_its_own_sites_alone(release: Release) -> None:
    assert {item.site.unit for item in filled_sites(release, DAY, ("748",))} == {"748"}
