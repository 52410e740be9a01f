"""Chất lượng báo cáo on the content of reports: fields over time, rows to mend by unit, occupancy against transfers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.analytics.test_balance import QUARANTINE, TREATMENT
from tests.analytics.test_duty import write
from tests.deliveries import Installation, at, counts_source, settings_of
from tests.pages.conftest import Open, shown

PEOPLE = 30
WRONG = (
    "unit,day,cases\n747,2021-08-20,hai\n747,2021-08-21,2\n748,2021-08-21,3\n748,2021-08-21,3\nHuyện Lạ,2021-08-21,3\n"
)


def people() -> str:
    """Thirty people of one week in 747: every third without a phone, none with an onset."""
    lines = ["case_code,unit,day,detection,name,phone"]
    for number in range(PEOPLE):
        phone = "" if number % 3 == 0 else f"09000000{number:02d}"
        day = date(2021, 8, 16) + timedelta(days=number % 7)
        lines.append(f"BRVT-{number:04d},747,{day},community,Họ Tên Thử {number},{phone}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("content")
    datasets = ("cases", "quarantine_sites", "treatment")
    sources = [{"name": name, "dataset": name, "kind": "files", "path": f"{name}/*.csv"} for name in datasets]
    made = Installation(folder / "var", settings_of(folder, counts_source(), *sources))
    contents = {"cases": people(), "quarantine_sites": QUARANTINE, "treatment": TREATMENT, "counts": WRONG}
    made.deliver(*((name, content, at("2021-08-22 23:00")) for name, content in contents.items()))
    made.build()
    return folder / "var"


@pytest.fixture(scope="module")
def duty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("duty"))


@pytest.mark.parametrize("cold", [True, False])
def test_every_field_of_a_form_by_day(open_page: Open, duty: Path, cold: bool) -> None:
    html = shown(open_page("quality", data=duty, cold=cold, fields="submissions", period="14"))
    assert "“Nhận lúc” ít được ghi nhất: 83,3% số dòng" in html
    assert "Nhận lúc, 29/8/2021: 1 trên 2 dòng" in html
    assert '<td class="is-lack-3" title="Nhận lúc, 29/8/2021: 1 trên 2 dòng"' in html
    one = shown(open_page("quality", data=duty, fields="submissions", period="14", unit="748"))
    assert "Mọi trường của chế độ báo cáo đều ghi đủ" in one


def test_personal_fields_are_named_and_counted_and_never_shown(open_page: Open, data: Path) -> None:
    html = shown(open_page("quality", data=data, fields="cases"))
    assert "Họ tên, 16/8/2021: 30 trên 30 dòng" in html
    assert "Điện thoại, 16/8/2021: 20 trên 30 dòng" in html
    assert "Không dòng nào ghi: " in html
    assert "Ngày khởi phát" in html.split("Không dòng nào ghi: ")[1].split("</p>")[0]
    for secret in ("Họ Tên Thử", "0900000", "BRVT-0"):
        assert secret not in html


def test_rows_to_mend_are_told_by_unit_and_repetitions_are_not_among_them(open_page: Open, data: Path) -> None:
    html = shown(open_page("quality", data=data))
    assert "TP Vũng Tàu có nhiều dòng phải sửa nhất: 1" in html
    row = html.split("Không rõ đơn vị")[1].split("</tr>")[0]
    assert "Số ca theo ngày (1)" in row
    assert "TP Bà Rịa" not in html.split("có nhiều dòng phải sửa nhất")[1].split("</section>")[0]


def test_occupancy_that_does_not_follow_names_who_lies_furthest_apart(open_page: Open, data: Path) -> None:
    html = shown(open_page("quality", data=data))
    assert "TP Vũng Tàu: số đang ở lệch tổng cộng 7 người so với số vào, ra trong 7 ngày" in html
    table = html.split("số đang ở lệch")[1].split("</section>")[0]
    cells = [row.split("<td")[1:] for row in table.split("<tr>")[2:]]
    first = [cell.split(">")[1].split("<")[0] for cell in cells[0]]
    assert first == ["TP Vũng Tàu", "Khu cách ly", "20/8", "150", "17", "4", "5", "158", "161", "+3"]
    assert "Trường THPT" not in table
    analyst = shown(open_page("quality", data=data, role="analyst"))
    assert "TP Vũng Tàu: B" in analyst
