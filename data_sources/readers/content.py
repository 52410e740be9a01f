"""What a file is, by its bytes: CSV, JSON or XLSX; anything else is refused by its name."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Literal

from data_sources.messages import Message
from data_sources.refusal import Refused

Format = Literal["csv", "json", "xlsx"]

HEAD_BYTES = 4096
_WORKBOOK_MARKS = (b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/")
_MARKUP = re.compile(r"<[!?a-zA-Z]")
_JSON = re.compile(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\"\]]|-?\d+\s*[,\]]|true|false|null|$)")
_SEND_ITSELF, _UNPACK = Message("mend.table_itself"), Message("mend.unpack")
_FOREIGN: tuple[tuple[bytes, Message, Message], ...] = (
    (b"\xd0\xcf\x11\xe0", Message("content.xls"), Message("mend.save_xlsx")),
    (b"%PDF", Message("content.pdf"), Message("mend.printed_table")),
    (b"MZ", Message("content.windows_program"), _SEND_ITSELF),
    (b"\x7fELF", Message("content.program"), _SEND_ITSELF),
    (b"PAR1", Message("content.parquet"), Message("mend.as_csv")),
    (b"\x1f\x8b", Message("content.gzip"), _UNPACK),
    (b"Rar!", Message("content.rar"), _UNPACK),
    (b"7z\xbc\xaf", Message("content.seven_zip"), _UNPACK),
    (b"\x89PNG", Message("content.picture"), _SEND_ITSELF),
    (b"\xff\xd8\xff", Message("content.picture"), _SEND_ITSELF),
    (b"GIF8", Message("content.picture"), _SEND_ITSELF),
    (b"{\\rtf", Message("content.rtf"), Message("mend.save_table")),
    (b"SQLite format 3", Message("content.database"), Message("mend.export_csv")),
)


def find_format(path: Path, where: str, declared: str | None = None) -> Format:
    """The format of the file at `path` by its content; Refused for anything that is not a table."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    found = format_of(head, where)
    if declared is not None and declared != found:
        raise Refused("declared_format", file=where, declared=declared.upper(), format=found.upper())
    return found


def format_of(head: bytes, where: str) -> Format:
    """The format of content that begins with `head`; Refused for a web page, a program, a picture or an archive."""
    if head.startswith(b"PK\x03\x04"):
        if any(mark in head for mark in _WORKBOOK_MARKS):
            return "xlsx"
        raise Refused("not_a_table", file=where, found=Message("content.zip"), remedy=_UNPACK)
    for mark, name, remedy in _FOREIGN:
        if head.startswith(mark) and (mark != b"MZ" or b"\x00" in head[:64]):
            raise Refused("not_a_table", file=where, found=name, remedy=remedy)
    text = _first_text(head)
    if _MARKUP.match(text):
        if "<html" in text.lower() or text.lower().startswith("<!doctype html"):
            page, remedy = Message("content.web_page"), Message("mend.open_page")
        else:
            page, remedy = Message("content.xml"), Message("mend.as_table")
        raise Refused("not_a_table", file=where, found=page, remedy=remedy)
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
