"""A workbook turned into text, in a process of its own that may die without harm.

Started by `xlsx.py` as `python -I xlsx_child.py REQUEST`, it limits its own memory, time and output, looks into the
archive before anything parses it, and writes for each sheet one CSV file of text (row number, then the cells) and
`result.json`. Nothing but text leaves it. It imports nothing of the product, whose modules it never needs.
"""

from __future__ import annotations

import csv
import json
import re
import resource
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

MEGABYTE = 1_048_576
CHUNK_BYTES = 8 * MEGABYTE
MOST_PARTS = 2_000
MOST_UNPACKED_BYTES = 1_024 * MEGABYTE
RATIO_FREE_BYTES = 10 * MEGABYTE
MOST_RATIO = 200
"""Sheets of repeated numbers shrink 20 to 50 times; a bomb a thousand times."""
MOST_CELLS = 20_000_000
"""The rectangle of a sheet is held in memory: 20 million cells are 640 MB; a full sheet of 16 columns is under it."""
MOST_MERGES = 100_000
UNCALCULATED = "#FORMULA"
"""Written for a formula that its program never calculated: it is not a blank, and no one knows its value."""

_MACROS = ("vbaproject", "vbadata", "macrosheets/", "dialogsheets/")
_EMBEDDED = ("embeddings/", "oleobject", "activex/")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_CODE = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8|us-ascii|iso-8859-1)", re.IGNORECASE)
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_FORMULA_WITH_BAR = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]*(?:\||&#124;|&#x7c;)[^<]*)<", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_FAR_COLUMN = re.compile(rb"\sr=\"([A-Z]{2,3})\d")
_NEAR_COLUMN = re.compile(rb"\sr=\"([A-Z])\d")
_FAR_ROW = re.compile(rb"\sr=\"[A-Z]{1,3}(\d{6,})\"")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_ERROR = re.compile(rb"<(?:\w+:)?c\s([^>]*\bt=\"e\"[^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*[^/])>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_ATTRIBUTE = re.compile(rb"(\w+)=\"([^\"]*)\"")
_THREE_DECIMALS = re.compile(r"-?\d{1,3}\.\d{3}")
_PERCENT_FORMATS = {9, 10}


class RefusedWorkbookError(Exception):
    """The workbook may not be read: the key of the refusal in the product's messages, and what its text names."""

    def __init__(self, code: str, /, **values: str | int) -> None:
        """Keep both for the parent."""
        super().__init__(code)
        self.told = {"refused": code, "values": values}


@dataclass
class SheetFacts:
    """What the bytes of a sheet say before it is parsed."""

    rows: int = 0
    columns: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: int = 0
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    uncalculated: int = 0


def look_into(archive: zipfile.ZipFile, size: int) -> None:
    """Raise RefusedWorkbookError unless every part is plain, small enough and without anything that acts."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise RefusedWorkbookError("many_parts", parts=len(parts))
    names = [part.filename for part in parts]
    lowered = [name.lower() for name in names]
    if len(set(lowered)) != len(lowered) or any(".." in name or name.startswith(("/", "\\")) for name in names):
        raise RefusedWorkbookError("odd_part_names")
    for name in lowered:
        for sign in _MACROS:
            if sign in name:
                raise RefusedWorkbookError("macro", part=sign.strip("/"))
        if "externallinks/" in name:
            raise RefusedWorkbookError("outer_links")
        if any(sign in name for sign in _EMBEDDED):
            raise RefusedWorkbookError("embedded")
    if "[content_types].xml" not in lowered or not any(name.startswith("xl/worksheets/") for name in lowered):
        raise RefusedWorkbookError("zip_no_workbook")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > RATIO_FREE_BYTES and unpacked > MOST_RATIO * max(size, 1)):
        raise RefusedWorkbookError("bomb", megabytes=unpacked // MEGABYTE, kilobytes=max(size // 1024, 1))
    for part in parts:
        if part.flag_bits & 0x1:
            raise RefusedWorkbookError("locked")
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            _look_into_part(archive, part)


def _look_into_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    read = 0
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if read == 0 and (
                chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in chunk[:64] or _OTHER_CODE.match(chunk)
            ):
                raise RefusedWorkbookError("odd_xml")
            text = before + chunk
            if _DECLARATION.search(text):
                raise RefusedWorkbookError("dtd")
            if part.filename.endswith("[Content_Types].xml") and b"macroenabled" in text.lower():
                raise RefusedWorkbookError("macro_workbook")
            for match in _EXTERNAL.finditer(text):
                if b'/hyperlink"' not in match.group() and b"/hyperlink'" not in match.group():
                    raise RefusedWorkbookError("outer_links")
            for match in _FORMULA_WITH_BAR.finditer(text):
                if re.search(
                    rb"\||&#124;|&#x7c;", re.sub(rb'"[^"]*"|&quot;.*?&quot;', b"", match.group(1)), re.IGNORECASE
                ):
                    raise RefusedWorkbookError("dde")
            before = text[-4096:]
            read += len(chunk)
    if read != part.file_size:
        raise RefusedWorkbookError("false_sizes")


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    by_lower = {name.lower(): name for name in archive.namelist()}
    relations = {}
    rels = by_lower.get("xl/_rels/workbook.xml.rels")
    if rels is None or "xl/workbook.xml" not in by_lower:
        raise RefusedWorkbookError("no_sheet_list")
    for element in ElementTree.fromstring(archive.read(rels)):  # noqa: S314 - no DTD can be in it
        target = element.get("Target", "")
        relations[element.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for element in ElementTree.fromstring(archive.read(by_lower["xl/workbook.xml"])).iter():  # noqa: S314
        if element.tag.rpartition("}")[2] == "sheet":
            key = next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == "id"), None)
            part = by_lower.get(relations.get(key, "").lower())
            if part is not None:
                found[element.get("name", "")] = part
    return found


def percent_styles(archive: zipfile.ZipFile) -> set[int]:
    """The numbers of the cell styles that show a value as a percentage."""
    part = next((name for name in archive.namelist() if name.lower() == "xl/styles.xml"), None)
    if part is None:
        return set()
    formats: dict[int, str] = {}
    styles: set[int] = set()
    root = ElementTree.fromstring(archive.read(part))  # noqa: S314
    for element in root.iter():
        if element.tag.rpartition("}")[2] == "numFmt":
            formats[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
    for element in root:
        if element.tag.rpartition("}")[2] == "cellXfs":
            for place, style in enumerate(element):
                number = int(style.get("numFmtId", "0"))
                if number in _PERCENT_FORMATS or "%" in formats.get(number, "").replace('"%"', ""):
                    styles.add(place)
    return styles


def scan_sheet(archive: zipfile.ZipFile, part: str, percents: set[int]) -> SheetFacts:
    """The size of a sheet, what is hidden in it, and the cells whose text the parser does not tell."""
    facts = SheetFacts()
    styled = None
    if percents:
        numbers = b"|".join(str(number).encode() for number in sorted(percents))
        styled = re.compile(rb"<(?:\w+:)?c\s([^>]*\bs=\"(?:" + numbers + rb")\"[^>]*)>")
    with archive.open(part) as stream:
        for piece in _pieces(stream):
            _scan_piece(piece, facts, styled)
    if facts.rows * facts.columns > MOST_CELLS:
        cells = facts.rows * facts.columns
        raise RefusedWorkbookError("large_sheet", most=MOST_CELLS, rows=facts.rows, columns=facts.columns, cells=cells)
    return facts


def _pieces(stream: Any) -> Iterator[bytes]:
    """The bytes of a sheet in pieces that end with a row."""
    rest = b""
    while chunk := stream.read(CHUNK_BYTES):
        text = rest + chunk
        cut = text.rfind(b"row>") + 4
        if cut < 4 and len(text) > 16 * CHUNK_BYTES:
            raise RefusedWorkbookError("long_row")
        if cut >= 4:
            yield text[:cut]
            text = text[cut:]
        rest = text
    yield rest


def _scan_piece(piece: bytes, facts: SheetFacts, styled: re.Pattern[bytes] | None) -> None:
    for match in _ROW.finditer(piece):
        attributes = dict(_ATTRIBUTE.findall(match.group(1)))
        number = int(attributes.get(b"r", facts.rows + 1))
        facts.rows = max(facts.rows, number)
        if attributes.get(b"hidden") in (b"1", b"true") and len(facts.hidden_rows) < 1000:
            facts.hidden_rows.append(number)
    for match in _FAR_ROW.finditer(piece):
        facts.rows = max(facts.rows, int(match.group(1)))
    # One letter: looked for in part of each piece only, for the memory limit stands behind this.
    near = max(_NEAR_COLUMN.findall(piece, 0, MEGABYTE), default=b"A")
    widest = max(_FAR_COLUMN.findall(piece), key=lambda text: (len(text), text), default=near)
    facts.columns = max(facts.columns, _column_number(widest.decode()))
    for match in _COLUMN.finditer(piece):
        attributes = dict(_ATTRIBUTE.findall(match.group(1)))
        if attributes.get(b"hidden") in (b"1", b"true"):
            facts.hidden_columns += min(
                int(attributes.get(b"max", b"0")) - int(attributes.get(b"min", b"0")) + 1, 16384
            )
    for match in _ERROR.finditer(piece):
        value = _VALUE.search(match.group(2))
        facts.cells[_place(match.group(1))] = value.group(1).decode() if value else "#ERROR"
    for match in _UNCALCULATED.finditer(piece):
        facts.uncalculated += 1
        facts.cells[_place(match.group(1))] = UNCALCULATED
    if styled is not None:
        for match in styled.finditer(piece):
            facts.percents.add(_place(match.group(1)))


def _place(attributes: bytes) -> tuple[int, int]:
    """Row and column, from 0, of the cell with these attributes; (-1, -1), where no cell is, if they do not say."""
    match = re.search(rb"\br=\"([A-Z]{1,3})(\d+)\"", attributes)
    return (int(match.group(2)) - 1, _column_number(match.group(1).decode()) - 1) if match else (-1, -1)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_text(value: Any) -> str:
    """The text of one value: days as yyyy-mm-dd, numbers with a decimal dot that no reader takes for thousands."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        text = repr(value)
        return text + "0" if _THREE_DECIMALS.fullmatch(text) else text
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        hours, rest = divmod(int(value.total_seconds()), 3600)
        return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    return "" if value is None else str(value)


def write_sheet(sheet: Any, facts: SheetFacts, target: Path) -> dict[str, int]:
    """Write the rows of a sheet with their numbers; how many rows and columns, and what merged cells held."""
    merges = list(sheet.merged_cell_ranges or ())
    if len(merges) > MOST_MERGES:
        raise RefusedWorkbookError("many_merges", merges=len(merges))
    starting: dict[int, list[tuple[int, int, int]]] = {}
    for (top, left), (bottom, right) in merges:
        starting.setdefault(top, []).append((bottom, left, right))
    active: list[tuple[int, int, int, str]] = []
    rows = width = numbers_in_merges = 0
    # The parser counts rows from the first of the sheet but columns from the first that is used.
    blank = [""] * (sheet.start[1] if sheet.start else 0)
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for number, used in enumerate(sheet.iter_rows()):
            values = [*blank, *used]
            cells = [cell_text(value) for value in values]
            if facts.percents or facts.cells:
                _correct(cells, values, number, facts)
            active = [merge for merge in active if merge[0] >= number]
            for bottom, left, right in starting.get(number, ()):
                text = cells[left] if left < len(cells) else ""
                if text and isinstance(values[left], (int, float)) and not isinstance(values[left], bool):
                    numbers_in_merges += 1
                elif text:
                    active.append((bottom, left, right, text))
            for _, left, right, text in active:
                for place in range(left, min(right + 1, len(cells))):
                    cells[place] = cells[place] or text
            if any(cells):
                writer.writerow([number + 1, *cells])
                rows += 1
                width = max(width, max(place for place, text in enumerate(cells, start=1) if text))
    return {"rows": rows, "width": width, "merged": len(merges), "merged_numbers": numbers_in_merges}


def _correct(cells: list[str], values: Any, number: int, facts: SheetFacts) -> None:
    for place in range(len(cells)):
        here = (number, place)
        if here in facts.cells and not cells[place]:
            cells[place] = facts.cells[here]
        elif here in facts.percents:
            # As it is shown: 0.1002 in a percent style is 10.02%.
            number_in_cell = isinstance(values[place], (int, float)) and not isinstance(values[place], bool)
            cells[place] = f"{cell_text(round(values[place] * 100, 10))}%" if number_in_cell else cells[place]


def read_workbook(path: Path, folder: Path, wanted: str | None) -> dict[str, Any]:
    """The sheets of the workbook written as text into `folder`, described; hidden ones are named, not read."""
    import python_calamine

    with zipfile.ZipFile(path) as archive:
        look_into(archive, path.stat().st_size)
        parts = sheet_parts(archive)
        percents = percent_styles(archive)
        facts = {name: scan_sheet(archive, part, percents) for name, part in parts.items()}
    workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    sheets: list[dict[str, Any]] = []
    hidden: list[str] = []
    for place, described in enumerate(workbook.sheets_metadata):
        if described.typ != python_calamine.SheetTypeEnum.WorkSheet or described.name not in facts:
            continue
        seen = described.visible == python_calamine.SheetVisibleEnum.Visible
        if (wanted is None and not seen) or (wanted is not None and described.name != wanted):
            if not seen and facts[described.name].rows:
                hidden.append(described.name)
            continue
        fact = facts[described.name]
        target = folder / f"sheet-{place}.csv"
        written = write_sheet(workbook.get_sheet_by_name(described.name), fact, target)
        sheets.append(
            {
                "name": described.name,
                "file": target.name,
                "hidden_rows": fact.hidden_rows[:1000],
                "hidden_columns": fact.hidden_columns,
                "uncalculated": fact.uncalculated,
                **written,
            }
        )
    return {"sheets": sheets, "hidden_sheets": hidden, "names": [item.name for item in workbook.sheets_metadata]}


def limit(megabytes: int, seconds: int) -> None:
    """Let the system stop this process before it harms others: memory, processor time, output, no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048 * MEGABYTE, 2048 * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def main() -> int:
    """Read the request, write the result; the exit code says only whether there is one."""
    request = json.loads(sys.argv[1])
    limit(request["megabytes"], request["seconds"])
    folder = Path(request["folder"])
    try:
        result = read_workbook(Path(request["workbook"]), folder, request["sheet"])
    except RefusedWorkbookError as refusal:
        result = refusal.told
    except MemoryError:
        return 3
    except Exception as error:
        # The kind of the error only: its text may quote a cell.
        result = RefusedWorkbookError("broken_workbook", kind=type(error).__name__).told
    (folder / "result.json").write_text(
        json.dumps(result, ensure_ascii=False), encoding="utf-8", errors="backslashreplace"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
