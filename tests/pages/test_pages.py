"""Rankings, map and catalogue through app.py: content, choices in the address, every role, warm and cold."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.indicators import INDICATORS
from analytics.release import Role
from pages.components import tables
from pages.components.navigation import pages_of
from tests.analytics.release_fixture import SmallRelease, at
from tests.pages.conftest import Open, shown
from tests.pages.steady_province import LAST, PEOPLE, SHORT, THIS_WEEK, incidence, steady_province

ROW = re.compile(r'<tr[^>]*><td class="tc-rank">([^<]*)</td><td class="tc-name">(?:<a [^>]*>)?(?:<b>)?([^<]*)<')


@pytest.mark.parametrize("page", ["rankings", "map", "catalogue"])
@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("cold", [True, False])
def test_every_page_opens_for_every_role_warm_and_cold(open_page: Open, page: str, role: Role, cold: bool) -> None:
    app = open_page(page, role=role, cold=cold, unit="752")
    html = shown(app)
    assert f'<a data-go href="./{page}?unit=752" aria-current="page">' in html
    assert "Dữ liệu minh họa" in html
    assert app.selectbox(key="pick_unit").value == "752"
    assert "Nguồn: Phần mềm báo cáo, Nền tảng xét nghiệm" in html


def test_the_ranking_is_in_the_order_worked_out_by_hand(open_page: Open) -> None:
    html = shown(open_page("rankings", indicator="incidence_7d"))
    expected = sorted((unit for unit in SHORT if unit != "753"), key=incidence, reverse=True)
    assert [name for _, name in ROW.findall(html)] == [*(SHORT[unit] for unit in expected), SHORT["753"]]
    assert [rank for rank, _ in ROW.findall(html)][-1] == "–"
    for unit in expected[:-1]:
        assert f'<span class="tc-number">{incidence(unit):.1f}</span>'.replace(".", ",") in html.replace(".0<", ",0<")
    people = sum(PEOPLE.values()) - PEOPLE["753"]
    whole = 7 * (sum(THIS_WEEK.values()) - THIS_WEEK["753"]) / people * 100_000
    assert f"Bà Rịa - Vũng Tàu {whole:.1f}".replace(".", ",") in html
    assert html.count('class="tc-ref"') == len(expected)


def test_the_rise_of_long_dien_is_told_with_its_rank_before(open_page: Open) -> None:
    html = shown(open_page("rankings", indicator="cases_new_7d_mean"))
    row = html[html.index("<b>Long Điền</b>") :]
    row = row[: row.index("</tr>")]
    assert 'class="is-worse"' in row
    assert re.search(r'class="tc-arrow is-rank"[^>]*>.*?</svg> 1<', row)  # from second to first


def test_the_file_of_a_ranking_holds_full_figures_and_reasons(open_page: Open, steady_data: Path) -> None:
    from analytics.ranking import rank
    from analytics.release import open_release
    from pages.components.frame import View
    from pages.components.selection import Address, read

    release = open_release(steady_data, "leader")
    address = Address({})
    view = View(release, read("rankings", release, ("leader",), address), address)
    frame = tables.ranking_frame(view, rank(release, "incidence_7d", LAST))
    value = next(name for name in frame.columns if name.startswith("Tỷ lệ mắc 7 ngày"))
    assert frame["Mã đơn vị"].tolist()[0] == "752"
    assert frame[value].tolist()[0] == pytest.approx(incidence("752"))
    silent = frame[frame["Mã đơn vị"] == "753"].iloc[0]
    assert silent[value] is None
    assert silent["Lý do thiếu"]
    release.close()


def test_provinces_are_ranked_where_the_data_are_national(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease(level="province", province="VN", demonstration=False)
    for code, people, count in (("01", 8_000_000, 80), ("77", 1_148_313, 60), ("79", 9_000_000, 4000)):
        made.unit(code, f"Tỉnh {code}", level="province", parent=None, population=people)
        made.observe("case_counts.cases", code, LAST - timedelta(days=20), [count] * 21)
    made.write(tmp_path)
    html = shown(open_page("rankings", data=tmp_path))
    assert [name for _, name in ROW.findall(html)] == ["Tỉnh 79", "Tỉnh 77", "Tỉnh 01"]
    overview = shown(open_page("overview", data=tmp_path))
    assert "Chưa có ranh giới" in overview
    boxes = re.findall(r'class="tc-square tc-ground-(\w+)[^"]*" aria-label="(Tỉnh \d\d): ([\d.,]+)', overview)
    assert [(name, step) for step, name, _ in boxes] == [("Tỉnh 79", "5"), ("Tỉnh 77", "3"), ("Tỉnh 01", "1")]
    assert "Cả nước" in str(open_page("map", data=tmp_path).selectbox(key="pick_unit").options)


def test_the_day_of_the_map_is_in_the_address_and_on_the_slider(open_page: Open) -> None:
    earlier = LAST - timedelta(days=10)
    app = open_page("map", day=str(earlier), indicator="incidence_7d")
    assert app.slider(key="slide_day").value == earlier
    html = shown(app)
    assert f"{9 * 7 / PEOPLE['752'] * 100_000:.1f}".replace(".", ",") in html
    assert "Xem lại" in html
    assert app.date_input(key="pick_day").value == earlier


def test_the_map_sends_no_tile_address_and_no_template(open_page: Open) -> None:
    app = open_page("map")
    chart = app.get("deck_gl_json_chart")[0].proto
    assert "http" not in chart.json
    assert "tooltip" not in chart.json.lower()
    assert '"Long Điền' in chart.json


def test_the_catalogue_is_generated_from_the_registry(open_page: Open) -> None:
    html = shown(open_page("catalogue"))
    for indicator in INDICATORS.values():
        assert f"<small>{indicator.id}</small>" in html
    assert f"{len(INDICATORS)} chỉ số" in html
    assert "ngưỡng nguy hiểm 3%" in html


def test_the_catalogue_finds_words_without_accents(open_page: Open) -> None:
    html = shown(open_page("catalogue", q="tiem mui 1"))
    assert "<small>coverage_first</small>" in html
    assert "<small>rt</small>" not in html
    nothing = shown(open_page("catalogue", q="không có gì như thế"))
    assert "Không có chỉ số nào khớp “không có gì như thế”" in nothing


@pytest.mark.parametrize("page", ["overview", "rankings", "map", "catalogue"])
def test_a_wrong_value_falls_back_and_is_said(open_page: Open, page: str) -> None:
    app = open_page(page, unit="999", period="7", day="2031-01-01", lang="fr", indicator="x'; DROP TABLE meta; --")
    html = shown(app)
    for name, value in (("unit", "999"), ("period", "7"), ("day", "2031-01-01"), ("lang", "fr")):
        assert f"Địa chỉ có {name} = “{value}” không hợp lệ" in html
    assert app.selectbox(key="pick_unit").value == "77"
    assert app.date_input(key="pick_day").value == LAST


def test_the_demonstration_serves_every_role_by_a_switch(open_page: Open) -> None:
    app = open_page("overview", role="demo")
    assert "Vai trò: Lãnh đạo" in shown(app)
    app.query_params["role"] = "analyst"
    assert "Vai trò: Chuyên viên" in shown(app.run())
    assert "Vai trò" not in shown(open_page("overview", role="leader"))


def test_a_process_of_one_role_does_not_take_another_from_the_address(open_page: Open) -> None:
    app = open_page("overview", role="leader")
    app.query_params["role"] = "analyst"
    html = shown(app.run())
    assert "Địa chỉ có role = “analyst” không hợp lệ" in html


def test_demo_role_on_real_data_is_the_role_that_sees_least(open_page: Open, tmp_path: Path) -> None:
    steady_province(demonstration=False).write(tmp_path)
    app = open_page("overview", role="demo", data=tmp_path)
    app.query_params["role"] = "analyst"
    assert "Địa chỉ có role = “analyst” không hợp lệ" in shown(app.run())


def test_a_pick_writes_the_address_and_the_default_leaves_it(open_page: Open) -> None:
    app = open_page("rankings")
    app.selectbox(key="pick_unit").select("752").run()
    assert app.query_params["unit"] in ("752", ["752"])
    assert "Long Điền: tỷ lệ mắc 7 ngày" in shown(app)
    app.selectbox(key="pick_unit").select("77").run()
    assert "unit" not in app.query_params


def test_filters_travel_with_every_link_of_the_navigation(open_page: Open) -> None:
    html = shown(open_page("rankings", unit="752", period="28", lang="en", theme="dark", indicator="positivity_7d"))
    query = "unit=752&amp;period=28&amp;lang=en&amp;theme=dark"
    assert f'href="./?{query}"' in html
    for entry in pages_of("leader")[1:]:
        assert f'href="./{entry.name}?{query}' in html


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["unit", "day", "period", "lang", "theme", "indicator", "level", "q"]),
        st.text(max_size=60),
        max_size=4,
    )
)
def test_no_address_breaks_a_page(open_page: Open, address: dict[str, str]) -> None:
    app = open_page("rankings", **address)
    assert not app.exception
    assert "<script" not in "".join(item.value for item in app.markdown)


def test_a_new_release_is_drawn_on_the_next_run(open_page: Open, tmp_path: Path) -> None:
    from tests.pages.steady_province import newer, write_steady

    first = write_steady(tmp_path)
    app = open_page("overview", data=tmp_path)
    assert first in shown(app)
    second = newer(tmp_path, 5)
    html = shown(app.run())
    assert second in html
    assert f"<b>{sum(THIS_WEEK.values()) - THIS_WEEK['753'] + 5},0</b>" in html


def test_as_of_is_said_to_the_minute(open_page: Open, tmp_path: Path) -> None:
    made = steady_province()
    made.as_of = at("2021-08-30 06:15")
    made.write(tmp_path)
    assert "Số liệu đến 06:15 ngày 30/8/2021" in shown(open_page("overview", data=tmp_path))


def test_bars_of_changes_stand_on_both_sides_of_zero(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease(level="province", province="VN", demonstration=False)
    for code, change in (("01", -40.0), ("79", 10.0)):
        made.unit(code, f"Tỉnh {code}", level="province", parent=None, population=1_000_000)
        made.observe("mobility.movement_change_percent", code, LAST - timedelta(days=20), [change] * 21)
    made.write(tmp_path)
    html = shown(open_page("rankings", data=tmp_path))
    assert "Thay đổi đi lại" in html  # the first indicator with figures, as nothing was chosen
    assert '<i style="left:80.0%;width:20.0%"></i><span class="tc-zero" style="left:80.0%"></span>' in html
    assert '<i style="left:0.0%;width:80.0%"></i>' in html


def test_data_that_ended_are_never_called_live(open_page: Open, tmp_path: Path) -> None:
    made = steady_province()
    made.as_of = at("2021-09-20 08:00")
    made.write(tmp_path)
    html = shown(open_page("overview", data=tmp_path))
    assert "Số liệu dừng ở 29/8/2021" in html
    assert "22 ngày trước" in html
    assert "Trực tiếp" not in html
    assert "Trực tiếp" in shown(open_page("overview"))


def test_a_page_that_stops_early_keeps_its_footer_and_its_notes(open_page: Open) -> None:
    html = shown(open_page("rankings", indicator="movement_change_published", period="3"))
    assert "Chưa đơn vị nào có số liệu cho Thay đổi đi lại" in html
    assert "Địa chỉ có period = “3” không hợp lệ" in html
    assert "bản phát hành" in html
