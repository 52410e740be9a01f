"""The template of a form as an XLSX workbook: title, what to do, stamp, validated columns, the units filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from data_sources.contracts.model import Column
from data_sources.forms.model import Form

SHEET = "Báo cáo"
LISTS = "Danh mục"
GUIDE = "Hướng dẫn"
TITLE_ROW, STAMP_ROW, GUIDE_ROW, HEADER_ROW = 0, 1, 2, 4
SPARE_ROWS = 2_000
"""Validated rows below the filled ones; a district's line list of one day was under 200 in August 2021."""
FIRST_ALLOWED, LAST_ALLOWED = date(2000, 1, 1), date(2100, 1, 1)
INK, PAPER, FILLED, MUST = "#10243A", "#FFFFFF", "#EEF3F8", "#C9DDEE"
MADE_AT = datetime(2021, 1, 1, tzinfo=UTC)
"""A workbook holds the time it was made; a fixed one makes the same template the same bytes."""


@dataclass(frozen=True)
class Place:
    """A unit that a template is for: its code and the name written into its rows."""

    code: str
    name: str


def template(form: Form, places: Sequence[Place], day: date | None, unit: str | None = None) -> bytes:
    """The workbook; one row for each of `places` and group, with `day` where given. `unit` goes into the stamp."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    book.set_properties({"title": form.contract.vi, "comments": form.stamp(unit), "created": MADE_AT})
    sheet, lists = book.add_worksheet(SHEET), book.add_worksheet(LISTS)
    _write_guide(book.add_worksheet(GUIDE), form)
    lists.hide()
    formats = _formats(book)
    last_row = _write_rows(sheet, form, places, day, formats)
    _write_head(sheet, form, unit, formats)
    for place, column in enumerate(form.columns):
        _validate(sheet, lists, column, place, places, last_row + SPARE_ROWS)
    book.close()
    return target.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    plain = {"font_name": "Arial", "font_size": 11, "font_color": INK}
    return {
        "title": book.add_format({**plain, "bold": True, "font_size": 16}),
        "text": book.add_format({**plain}),
        "header": book.add_format({**plain, "bold": True, "bg_color": FILLED, "text_wrap": True, "bottom": 1}),
        "must": book.add_format({**plain, "bold": True, "bg_color": MUST, "text_wrap": True, "bottom": 1}),
        "filled": book.add_format({**plain, "bg_color": FILLED}),
        "filled_day": book.add_format({**plain, "bg_color": FILLED, "num_format": "dd/mm/yyyy"}),
        "day": book.add_format({**plain, "num_format": "dd/mm/yyyy"}),
        "time": book.add_format({**plain, "num_format": "dd/mm/yyyy hh:mm"}),
        "code": book.add_format({**plain, "num_format": "@"}),
    }


def _write_head(sheet: Any, form: Form, unit: str | None, formats: dict[str, Any]) -> None:
    sheet.write(TITLE_ROW, 0, form.contract.vi.upper(), formats["title"])
    sheet.write(STAMP_ROW, 0, form.stamp(unit), formats["text"])
    told = "Ô trống: chưa có số liệu. Số 0: đã báo cáo và bằng 0. Cột có dấu * phải điền. Không sửa hàng tiêu đề."
    sheet.write(GUIDE_ROW, 0, told, formats["text"])
    for place, column in enumerate(form.columns):
        kind = "must" if column.required else "header"
        sheet.write(HEADER_ROW, place, f"{column.vi} *" if column.required else column.vi, formats[kind])
        shape = {"day": "day", "time": "time", "code": "code", "person": "code"}.get(column.type, "text")
        width = max(14, min(34, len(column.vi) + 4, 34))
        sheet.set_column(place, place, 26 if column.type in ("unit", "choice", "text") else width, formats[shape])
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _write_rows(sheet: Any, form: Form, places: Sequence[Place], day: date | None, formats: dict[str, Any]) -> int:
    """Write what is known before anyone fills the form in; the last row written."""
    row = HEADER_ROW
    if form.contract.line_list:
        return row
    for place in places:
        for group in form.rows():
            row += 1
            for number, column in enumerate(form.columns):
                if column.type == "unit":
                    sheet.write(row, number, place.name, formats["filled"])
                elif column.name == "day" and day is not None:
                    sheet.write_datetime(row, number, day, formats["filled_day"])
                elif column.name in group:
                    sheet.write(row, number, group[column.name].vi, formats["filled"])
    return row


def _validate(sheet: Any, lists: Any, column: Column, place: int, places: Sequence[Place], last_row: int) -> None:
    rule: dict[str, Any] | None = None
    if column.type == "unit" and places:
        rule = _list(lists, place, [item.name for item in places])
    elif column.type == "choice":
        rule = _list(lists, place, [choice.vi for choice in column.choices])
    elif column.type == "boolean":
        rule = _list(lists, place, ["có", "không"])
    elif column.type == "integer" or column.type == "number":
        low = column.minimum if column.minimum is not None else 0
        high = column.maximum if column.maximum is not None else 1e12
        rule = {"validate": "integer" if column.type == "integer" else "decimal", "criteria": "between"}
        rule |= {"minimum": low, "maximum": high, "error_message": f"Cần một số từ {low:g} đến {high:g}."}
    elif column.type == "day":
        rule = {"validate": "date", "criteria": "between", "minimum": FIRST_ALLOWED, "maximum": LAST_ALLOWED}
        rule["error_message"] = "Cần một ngày, viết dạng 29/08/2021."
    if rule is not None:
        rule |= {"error_title": column.vi[:32], "ignore_blank": True}
        sheet.data_validation(HEADER_ROW + 1, place, last_row, place, rule)


def _list(lists: Any, place: int, words: list[str]) -> dict[str, Any]:
    """A list to choose from; it lies on the hidden sheet, for Excel takes only 255 letters in the rule itself."""
    for row, word in enumerate(words):
        lists.write(row, place, word)
    letters = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
    return {
        "validate": "list",
        "source": f"='{LISTS}'!{letters}$1:{letters}${len(words)}",
        "error_message": "Chọn một giá trị trong danh sách.",
    }


def _write_guide(sheet: Any, form: Form) -> None:
    """One column of text, which the reader passes over."""
    key = ", ".join(form.contract.column(name).vi.lower() for name in form.contract.key)
    lines = [f"{form.contract.vi}: mỗi dòng là một {key}.", ""]
    for column in form.columns:
        told = [column.vi + (" (phải điền)" if column.required else "")]
        if column.measured_in:
            told.append(f"đơn vị tính: {column.measured_in}")
        if column.choices:
            told.append("chọn: " + ", ".join(choice.vi for choice in column.choices))
        if column.personal or column.type == "person":
            told.append("dữ liệu cá nhân: được mã hóa khi nhận")
        lines.append("; ".join(told))
    for row, line in enumerate(lines):
        sheet.write(row, 0, line)
    sheet.set_column(0, 0, 110)
