"""Bad cells marked in a workbook's own XML, so that nothing else of the sender's file changes.

Started by `marked.py` as `python -I marking_in_place.py`, with its request on standard input. Rows go through one at a
time: a form of 100,000 rows takes three seconds and no memory to speak of, where loading and saving it takes thirty and
half a gigabyte. What is not written plainly (names with prefixes, rows or cells that do not say their place, a sheet
that has notes already) ends with exit code 2 and is left to `marking_child.py`. It imports nothing of the product.
"""

from __future__ import annotations

import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape

MEGABYTE = 1_048_576
CHUNK_BYTES = 4 * MEGABYTE
NOT_PLAIN = 2
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
AFTER_NOTES = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
               "tableParts", "extLst")  # fmt: skip
"""What may follow the reference to the notes at the end of a sheet; the order is part of the format."""
FILL = b'<fill><patternFill patternType="solid"><fgColor rgb="FFF9D6D2"/><bgColor indexed="64"/></patternFill></fill>'
STYLES = "xl/styles.xml"
IDS_OF_A_BLOCK, BLOCKS_OF_A_SHEET = 1024, 64
"""Shapes are numbered in blocks of 1,024, and no two sheets may share one; a form has at most 2,000 notes."""

_ROW = re.compile(rb"<row\b([^>]*)>")
_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>.*?</c>)", re.DOTALL)
_NUMBER = re.compile(rb'\br="(\d+)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})\d+"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_COLUMN = re.compile(rb'<col\b(?=[^>]*\bmin="(\d+)")(?=[^>]*\bmax="(\d+)")(?=[^>]*\bstyle="(\d+)")[^>]*>')
_MERGED = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMAT = re.compile(rb"<xf\b[^>]*?(?:/>|>.*?</xf>)", re.DOTALL)
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Place = tuple[int, int]


class NotPlainError(Exception):
    """The workbook is not written as plainly as this needs."""


@dataclass
class Styles:
    """The cell formats of a workbook, and a marked one for each of those that a bad cell has."""

    xml: bytes
    formats: list[bytes]
    fills: int
    marked: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> Styles:
        """The styles of a workbook."""
        xml = archive.read(STYLES)
        fills, formats = _inside(xml, b"fills"), _inside(xml, b"cellXfs")
        return cls(xml, _FORMAT.findall(formats), len(re.findall(rb"<fill\b", fills)))

    def marked_like(self, style: int) -> int:
        """The number of the format like `style` with the colour of a bad cell."""
        if style >= len(self.formats):
            raise NotPlainError("a cell with an unknown style")
        return self.marked.setdefault(style, len(self.formats) + len(self.marked))

    def written(self) -> bytes:
        """The part with the colour and the formats that were asked for."""
        added = b"".join(
            re.sub(rb'\s(?:fillId|applyFill)="[^"]*"', b"", self.formats[style]).replace(
                b"<xf", b'<xf fillId="%d" applyFill="1"' % self.fills, 1
            )
            for style in self.marked
        )
        xml = _with_more(self.xml, b"fills", FILL, self.fills + 1)
        return _with_more(xml, b"cellXfs", added, len(self.formats) + len(self.marked))


def _inside(xml: bytes, name: bytes) -> bytes:
    found = re.search(rb"<" + name + rb"\b[^>]*>(.*?)</" + name + rb">", xml, re.DOTALL)
    if found is None:
        raise NotPlainError(f"no {name.decode()}")
    return found.group(1)


def _with_more(xml: bytes, name: bytes, added: bytes, count: int) -> bytes:
    """`xml` with `added` at the end of the element `name`, of which there are then `count`."""
    opened = b"<" + name + b' count="%d">' % count
    return re.sub(
        rb"<" + name + rb"\b[^>]*>(.*?)</" + name + rb">",
        lambda found: opened + found.group(1) + added + b"</" + name + b">",
        xml,
        count=1,
        flags=re.DOTALL,
    )


@dataclass
class Sheet:
    """What stands around the rows of a sheet, and its bad cells with what to write beside each."""

    part: str
    head: bytes
    tail: bytes
    notes: dict[Place, list[str]]

    def style_of_column(self, column: int) -> int:
        """The style that a blank cell of the column has."""
        for low, high, style in _COLUMN.findall(self.head):
            if int(low) <= column <= int(high):
                return int(style)
        return 0

    def tail_with_notes(self, reference: bytes) -> bytes:
        """The end of the sheet with the reference to its notes in the place where the format has it."""
        root = re.search(rb"<worksheet\b[^>]*>", self.head)
        if root is None or b'xmlns="' + MAIN + b'"' not in root.group():
            raise NotPlainError("a sheet whose names have prefixes")
        depth, at = 0, -1
        parser = expat.ParserCreate()

        def opened(name: str, _: dict[str, str]) -> None:
            nonlocal depth, at
            depth += 1
            if depth == 2 and name in ("legacyDrawing", "mc:AlternateContent"):
                raise NotPlainError("a sheet that has notes or controls already")
            if depth == 2 and name in AFTER_NOTES and at < 0:
                at = parser.CurrentByteIndex

        def closed(_: str) -> None:
            nonlocal depth, at
            depth -= 1
            if depth == 0 and at < 0:
                at = parser.CurrentByteIndex

        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        parser.Parse(root.group() + self.tail, True)
        cut = at - len(root.group())
        return self.tail[:cut] + reference + self.tail[cut:]


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by the sheet's name, in their order."""
    relations = {
        element.get("Id"): posixpath.normpath(posixpath.join("/xl", element.get("Target", ""))).lstrip("/")
        for element in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - no DTD in it
    }
    found = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if element.tag.rpartition("}")[2] == "sheet":
            part = relations.get(element.get(f"{{{OFFICE}}}id"), "")
            if part.startswith("xl/worksheets/"):
                found[element.get("name", "")] = part
    return found


def pieces(stream: Any) -> Iterator[bytes]:
    """The bytes of a sheet in pieces, of which all but the last end with a row."""
    rest = b""
    while chunk := stream.read(CHUNK_BYTES):
        text = rest + chunk
        cut = text.rfind(b"</row>") + len(b"</row>")
        if cut >= len(b"</row>"):
            yield text[:cut]
            text = text[cut:]
        rest = text
    yield rest


def look_at(archive: zipfile.ZipFile, part: str, notes: dict[Place, list[str]]) -> Sheet:
    """What stands around the rows of a sheet; a note on a joined cell goes to the corner that shows."""
    head = tail = b""
    with archive.open(part) as stream:
        for piece in pieces(stream):
            head = head or piece.partition(b"<sheetData")[0]
            tail = piece.rpartition(b"</sheetData>")[2]
    areas = [
        (int(top), column_number(left), int(bottom), column_number(right))
        for left, top, right, bottom in _MERGED.findall(tail)
    ]
    shown: dict[Place, list[str]] = {}
    for (row, column), texts in notes.items():
        corner = next((area[:2] for area in areas if area[0] <= row <= area[2] and area[1] <= column <= area[3]), None)
        shown.setdefault(corner or (row, column), []).extend(texts)
    return Sheet(part, head, tail, shown)


def column_number(letters: bytes) -> int:
    """The number of a column from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column by its number from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def mark_rows(piece: bytes, sheet: Sheet, styles: Styles, wanted: dict[int, set[int]]) -> bytes:
    """A piece of the sheet with its bad cells painted; rows that were found are taken out of `wanted`."""
    written, done = [], 0
    for tag in _ROW.finditer(piece):
        number = _NUMBER.search(tag.group(1))
        if number is None:
            raise NotPlainError("a row without its number")
        columns = wanted.pop(int(number.group(1)), None)
        if columns is None:
            continue
        blank = tag.group(1).endswith(b"/")
        end = tag.end() if blank else piece.find(b"</row>", tag.end())
        attributes = re.sub(rb'\sspans="[^"]*"', b"", tag.group(1).rstrip(b"/"))
        written += [piece[done : tag.start()], b"<row" + attributes + b">"]
        written += [mark_cells(piece[tag.end() : end], int(number.group(1)), columns, sheet, styles), b"</row>"]
        done = end if blank else end + len(b"</row>")
    return b"".join([*written, piece[done:]])


def mark_cells(cells: bytes, row: int, columns: set[int], sheet: Sheet, styles: Styles) -> bytes:
    """The cells of a row with those of `columns` painted; one that is not there is put in its place."""
    written: list[tuple[int, bytes]] = []
    missing = set(columns)
    for cell in _CELL.finditer(cells):
        place = _PLACE.search(cell.group(1))
        if place is None:
            raise NotPlainError("a cell without its place")
        column, text = column_number(place.group(1)), cell.group()
        if column in columns:
            missing.discard(column)
            style = _STYLE.search(cell.group(1))
            marked = b' s="%d"' % styles.marked_like(int(style.group(1)) if style else 0)
            attributes = re.sub(rb'\ss="\d+"', b"", cell.group(1))
            text = b"<c" + attributes + marked + text[len(b"<c") + len(cell.group(1)) :]
        written.append((column, text))
    for column in missing:
        style_number = styles.marked_like(sheet.style_of_column(column))
        written.append((column, f'<c r="{column_letters(column)}{row}" s="{style_number}"/>'.encode()))
    return b"".join(text for _, text in sorted(written, key=lambda one: one[0]))


def notes_xml(notes: dict[Place, list[str]], author: str) -> str:
    """The part with the text of the notes."""
    listed = "".join(
        f'<comment ref="{column_letters(column)}{row}" authorId="0"><text><r><t xml:space="preserve">'
        f"{escape(_UNWRITABLE.sub(' ', chr(10).join(texts)))}</t></r></text></comment>"
        for (row, column), texts in sorted(notes.items())
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN.decode()}"><authors><author>'
        f"{escape(author)}</author></authors><commentList>{listed}</commentList></comments>"
    )


def boxes_xml(notes: dict[Place, list[str]], first_block: int) -> str:
    """The part with the boxes that the notes open in."""
    blocks = ",".join(str(first_block + block) for block in range(len(notes) // IDS_OF_A_BLOCK + 1))
    boxes = "".join(
        f'<v:shape id="_x0000_s{first_block * IDS_OF_A_BLOCK + number}" type="#_x0000_t202" style="position:absolute;'
        'width:240pt;height:90pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column}, 15, {max(row - 2, 0)}, 10, {column + 4}, 15, {max(row - 2, 0) + 5}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
        for number, (row, column) in enumerate(sorted(notes), start=1)
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit"'
        f' data="{blocks}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
        ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
        f'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{boxes}</xml>'
    )


def relations_with(archive: zipfile.ZipFile, part: str, added: bytes) -> tuple[str, bytes]:
    """The part of a sheet's relations and its text with `added`; NotPlainError where the sheet has notes already."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        kind = "http://schemas.openxmlformats.org/package/2006/relationships"
        return path, f'<Relationships xmlns="{kind}">'.encode() + added + b"</Relationships>"
    xml = archive.read(path)
    if re.search(rb"/comments|vmlDrawing|threadedComment|IdNotes", xml) or b"</Relationships>" not in xml:
        raise NotPlainError("a sheet that has notes already")
    return path, xml.replace(b"</Relationships>", added + b"</Relationships>")


def parts_of_notes(
    archive: zipfile.ZipFile, sheets: dict[str, Sheet], order: list[str], author: str
) -> dict[str, bytes]:
    """The parts that notes on `sheets` add or change, by name; `order` is that of all sheets of the workbook."""
    kinds = archive.read("[Content_Types].xml")
    if b"</Types>" not in kinds:
        raise NotPlainError("a list of parts whose names have prefixes")
    parts: dict[str, bytes] = {}
    first, last = b"", b""
    if not re.search(rb'Extension="vml"', kinds, re.IGNORECASE):
        first = b'<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
    for part, sheet in sheets.items():
        number = order.index(part) + 1
        comments, boxes = f"xl/commentsNotes{number}.xml", f"xl/drawings/vmlDrawingNotes{number}.vml"
        references = "".join(
            f'<Relationship Id="rIdNotes{place}" Type="{OFFICE}/{kind}" Target="/{name}"/>'
            for place, (kind, name) in enumerate((("comments", comments), ("vmlDrawing", boxes)), start=1)
        )
        path, xml = relations_with(archive, part, references.encode())
        parts |= {path: xml, comments: notes_xml(sheet.notes, author).encode()}
        parts[boxes] = boxes_xml(sheet.notes, BLOCKS_OF_A_SHEET * number).encode()
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
        last += f'<Override PartName="/{comments}" ContentType="{kind}"/>'.encode()
    opened = re.sub(rb"<Types\b[^>]*>", lambda tag: tag.group() + first, kinds, count=1)
    return {**parts, "[Content_Types].xml": opened.replace(b"</Types>", last + b"</Types>")}


def mark_workbook(source: Path, target: Path, marks: list[dict[str, Any]], author: str) -> None:
    """Write the marked workbook; NotPlainError where it takes a program that understands all of the format."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as out:
        by_name = sheet_parts(archive)
        notes: dict[str, dict[Place, list[str]]] = {}
        for mark in marks:
            part = by_name.get(mark["sheet"]) or next(iter(by_name.values()))
            notes.setdefault(part, {}).setdefault((mark["row"], mark["column"]), []).append(mark["text"])
        sheets = {part: look_at(archive, part, found) for part, found in notes.items()}
        replaced = parts_of_notes(archive, sheets, list(by_name.values()), author)
        styles = Styles.of(archive)
        for name in archive.namelist():
            if name in replaced or name == STYLES:
                continue
            with archive.open(name) as stream, out.open(_entry(name), "w") as written:
                for piece in marked_pieces(stream, sheets[name], styles) if name in sheets else pieces(stream):
                    written.write(piece)
        for name, content in {**replaced, STYLES: styles.written()}.items():
            out.writestr(_entry(name), content)


def marked_pieces(stream: Any, sheet: Sheet, styles: Styles) -> Iterator[bytes]:
    """The sheet with its bad cells painted and its notes referred to."""
    wanted: dict[int, set[int]] = {}
    for row, column in sheet.notes:
        wanted.setdefault(row, set()).add(column)
    reference = f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rIdNotes2"/>'.encode()
    end = sheet.tail_with_notes(reference)
    waiting = b""
    for piece in pieces(stream):
        yield waiting
        waiting = mark_rows(piece, sheet, styles, wanted) if wanted else piece
    if wanted or not waiting.endswith(sheet.tail):
        raise NotPlainError("a bad cell in a row that is not written")
    yield waiting.removesuffix(sheet.tail) + end


def _entry(name: str) -> zipfile.ZipInfo:
    """The same file gives the same bytes: no part bears a time."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def main() -> int:
    """Write the marked workbook to the request's target; the exit code says whether there is one."""
    request: dict[str, Any] = json.loads(sys.stdin.read())
    limit = request["megabytes"] * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        mark_workbook(Path(request["workbook"]), Path(request["target"]), request["marks"], request["author"])
    except (NotPlainError, KeyError, StopIteration, expat.ExpatError, ElementTree.ParseError):
        Path(request["target"]).unlink(missing_ok=True)
        return NOT_PLAIN
    return 0


if __name__ == "__main__":
    sys.exit(main())
