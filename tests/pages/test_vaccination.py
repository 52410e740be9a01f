"""Tiêm chủng: the page says what the release says, cold and warm, and what it lacks where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_sources.settings import parse
from tests.analytics import test_doses
from tests.deliveries import Installation, at
from tests.pages import outbreak
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doses")
    source = {"name": "doses", "dataset": "vaccination", "kind": "files", "path": "drop/*.csv"}
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": [source]}, folder)
    installed = Installation(folder / "var", settings)
    installed.deliver(("doses", test_doses.rows(), at("2021-08-30T08:00")), name="doses.csv")
    installed.build()
    return folder / "var"


@pytest.mark.parametrize("cold", [True, False])
def test_the_page_says_who_must_enter_what(open_page: Open, data: Path, cold: bool) -> None:
    html = shown(open_page("vaccination", data=data, cold=cold))
    assert "TP Vũng Tàu còn 200 mũi chưa nhập, nhiều nhất; cả tỉnh còn 250" in html
    assert "TP Vũng Tàu còn vắc xin cho 7 ngày, ngắn nhất" in html
    assert "18-49 tuổi: 1.100 người đã tiêm mũi 1, 0 người đủ liều" in html


def test_in_english(open_page: Open, data: Path) -> None:
    html = shown(open_page("vaccination", data=data, lang="en"))
    assert "has 200 doses not entered, the most; 250 in the whole province" in html


def test_without_vaccination_the_page_says_so(open_page: Open, tmp_path: Path) -> None:
    outbreak.release().write(tmp_path)
    html = shown(open_page("vaccination", data=tmp_path, day="2021-05-02"))
    assert "tiêm chủng" in html.lower()
