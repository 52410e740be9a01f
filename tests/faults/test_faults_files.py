"""Faults of files, by the numbers of faults.md: hostile, damaged and deceptive ones made here and read."""

from __future__ import annotations

import json
import os
import struct
import threading
import time
import unicodedata
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.connectors.clock import Clock
from data_sources.connectors.files import fetch_files
from data_sources.readers import legacy_letters, xlsx
from data_sources.readers.formats import AmbiguousDates, find_day_format, find_number_format
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import ProvinceSettings, Settings, SourceSettings, UnitSettings
from tests.data_sources.readers.samples import connect, read_text, simple_workbook, with_parts, workbook_bytes

TABLE = simple_workbook(("unit", "cases", "deaths"), ("A", 1, 2), ("B", 3, 4))


def refused(folder: Path, content: bytes, match: str, name: str = "form.xlsx") -> None:
    """The file is refused with these words, quickly, and this process lives."""
    began = time.monotonic()
    with pytest.raises(Refused, match=match):
        read_text(folder, content, name)
    assert time.monotonic() - began < 60


# 8: a file cut at the limit of the program that saved it


def test_fault_08_exactly_as_many_rows_as_an_old_sheet_holds_is_said(tmp_path: Path) -> None:
    read = read_text(tmp_path, "a,b\n" + "1,2\n" * 65_535)
    assert any("exactly 65,536 rows" in note for note in read.notes)
    assert not any("exactly" in note for note in read_text(tmp_path, "a,b\n" + "1,2\n" * 65_537).notes)


# 17: days


def days_of(values: list[str]) -> list[date | None]:
    con = connect()
    con.execute("CREATE TEMP TABLE t AS SELECT unnest(?::VARCHAR[]) AS d", [values])
    sql = find_day_format(con, "t", "d", None).sql("d")
    return [row[0] for row in con.execute(f"SELECT {sql} FROM t").fetchall()]


def test_fault_17_day_and_month_serials_and_texts_in_one_column() -> None:
    written = ["01/08/2021", "13/08/2021", "44409", "2021-08-01", "1/8/21", "01/08", "hôm qua"]
    august = date(2021, 8, 1)
    assert days_of(written) == [august, date(2021, 8, 13), august, august, august, None, None]


def test_fault_17_a_column_that_may_be_either_order_is_refused_never_guessed() -> None:
    with pytest.raises(AmbiguousDates):
        days_of(["01/08/2021", "02/08/2021", "03/08/2021"])


def test_fault_17_dates_and_serials_of_a_workbook_and_of_a_csv_are_the_same_days(tmp_path: Path) -> None:
    book = read_text(
        tmp_path,
        simple_workbook(("unit", "day", "n"), ("A", date(2021, 8, 1), 1), ("B", 44409, 2), ("C", "13/08/2021", 3)),
        "a.xlsx",
    )
    assert days_of([str(cells[1]) for cells in book.data]) == [date(2021, 8, 1), date(2021, 8, 1), date(2021, 8, 13)]


# 18 and 19: letters


@pytest.mark.parametrize("code", ["tcvn3", "vni", "viscii", "cp1258", "utf-16", "utf-16-be", "utf-8-sig", "utf-8"])
def test_fault_18_every_code_arrives_as_unicode(tmp_path: Path, code: str) -> None:
    text = "Đơn vị,Ca\nThị xã Phú Mỹ,1\nHuyện Xuyên Mộc,2\nHuyện Đất Đỏ,3\n"
    content = text.encode(code) if code.startswith("utf") else legacy_letters.to_legacy(text, code)
    read = read_text(tmp_path, content)
    assert read.loaded.encoding == code
    assert [cells[0] for cells in read.data] == ["Thị xã Phú Mỹ", "Huyện Xuyên Mộc", "Huyện Đất Đỏ"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(min_size=1, max_size=60).filter(lambda data: max(data) > 127))
