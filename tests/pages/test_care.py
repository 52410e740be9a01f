"""Cách ly và điều trị: sites on the map, who runs out first, nothing exact of small sites for leaders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.test_care import write
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("sites"))


@pytest.mark.parametrize("cold", [True, False])
def test_the_page_says_which_site_is_fullest_and_who_runs_out(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("care", data=data, cold=cold))
    assert "TP Vũng Tàu hết chỗ cách ly trước tiên: 13 ngày" in html
    assert "Khu A đầy nhất: 85%" in html
    assert html.count("tc-point is-past") >= 1
    assert "Số người từng cơ sở làm tròn đến 5" in html


def test_a_chosen_unit_has_its_own_sites(open_page: Open, data: Path) -> None:
    html = shown(open_page("care", data=data, unit="748", lang="en"))
    assert "Khu A" not in html
    assert "Khu C" in html
