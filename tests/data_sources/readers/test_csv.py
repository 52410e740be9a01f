"""CSV files as they are met in practice: dialects, titles, ragged rows, and the numbers people see beside rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.readers import forget, load
from data_sources.refusal import Held, Refused
from data_sources.settings import ReadSettings
from tests.data_sources.readers.samples import connect, read_text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimiter_line_end_and_encoding_are_found_out(
    tmp_path: Path, delimiter: str, newline: str, encoding: str
) -> None:
    lines = [("Đơn vị", "Ngày", "Tỷ lệ"), ("Vũng Tàu", "21/8/2021", '"1,5"'), ("Đất Đỏ", "22/8/2021", '"2,25"')]
    text = newline.join(delimiter.join(fields) for fields in lines) + newline
    read = read_text(tmp_path, text.encode(encoding))
    assert read.loaded.delimiter == delimiter
    assert read.loaded.columns == ("Đơn vị", "Ngày", "Tỷ lệ")
    assert read.data == [("Vũng Tàu", "21/8/2021", "1,5"), ("Đất Đỏ", "22/8/2021", "2,25")]
    assert read.numbers == [2, 3]
    assert read.loaded.encoding.startswith(encoding[:6])


def test_semicolons_win_over_decimal_commas(tmp_path: Path) -> None:
    read = read_text(tmp_path, "unit;rate;other\nA;1,5;2,5\nB;3,5;4,5\n")
    assert read.loaded.delimiter == ";"
    assert read.data == [("A", "1,5", "2,5"), ("B", "3,5", "4,5")]


def test_commas_win_over_semicolons_inside_a_text(tmp_path: Path) -> None:
    read = read_text(tmp_path, "unit,note,cases\nA,x;y,1\nB,z;w,2\n")
    assert read.loaded.delimiter == ","
    assert read.data == [("A", "x;y", "1"), ("B", "z;w", "2")]


def test_a_file_of_one_column_has_no_delimiter_to_break_it(tmp_path: Path) -> None:
    read = read_text(tmp_path, "name\nAn, Bình\nCường\n")
    assert read.data == [("An, Bình",), ("Cường",)]


def test_declared_delimiter_and_missing_header_are_taken_as_declared(tmp_path: Path) -> None:
    read = read_text(tmp_path, "2021-08-01\tA\t1\n2021-08-02\tB\t2\n", header=False, delimiter="\t")
    assert read.loaded.columns == ("1", "2", "3")
    assert read.loaded.header_row == 0
    assert read.numbers == [1, 2]


def test_a_file_without_a_header_is_refused_unless_that_is_declared(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="header = false"):
        read_text(tmp_path, "2021-08-01,A,1\n2021-08-02,B,2\n")


def test_row_numbers_count_blank_lines_ragged_rows_and_the_header(tmp_path: Path) -> None:
    read = read_text(tmp_path, "a,b,c\n1,2,3\n\n4,5\n\n\n7,8,9\n1,2,3,4\n10,11,12\n,,\n\n")
    assert read.numbers == [2, 7, 9]
    assert read.rejects == [
        (4, "3 fields; this row has 2", "too_few_fields"),
        (8, "3 fields; this row has 4", "too_many_fields"),
    ]
    assert any("2 rows do not have 3 fields" in note for note in read.notes)


def test_row_numbers_count_a_record_of_several_lines_once(tmp_path: Path) -> None:
    read = read_text(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n3\n4,w\n')
    assert read.data == [("1", "x\ny"), ("2", "z"), ("4", "w")]
    assert read.numbers == [2, 4, 6]
    assert read.rejects == [(5, "2 fields; this row has 1", "too_few_fields")]


def test_rows_far_down_a_file_read_in_parallel_keep_their_numbers(tmp_path: Path) -> None:
    ragged, blank = {150_000, 399_990}, {7, 200_000}
    lines = ["day,unit,cases"]
    for number in range(2, 400_001):
        lines.append(
            "x,y" if number in ragged else "" if number in blank else f"2021-08-01,unit {number},{number % 97}"
        )
    path = tmp_path / "long.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    con = connect()
    loaded = load(con, path, "staging", ReadSettings())
    assert loaded.rows == 399_999 - 4
    wrong = con.execute("SELECT count(*) FROM staging WHERE unit <> 'unit ' || _row").fetchone()
    assert wrong == (0,)
    assert con.execute("SELECT _row FROM staging_rejects ORDER BY 1").fetchall() == [(150_000,), (399_990,)]


def test_titles_two_header_rows_numbering_totals_and_notes_are_told_apart(tmp_path: Path) -> None:
    read = read_text(
        tmp_path,
        "SỞ Y TẾ,,,,\nBÁO CÁO XÉT NGHIỆM NGÀY 21/8/2021,,,,\n,,,,\n"
        "Đơn vị,Test nhanh,,PCR,\n,Mẫu,Dương tính,Mẫu,Dương tính\n(1),(2),(3),(4),(5)\n"
        "Vũng Tàu,100,1,50,2\nLong Điền,200,3,20,1\nCôn Đảo,,,,\nTổng cộng,300,4,70,3\n,,,,\nGhi chú: tạm tính,,,,\n",
    )
    assert read.loaded.columns == (
        "Đơn vị",
        "Test nhanh / Mẫu",
        "Test nhanh / Dương tính",
        "PCR / Mẫu",
        "PCR / Dương tính",
    )
    assert read.loaded.header_row == 5
    assert [(number, role) for number, role, _ in read.rows] == [
        (7, "data"),
        (8, "data"),
        (9, "data"),
        (10, "total"),
        (12, "note"),
    ]
    assert read.loaded.rows == 3


def test_all_doses_beside_a_unit_is_data_not_a_totals_row(tmp_path: Path) -> None:
    read = read_text(tmp_path, "mũi,đơn vị,số\nTổng,Vũng Tàu,5\nMũi 1,Vũng Tàu,3\nTổng,,8\n")
    assert [role for _, role, _ in read.rows] == ["data", "data", "total"]


@pytest.mark.parametrize("name", ["Cộng Hòa", "Tổng Cọt", "Toàn Thắng", "Tân Tổng"])
def test_a_commune_whose_name_begins_like_a_total_is_data(tmp_path: Path, name: str) -> None:
    read = read_text(tmp_path, f"xã,ca\n{name},5\nAn Bình,3\n")
    assert [role for _, role, _ in read.rows] == ["data", "data"]


def test_a_header_printed_again_is_not_data(tmp_path: Path) -> None:
    read = read_text(tmp_path, "unit,day,cases\nA,1/8/2021,1\nunit,day,cases\nB,1/8/2021,2\n")
    assert [role for _, role, _ in read.rows] == ["data", "note", "data"]


def test_headers_blank_repeated_reserved_and_very_long_are_made_unique(tmp_path: Path) -> None:
    long = "Tên cột rất dài " * 20
    read = read_text(tmp_path, f"Số ca,,Số ca,_row,a,A,{long.strip()}\nx,y,z,1,2,3,4\n")
    assert read.loaded.columns == ("Số ca", "cột 2", "Số ca (2)", "_row (2)", "a", "A (2)", long.strip())
    assert read.data == [("x", "y", "z", "1", "2", "3", "4")]


def test_a_nameless_column_without_a_value_is_left_out(tmp_path: Path) -> None:
    read = read_text(tmp_path, "a,b,\n1,2,\n3,4,\n")
    assert read.loaded.columns == ("a", "b")


def test_blank_cells_are_null_and_space_around_a_cell_is_dropped(tmp_path: Path) -> None:
    read = read_text(tmp_path, 'a,b,c\n  x ,"",   \n"  ", y,\u00a0z \n')
    assert read.data == [("x", None, None), (None, "y", "z")]


def test_words_that_other_readers_take_for_missing_stay_as_written(tmp_path: Path) -> None:
    read = read_text(tmp_path, "a,b,c\nNULL,NA,null\n1,2,3\n")
    assert read.data[0] == ("NULL", "NA", "null")


def test_fewer_columns_in_the_rows_than_in_the_header_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="a header of 2 columns"):
        read_text(tmp_path, "day,unit,cases\n" + "2021-08-01,A\n" * 5)


def test_mostly_ragged_rows_are_refused_as_a_whole(tmp_path: Path) -> None:
    rows = "1,2,3\n" * 3 + "1,2\n" * 2 + "1,2,3,4\n" * 2
    with pytest.raises(Refused, match="more or fewer fields"):
        read_text(tmp_path, "a,b,c\n" + rows, delimiter=",")


def test_a_quote_that_swallows_rows_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="row 3: needed quotes that are closed"):
        read_text(tmp_path, 'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,11,12\n')


def test_a_misplaced_quote_sets_one_row_aside(tmp_path: Path) -> None:
    read = read_text(tmp_path, 'a,b,c\n1,2,3\n4,"5"x,6\n7,8,9\n')
    assert read.numbers == [2, 4]
    assert [(row, reason) for row, _, reason in read.rejects] == [(3, "bad_quoting")]


def test_quotes_escaped_by_a_backslash(tmp_path: Path) -> None:
    read = read_text(tmp_path, 'a,b,c\n1,"x \\"y\\", z",3\n4,"p\\",q",6\n')
    assert read.data == [("1", 'x "y", z', "3"), ("4", 'p",q', "6")]


def test_what_a_reject_says_does_not_quote_the_row(tmp_path: Path) -> None:
    read = read_text(tmp_path, "name,phone,day\nNguyễn Văn A,0912345678\nB,2,3\n")
    assert "0912345678" not in str(read.rejects)
    assert "Nguyễn" not in str(read.rejects)


def test_mixed_line_ends_are_read_record_by_record(tmp_path: Path) -> None:
    read = read_text(tmp_path, b"a,b,c\r\n1,2,3\n4,5,6\r\n\n7,8,9")
    assert read.data == [("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9")]
    assert read.numbers == [2, 3, 5]


def test_ragged_rows_and_blank_lines_between_windows_line_ends(tmp_path: Path) -> None:
    read = read_text(tmp_path, b"a,b,c\r\n1,2,3\r\n\r\n4,5,6,7\r\n7,8,9\r\n4,5\r\n1,1,1\r\n")
    assert read.numbers == [2, 5, 7]
    assert [row for row, _, _ in read.rejects] == [4, 6]


def test_a_header_alone_is_held(tmp_path: Path) -> None:
    with pytest.raises(Held, match="Zero rows are not zero cases"):
        read_text(tmp_path, "a,b\n")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_held(tmp_path: Path, content: str) -> None:
    with pytest.raises(Held):
        read_text(tmp_path, content)


def test_a_path_with_signs_of_a_pattern_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("a,b\nother,file\n", encoding="utf-8")
    read = read_text(tmp_path, "a,b\n1,2\n", name="[b]*.csv")
    assert read.data == [("1", "2")]


def test_reading_again_under_the_same_name_replaces_the_table_and_forget_leaves_nothing(tmp_path: Path) -> None:
    con = connect()
    for content in ("a,b\n1,2\nTổng,\n", "x,y\n3,4\n5\n", '{"z": 1}'):
        path = tmp_path / "one"
        path.write_text(content, encoding="utf-8")
        load(con, path, "staging", ReadSettings())
    assert [row[0] for row in con.execute("DESCRIBE staging").fetchall()] == ["_sheet", "_row", "_role", "z"]
    forget(con, "staging")
    assert con.execute("SELECT count(*) FROM information_schema.tables").fetchone() == (0,)


def test_the_connections_own_order_setting_is_put_back(tmp_path: Path) -> None:
    con = connect()
    con.execute("SET preserve_insertion_order = false")
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "".join(f"{n},x\n" for n in range(2, 50_000)), encoding="utf-8")
    load(con, path, "staging", ReadSettings())
    assert con.execute("SELECT count(*) FROM staging WHERE a::BIGINT <> _row").fetchone() == (0,)
    assert con.execute("SELECT current_setting('preserve_insertion_order')").fetchone() == (False,)


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "limit"), [(65_535, 65_536), (65_536, 65_536), (1_048_575, 1_048_576)])
def test_a_file_that_ends_at_a_spreadsheets_limit_says_so(tmp_path: Path, rows: int, limit: int) -> None:
    read_path = tmp_path / "cut.csv"
    read_path.write_text("a,b\n" + "1,2\n" * rows, encoding="utf-8")
    con = connect()
    loaded = load(con, read_path, "staging", ReadSettings())
    assert loaded.rows == rows
    assert any(f"exactly {limit:,} rows" in note.text("en") for note in loaded.notes)


CELLS = st.text(
    # Letters of Latin-1 that no Vietnamese word has are left out: an old font is turned into Unicode.
    alphabet=st.one_of(
        st.sampled_from("aZ9 ,;\t|\"\n'.-đĐăâêôơưĐắừỹ"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    ),
    max_size=12,
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A table of text with a header of plain words, three columns or more, and no blank row."""
    width = draw(st.integers(3, 5))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8))
    for number, row in enumerate(rows):
        row[0] = f"k{number}{row[0].strip()}"
    return [[f"cot{place}" for place in range(width)], *rows]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=tables(),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_what_was_written_in_any_dialect_is_read_back(
    tmp_path: Path, table: list[list[str]], delimiter: str, newline: str, encoding: str, quoting: int
) -> None:
    import unicodedata

    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    read = read_text(tmp_path, stream.getvalue().encode(encoding))

    def kept(text: str) -> str | None:
        return unicodedata.normalize("NFC", text).strip(" \t\r\n\u00a0\u200b\ufeff") or None

    written = [tuple(kept(text) for text in row) for row in table[1:]]
    assert read.loaded.delimiter == delimiter
    assert [cells for _, _, cells in read.rows] == written
    assert read.rejects == []