def test_fault_18_random_bytes_never_become_stored_mojibake(tmp_path: Path, noise: bytes) -> None:
    content = b"ma,ten\n1," + noise.translate(None, b'\x00\r\n",\xfe\xff') + b"x\n"
    try:
        read = read_text(tmp_path, content)
    except Refused:
        return
    stored = "".join(text or "" for cells in read.data for text in cells)
    assert "\ufffd" not in stored
    assert read.loaded.encoding in ("utf-8", "tcvn3", "vni", "viscii", "cp1258")


def test_fault_19_decomposed_headers_and_cells_are_composed_in_all_formats(tmp_path: Path) -> None:
    header, name = "Đơn vị", "Huyện Đất Đỏ"
    apart = {text: unicodedata.normalize("NFD", text) for text in (header, name)}
    files: dict[str, bytes] = {
        "a.csv": f"{apart[header]},n,m\n{apart[name]},1,2\n".encode(),
        "a.json": json.dumps([{apart[header]: apart[name], "n": 1, "m": 2}]).encode(),
        "a.xlsx": simple_workbook((apart[header], "n", "m"), (apart[name], 1, 2)),
    }
    for file, content in files.items():
        read = read_text(tmp_path, content, file)
        assert read.loaded.columns == (header, "n", "m")
        assert read.data == [(name, "1", "2")]


# 20 and 21: forms


@pytest.mark.parametrize(
    "label", ["Tổng cộng", "TỔNG CỘNG:", "Cộng", "Tổng số", "Toàn tỉnh", "Total", "Tổng cộng (3 đơn vị)", "II. Tổng"]
)
def test_fault_20_totals_notes_and_the_blank_tail_are_not_data(tmp_path: Path, label: str) -> None:
    text = f"STT,Đơn vị,Ca\n1,Vũng Tàu,11\n2,Long Điền,39\n,{label},50\n,,\nNgười lập biểu,,\n,,\n,,\n"
    read = read_text(tmp_path, text)
    assert [role for _, role, _ in read.rows] == ["data", "data", "total", "note"]
    assert read.loaded.rows == 2


def test_fault_20_a_unit_that_reported_nothing_is_not_a_note(tmp_path: Path) -> None:
    read = read_text(tmp_path, "Đơn vị,Ca,Tử vong\nVũng Tàu,11,0\nCôn Đảo,,\n")
    assert [role for _, role, _ in read.rows] == ["data", "data"]


def test_fault_21_merged_cells_two_header_rows_hidden_rows_and_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Huyện", "Ca bệnh", None, "Ghi"),
        (None, "Mới", "Khỏi", None),
        ("Đất Đỏ", 1, 2, "x"),
        (None, 3, 4, "y"),
    ):
        sheet.append(row)
    for merged in ("A1:A2", "B1:C1", "D1:D2", "A3:A4"):
        sheet.merge_cells(merged)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("nháp").append(["x"])
    book.worksheets[1].sheet_state = "hidden"
    read = read_text(tmp_path, workbook_bytes(book), "form.xlsx")
    assert read.loaded.columns == ("Huyện", "Ca bệnh / Mới", "Ca bệnh / Khỏi", "Ghi")
    assert read.data == [("Đất Đỏ", "1", "2", "x"), ("Đất Đỏ", "3", "4", "y")]
    said = " ".join(read.notes)
    for what in ("1 hidden rows", "1 hidden columns", "hidden sheet 'nháp'", "header of 2 rows"):
        assert what in said


# 24: numbers


def test_fault_24_numbers_as_text_in_each_way_and_the_letter_o() -> None:
    con = connect()
    con.execute(
        "CREATE TEMP TABLE t AS SELECT unnest(?) AS n", [["1.234", "12.345.678", "１２", "1O5", "l2", "٧", "5%", " 7 "]]
    )
    sql = find_number_format(con, "t", "n", None).integer_sql("n")
    found = [row[0] for row in con.execute(f"SELECT {sql} FROM t").fetchall()]
    assert found == [1234, 12_345_678, 12, None, None, 7, 5, 7]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("0123456789.,- O%eE٣５\u00a0", max_size=8), min_size=1, max_size=6))
