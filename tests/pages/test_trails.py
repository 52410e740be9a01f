"""Vệt di chuyển F0: the finding, the places, the meetings and the playback, against the points of the fixture."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from analytics.release import Release, Role, open_release
from pages.components import trail_choice, trail_map, trail_playback, trail_rows, trail_tables
from pages.components.frame import View
from pages.components.selection import Address, read
from pages.components.trail_rows import Visit
from tests.analytics.release_fixture import VIETNAM, SmallRelease, at
from tests.pages import outbreak
from tests.pages.conftest import Open, shown
from tests.pages.outbreak import LAST, MEETING, people
from tests.pages.outbreak import trail_rows as rows_of_fixture
from tests.pages.sent import sent

PSEUDONYM = re.compile(r"\b[0-9a-f]{12}\b")
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    outbreak.release().write(folder)
    return folder


@pytest.fixture(scope="module")
def days_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("days")
    outbreak.release(coarse_days_only=True).write(folder)
    return folder


def chosen(data: Path, role: Role, *numbers: int) -> str:
    """The parameter that names these trails."""
    release = open_release(data, role)
    try:
        return trail_choice.address(release, numbers)
    finally:
        release.close()


def others_within_the_hour(number: int, days: bool = False) -> set[int]:
    """Who else was in the same coarse cell, away from home, within an hour (or on the day), counted pair by pair."""
    own = [row for row in rows_of_fixture() if row[0] == number and row[5] != "home"]
    return {
        other[0]
        for mine in own
        for other in rows_of_fixture()
        if other[0] != number
        and other[5] != "home"
        and other[3:5] == mine[3:5]
        and (other[2].date() == mine[2].date() if days else abs(other[2] - mine[2]) <= HOUR)
    }


def figure(app: AppTest) -> dict[str, Any]:
    """The figure as it is sent to the browser."""
    (chart,) = app.get("echarts_chart")
    found: dict[str, Any] = json.loads(chart.proto.spec)
    return found


def pairs(data: Any) -> Iterator[tuple[float, float]]:
    """Every place in the data of a series, however deep."""
    if isinstance(data, dict):
        for value in data.values():
            yield from pairs(value)
    elif isinstance(data, list):
        if len(data) == 2 and all(isinstance(item, int | float) for item in data):
            yield data[0], data[1]
        else:
            for item in data:
                yield from pairs(item)


def view_of(release: Release) -> View:
    address = Address({})
    return View(release, read("trails", release, (release.role,), address), address)


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("cold", [True, False])
def test_every_role_opens_the_newest_trail(open_page: Open, data: Path, role: Role, cold: bool) -> None:
    app = open_page("trails", data=data, role=role, cold=cold)
    html = shown(app)
    assert "8 lần dừng theo thứ tự" in html
    assert figure(app)["baseOption"]["timeline"]["data"]
    assert "Vệt thô: ô 500 m" in html if role != "analyst" else "Vệt đúng của từng mã" in html


def test_the_finding_counts_places_days_and_others(open_page: Open, data: Path) -> None:
    own = [row for row in rows_of_fixture() if row[0] == 1]
    places = {row[3:5] for row in own if row[5] != "home"}
    days = {row[2].date() for row in own}
    others = others_within_the_hour(1)
    assert 2 in others  # they meet at the market
    assert 3 not in others  # five hours later
    app = open_page("trails", data=data, trails=chosen(data, "leader", 1))
    said = f"F0 1 đến {len(places)} nơi ngoài nhà trong {len(days)} ngày"
    said += f"; {len(others)} F0 khác ở cùng chỗ trong vòng một giờ"
    assert f"<h2>{said}</h2>" in shown(app)
    assert app.get("echarts_chart")[0].proto.alt == said


def test_the_stops_stand_in_order_with_their_times(open_page: Open, data: Path) -> None:
    html = shown(open_page("trails", data=data, trails=chosen(data, "leader", 1)))
    own = [row for row in rows_of_fixture() if row[0] == 1]
    listed = re.findall(r'<span class="tc-step"[^>]*>(\d+)</span></td><td>([^<]*)</td><td>([^<]*)<', html)
    kinds = {
        "home": "Nơi ở",
        "market": "Chợ",
        "work": "Nơi làm việc",
        "food": "Quán ăn",
        "store": "Cửa hàng",
        "health": "Cơ sở y tế",
    }
    assert [(int(order), when, kind) for order, when, kind in listed] == [
        (seq, f"{hour:%H:%M} {hour.day}/{hour.month}", kinds[kind]) for _, seq, hour, _, _, kind in own
    ]


def test_who_else_was_there_has_a_link_that_shows_both(open_page: Open, data: Path) -> None:
    html = shown(open_page("trails", data=data, trails=chosen(data, "leader", 1)))
    address = re.search(r'<td>F0 2 · <a data-go href="\./trails\?trails=([^"]*)"', html).group(1)  # type: ignore[union-attr]
    assert address == chosen(data, "leader", 1, 2)
    both = shown(open_page("trails", data=data, trails=address))
    assert "2 F0 đến" in both
    assert "gặp nhau ở" in both
    assert "F0 1: 8 lần dừng" in both
    assert "F0 2: 8 lần dừng" in both
    assert "F0 2 ·" not in both  # nothing to add: it is there


def test_a_trail_of_days_only_says_the_same_day_and_no_hour(open_page: Open, days_only: Path) -> None:
    html = shown(open_page("trails", data=days_only, trails=chosen(days_only, "leader", 1)))
    others = others_within_the_hour(1, days=True)
    assert 3 in others
    assert f"{len(others)} F0 khác ở cùng chỗ trong cùng ngày" in html
    assert "Nguồn chỉ ghi ngày, không ghi giờ." in html
    assert not re.search(r"\d\d:\d\d \d+/8", html)
    exact = shown(open_page("trails", data=days_only, role="analyst", trails=chosen(days_only, "analyst", 1)))
    assert "trong cùng ngày" in exact


def test_leaders_receive_no_pseudonym_and_no_home(open_page: Open, data: Path) -> None:
    known = {row["person"] for row in people()}
    homes = {row[3:5] for row in rows_of_fixture() if row[5] == "home"}
    away = {row[3:5] for row in rows_of_fixture() if row[5] != "home"}
    for role in ("leader", "briefing"):
        app = open_page("trails", data=data, role=role, trails=chosen(data, "leader", 1, 2, 3))
        everything = sent(app)
        assert not known & set(PSEUDONYM.findall(everything))
        drawn = figure(app)
        series = [*drawn["baseOption"]["series"], *(one for step in drawn["options"] for one in step["series"])]
        places = {
            place for one in series if not one["id"].startswith(("land", "names")) for place in pairs(one["data"])
        }
        assert places & away
        assert not places & (homes - away)
    analyst = sent(open_page("trails", data=data, role="analyst"))
    assert known & set(PSEUDONYM.findall(analyst))


def test_analysts_addresses_name_nobody(open_page: Open, data: Path) -> None:
    html = shown(open_page("trails", data=data, role="analyst", trails=chosen(data, "analyst", 1, 2)))
    addresses = " ".join(re.findall(r'href="([^"]*)"', html))
    assert not PSEUDONYM.search(re.sub(r"as_of=\d{8}T\d{6}-[0-9a-f]{12}", "", addresses))  # a release's own name


def test_numbers_of_another_release_are_not_taken_for_these(open_page: Open, data: Path, tmp_path: Path) -> None:
    address = chosen(data, "leader", 5)
    newer = outbreak.release()
    newer.as_of = at("2021-08-29 19:00")
    newer.write(tmp_path)
    html = shown(open_page("trails", data=tmp_path, trails=address))
    assert "Hãy chọn lại" in html
    assert "F0 5:" not in html
    assert "Hãy chọn lại" in shown(open_page("trails", data=data, role="analyst", trails=address))
    assert "F0 5:" in shown(open_page("trails", data=data, trails=address))


@pytest.mark.parametrize("given", ["x", "..", "0.1", "%00", "1" * 90, "{mark}.999", "{mark}.1.1.2.3.4.5.6"])
def test_any_address_shows_a_trail(open_page: Open, data: Path, given: str) -> None:
    address = given.replace("{mark}", chosen(data, "leader").split(".")[0])
    app = open_page("trails", data=data, trails=address)
    html = shown(app)
    assert "lần dừng theo thứ tự" in html
    assert html.count("lần dừng theo thứ tự") <= trail_choice.MOST_CHOSEN


def test_picking_writes_the_address(open_page: Open, data: Path) -> None:
    app = open_page("trails", data=data)
    assert len(app.multiselect(key="pick_trails").value) == 1
    assert len(app.multiselect(key="pick_trails").options) == 12


def test_unit_and_period_narrow_the_list_and_an_empty_one_says_so(open_page: Open, data: Path) -> None:
    unit = next(iter({row["unit"] for row in people() if row["f_class"] == "F0"} - {"755"}))
    homes = [row["unit"] for row in [one for one in people() if one["f_class"] == "F0"][-12:]]
    app = open_page("trails", data=data, unit=homes[0])
    assert len(app.multiselect(key="pick_trails").options) == homes.count(homes[0])
    assert unit
    empty = shown(open_page("trails", data=data, unit="755"))
    assert "Không có vệt nào của Côn Đảo trong 1/7–29/8/2021" in empty
    assert "cả bản phát hành có 12 vệt" in empty
    early = shown(open_page("trails", data=data, day="2021-08-01"))
    assert "Không có vệt nào của Bà Rịa - Vũng Tàu" in early


def test_without_trails_it_says_what_to_connect(open_page: Open, tmp_path: Path) -> None:
    SmallRelease().unit("747").observe("case_counts.cases", "747", LAST, [1]).write(tmp_path)
    assert "Thêm một nguồn trail_points" in shown(open_page("trails", data=tmp_path))


def test_a_trail_that_knows_only_the_home_is_told_not_drawn(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747").observe("case_counts.cases", "747", LAST, [1])
    hour = at("2021-08-28 06:00")
    made.insert("trail", (1, "747", "Phường 1", hour, hour, 1)).insert("trail_point", (1, 1, hour, 107.1, 10.4, "home"))
    made.write(tmp_path)
    app = open_page("trails", data=tmp_path)
    assert "Không có điểm nào vẽ được" in shown(app)
    assert not app.get("echarts_chart")


def test_the_clock_stops_at_every_time_and_ends_at_the_last_place(open_page: Open, data: Path) -> None:
    app = open_page("trails", data=data, trails=chosen(data, "leader", 1))
    drawn = figure(app)
    own = [row for row in rows_of_fixture() if row[0] == 1 and row[5] != "home"]
    times = sorted({row[2] for row in own})
    assert drawn["baseOption"]["timeline"]["data"] == [f"{time:%H:%M} {time.day}/{time.month}" for time in times]
    assert drawn["baseOption"]["timeline"]["autoPlay"] is False
    assert len(drawn["options"]) == len(times)
    last = {series["id"]: series["data"] for series in drawn["options"][-1]["series"]}
    assert last["now0"] == [[own[-1][3], own[-1][4]]]
    assert drawn["options"][0]["title"]["text"].endswith("2021")


def test_the_figure_draws_districts_beneath_and_rings_where_others_were(open_page: Open, data: Path) -> None:
    drawn = figure(open_page("trails", data=data, trails=chosen(data, "leader", 1)))["baseOption"]
    series = {one["id"]: one for one in drawn["series"]}
    assert sum(name.startswith("land") for name in series) >= 5
    assert list(MEETING) in series["met"]["data"]
    assert "tooltip" not in json.dumps(drawn)
    assert "http" not in json.dumps(drawn)


def test_a_kilometre_is_as_long_both_ways() -> None:
    seen = trail_map.extent([(107.0, 10.3), (107.3, 10.4)])
    wide_px = (trail_map.USUAL_SCREEN - trail_map.PAGE_EDGE) * trail_map.SHARE_BESIDE - trail_map.CARD_EDGE
    tall_px = trail_map.TALL_PX - trail_map.CLOCK_PX
    km_x = (seen.east - seen.west) * math.cos(math.radians((seen.south + seen.north) / 2)) / wide_px
    km_y = (seen.north - seen.south) / tall_px
    assert km_x == pytest.approx(km_y, rel=1e-3)
    assert seen.west < 107.0 < 107.3 < seen.east
    assert seen.south < 10.3 < 10.4 < seen.north


START = datetime(2021, 8, 20, tzinfo=VIETNAM)


@given(st.lists(st.integers(0, 60 * 24 * 30), max_size=400))
def test_playback_goes_through_every_point_once_in_order(minutes: list[int]) -> None:
    visits = [
        Visit("1", START + timedelta(minutes=minute), (float(number), 0.0), "work")
        for number, minute in enumerate(sorted(minutes))
    ]
    steps = trail_playback.clock_steps([visit.at for visit in visits])
    assert len(steps) <= trail_playback.MOST_STEPS
    assert steps == sorted(set(steps))
    ways = trail_playback.movement(visits, steps)
    travelled: list[tuple[float, float]] = []
    for way in ways:
        assert not travelled or not way or way[0] == travelled[-1]
        travelled += way if not travelled else way[1:]
    assert travelled == [visit.place for visit in visits]


def test_the_files_leave_coarse_homes_without_coordinates(data: Path) -> None:
    release = open_release(data, "leader")
    view = view_of(release)
    shown_trails = trail_rows.followed(release, ("1",))
    table = trail_tables.places_file(view, shown_trails, {"1": "F0 1"})
    home = table["Nơi"] == "Nơi ở"
    assert home.sum() == 3
    assert table.loc[home, ["Kinh độ", "Vĩ độ"]].isna().all(axis=None)
    assert table.loc[~home, ["Kinh độ", "Vĩ độ"]].notna().all(axis=None)
    met = trail_tables.meetings_file(view, shown_trails, trail_choice.numbered(release))
    assert set(met["Gặp"]) == {f"F0 {number}" for number in others_within_the_hour(1)}
    release.close()


def test_a_meeting_of_two_chosen_trails_is_told_once(data: Path) -> None:
    release = open_release(data, "leader")
    both = trail_rows.followed(release, ("1", "2"))
    pairs = [(one.trail, one.other) for one in both.meetings if {one.trail, one.other} == {"1", "2"}]
    assert set(pairs) == {("1", "2")}
    assert both.others(("1", "2")) == {str(n) for n in (others_within_the_hour(1) | others_within_the_hour(2)) - {1, 2}}
    release.close()


def test_english(open_page: Open, data: Path) -> None:
    html = shown(open_page("trails", data=data, lang="en", trails=chosen(data, "leader", 1)))
    assert "F0 1 went to" in html
    assert "8 stops in order" in html
    assert re.search(r"\d\d:\d\d 24 Aug", html)
