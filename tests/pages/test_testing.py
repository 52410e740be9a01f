"""Xét nghiệm: the three questions are answered in words and each group is told, cold and warm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.test_sampling import write
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("sampling"), 30)


@pytest.mark.parametrize("cold", [True, False])
def test_the_three_questions_are_answered(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("testing", data=data, cold=cold, unit="747"))
    assert "714 mẫu trong 7 ngày (0%), trong khi ca mắc tăng +200%. Cần lấy mẫu thêm." in html
    assert "Chỉ 574 kết quả trên 714 mẫu trong 7 ngày (80,4%)" in html
    assert "4,9% kết quả dương tính trong 7 ngày, đã qua ngưỡng rất nguy hiểm 4%." in html
    assert "F1 (PCR) dương tính cao nhất: 5,0%" in html
    assert "chưa đủ kết quả" in html


def test_in_english(open_page: Open, data: Path) -> None:
    html = shown(open_page("testing", data=data, unit="747", lang="en"))
    assert "714 samples in 7 days (0%) while cases rose by +200%" in html