def test_fault_24_any_texts_give_numbers_null_or_a_refusal(texts: list[str]) -> None:
    con = connect()
    con.execute("CREATE TEMP TABLE t AS SELECT unnest(?::VARCHAR[]) AS n", [texts])
    try:
        found = find_number_format(con, "t", "n", None, whole=True)
        row = con.execute(f"SELECT list({found.integer_sql('n')}), list({found.number_sql('n')}) FROM t").fetchone()
    except Refused:
        return
    assert row is not None
    for text, whole, number in zip(texts, row[0], row[1], strict=True):
        if "O" in text or not any(sign.isdigit() for sign in text):
            assert whole is None
            assert number is None
        if whole is not None:
            assert number == whole


# 29: archives that grow


def test_fault_29_a_part_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    zeros = b"0" * (64 << 20)
    stream = BytesIO(TABLE)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/big.xml", "w") as part:
        for _ in range(5):
            part.write(zeros)
    assert len(stream.getvalue()) < 1 << 20
    refused(tmp_path, stream.getvalue(), "unpacks to 320 MB")


def test_fault_29_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    content = bytearray(with_parts(TABLE, {"xl/extra.xml": b"<x>" + b"y" * 5000 + b"</x>"}))
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/extra.xml"))
    struct.pack_into("<I", content, place + 24, 100)
    refused(tmp_path, bytes(content), "cannot be read|sizes are false")


def test_fault_29_one_far_cell_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "a", "b"
    refused(tmp_path, workbook_bytes(book), "1,048,576 rows and 16,384 columns")


def test_fault_29_a_far_cell_in_a_near_row_dies_in_the_child_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "CHILD_MEGABYTES", 400)
    rows = (
        "".join(f'<row r="{number}"><c r="H{number}"><v>1</v></c></row>' for number in range(1, 20))
        + '<row r="20"><c r="ZZ28000"><v>1</v></c></row>'
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    refused(tmp_path, replaced_sheet(TABLE, sheet.encode()), "reader was stopped|cannot be read|MB")


def replaced_sheet(workbook: bytes, sheet: bytes) -> bytes:
    """The workbook with another first sheet."""
    source = zipfile.ZipFile(BytesIO(workbook))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item.filename, sheet if item.filename == "xl/worksheets/sheet1.xml" else source.read(item))
    return stream.getvalue()


def test_fault_29_huge_shared_strings_are_refused(tmp_path: Path) -> None:
    shared = b"<sst>" + b"<si><t>" + b"A" * (220 << 20) + b"</t></si></sst>"
    refused(tmp_path, with_parts(TABLE, {"xl/big/sharedStrings.xml": shared}), "unpacks to")


def test_fault_29_thousands_of_parts_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, with_parts(TABLE, {f"xl/x{number}.bin": b"" for number in range(2500)}), "parts")


def test_fault_29_a_workbook_over_the_size_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_FILE_MEGABYTES", 0)
    refused(tmp_path, TABLE, "at most 0 MB")


# 30: the parser dies or hangs


def child(folder: Path, code: str) -> Path:
    """A stand-in for the child process."""
    path = folder / "child.py"
    path.write_text(f"import os, sys, time, json\n{code}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("os.abort()", "signal 6"),
        ("os.kill(os.getpid(), 9)", "signal 9"),
        ("sys.exit(3)", "more than"),
        ("pass", "exit code 0"),
        ("raise RuntimeError", "exit code 1"),
    ],
)
def test_fault_30_a_parser_that_dies_refuses_the_file_and_the_server_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    monkeypatch.setattr(xlsx, "CHILD", child(tmp_path, code))
    refused(tmp_path, TABLE, f"reader was stopped.*{said}")
    monkeypatch.undo()
    assert read_text(tmp_path, TABLE, "good.xlsx").loaded.rows == 2


def test_fault_30_a_parser_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "CHILD", child(tmp_path, "time.sleep(60)"))
    monkeypatch.setattr(xlsx, "CHILD_WALL_SECONDS", 1)
    began = time.monotonic()
    refused(tmp_path, TABLE, "not read within 1 s")
    assert time.monotonic() - began < 5


