"""Exports: they open rightly, and nothing in them can run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.export import FORMULA_STARTS, to_csv, to_xlsx

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
DANGEROUS = st.builds(lambda start, rest: start + rest, st.sampled_from(FORMULA_STARTS), CELLS)


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "đơn vị": ["Long Điền", '=HYPERLINK("http://x")'],
            "tỷ lệ": [96.5, None],
            "ca": [39, 0],
            "ngày": [date(2021, 8, 29), None],
            "lúc": [datetime(2021, 8, 29, 7, 5, tzinfo=UTC), pd.NaT],
            "đủ": [True, False],
        }
    )


def test_csv_opens_in_vietnamese_and_keeps_numbers() -> None:
    written = to_csv(table())
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert rows == [
        ["đơn vị", "tỷ lệ", "ca", "ngày", "lúc", "đủ"],
        ["Long Điền", "96.5", "39", "2021-08-29", "2021-08-29T14:05+07:00", "True"],
        ['\'=HYPERLINK("http://x")', "", "0", "", "", "False"],
    ]


def test_xlsx_keeps_types_and_has_its_notes() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table(), "Xếp hạng [2021]: a/b", ("Số liệu đến 14:05",))))
    sheet = book.active
    assert sheet is not None
    assert sheet.title == "Xếp hạng 2021 ab"
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "Số liệu đến 14:05"
    assert rows[1] == ["đơn vị", "tỷ lệ", "ca", "ngày", "lúc", "đủ"]
    assert rows[2] == ["Long Điền", 96.5, 39, datetime(2021, 8, 29), datetime(2021, 8, 29, 14, 5), True]  # noqa: DTZ001
    assert rows[3] == ['\'=HYPERLINK("http://x")', None, 0, None, None, False]


@given(st.lists(st.one_of(CELLS, DANGEROUS), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_text_becomes_a_formula(texts: list[str]) -> None:
    frame = pd.DataFrame({text or "x": [text] for text in texts})
    for row in csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell.startswith(FORMULA_STARTS)]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(frame)))
    assert book.active is not None
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_what_is_no_number_is_left_out(number: float) -> None:
    frame = pd.DataFrame({"a": [number]})
    assert list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig")))) == [["a"], [""]]
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx(frame))).active["A2"].value is None
