"""Tiêm chủng: the page says what the release says, cold and warm, and what it lacks where there is nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.export import to_csv
from data_sources.settings import parse
from pages.components import downloads
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


@pytest.fixture(scope="module")
def aimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every way to reach 70%, or not."""
    folder = tmp_path_factory.mktemp("aimed")
    test_doses.write_targets(folder)
    return folder


VI = ("12/10/2021</b>", "còn 44 ngày nếu giữ tốc độ 7 ngày qua", "Ngày đạt 70% mũi 1")
EN = ("12 Oct 2021</b>", "44 days ahead at the last 7 days", "Day of 70% first doses")


@pytest.mark.parametrize(("language", "said"), [("vi", VI), ("en", EN)])
def test_the_day_of_70_percent_is_told_as_a_date_in_tile_and_table(
    open_page: Open, aimed: Path, language: str, said: tuple[str, ...]
) -> None:
    html = shown(open_page("vaccination", data=aimed, unit="747", lang=language))
    (tile,) = [part for part in html.split('class="tc-tile') if said[2] in part]
    assert all(words in tile for words in said)
    head = "Ngày đạt 70%</th>" if language == "vi" else "Day of 70%</th>"
    (table,) = [part.split("</table>")[0] for part in html.split("<table") if head in part]
    (row,) = [row for row in table.split("<tr>") if "Vũng Tàu" in row]
    assert said[0].removesuffix("</b>") in row and ">44</td>" in row
    assert ("không đạt với tốc độ hiện nay" if language == "vi" else "not reached at the present pace") in table
    assert ("đã đạt" if language == "vi" else "reached") in table
    assert table.count("chưa rõ" if language == "vi" else "not known") == 2


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("747", "Vũng Tàu đạt 70% mũi 1: ngày 12/10/2021, còn 44 ngày nếu giữ tốc độ 7 ngày qua"),
        ("748", "Bà Rịa đạt 70% mũi 1: không đạt với tốc độ hiện nay"),
        ("750", "Châu Đức đạt 70% mũi 1: đã đạt"),
        ("752", "Long Điền đạt 70% mũi 1: sau hơn 400 ngày với tốc độ hiện nay"),
        ("753", "Đất Đỏ đạt 70% mũi 1: chưa rõ"),
    ],
)
def test_the_day_of_70_percent_of_the_chosen_unit_is_the_title(
    open_page: Open, aimed: Path, unit: str, said: str
) -> None:
    html = shown(open_page("vaccination", data=aimed, unit=unit))
    assert said in html
    (tile,) = [part for part in html.split('class="tc-tile') if "Ngày đạt 70% mũi 1" in part]
    assert said.rpartition(", ")[2].rpartition(": ")[2] in tile


def test_the_file_has_the_day_of_70_percent_as_a_day_and_in_words(
    open_page: Open, aimed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, pd.DataFrame] = {}
    monkeypatch.setattr(downloads, "buttons", lambda view, name, title, table: files.update({name: table()}))
    shown(open_page("vaccination", data=aimed))
    frame = files["vaccination"].set_index("Đơn vị")
    assert frame.loc["Huyện Vũng Tàu", "Ngày đạt 70%"] == date(2021, 10, 12)
    assert frame.loc["Huyện Vũng Tàu", "Còn (ngày)"] == 44
    assert frame["Ngày đạt 70%"].notna().sum() == 1
    words = frame["Dự báo 70% mũi 1"]
    assert words["Huyện Bà Rịa"] == "không đạt với tốc độ hiện nay"
    assert words["Huyện Xuyên Mộc"] == "chưa rõ"
    assert words["Huyện Vũng Tàu"] == "ngày 12/10/2021, còn 44 ngày nếu giữ tốc độ 7 ngày qua"
    written = to_csv(files["vaccination"]).decode("utf-8-sig")
    assert "2021-10-12" in written and "không đạt với tốc độ hiện nay" in written


def test_without_vaccination_the_page_says_so(open_page: Open, tmp_path: Path) -> None:
    outbreak.release().write(tmp_path)
    html = shown(open_page("vaccination", data=tmp_path, day="2021-05-02"))
    assert "tiêm chủng" in html.lower()