def test_fault_30_a_parser_that_spins_is_stopped_by_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Path(xlsx.CHILD).read_text(encoding="utf-8").partition("\ndef main")[0]
    code = f"{limits}\nlimit(512, 1)\nwhile True: pass"
    path = tmp_path / "spin.py"
    path.write_text(code, encoding="utf-8")
    monkeypatch.setattr(xlsx, "CHILD", path)
    refused(tmp_path, TABLE, "reader was stopped.*signal")


def test_fault_30_the_child_gets_no_secret_and_no_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOANCANH_KEY", "secret-key")
    seen = tmp_path / "seen"
    code = f"open({str(seen)!r}, 'w').write(json.dumps([dict(os.environ), sys.path, sys.flags.isolated]))"
    monkeypatch.setattr(xlsx, "CHILD", child(tmp_path, code))
    refused(tmp_path, TABLE, "reader was stopped")
    environment, path, isolated = json.loads(seen.read_text(encoding="utf-8"))
    assert "secret-key" not in str(environment)
    assert isolated == 1
    assert not any((Path(entry) / "data_sources").is_dir() for entry in path)


# 31 and 32: parts that act


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "macro"),
        ("xl/VBAProject.BIN", "macro"),
        ("xl/macrosheets/sheet1.xml", "macro"),
        ("xl/externalLinks/externalLink1.xml", "other files"),
        ("xl/embeddings/oleObject1.bin", "OLE"),
        ("xl/activeX/activeX1.xml", "ActiveX"),
        ("../../evil.xml", "roundabout"),
        ("/abs.xml", "roundabout"),
        ("XL/WORKBOOK.XML", "doubled"),
    ],
)
def test_fault_31_macros_links_and_objects_are_refused(tmp_path: Path, part: str, said: str) -> None:
    refused(tmp_path, with_parts(TABLE, {part: b"x"}), said)


def test_fault_31_a_macro_workbook_renamed_to_xlsx_is_refused(tmp_path: Path) -> None:
    types = (b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")
    content = with_parts(TABLE, {}, replace={"[Content_Types].xml": types})
    refused(tmp_path, content, "macros")


@pytest.mark.parametrize("formula", ["cmd|'/c calc'!A1", "DDE|x!y", "cmd&#124;'/c calc'!A1"])
def test_fault_31_dde_formulas_are_refused(tmp_path: Path, formula: str) -> None:
    sheet = (b"</sheetData>", f'<row r="9"><c r="A9"><f>{formula}</f><v>0</v></c></row></sheetData>'.encode())
    refused(tmp_path, with_parts(TABLE, {}, replace={"xl/worksheets/sheet1.xml": sheet}), "DDE")


def test_fault_31_a_bar_within_a_text_of_a_formula_is_no_dde(tmp_path: Path) -> None:
    sheet = (b"</sheetData>", b'<row r="4"><c r="A4" t="str"><f>"a|b"</f><v>a|b</v></c></row></sheetData>')
    read = read_text(tmp_path, with_parts(TABLE, {}, replace={"xl/worksheets/sheet1.xml": sheet}), "bar.xlsx")
    assert read.data[-1] == ("a|b", None, None)


def test_fault_31_an_outside_relation_is_refused_unless_it_is_a_hyperlink(tmp_path: Path) -> None:
    kinds = {"oleObject": False, "attachedTemplate": False, "hyperlink": True}
    for kind, good in kinds.items():
        relation = (
            f'<Relationships><Relationship Id="r9" Type="http://x/relationships/{kind}" Target="file://x/y"'
            ' TargetMode="External"/></Relationships>'
        )
        content = with_parts(TABLE, {"xl/worksheets/_rels/sheet1.xml.rels": relation.encode()})
        if good:
            assert read_text(tmp_path, content, "link.xlsx").loaded.rows == 2
        else:
            refused(tmp_path, content, "links to other files")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("declaration", [LAUGHS, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "<!doctype x>"])
def test_fault_32_document_types_and_entities_are_refused(tmp_path: Path, part: str, declaration: str) -> None:
    content = zipfile.ZipFile(BytesIO(TABLE)).read(part)
    begin = content.find(b"<", content.find(b"?>") if b"?>" in content else 0)
    old = content[begin : begin + 12]
    refused(tmp_path, with_parts(TABLE, {}, replace={part: (old, declaration.encode() + old)}), "DTD")


def test_fault_32_a_document_type_in_utf16_is_refused(tmp_path: Path) -> None:
    refused(
        tmp_path,
        with_parts(TABLE, {"xl/extra.xml": f"<?xml version='1.0'?>{LAUGHS}<x/>".encode("utf-16")}),
        "not UTF-8",
    )
    declared = b"<?xml version='1.0' encoding='utf-7'?><x/>"
    refused(tmp_path, with_parts(TABLE, {"xl/extra.xml": declared}), "not UTF-8")


# 33: another type under a good name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 100, "Windows program"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 100, "program"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "before 2007"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"<html><body>a,b</body></html>", "web page"),
        (b"a,b\n1,\x00\x00\n", "NUL"),
    ],
)
@pytest.mark.parametrize("name", ["form.csv", "form.xlsx", "form.json"])
def test_fault_33_the_content_decides_not_the_name(tmp_path: Path, content: bytes, said: str, name: str) -> None:
    refused(tmp_path, content, said, name)


