"""What a file is, by its bytes: CSV, JSON or XLSX; anything else is refused by its name."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Literal

from data_sources.refusal import Refused

Format = Literal["csv", "json", "xlsx"]

HEAD_BYTES = 4096
_WORKBOOK_MARKS = (b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/")
_MARKUP = re.compile(r"<[!?a-zA-Z]")
_JSON = re.compile(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\"\]]|-?\d+\s*[,\]]|true|false|null|$)")
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an .xls workbook of before 2007, or one locked with a password",
        "Save it as .xlsx without a password.",
    ),
    (b"%PDF", "a PDF document", "Send the table it was printed from."),
    (b"MZ", "a Windows program", "Send the table itself."),
    (b"\x7fELF", "a program", "Send the table itself."),
    (b"PAR1", "a Parquet file", "Send it as CSV."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first."),
    (b"\x89PNG", "a picture", "Send the table itself."),
    (b"\xff\xd8\xff", "a picture", "Send the table itself."),
    (b"GIF8", "a picture", "Send the table itself."),
    (b"{\\rtf", "an RTF document", "Save the table as CSV or XLSX."),
    (b"SQLite format 3", "a database file", "Export the table as CSV."),
)


def find_format(path: Path, where: str, declared: str | None = None) -> Format:
    """The format of the file at `path` by its content; Refused for anything that is not a table."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    found = format_of(head, where)
    if declared is not None and declared != found:
        raise Refused(
            needed=f"a {declared.upper()} file, as was declared",
            found=f"one whose content is {found.upper()}",
            where=where,
            remedy="Correct the declared format, or send the file that was meant.",
        )
    return found


def format_of(head: bytes, where: str) -> Format:
    """The format of content that begins with `head`; Refused for a web page, a program, a picture or an archive."""
    if head.startswith(b"PK\x03\x04"):
        if any(mark in head for mark in _WORKBOOK_MARKS):
            return "xlsx"
        raise _not_a_table("a ZIP archive that is not a workbook", where, "Unpack it first.")
    for mark, name, remedy in _FOREIGN:
        if head.startswith(mark) and (mark != b"MZ" or b"\x00" in head[:64]):
            raise _not_a_table(name, where, remedy)
    text = _first_text(head)
    if _MARKUP.match(text):
        page = "<html" in text.lower() or text.lower().startswith("<!doctype html")
        raise _not_a_table(
            "a web page, as of a sign-in or an error" if page else "an XML document",
            where,
            "Open the address in a browser to see what it says; check the token and the URL."
            if page
            else "Send CSV, JSON or XLSX.",
        )
    return "json" if _JSON.match(text) else "csv"


def _first_text(head: bytes) -> str:
    codec = "utf-8"
    for mark, name in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (codecs.BOM_UTF8, "utf-8-sig"),
    ):
        if head.startswith(mark):
            codec = name
    return head[: len(head) // 2 * 2].decode(codec, "replace").lstrip("\ufeff \t\r\n")


def _not_a_table(found: str, where: str, remedy: str) -> Refused:
    return Refused(needed="a table as CSV, JSON or XLSX", found=found, where=where, remedy=remedy)
