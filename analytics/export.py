"""Tables as files: CSV and XLSX that open rightly in a spreadsheet and run nothing in it."""

from __future__ import annotations

import csv
import io
import math
from datetime import date, datetime

import pandas as pd
import xlsxwriter

from analytics.wording import TIME_ZONE

# A cell that begins with one of these is a formula or a command to Excel and LibreOffice (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads Vietnamese as Windows-1258."""
SHEET_NAME_LENGTH = 31
FORBIDDEN_IN_SHEET_NAME = str.maketrans("", "", "[]:*?/\\'")


def neutral(text: str) -> str:
    """A text that a spreadsheet takes as text: one that would begin a formula gets a leading apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def to_csv(frame: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 with a byte order mark; numbers stay numbers, texts cannot become formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(str(name)) for name in frame.columns])
    for row in frame.astype(object).itertuples(index=False, name=None):
        writer.writerow([_csv_cell(value) for value in row])
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8")


def to_xlsx(frame: pd.DataFrame, title: str = "", notes: tuple[str, ...] = ()) -> bytes:
    """The table as a workbook: `notes` above it, a header row; texts are texts, never formulas or links."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title.translate(FORBIDDEN_IN_SHEET_NAME)[:SHEET_NAME_LENGTH] or "Data")
        bold = book.add_format({"bold": True})
        as_day = book.add_format({"num_format": "dd/mm/yyyy"})
        as_time = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for number, note in enumerate(notes):
            sheet.write_string(number, 0, neutral(note))
        header = len(notes)
        for place, name in enumerate(frame.columns):
            sheet.write_string(header, place, neutral(str(name)), bold)
        for number, row in enumerate(frame.astype(object).itertuples(index=False, name=None), start=header + 1):
            for place, value in enumerate(row):
                if _is_missing(value):
                    continue
                if isinstance(value, bool):
                    sheet.write_boolean(number, place, value)
                elif isinstance(value, int | float):
                    sheet.write_number(number, place, value)
                elif isinstance(value, datetime):
                    local = value.astimezone(TIME_ZONE).replace(tzinfo=None) if value.tzinfo else value
                    sheet.write_datetime(number, place, local, as_day if _is_midnight(local) else as_time)
                elif isinstance(value, date):
                    sheet.write_datetime(number, place, datetime.combine(value, datetime.min.time()), as_day)
                else:
                    sheet.write_string(number, place, neutral(str(value)))
        sheet.freeze_panes(header + 1, 0)
    return out.getvalue()


def _csv_cell(value: object) -> object:
    if _is_missing(value):
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(TIME_ZONE) if value.tzinfo else value
        return local.date().isoformat() if _is_midnight(local) else local.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return neutral(value) if isinstance(value, str) else value


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value))


def _is_midnight(value: datetime) -> bool:
    return (value.hour, value.minute, value.second) == (0, 0, 0)