def test_fault_33_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("evil.exe", b"MZ")
    refused(tmp_path, stream.getvalue(), "ZIP archive")


def test_fault_33_a_csv_called_xlsx_is_read_as_the_csv_it_is(tmp_path: Path) -> None:
    assert read_text(tmp_path, "a,b\n1,2\n", "form.xlsx").loaded.format == "csv"


# 35: names


def pull(folder: Path, pattern: str, *, now: datetime | None = None, sleep: Any = None) -> list[Any]:
    """A pull of files below `folder/drop`."""
    (folder / "spool").mkdir(exist_ok=True)
    settings_of = Settings(
        province=ProvinceSettings(code="77", name="x"), units=UnitSettings(), sources=(), directory=folder
    )
    source = SourceSettings(name="forms", dataset="case_counts", kind="files", path=pattern)
    moment = now or datetime.now(UTC) + timedelta(days=1)
    clock = Clock(sleep=sleep or (lambda seconds: None), now=lambda: moment)
    return list(fetch_files(source, settings_of, folder / "spool", {}, clock=clock))


NAMES = st.text(st.characters(exclude_characters="/\x00", exclude_categories=("Cs",)), min_size=1, max_size=60).filter(
    lambda name: name not in (".", "..") and not name.startswith((".", "~$")) and len(name.encode()) < 240
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES)
def test_fault_35_any_name_is_only_shown_never_used(tmp_path: Path, name: str) -> None:
    drop = tmp_path / "drop"
    drop.mkdir(exist_ok=True)
    for old in drop.iterdir():
        old.unlink()
    try:
        (drop / f"{name}.csv").write_bytes(b"a,b\n1,2\n")
    except OSError:
        return
    [delivery] = pull(tmp_path, "drop/*")
    assert delivery.path.parent == tmp_path / "spool"
    assert delivery.path.name == delivery.sha256
    assert all(unicodedata.category(letter)[0] != "C" for letter in delivery.name)
    assert "\n" not in delivery.name


