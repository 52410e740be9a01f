"""The level of risk on the pages: a badge, its official colour with number and word, and what it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.analytics.release_fixture import SmallRelease, at
from tests.analytics.test_province_level import DAY, province
from tests.pages.conftest import Open, shown

ADDRESS = {"indicator": "risk_level", "day": DAY.isoformat()}


@pytest.fixture(scope="module")
def risk_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of four districts at level 2, nobody's older residents below the target."""
    data = tmp_path_factory.mktemp("risk")
    made = province(cases={"747": 56, "748": 56})
    made.as_of = at("2021-10-20 23:00")
    made.write(data)
    return data


def test_the_overview_begins_with_the_level_in_number_and_word(open_page: Open, risk_data: Path) -> None:
    html = shown(open_page("overview", data=risk_data, day=DAY.isoformat()))
    badge = re.search(r'<a data-go href="([^"]*)" class="tc-level" aria-label="([^"]*)">(.*?)</a>', html)
    assert badge
    assert "indicator=risk_level" in badge.group(1)
    assert "mức 2 (nguy cơ)" in badge.group(2) and "Quyết định 2686" in badge.group(2)
    assert badge.group(3) == '<b class="tc-ground-level-2">2</b>Nguy cơ'


@pytest.mark.parametrize("page", ["rankings", "map"])
def test_the_province_says_every_condition_and_ten_days(open_page: Open, risk_data: Path, page: str) -> None:
    html = shown(open_page(page, data=risk_data, **ADDRESS))
    panel = html.split('<section class="tc-panel tc-risk">')[1].split("</section>")[0]
    assert "Thử: mức 2 (nguy cơ)" in panel
    assert panel.count("<tr") == 8  # seven conditions and their heads
    assert "chưa có nguồn" in panel and "2/4 huyện (50%)" in panel
    assert "Ít nhất 20 ca cộng đồng nữa" in panel
    assert "Chờ Sở Y tế xác nhận" in panel
    assert panel.count('role="img"') == 10
    assert '<b class="tc-ground-level-2">2</b>nguy cơ trung bình' in html  # the districts' own, in the ranking


def test_a_district_says_its_own_conditions(open_page: Open, risk_data: Path) -> None:
    html = shown(open_page("rankings", data=risk_data, unit="747", **ADDRESS))
    panel = html.split('<section class="tc-panel tc-risk">')[1].split("</section>")[0]
    assert "cấp 2 (nguy cơ trung bình)" in panel
    assert "Người từ 65 tuổi tiêm đủ liều" in panel and "90,0%" in panel
    assert "Thêm 22 ca cộng đồng trong tuần là lên cấp 3 (nguy cơ cao)." in panel


def test_the_map_wears_the_official_colours(open_page: Open, risk_data: Path) -> None:
    html = shown(open_page("map", data=risk_data, **ADDRESS))
    assert html.count("tc-ground-level-2 tc-on-level-2") == 2  # no outlines here: a box for each district
    assert "2 · nguy cơ trung bình" in html


def test_other_indicators_have_no_such_panel(open_page: Open, risk_data: Path) -> None:
    html = shown(open_page("rankings", data=risk_data, indicator="incidence_7d", day=DAY.isoformat()))
    assert "tc-risk" not in html


def test_the_catalogue_marks_limits_that_wait_for_a_confirmation(open_page: Open, risk_data: Path) -> None:
    html = shown(open_page("catalogue", data=risk_data, day=DAY.isoformat()))
    rows = {match[1]: match[0] for match in re.finditer(r"<tr>.*?<small>([a-z0-9_]+)</small>.*?</tr>", html)}
    waiting = {name for name, row in rows.items() if "Chờ sở y tế xác nhận" in row}
    assert {"risk_level", "risk_level_province", "coverage_full_65", "quarantine_occupancy"} <= waiting
    assert "case_fatality" not in waiting and "doses_per_day_7d" not in waiting


def test_a_release_of_one_day_has_a_map_without_a_slider(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747", population=1000)
    made.observe("case_counts.cases", "747", made.as_of.date(), [3]).write(tmp_path)
    assert "ca" in shown(open_page("map", data=tmp_path, indicator="cases_new"))
