"""Bytes searched for canaries in every spelling and container a server could send them in."""

from __future__ import annotations

import gzip
import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from shutil import which
from subprocess import run
from urllib.parse import unquote_to_bytes

from data_sources.pseudonym import PSEUDONYM_LETTERS
from tests.canary_rows import CANARY_YEAR, Canary

DEEPEST = 4
"""Archives within archives: a chart's workbook within the slides, with room to spare."""
STREAM = re.compile(rb"stream\r?\n")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
APART = r"[ .\-–()_\u00a0\u202f]{0,2}"
NOTHING = r"(?!)"
COMBINING = re.compile("[\u0300-\u036f]+")
HEXADECIMAL = re.compile(rf"[0-9a-f]{{{PSEUDONYM_LETTERS},}}")
EPOCH = re.compile(r"-(1\d{9})(?=\D|000)")
MONTH = r"(?:[a-z]{3,9}|\d\d?|thang \d\d?)"
YEAR = re.compile(
    rf"(?<!\d)(?:{CANARY_YEAR}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/. ]{MONTH}[-/., ]{{1,2}}{CANARY_YEAR}"
    rf"|{CANARY_YEAR}[01]\d[0-3]\d|[a-z]{{3,9}} \d\d?, {CANARY_YEAR})(?!\d)"
)
"""Any day of the year of the canaries: nothing else is of that year."""
BEGINS = re.compile(rf"(?:^|[^\d])(?:(?:0|84){APART})?$")
"""What stands before a phone without its first digit: nothing, a zero or the country's code, and no other digit."""
HASH = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{32,}")
"""A message's or element's hash: eight of its digits may read as a day, and say nothing about anybody."""
WINDOW = 20
"""Letters around the year in which the rest of the day stands; and letters shown around what was found."""
SPARE_DECIMALS = 2
"""Of seven; five tell a house (1 m). The middle of a cell has five too, other ones."""


def parts(name: str, content: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves, and what is packed in them: gzip, deflate, zip members, streams and text of a PDF."""
    yield name, content
    if depth == DEEPEST:
        return
    for inner, unpacked in chain(_packed(content), _members(content), _printed(content)):
        yield from parts(f"{name}, {inner}", unpacked, depth + 1)


def _packed(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:2] == b"\x1f\x8b":
        yield "unpacked", gzip.decompress(content)
    elif content[:1] == b"\x78":
        try:
            yield "inflated", zlib.decompress(content)
        except zlib.error:
            return


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:2] != b"PK":
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield "comment", archive.comment
        for entry in archive.infolist():
            yield "name", entry.filename.encode() + entry.comment + entry.extra
            yield entry.filename, archive.read(entry)


def _printed(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:5] != b"%PDF-":
        return
    for found in STREAM.finditer(content):
        try:
            unpacked = zlib.decompressobj().decompress(content[found.end() :])
        except zlib.error:
            continue
        yield f"stream at {found.start()}", unpacked
    if which("pdftotext"):
        told = run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        yield "text", told.stdout


def readings(content: bytes) -> Iterator[str]:
    """The text of bytes as any program may have written it: by encoding, escapes taken back."""
    texts = [content.decode("utf-8", "replace")]
    if b"\0" in content:
        for shift in (0, 1):
            texts += [content[shift:].decode(code, "ignore") for code in ("utf-16-le", "utf-16-be")]
    if b"%" in content:
        texts.append(unquote_to_bytes(content.replace(b"+", b" ")).decode("utf-8", "replace"))
    for text in texts:
        yield text
        if "\\" in text:
            yield ESCAPED.sub(lambda found: chr(int(found.group(1) or found.group(2), 16)), text)
        if "&" in text:
            yield html.unescape(text)


def folded(text: str) -> str:
    """Without marks, case and other forms of the same letters."""
    return COMBINING.sub("", unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "d"))).casefold()


class Search:
    """Everything that must not be found: `everywhere(name, content)` says what was, and where."""

    def __init__(self, canaries: Sequence[Canary], pseudonyms: Collection[str] = ()) -> None:
        """Search for these canaries and these pseudonyms."""
        self.pseudonyms = frozenset(pseudonyms)
        self.fields = {folded(one.sought): one.field for one in canaries if one.kind == "word"}
        self.words = re.compile("|".join(map(re.escape, self.fields)) or NOTHING)
        self.phones = {one.sought[1:]: one.field for one in canaries if one.kind == "digits"}
        grouped = "|".join(APART.join(number) for number in self.phones)
        self.phone = re.compile(rf"({grouped or NOTHING}){APART}(?:\d{APART}){{3,5}}(?!\d)")
        self.days = {one.sought: one.field for one in canaries if one.kind == "day"}
        self.seconds = {str(-_seconds(one)): field for one, field in self.days.items()}
        self.places = {one.sought[:-SPARE_DECIMALS]: one.field for one in canaries if one.kind == "decimal"}
        self.place = re.compile("|".join(one.replace(".", "[.,]") for one in self.places) or NOTHING)

    def found(self, content: bytes) -> dict[str, str]:
        """The fields whose canaries are in these bytes, each with the passage that holds one."""
        hits: dict[str, str] = {}
        for text in readings(content):
            plain = folded(text)
            for field, start, end in chain(self._written(plain), self._counted(HASH.sub(_blank, plain))):
                hits.setdefault(field, plain[max(0, start - WINDOW) : end + WINDOW])
        return hits

    def _written(self, plain: str) -> Iterator[tuple[str, int, int]]:
        for one in self.words.finditer(plain):
            yield self.fields[one.group()], *one.span()
        for long in HEXADECIMAL.finditer(plain):
            told = long.group()
            pieces = {told[start : start + PSEUDONYM_LETTERS] for start in range(len(told) - PSEUDONYM_LETTERS + 1)}
            if pieces & self.pseudonyms:
                yield "pseudonym", *long.span()

    def _counted(self, plain: str) -> Iterator[tuple[str, int, int]]:
        for one in self.phone.finditer(plain):
            if BEGINS.search(plain[max(0, one.start() - WINDOW) : one.start()]):
                yield self.phones[re.sub(r"\D", "", one.group(1))], *one.span()
        for one in self.place.finditer(plain):
            yield self.places[one.group().replace(",", ".")], *one.span()
        for one in EPOCH.finditer(plain):
            if one.group(1) in self.seconds:
                yield self.seconds[one.group(1)], *one.span()
        for one in re.finditer(str(CANARY_YEAR), plain):
            if self.days and YEAR.search(plain[max(0, one.start() - WINDOW) : one.end() + WINDOW]):
                yield next(iter(self.days.values())), *one.span()

    def everywhere(self, name: str, content: bytes) -> list[str]:
        """Where in these bytes, and in what is packed in them, something was found."""
        return [
            f"{where}: {field} in {passage!r}"
            for where, inner in parts(name, content)
            for field, passage in sorted(self.found(inner).items())
        ]


def _blank(hashed: re.Match[str]) -> str:
    return "#" * len(hashed.group())


def _seconds(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
