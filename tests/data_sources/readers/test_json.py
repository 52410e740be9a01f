"""JSON in the shapes systems send: lists, envelopes, lines; cut or broken ones are refused whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.readers.formats import find_number_format
from data_sources.refusal import Held, Refused
from tests.data_sources.readers.samples import connect, read_text

ROWS = [{"mã": "A1", "ca": 5, "nơi": {"lat": 10.401, "tên": "Chợ"}}, {"mã": "A2", "ca": None, "ghi": " x "}]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps({"total": 2, "rows": ROWS}),
        json.dumps({"data": {"items": ROWS}}),
        json.dumps({"warnings": [{"a": 1}], "rows": ROWS}),
        "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
        "\n\n".join(json.dumps(row) for row in ROWS) + "\n",
        json.dumps(ROWS, indent=2),
    ],
    ids=["list", "envelope", "nested envelope", "two lists", "lines", "spaced lines", "pretty"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_are_found_in_each_shape(tmp_path: Path, text: str, encoding: str) -> None:
    read = read_text(tmp_path, text.encode(encoding), "rows.json")
    assert read.loaded.format == "json"
    assert read.loaded.columns == ("mã", "ca", "nơi.lat", "nơi.tên", "ghi")
    assert read.data == [("A1", "5", "10.4010", "Chợ", None), ("A2", None, None, None, "x")]
    assert read.numbers == [1, 2]


def test_the_declared_key_is_taken(tmp_path: Path) -> None:
    text = json.dumps({"a": [{"x": 1}], "b": {"c": [{"y": 2}]}})
    assert read_text(tmp_path, text, "f", rows_at="b.c").loaded.columns == ("y",)


def test_several_lists_without_a_declared_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="rows_at"):
        read_text(tmp_path, '{"a": [{"x": 1}], "b": [{"y": 2}]}')


def test_a_declared_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="a list of rows at 'rows'"):
        read_text(tmp_path, '{"a": [{"x": 1}]}', rows_at="rows")


def test_lines_are_lines_whatever_key_is_declared_for_the_envelope(tmp_path: Path) -> None:
    assert read_text(tmp_path, '{"x": 1}\n{"x": 2}\n', rows_at="rows").data == [("1",), ("2",)]


def test_a_row_that_holds_a_list_stays_a_row_in_a_list_of_one(tmp_path: Path) -> None:
    read = read_text(tmp_path, '[{"mã": "A", "f1": [{"mã": "B"}]}]')
    assert read.data == [("A", '[{"mã":"B"}]')]


def test_a_decimal_number_is_never_taken_for_thousands(tmp_path: Path) -> None:
    read = read_text(tmp_path, '[{"lon": 107.243}, {"lon": 10.5}, {"lon": "1.234"}]')
    assert read.data == [("107.2430",), ("10.5",), ("1.234",)]
    con = connect()
    con.execute("CREATE TEMP TABLE t AS SELECT '107.2430' AS lon")
    sql = find_number_format(con, "t", "lon", None).number_sql("lon")
    assert con.execute(f"SELECT {sql} FROM t").fetchone() == (107.243,)


@pytest.mark.parametrize("cut", range(1, len('[{"a": 1}, {"a": "é"}]')))
def test_a_document_cut_anywhere_is_refused(tmp_path: Path, cut: int) -> None:
    with pytest.raises(Refused):
        read_text(tmp_path, '[{"a": 1}, {"a": "é"}]'.encode()[:cut])


def test_a_cut_last_line_refuses_the_whole_file(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cut or broken"):
        read_text(tmp_path, '{"a": 1}\n{"a": 2}\n{"a": ')


def test_what_the_refusal_says_does_not_quote_the_document(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        read_text(tmp_path, '[{"phone": "0912345678"}, {"phone": "0987')
    assert "09" not in str(refusal.value)


@pytest.mark.parametrize("text", ["[]", '{"rows": []}', '{"total": 0, "rows": []}'])
def test_no_rows_are_held(tmp_path: Path, text: str) -> None:
    with pytest.raises(Held):
        read_text(tmp_path, text)


def test_rows_that_are_no_objects_are_set_aside(tmp_path: Path) -> None:
    read = read_text(tmp_path, '[{"a": 1}, 5, {"a": 2}, {"a": 3}]')
    assert [(row, reason) for row, _, reason in read.rejects] == [(2, "not_an_object")]
    assert read.numbers == [1, 3, 4]


def test_keys_of_any_spelling_become_columns(tmp_path: Path) -> None:
    row = {'a"b': 1, "": 2, "a.b": 3, "a/b~c": 4, "A": 5, "a": 6, "_row": 7, "Ho\u0300a": 8, "$": 9, "'": 10}
    read = read_text(tmp_path, json.dumps([row]))
    assert read.data == [tuple(str(value) for value in row.values())]
    assert read.loaded.columns == ('a"b', "cột 2", "a.b", "a/b~c", "A", "a (2)", "_row (2)", "Hòa", "$", "'")


def test_depth_does_no_harm(tmp_path: Path) -> None:
    read = read_text(tmp_path, '[{"a": ' + "[" * 100_000 + "]" * 100_000 + "}]")
    assert read.loaded.rows == 1


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(
        st.characters(codec="utf-8", exclude_characters="\x00", max_codepoint=0x9F, exclude_categories=("Cc",)),
        max_size=8,
    ),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.fixed_dictionaries({"k": st.integers(0, 9), "a": VALUES, "b": VALUES}), min_size=1, max_size=6),
    envelope=st.booleans(),
)
def test_what_was_written_is_read_back(tmp_path: Path, rows: list[dict[str, Any]], envelope: bool) -> None:
    read = read_text(tmp_path, json.dumps({"rows": rows} if envelope else rows))

    def text_of(value: Any) -> str | None:
        if value is None or isinstance(value, bool):
            return None if value is None else str(value).lower()
        return (value.strip() or None) if isinstance(value, str) else str(value)

    assert set(read.loaded.columns) == {"k", "a", "b"}
    assert read.data == [tuple(text_of(row[key]) for key in read.loaded.columns) for row in rows]
