"""Chất lượng báo cáo and Nền tảng số: who owes what, where systems disagree, what is live since when."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.test_duty import write
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("duty"))


@pytest.mark.parametrize("cold", [True, False])
def test_who_owes_reports_and_where_systems_disagree(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("quality", data=data, cold=cold))
    assert "TP Vũng Tàu thiếu nhiều báo cáo nhất: 1 trong 28 ngày" in html
    assert "TP Vũng Tàu, 28/8/2021: 1 trễ" in html
    assert "1 chỗ hai hệ thống nói khác nhau" in html
    assert "Mũi đã tiêm so với mũi đã nhập" in html


def test_one_form_can_be_chosen_and_a_unit(open_page: Open, data: Path) -> None:
    html = shown(open_page("quality", data=data, form="tests", unit="748"))
    assert "Không đơn vị nào thiếu báo cáo trong 28 ngày" in html


@pytest.mark.parametrize("cold", [True, False])
def test_platforms_say_since_when(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("platforms", data=data, cold=cold))
    assert "1/3 nơi đã dùng nền tảng; 1 nơi quá hạn" in html
    assert "từ 13/8/2021" in html
    assert "quá hạn 20/8/2021" in html
    assert "dự kiến 6/9/2021" in html
