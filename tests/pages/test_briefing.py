"""Trình chiếu: the slides in their order, links that move them, what is wrong with an address, the way to the wall."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pages.components.briefing_picks import FILES
from tests.pages.conftest import Open, shown
from tests.pages.steady_province import newer, write_steady


def rows_of(html: str) -> list[str]:
    table = html.split("tc-slides", 1)[1].split("</table>", 1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in table.split("<tr")[2:]]


def test_cold_it_lists_the_standard_briefing_with_what_each_slide_says(open_page: Open) -> None:
    html = shown(open_page("briefing", role="briefing", cold=True))
    rows = rows_of(html)
    assert len(rows) == 12
    assert "Bản đồ" in rows[1] and "Long Điền cao nhất" in rows[1]
    assert "chưa có" in rows[8]


def test_links_move_a_slide_and_take_it_away(open_page: Open) -> None:
    html = shown(open_page("briefing", slides="map,cases,decisions"))
    links = [unescape(found) for found in re.findall(r'<a data-go href="([^"]+)" aria-label="[^"]*"', html)]
    orders = [parse_qs(urlsplit(link).query)["slides"][0] for link in links if "slides=" in link]
    assert orders == [
        *("cases,map,decisions", "cases,decisions"),
        *("cases,map,decisions", "map,decisions,cases", "map,decisions"),
        *("map,decisions,cases", "map,cases"),
    ]


def test_the_start_link_carries_the_whole_choice(open_page: Open) -> None:
    html = shown(
        open_page("briefing", lang="en", slides="map,decisions", day="2021-08-28", autoplay="20", room="light")
    )
    found = re.search(r'href="(\./present/show\?[^"]+)"', html)
    assert found
    assert parse_qs(urlsplit(unescape(found.group(1))).query) == {
        "lang": ["en"],
        "theme": ["light"],
        "day": ["2021-08-28"],
        "slides": ["map,decisions"],
        "autoplay": ["20"],
    }


def test_the_last_meeting_is_a_day_or_a_release_that_is_kept(open_page: Open, tmp_path: Path) -> None:
    first = write_steady(tmp_path)
    app = open_page("briefing", data=tmp_path, slides="changes")
    assert "So với bản số liệu nào" not in [box.label for box in app.selectbox], "there is no other release"
    newer(tmp_path, 5)
    app = open_page("briefing", data=tmp_path, slides="changes")
    box = next(box for box in app.selectbox if box.label == "So với bản số liệu nào")
    assert box.options == ["So với ngày họp trước →", "So với bản số liệu 18:00 ngày 29/8/2021"]
    assert "Cuộc họp trước" in [picked.label for picked in app.date_input]
    app = box.select(first).run()
    assert app.query_params["since"] == first
    assert "Cuộc họp trước" not in [picked.label for picked in app.date_input]
    assert "Thay đổi từ cuộc họp 29/8/2021" in rows_of(shown(app))[0]
    found = re.search(r'href="(\./present/show\?[^"]+)"', shown(app))
    assert found and parse_qs(urlsplit(unescape(found.group(1))).query)["since"] == [first]


def test_what_cannot_be_read_of_an_address_is_listed_and_the_rest_stands(open_page: Open) -> None:
    html = shown(open_page("briefing", slides="map,ball.x", lang="en"))
    assert len(rows_of(html)) == 1
    assert "cannot read the slide ball.x" in html


def test_a_slide_is_added_at_the_end(open_page: Open) -> None:
    app = open_page("briefing", slides="map")
    boxes = {box.label: box for box in app.selectbox}
    boxes["Thêm trang"].set_value("own")
    boxes["Dạng"].set_value("curve")
    boxes["Chỉ số"].set_value("positivity_7d")
    next(button for button in app.button if button.label == "Thêm vào cuối").click()
    app.run()
    assert app.query_params["slides"] == "map,curve.positivity_7d..60"
    assert len(rows_of(shown(app))) == 2


def test_leaders_and_analysts_make_a_walls_link_and_a_briefing_cannot(open_page: Open) -> None:
    label = "Tạo liên kết màn hình tường"
    assert label not in [button.label for button in open_page("briefing", role="briefing").button]
    app = open_page("briefing", role="leader")
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert re.match(r"http://[^/]+/present/wall\?key=\d{10}\.[0-9a-f]{64}$", app.code[0].value)


def test_every_file_is_offered_by_its_name(open_page: Open) -> None:
    app = open_page("briefing", slides="map,decisions")
    offered = {item.proto.id.split("-")[-1] for item in app.get("download_button")}
    assert offered == {f"briefing_{kind}" for kind in FILES}
