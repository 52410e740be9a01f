"""Where the header is, in the forms that are met and in those that only look like them."""

from __future__ import annotations

import pytest

from data_sources.readers.layout import Layout, Row, cell, find_layout, kind_of
from data_sources.refusal import Refused


def layout_of(*rows: str, header_row: int | None = None) -> Layout:
    """The layout of rows written with a bar between cells."""
    cells = [[cell(text) for text in row.split("|")] for row in rows]
    width = max(len(row) for row in cells)
    table = [Row(number, (*row, *[None] * (width - len(row)))) for number, row in enumerate(cells, start=1)]
    return find_layout(table, width, header=True, header_row=header_row, where="form")


def test_the_first_row_of_labels_is_the_header() -> None:
    found = layout_of("unit|day|cases", "A|2021-08-01|1", "B|2021-08-01|2")
    assert (found.header_row, found.first, found.kinds) == (1, 1, ("text", "day", "number"))


def test_a_letterhead_in_two_halves_is_no_header() -> None:
    found = layout_of(
        "SỞ Y TẾ|SỞ Y TẾ|CỘNG HÒA XÃ HỘI|CỘNG HÒA XÃ HỘI",
        "TRUNG TÂM|TRUNG TÂM|Độc lập - Tự do|Độc lập - Tự do",
        "|||",
        "STT|Đơn vị|Ca|Tử vong",
        "1|Vũng Tàu|5|0",
    )
    assert found.header_row == 4
    assert found.titles == (1, 2)


def test_merged_groups_over_columns_are_joined_to_them() -> None:
    found = layout_of("Đơn vị|F0|F0|F1|F1", "Đơn vị|Mới|Lũy kế|Mới|Lũy kế", "A|1|2|3|4", "B|1|2|3|4")
    assert found.names == ("Đơn vị", "F0 / Mới", "F0 / Lũy kế", "F1 / Mới", "F1 / Lũy kế")
    assert (found.header_row, found.header_rows) == (2, 2)


def test_two_groups_alone_above_a_header_are_joined_too() -> None:
    found = layout_of("Đơn vị|Số liệu|Số liệu|Số liệu", "Đơn vị|Mới|Khỏi|Chết", "A|1|2|3")
    assert found.names == ("Đơn vị", "Số liệu / Mới", "Số liệu / Khỏi", "Số liệu / Chết")


@pytest.mark.parametrize("numbering", ["(1)|(2)|(3)|(4)", "(A)|(1)|(2)|(3)", "(1)|(2)|(3)=(1)+(2)|(4)"])
def test_a_row_that_numbers_the_columns_is_not_data(numbering: str) -> None:
    found = layout_of("Đơn vị|a|b|c", numbering.replace(")=", ") ="), "Vũng Tàu|1|2|3")
    assert (found.first, found.numbering_row) == (2, 2)


def test_numbering_without_brackets_is_known_under_titles_only() -> None:
    titled = layout_of("BÁO CÁO|||", "Đơn vị|Ca mới|Khỏi|Chết", "A|1|2|3", "Vũng Tàu|5|6|7")
    assert titled.numbering_row == 3
    bare = layout_of("unit|cases|deaths|recovered", "A|1|2|3", "Vũng Tàu|5|6|7")
    assert (bare.numbering_row, bare.first) == (None, 1)


def test_a_first_row_of_small_numbers_is_data() -> None:
    assert layout_of("a|b|c", "1|2|3", "4|5|6").first == 1


def test_a_table_of_text_alone_has_its_header_first() -> None:
    found = layout_of("name|state|note", "An|khỏi|x", "Bình|đang điều trị|y")
    assert (found.header_row, found.first) == (1, 1)


def test_a_code_in_a_header_does_no_harm_but_data_never_become_one() -> None:
    assert layout_of("unit|name|2019", "A|x|y", "B|x|z").header_row == 1
    with pytest.raises(Refused, match="header_row"):
        layout_of("A|2021-08-01|1", "B|2021-08-02|2")


def test_a_declared_header_row_is_taken_and_a_blank_one_refused() -> None:
    assert layout_of("1|2|3", "4|5|6", header_row=1).names == ("1", "2", "3")
    with pytest.raises(Refused, match="row 9"):
        layout_of("a|b|c", "1|2|3", header_row=9)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1.234,5", "number"), ("12%", "number"), ("-3", "number"), ("21/8/2021", "day"), ("2021-08-21 10:00", "day"),
     ("7:30", "day"), ("18-49", "text"), ("F0", "text"), (None, None)],
)  # fmt: skip
def test_kinds_of_cells(text: str | None, kind: str | None) -> None:
    assert kind_of(text) == kind
