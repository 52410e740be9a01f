"""Kết nối cứu trợ: what is open and where, the nearest offers of a request, where there is too little."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.test_aid import write
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("aid"))


@pytest.mark.parametrize("cold", [True, False])
def test_the_page_says_what_is_open_and_who_waits_longest(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("aid", data=data, cold=cold))
    assert "Yêu cầu chờ lâu nhất đã 10 ngày" in html
    assert "Lương thực, thực phẩm chờ lâu nhất: trung vị 6 ngày" in html
    assert "Bác sĩ tư vấn từ xa" in html
    assert "Đồ dùng học tập" in html
    assert html.index(">R1<") < html.index(">R3<") < html.index(">R2<") < html.index(">R4<")
    assert ">R5<" not in html


def test_a_chosen_request_has_its_nearest_offers_and_its_place_in_the_address(open_page: Open, data: Path) -> None:
    html = shown(open_page("aid", data=data, request="R1"))
    assert "Gần nhất: trong vòng 1 km, TP Vũng Tàu" in html
    near, far = html.index("<td>O3</td>"), html.index("<td>O1</td>")
    assert near < html.index("<td>O2</td>") < far
    assert "18 km" in html[far:]
    assert "O4" not in html
    assert "./aid?request=R3" in html


def test_a_request_that_is_not_open_is_said_not_to_be(open_page: Open, data: Path) -> None:
    html = shown(open_page("aid", data=data, request="<script>R5", lang="en"))
    assert "&lt;script&gt;R5 is not an open request" in html


def test_the_filters_narrow_the_list(open_page: Open, data: Path) -> None:
    doctors = shown(open_page("aid", data=data, category="doctor"))
    assert ">R3<" in doctors
    assert ">R1<" not in doctors
    assert "./aid?category=doctor&amp;request=R3" in doctors
    elsewhere = shown(open_page("aid", data=data, unit="752"))
    assert ">R4<" in elsewhere
    assert ">R1<" not in elsewhere


def test_without_any_feed_of_it_the_page_says_so(open_page: Open) -> None:
    assert "Chưa có yêu cầu hay lời đề nghị cứu trợ" in shown(open_page("aid"))
