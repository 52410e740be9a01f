"""A curve that crosses a merger says so beneath itself, on every page that draws one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.test_mergers import LAST, long_dat
from tests.pages.conftest import Open, shown

SAID = "Long Đất trước 1/1/2025: tổng của Long Điền và Đất Đỏ."


@pytest.fixture(scope="module")
def merged_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("merged")
    long_dat().write(data)
    return data


@pytest.mark.parametrize("page", ["overview", "rankings", "map", "cases"])
def test_the_foot_of_a_curve_says_what_was_joined(open_page: Open, merged_data: Path, page: str) -> None:
    address = {"unit": "753", "day": LAST.isoformat(), "period": "28"}
    own = {"indicator": "cases_new"} if page in ("rankings", "map") else {}
    assert SAID in shown(open_page(page, data=merged_data, **address, **own))


def test_a_curve_of_days_after_the_merger_says_nothing(open_page: Open, merged_data: Path) -> None:
    html = shown(open_page("cases", data=merged_data, unit="750", day=LAST.isoformat(), period="28"))
    assert "Long Điền" not in html
