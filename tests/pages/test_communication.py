"""Truyền thông và đường dây nóng: one axis for calls, rumours, posts and sends, and what is open and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.test_communication import write
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("communication"))


@pytest.mark.parametrize("cold", [True, False])
def test_the_page_says_what_changed_after_bulletins_and_what_is_open(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("communication", data=data, cold=cold, period="28"))
    assert "Hai ngày sau bản tin, cuộc gọi nhiều hơn hai ngày trước 20% (trung vị 3 ngày có bản tin)" in html
    assert "Đi cùng nhau không có nghĩa là do nhau" in html
    assert "3 tin sai chưa đóng, lâu nhất 28 ngày" in html
    assert "Bản tin gần nhất: 18:00 ngày 19/8/2021" in html
    assert "2 đợt gửi trong kỳ, gần nhất 20/8/2021" in html
    assert "24/8/2021: chưa có báo cáo" in html
    assert "Tin nhắn SMS 08:00 ngày 10/8/2021, Mọi thuê bao trong tỉnh: tới 900 máy, 90,0%" in html
    assert html.count('class="tc-tick"') == 3 + 1 + 2
    assert "so sánh yếu" not in html.split("Trước và sau mỗi lần", 1)[0]


def test_too_few_bulletins_are_said_to_be_too_few(open_page: Open, data: Path) -> None:
    html = shown(open_page("communication", data=data, period="14", lang="en"))
    assert "Not known how calls changed after bulletins: 1 days can be compared, 3 are needed" in html
    assert "Xét nghiệm" not in html.split("tc-tiles", 1)[1]


def test_without_any_feed_of_it_the_page_says_so(open_page: Open) -> None:
    assert "Chưa có số liệu truyền thông" in shown(open_page("communication"))
