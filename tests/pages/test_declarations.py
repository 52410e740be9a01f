"""Khai báo y tế: an unusual day is told, checkpoints without exact small counts for leaders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.test_declarations import write
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("declared"))


@pytest.mark.parametrize("cold", [True, False])
def test_a_day_above_its_weekdays_is_the_title(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("declarations", data=data, cold=cold, unit="747"))
    assert "1 ngày trong tuần có số khai triệu chứng cao hơn thường lệ" in html
    assert "Đã kiểm tra, 4 tuần</th>" in html and "trong ngày</th>" not in html
    assert ">90–100%</td>" in html and ">50–60%</td>" in html
    assert "gộp đến Chủ Nhật 29/8/2021" in html and "dưới 10 người" in html


def test_analysts_see_the_checked_share_by_checkpoint(open_page: Open, data: Path) -> None:
    html = shown(open_page("declarations", data=data, role="analyst", unit="747", lang="en"))
    assert ">50%</td>" in html and ">50–60%</td>" in html
    assert "Checked that day" in html and "Checked, 4 weeks" in html
    assert "1 days of the week had more symptoms declared than usual" in html