def test_fault_35_bidirectional_undecodable_and_long_names_are_shown_as_they_are(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    names = [b"ca\xe2\x80\xaegpj.csv", b"bad\xff.csv", b"x" * 250 + b".csv"]
    for name in names:
        (Path(os.fsdecode(os.fsencode(drop) + b"/" + name))).write_bytes(b"a,b\n1,2\n")
    shown = {delivery.name for delivery in pull(tmp_path, "drop/*.csv")}
    assert shown == {"ca\\u202egpj.csv", "bad\\udcff.csv", "x" * 250 + ".csv"}


def test_fault_35_sheet_and_column_names_are_made_plain(tmp_path: Path) -> None:
    path = (b'name="Sheet"', b'name="a&#x202e;b&#9;c"')
    content = with_parts(TABLE, {}, replace={"xl/workbook.xml": path})
    read = read_text(tmp_path, content, "names.xlsx")
    assert read.loaded.sheets == ("a\\u202eb c",)
    assert read_text(tmp_path, "a\u202eb,c\n1,2\n").loaded.columns == ("a\\u202eb", "c")


# 36 and 37: the drop folder


def test_fault_36_a_file_still_being_copied_waits_for_the_next_pull(tmp_path: Path) -> None:
    path = tmp_path / "drop" / "a.csv"
    path.parent.mkdir()
    path.write_bytes(b"a,b\n1,2\n")

    def go_on(seconds: float) -> None:
        with path.open("ab") as stream:
            stream.write(b"3,4\n")

    now = datetime.now(UTC)
    assert pull(tmp_path, "drop/*.csv", now=now, sleep=go_on) == []
    [delivery] = pull(tmp_path, "drop/*.csv", now=now)
    assert delivery.path.read_bytes() == b"a,b\n1,2\n3,4\n"


def test_fault_36_a_file_written_slowly_is_never_delivered_in_part(tmp_path: Path) -> None:
    path = tmp_path / "drop" / "a.csv"
    path.parent.mkdir()
    path.write_bytes(b"a,b\n")
    rows = 40

    def write_slowly() -> None:
        with path.open("ab", buffering=0) as stream:
            for number in range(rows):
                stream.write(f"{number},x\n".encode())
                time.sleep(0.02)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    found: list[Any] = []
    while not found:
        found = pull(tmp_path, "drop/*.csv", now=datetime.now(UTC), sleep=lambda seconds: time.sleep(0.15))
    writer.join()
    assert found[0].path.read_bytes().count(b"\n") == rows + 1


@pytest.mark.parametrize("name", ["a.csv.part", "a.csv.tmp", "~$form.xlsx", ".a.csv", "a.csv.filepart", "A.CSV.PART"])
def test_fault_36_unfinished_and_hidden_files_are_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / name).write_bytes(b"a,b\n1,2\n")
    with pytest.raises(Unreachable, match="no file matches"):
        pull(tmp_path, "drop/*")


def test_fault_37_links_in_the_drop_folder_are_refused_and_good_files_taken(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"user,password\nroot,x\n")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "in.csv").write_bytes(b"a,b\n5,6\n")
    drop = tmp_path / "drop"
    (drop / "deep").mkdir(parents=True)
    (drop / "deep" / "good.csv").write_bytes(b"a,b\n1,2\n")
    (drop / "deep" / "link.csv").symlink_to(secret)
    (drop / "linked").symlink_to(inner)
    with pytest.raises(Refused) as refusal:
        pull(tmp_path, "drop/*/*.csv")
    assert "deep/link.csv (a symbolic link)" in refusal.value.parts("en").found
    assert "linked (a symbolic link)" in refusal.value.parts("en").found
    stored = [path.read_bytes() for path in (tmp_path / "spool").iterdir()]
    assert stored == [b"a,b\n1,2\n"]


def test_fault_37_a_file_swapped_for_a_link_after_the_look_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"user,password\n")
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "a.csv").write_bytes(b"a,b\n1,2\n")

    def swap(seconds: float) -> None:
        (drop / "a.csv").unlink()
        (drop / "a.csv").symlink_to(secret)

    assert pull(tmp_path, "drop/*.csv", now=datetime.now(UTC), sleep=swap) == []
    assert list((tmp_path / "spool").iterdir()) == []


def test_fault_37_pipes_and_devices_are_refused_without_waiting(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    os.mkfifo(drop / "pipe.csv")
    with pytest.raises(Refused, match="not a regular file"):
        pull(tmp_path, "drop/*.csv")
