"""The messy shapes that forms really have: each a file in `files/` made here, and its exact report in `reports/`.

`python -m tests.golden.shapes` writes both anew; a report that changes then shows in the difference, cell by cell.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment

from data_sources.forms.judged import Judgement, judge_form
from data_sources.readers.legacy_letters import to_legacy
from data_sources.settings import ProvinceSettings, Settings, UnitSettings
from data_sources.units import Register, load_register
from tests.data_sources.forms.filled import SENT, blank, counts, filled

HERE = Path(__file__).parent
FILES, REPORTS = HERE / "files", HERE / "reports"
PROVINCE = ProvinceSettings(code="77", name="Bà Rịa - Vũng Tàu")

HEAD = "Đơn vị,Ngày,Ca mắc mới,Tử vong"
GOOD = "Thành phố Vũng Tàu,2021-08-20,12,0\nThành phố Bà Rịa,2021-08-20,4,1\nHuyện Long Điền,2021-08-20,39,0"
TABLE = f"{HEAD}\n{GOOD}\n"


def lines(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows, ""]).encode()


def book(*rows: tuple[Any, ...], sheet: str = "Báo cáo", **sheets: list[tuple[Any, ...]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    first.title = sheet
    for row in rows:
        first.append(row)
    for name, more in sheets.items():
        other = made.create_sheet(name)
        for row in more:
            other.append(row)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    target = BytesIO()
    made.save(target)
    return target.getvalue()


HEADS = tuple(HEAD.split(","))
DAY = date(2021, 8, 20)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("Thành phố Vũng Tàu", DAY, 12, 0),
    ("Thành phố Bà Rịa", DAY, 4, 1),
    ("Huyện Long Điền", DAY, 39, 0),
)


def titled_book() -> bytes:
    made = book()
    sheet = made["Báo cáo"]
    sheet["A1"] = "SỞ Y TẾ BÀ RỊA - VŨNG TÀU"
    sheet["A2"] = "BÁO CÁO CA BỆNH NGÀY 20/8/2021"
    sheet.merge_cells("A2:D2")
    sheet["A2"].alignment = Alignment(horizontal="center")
    for row in ((), HEADS, *ROWS, ("Tổng cộng", None, 55, 1), ("Ghi chú: số liệu đến 20 giờ", None, None, None)):
        sheet.append(row)
    return saved(made)


def two_row_header() -> bytes:
    made = book(("Đơn vị", "Ngày", "Số ca", None), (None, None, "Ca mắc mới", "Tử vong"), *ROWS)
    made["Báo cáo"].merge_cells("C1:D1")
    made["Báo cáo"].merge_cells("A1:A2")
    made["Báo cáo"].merge_cells("B1:B2")
    return saved(made)


def merged_units() -> bytes:
    rows = [("Thành phố Vũng Tàu", date(2021, 8, 19), 10, 0), (None, date(2021, 8, 20), 12, 0)]
    made = book(HEADS, *rows)
    made["Báo cáo"].merge_cells("A2:A3")
    return saved(made)


def hidden_things() -> bytes:
    made = book(HEADS, *ROWS, Nháp=[HEADS, ("Thành phố Vũng Tàu", DAY, 999, 0)])
    made["Nháp"].sheet_state = "hidden"
    made["Báo cáo"].row_dimensions[3].hidden = True
    return saved(made)


def serial_days() -> bytes:
    return saved(book(HEADS, *(("Thành phố Vũng Tàu", 44428 + number, number, 0) for number in range(3))))


def formulas_without_values() -> bytes:
    return saved(book(HEADS, *ROWS[:2], ("Huyện Long Điền", DAY, "=30+9", 0)))


def old_template() -> bytes:
    made = openpyxl.load_workbook(BytesIO(filled("case_counts", counts)))
    made["Báo cáo"]["A2"].value = "Mẫu biểu case_counts, phiên bản 1-00000000"
    return saved(made)


def csv_with(*rows: str, head: str = HEAD) -> Callable[[], bytes]:
    return lambda: lines(*rows, head=head)


def text(written: str, code: str = "utf-8") -> Callable[[], bytes]:
    return lambda: written.encode(code)


VT, BR, LD = "Thành phố Vũng Tàu", "Thành phố Bà Rịa", "Huyện Long Điền"
SHAPES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "plain.csv": ("case_counts", text(TABLE)),
    "semicolon_bom.csv": ("case_counts", text("\ufeff" + TABLE.replace(",", ";"))),
    "tabs.csv": ("case_counts", text(TABLE.replace(",", "\t"))),
    "utf16_little.csv": ("case_counts", text("\ufeff" + TABLE, "utf-16-le")),
    "utf16_big.csv": ("case_counts", text("\ufeff" + TABLE, "utf-16-be")),
    "windows_1258.csv": ("case_counts", lambda: to_legacy(TABLE, "cp1258")),
    "tcvn3.csv": ("case_counts", lambda: to_legacy(TABLE, "tcvn3")),
    "vni.csv": ("case_counts", lambda: to_legacy(TABLE, "vni")),
    "viscii.csv": ("case_counts", lambda: to_legacy(TABLE, "viscii")),
    "decomposed.csv": ("case_counts", text(unicodedata.normalize("NFD", TABLE))),
    "old_line_ends.csv": ("case_counts", text(TABLE.replace("\n", "\r\n"))),
    "days_dd_mm_yyyy.csv": ("case_counts", csv_with(f"{VT},20/08/2021,12,0", f"{BR},3/9/2021,4,1")),
    "days_short_year.csv": ("case_counts", csv_with(f"{VT},20/8/21,12,0", f"{BR},21/8/21,4,1")),
    "days_that_may_be_either.csv": ("case_counts", csv_with(f"{VT},01/08/2021,12,0", f"{BR},02/08/2021,4,1")),
    "day_that_cannot_be.csv": ("case_counts", csv_with(f"{VT},31/02/2021,12,0", f"{BR},20/08/2021,4,1")),
    "day_to_come.csv": ("case_counts", csv_with(f"{VT},2031-08-20,12,0", f"{BR},2021-08-20,4,1")),
    "day_of_1900.csv": ("case_counts", csv_with(f"{VT},1900-01-01,12,0", f"{BR},2021-08-20,4,1")),
    "thousands_with_dots.csv": ("case_counts", csv_with(f"{VT},2021-08-20,1.234,0", f"{BR},2021-08-20,12.345,1")),
    "thousands_with_commas.csv": (
        "case_counts",
        text(TABLE.replace(",", ";").replace(";12;", ";1,234;").replace(";39;", ";2,345,678;")),
    ),
    "thousands_and_a_decimal_comma.csv": (
        "case_counts",
        csv_with(f'{VT},2021-08-20,"1,234",0', f'{BR},2021-08-20,"2,345",1', f'{LD},2021-08-20,"12,0",0'),
    ),
    "decimal_commas_and_a_thousand.csv": (
        "case_counts",
        csv_with(f'{VT},2021-08-20,"12,0",0', f'{BR},2021-08-20,"4,0",1', f'{LD},2021-08-20,"1,234",0'),
    ),
    "letter_o.csv": ("case_counts", csv_with(f"{VT},2021-08-20,1O,0", f"{BR},2021-08-20,4,O")),
    "full_width_digits.csv": ("case_counts", csv_with(f"{VT},2021-08-20,１２,0", f"{BR},2021-08-20,4,1")),
    "negative_correction.csv": ("case_counts", csv_with(f"{VT},2021-08-20,-3,0", f"{BR},2021-08-20,4,1")),
    "words_for_numbers.csv": ("case_counts", csv_with(f"{VT},2021-08-20,mười hai,0", f"{BR},2021-08-20,không có,1")),
    "blank_is_not_zero.csv": ("case_counts", csv_with(f"{VT},2021-08-20,,0", f"{BR},2021-08-20,,")),
    "total_that_adds_up.csv": ("case_counts", csv_with(*GOOD.splitlines(), "Tổng cộng,,55,1")),
    "total_that_does_not.csv": ("case_counts", csv_with(*GOOD.splitlines(), "Tổng cộng,,56,1")),
    "notes_under_the_table.csv": (
        "case_counts",
        csv_with(*GOOD.splitlines(), "Ghi chú: số tạm tính,,,", "Người lập,,,"),
    ),
    "titles_above.csv": ("case_counts", lambda: f"BÁO CÁO CA BỆNH,,,\nNgày 20/8/2021,,,\n{TABLE}".encode()),
    "blank_tail.csv": ("case_counts", lambda: (TABLE + ",,,\n" * 20).encode()),
    "header_only.csv": ("case_counts", text(HEAD + "\n")),
    "empty.csv": ("case_counts", text("")),
    "ragged.csv": ("case_counts", csv_with(*GOOD.splitlines(), f"{VT},2021-08-19,7")),
    "open_quote.csv": ("case_counts", csv_with(f'"{VT},2021-08-20,12,0', f"{BR},2021-08-20,4,1")),
    "login_page.csv": ("case_counts", text("<!DOCTYPE html><html><body>Đăng nhập</body></html>")),
    "same_row_twice.csv": ("case_counts", csv_with(*GOOD.splitlines(), GOOD.splitlines()[0])),
    "two_rows_that_contradict.csv": ("case_counts", csv_with(*GOOD.splitlines(), f"{VT},2021-08-20,13,0")),
    "names_without_type.csv": ("case_counts", csv_with("Vũng Tàu,2021-08-20,12,0", "TX Phú Mỹ,2021-08-20,4,1")),
    "names_without_marks.csv": ("case_counts", csv_with("vung tau,2021-08-20,12,0", "Chau Duc,2021-08-20,4,1")),
    "names_with_codes.csv": ("case_counts", csv_with("747,2021-08-20,12,0", "748,2021-08-20,4,1")),
    "name_misspelled.csv": ("case_counts", csv_with("Vũng Tầu,2021-08-20,12,0", f"{BR},2021-08-20,4,1")),
    "name_of_another_province.csv": ("case_counts", csv_with("Biên Hòa,2021-08-20,12,0", f"{BR},2021-08-20,4,1")),
    "name_unknown.csv": ("case_counts", csv_with("Khu vực 3,2021-08-20,12,0", f"{BR},2021-08-20,4,1")),
    "lost_column.csv": ("case_counts", csv_with(f"{VT},12,0", head="Đơn vị,Ca mắc mới,Tử vong")),
    "new_column.csv": ("case_counts", csv_with(f"{VT},2021-08-20,12,0,x", head=HEAD + ",Người lập")),
    "required_cell_blank.csv": ("case_counts", csv_with(",2021-08-20,12,0", f"{BR},,4,1")),
    "word_outside_the_list.csv": (
        "case_counts",
        csv_with(f"{VT},2021-08-20,Trên trời,12,0", head="Đơn vị,Ngày,Nơi phát hiện,Ca mắc mới,Tử vong"),
    ),
    "part_above_whole.csv": (
        "tests",
        csv_with(f"{VT},2021-08-20,10,11", f"{BR},2021-08-20,10,1", head="Đơn vị,Ngày,Kết quả đã trả,Dương tính"),
    ),
    "letters_lost.csv": ("case_counts", csv_with(f"{VT},2021-08-20,12,0", "B\ufffd R\ufffda,2021-08-20,4,1")),
    "titles_totals_notes.xlsx": ("case_counts", titled_book),
    "header_of_two_rows.xlsx": ("case_counts", two_row_header),
    "merged_units.xlsx": ("case_counts", merged_units),
    "hidden_sheet_and_row.xlsx": ("case_counts", hidden_things),
    "two_sheets_of_one_table.xlsx": ("case_counts", lambda: saved(book(HEADS, *ROWS[:2], Thêm=[HEADS, ROWS[2]]))),
    "two_sheets_of_two_tables.xlsx": (
        "case_counts",
        lambda: saved(book(HEADS, *ROWS, Khác=[("Tên", "Chức vụ"), ("A", "B"), ("C", "D")])),
    ),
    "serial_days.xlsx": ("case_counts", serial_days),
    "days_as_text.xlsx": (
        "case_counts",
        lambda: saved(book(HEADS, (VT, "20/08/2021", 12, 0), (BR, "21/08/2021", "4", 1))),
    ),
    "no_figures.csv": ("case_counts", csv_with(f"{VT},2021-08-20,x", head="Đơn vị,Ngày,Người lập")),
    "formulas_without_values.xlsx": ("case_counts", formulas_without_values),
    "template_filled.xlsx": ("case_counts", lambda: filled("case_counts", counts)),
    "template_left_blank.xlsx": ("case_counts", lambda: blank("case_counts")),
    "template_of_an_old_version.xlsx": ("case_counts", old_template),
    "template_of_another_form.xlsx": ("case_counts", lambda: blank("tests")),
    "list.json": ("case_counts", text(json.dumps([{"unit": "747", "day": "2021-08-20", "cases": 12}]))),
    "cut.json": ("case_counts", text('[{"unit": "747", "day": "2021-08-20", "cases": 12},')),
}


def register() -> Register:
    return load_register(Settings(province=PROVINCE, units=UnitSettings(), sources=(), directory=Path()))


def report(name: str, units: Register) -> dict[str, Any]:
    """What a data steward reads about the file, in Vietnamese."""
    content = (FILES / name).read_bytes()
    return told(judge_form(content, name, SHAPES[name][0], units, PROVINCE, unit=None, issued_at=SENT))


def told(found: Judgement) -> dict[str, Any]:
    if found.refused is not None:
        return {"refused": found.refused.parts("vi")._asdict()}
    sums: dict[str, float] = {}
    for one in found.said:
        key = f"{one.measure} {one.unit} {one.day}"
        sums[key] = sums.get(key, 0.0) + one.value
    return {
        "rows": {"in": found.rows_in, "kept": found.rows_kept, "blank": found.rows_blank, "wrong": found.rows_wrong},
        "bad_cells": [
            {
                "where": f"{cell.sheet or '-'} {cell.letter}{cell.row}",
                "header": cell.header,
                "found": cell.found,
                "needed": cell.needed.text("vi"),
                "reason": cell.reason,
            }
            for cell in found.bad_cells
        ],
        "doubtful": {name.written: [guess for _, guess in name.guesses] for name in found.doubtful},
        "said": sums,
        "notes": [note.text("vi") for note in found.notes],
    }


def written(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write every file that is not there yet, and every report anew."""
    FILES.mkdir(exist_ok=True)
    REPORTS.mkdir(exist_ok=True)
    units = register()
    for name, (_, make) in SHAPES.items():
        if not (FILES / name).exists():
            (FILES / name).write_bytes(make())
        (REPORTS / f"{name}.json").write_text(written(report(name, units)), encoding="utf-8")


if __name__ == "__main__":
    main()
