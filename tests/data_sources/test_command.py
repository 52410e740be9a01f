"""`check FILE` and `pull` say what is wrong in the reader's language, and all of it to programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from data_sources.__main__ import main

HEADER = ("Đơn vị", "Ngày báo cáo", "Nơi phát hiện", "Ca mắc mới")


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A workbook of one sheet with a good row and three bad cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tuần 34"
    rows = [
        HEADER,
        ("Vũng Tàu", "13/08/2021", "Cộng đồng", 5),
        ("Vũng Tàu", "14/08/2021", "Cộng đồng", "1O"),
        ("Long Dienn", "13/08/2021", "Cộng đồng", 3),
        ("Bà Rịa", "31/02/2021", "Cộng đồng", 2),
    ]
    for row in rows:
        sheet.append(row)
    path = tmp_path / "báo cáo.xlsx"
    book.save(path)
    return path


def run(tmp_path: Path, *arguments: str) -> int:
    return main([arguments[0], "--data", str(tmp_path / "var"), *arguments[1:]])


def test_check_names_each_cell_by_sheet_row_and_column_in_vietnamese(
    tmp_path: Path, form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "check", str(form), "--dataset", "case_counts") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "Trang tính “Tuần 34”, dòng 3, cột “Ca mắc mới”: cần số nguyên; thực tế: “1O” (số không đọc được)."
        " Ghi số bằng chữ số, không kèm chữ.",
        "Trang tính “Tuần 34”, dòng 4, cột “Đơn vị”: cần đúng tên hoặc mã đơn vị; thực tế: “Long Dienn” không khớp"
        " đơn vị nào; gần nhất: Huyện Long Điền (752). Ghi đúng tên hoặc mã đơn vị.",
        "Trang tính “Tuần 34”, dòng 5, cột “Ngày báo cáo”: cần ngày dạng dd/mm/yyyy; thực tế: “31/02/2021”"
        " (ngày không đọc được). Ghi ngày dạng dd/mm/yyyy.",
    ]
    assert said[3] == "  XLSX, trang tính: Tuần 34"
    assert "  Ngày: dd/mm/yyyy" in said
    assert said[-1] == "báo cáo.xlsx: 4 dòng, dùng được 1, 3 ô cần sửa"


def test_check_in_english(tmp_path: Path, form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "check", str(form), "--dataset", "case_counts", "--language", "en") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "Sheet 'Tuần 34', row 3, column 'Ca mắc mới': needed a whole number, found '1O' (unreadable number)."
        " Write digits only."
    )
    assert said[-1] == "báo cáo.xlsx: 4 rows, 1 usable, 3 cells to mend"


def test_check_for_programs_gives_codes_values_and_both_texts(
    tmp_path: Path, form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "check", str(form), "--dataset", "case_counts", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["rows_in"], found["rows_kept"], found["problems_in_all"], found["refused"]) == (4, 1, 3, None)
    first = found["problems"][0]
    assert {name: first[name] for name in ("sheet", "row", "field", "column", "found", "reason")} == {
        "sheet": "Tuần 34", "row": 3, "field": "cases", "column": "Ca mắc mới", "found": "1O",
        "reason": "number_unreadable",
    }  # fmt: skip
    assert first["message"]["code"] == "refused.bad_cell"
    assert first["message"]["values"]["needed"] == {"code": "needed.integer", "values": {}}
    assert first["message"]["vi"].startswith("Trang tính “Tuần 34”, dòng 3")
    assert first["message"]["en"].startswith("Sheet 'Tuần 34', row 3")
    assert {"code", "values", "vi", "en"} == set(found["notes"][0])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b"%PDF-1.7",
            "Tệp form.csv: cần bảng số liệu CSV, JSON hoặc XLSX; thực tế: tài liệu PDF."
            " Gửi bảng số liệu gốc của bản in.",
        ),
        (
            "Đơn vị;Ngày báo cáo;Ca mắc mới\nVũng Tàu;05/06/2021;5\nBà Rịa;06/07/2021;1\n".encode(),
            "Tệp form.csv, cột “Ngày báo cáo”: cần ngày phân biệt được ngày và tháng, hoặc thứ tự được khai báo;"
            " thực tế: 2 giá trị kiểu 05/06/2021, không giá trị nào có số trên 12."
            ' Nêu thứ tự: [source.read] date_format = "%d/%m/%Y" (hoặc "%m/%d/%Y").',
        ),
        (
            "Đơn vị;Ca mắc mới\nVũng Tàu;5\nBà Rịa;1\n".encode(),
            "Tệp form.csv: cần cột “Ngày”; thực tế: Đơn vị, Ca mắc mới."
            ' Thêm cột này vào bảng, hoặc nêu tên cột của nơi gửi trong [source.columns]: day = "...".',
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, expected: str
) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes(content)
    assert run(tmp_path, "check", str(path), "--dataset", "case_counts") == 1
    assert capsys.readouterr().out.strip() == expected


CONFIG = """
[province]
code = "77"
name = "Bà Rịa - Vũng Tàu"

[[source]]
name = "counts"
dataset = "case_counts"
kind = "files"
path = "drop/*.csv"
"""


def test_pull_and_status_speak_vietnamese_unless_asked_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    wanted = tmp_path / "drop"
    assert run(tmp_path, "pull", "--config", str(config)) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "counts: nhận 0 dòng, dùng 0, để riêng 0",
        f"  ! Nguồn counts, thư mục {wanted}: cần thư mục chứa {wanted}/*.csv; thực tế: không có thư mục."
        " Tạo thư mục, hoặc sửa path của nguồn.",
        "chưa có bản nào",
    ]
    assert told.err.startswith("không lập được bản mới. Cần ít nhất một lô dùng được")
    wanted.mkdir()
    (wanted / "a.csv").write_text("unit,day,cases\n747,2021-08-20,5\n747,2021-08-21,x\n", encoding="utf-8")
    assert run(tmp_path, "pull", "--config", str(config), "--language", "en") == 0
    assert capsys.readouterr().out.splitlines()[0] == "counts: in 2, kept 1, set aside 1 (unreadable number 1)"
    assert run(tmp_path, "status") == 0
    assert "counts: lần gửi gần nhất" in capsys.readouterr().out
    run(tmp_path, "pull", "--config", str(config), "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["sources"][0]["error"] is None
