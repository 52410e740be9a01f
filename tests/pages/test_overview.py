"""The leaders' screen: its figures worked out apart from the product, its roles, its empty and broken states."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from analytics.release import Role
from tests.analytics.release_fixture import SmallRelease, at
from tests.pages.conftest import Open, points_of, shown
from tests.pages.steady_province import LAST, SHORT, THIS_WEEK, incidence, steady_province, write_steady

TILE = re.compile(r'<a data-go href="([^"]*)" class="tc-tile is-(\w+)">(.*?)</a>')


def tiles(html: str) -> dict[str, tuple[str, str, str]]:
    """Label: (address, state, the tile's HTML)."""
    found = {}
    for address, state, inner in TILE.findall(html):
        label = re.search(r'class="tc-label[^"]*">([^<]*)<', inner)
        assert label, inner
        found[label.group(1)] = (address, state, inner)
    return found


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("cold", [True, False])
def test_the_figures_are_those_of_the_release_for_every_role(open_page: Open, role: Role, cold: bool) -> None:
    html = shown(open_page("overview", role=role, cold=cold))
    drawn = tiles(html)
    mean = sum(count for unit, count in THIS_WEEK.items() if unit != "753")
    assert f"<b>{mean},0</b>" in drawn["Ca mắc mới trung bình 7 ngày"][2]
    assert "7/8 đơn vị" in drawn["Ca mắc mới trung bình 7 ngày"][2]
    positivity = 100 * (24 + 4 * 7 - 4 / 7) / (400 * 8 - 400 / 7)
    assert f"<b>{positivity:.1f}</b>".replace(".", ",") in drawn["Tỷ lệ dương tính 7 ngày"][2]
    assert drawn["Tỷ lệ dương tính 7 ngày"][1] == "ok"
    entered = 100 * (7 * 485 + 440) / (8 * 500)
    assert f"<b>{entered:.2f}</b>".replace(".", ",") in drawn["Mũi tiêm đã nhập hệ thống"][2]
    assert 1 <= len(drawn) <= 8
    for address, _, inner in drawn.values():
        assert address.startswith("./rankings?indicator=")
        assert "<svg" in inner


def test_a_tile_says_its_state_in_a_word_and_colours_a_rise_by_polarity(open_page: Open) -> None:
    drawn = tiles(shown(open_page("overview", unit="752")))
    _, state, positivity = drawn["Tỷ lệ dương tính 7 ngày"]
    assert state == "past"
    assert "Vượt ngưỡng" in positivity
    assert "6,0" in positivity
    cases = drawn["Ca mắc mới trung bình 7 ngày"][2]
    assert 'class="is-worse"' in cases
    assert f"{100 * (19 - 9) / 9:.0f}%" in cases
    assert "đơn vị" not in cases  # one unit speaks for itself


def test_the_map_names_every_unit_with_its_value_and_sets_the_filter(open_page: Open) -> None:
    html = shown(open_page("overview"))
    for unit, short in SHORT.items():
        value = (
            f"{incidence(unit):.1f}".replace(".", ",")
            if unit not in ("753", "755")
            else {"753": "chưa", "755": "0"}[unit]
        )
        assert f'href="./?unit={unit}" aria-label="{short}: {value}' in html
    assert 'class="tc-unit tc-fill-none"' in html  # Đất Đỏ has no data
    assert 'class="tc-unit tc-fill-zero"' in html  # Côn Đảo reported 0
    assert 'class="tc-unit tc-fill-4"' in html  # Long Điền, 50 to under 150
    assert "chưa có số liệu" in html
    assert "cách bờ 180 km" in html


def test_the_curve_is_bars_with_a_mean_the_last_days_open_and_the_measures_beneath(open_page: Open) -> None:
    html = shown(open_page("overview", period="28"))
    assert len(points_of(html)) == 28
    assert len(re.findall(r'class="tc-bar-day is-open"', html)) == 3
    assert "Chỉ thị 16" in html
    assert f"{LAST.day}/{LAST.month}/{LAST.year}: ca mới 48" in html
    assert "3 ngày cuối còn bổ sung số liệu" in html


def test_the_decisions_name_who_is_past_a_limit_and_who_has_not_reported(open_page: Open) -> None:
    html = shown(open_page("overview"))
    panel = html[html.index("Cần quyết định") :]
    assert re.search(r"ngưỡng mất kiểm soát 5%[^<]*Long Điền 6,0%", panel)
    assert "TP Vũng Tàu (88,00%)" in panel
    assert re.search(r"TX Phú Mỹ[^<]*chưa gửi báo cáo[^<]*xét nghiệm", panel)


def test_each_sentence_of_the_headline_and_the_changes_leads_to_its_figure(open_page: Open) -> None:
    html = shown(open_page("overview", unit="752"))
    lead = html[html.index('<p class="tc-lead">') :].split("</p>", 1)[0]
    found = re.findall(r'<a data-go href="\./rankings\?([^"]*)">([^<]*)</a>', lead)
    assert found[0][0] == "unit=752&amp;indicator=cases_new_7d_mean" and found[0][1].startswith("Ca mới tăng")
    assert found[1][0] == "unit=752&amp;indicator=positivity_7d" and "6,0%" in found[1][1]
    changed = html[html.index('<ul class="tc-changes">') :].split("</ul>", 1)[0]
    assert changed.count("<li>") == changed.count('<li><a data-go href="./rankings?') > 0


def test_english_writes_numbers_and_days_its_own_way(open_page: Open) -> None:
    html = shown(open_page("overview", lang="en"))
    assert "Sunday, 29 Aug 2021" in html
    assert "<b>48.0</b>" in html
    assert "Demonstration data" in html
    assert "Ca mắc" not in html


def test_a_demonstration_says_so_and_real_data_do_not(open_page: Open, tmp_path: Path) -> None:
    assert "Dữ liệu minh họa" in shown(open_page("overview"))
    write_steady(tmp_path, demonstration=False)
    html = shown(open_page("overview", data=tmp_path))
    assert "Dữ liệu minh họa" not in html
    assert "Trễ hạn: " in html  # a picture of 2021 that nobody renewed


def test_a_source_that_failed_is_said_in_amber_with_since_when(open_page: Open, tmp_path: Path) -> None:
    made = steady_province()
    broken = ("sms", "Tổng đài", "tests", "http", at("2021-08-28 09:30"), LAST, 1, 1, 0, None, "refused", 900)
    made.insert("source_status", broken).write(tmp_path)
    html = shown(open_page("overview", data=tmp_path))
    assert re.search(r'class="tc-note"[^>]*>[^<]*Tổng đài[^<]*09:30[^<]*28/8/2021', html)
    assert "<b>48,0</b>" in html  # and the picture stays readable


def test_before_the_first_release_the_screen_says_what_to_do(open_page: Open, tmp_path: Path) -> None:
    html = shown(open_page("overview", data=tmp_path))
    assert "Chưa có số liệu" in html
    assert "python -m data_sources pull" in html


def test_a_release_that_cannot_be_read_is_said(open_page: Open, tmp_path: Path) -> None:
    release = write_steady(tmp_path)
    (tmp_path / "releases" / release / "picture.duckdb").write_bytes(b"not a database" * 100)
    html = shown(open_page("overview", data=tmp_path))
    assert "Không đọc được bản phát hành" in html


def test_the_older_release_stands_in_for_a_damaged_one(open_page: Open, tmp_path: Path) -> None:
    steady_province().write(tmp_path, "20210829T180000-aaaaaaaaaaaa")
    later = steady_province().write(tmp_path, "20210829T190000-bbbbbbbbbbbb")
    (tmp_path / "releases" / later / "picture.duckdb").write_bytes(b"not a database" * 100)
    html = shown(open_page("overview", data=tmp_path))
    assert "<b>48,0</b>" in html
    assert f"Bản mới nhất ({later}) không đọc được" in html


def test_a_day_without_any_report_has_a_designed_empty_state(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease()
    made.unit("747", "Huyện Một", population=1000).unit("748", "Huyện Hai", population=1000)
    made.observe("case_counts.cases", "747", LAST - timedelta(days=90), [1, 2, 3])
    made.insert("coverage", ("traces", LAST, LAST, made.as_of)).write(tmp_path)
    html = shown(open_page("overview", data=tmp_path, day=str(LAST - timedelta(days=88))))
    assert "Dữ liệu" in html
    empty = shown(open_page("rankings", data=tmp_path, indicator="positivity_7d"))
    assert "Chưa đơn vị nào có số liệu" in empty
    assert "Chọn một ngày khác" in empty


def test_names_from_data_are_inert(open_page: Open, tmp_path: Path) -> None:
    attack = '<img src=x onerror="window.__xss=1">\n\n**bold** [a](javascript:alert(1))'
    made = steady_province()
    made.units[1]["name"] = made.units[1]["short_name"] = attack
    made.insert("source_status", ("x", attack, "tests", "http", None, None, 0, 0, 0, None, "down", 900)).write(tmp_path)
    for page in ("overview", "rankings", "map", "catalogue"):
        html = shown(open_page(page, data=tmp_path))
        assert "<img" not in html
        assert "&lt;img src=x" in html
        assert not re.search(r"\n\s*\n", html.replace("\n<div", "<div")), "an empty line would end the HTML block"
