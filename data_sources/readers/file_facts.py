"""What the bytes of a text file say, without parsing it: how many records, and which letters it may hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

CHUNK_BYTES = 1 << 18
"""Small enough to stay in a core's cache while it is looked at several times."""
NO_BREAK_SPACE, REPLACEMENT = "\u00a0".encode(), "\ufffd".encode()


@dataclass(frozen=True)
class Facts:
    """What one pass over the bytes of a file says."""

    lines: int
    ends_with_newline: bool
    has_nul: bool
    has_quotes: bool
    has_combining: bool
    has_odd_space: bool
    has_lost_letters: bool


def facts_of(path: Path, newline: str, delimiter: str) -> Facts:
    """The facts of the file at `path`, in constant memory."""
    end = ord(newline[-1])
    blanks = {b"\t", b"\r"} - {delimiter.encode(), newline[:1].encode()}
    has_nul = has_quotes = has_combining = has_odd_space = has_lost_letters = False
    counted, last, before = 0, -1, b""
    for chunk in _chunks(path):
        counted += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == end))
        last = chunk[-1]
        has_nul = has_nul or b"\x00" in chunk
        has_quotes = has_quotes or b'"' in chunk
        # U+0300 to U+036F begin with CC or CD in UTF-8, and nothing else Vietnamese does.
        has_combining = has_combining or b"\xcc" in chunk or b"\xcd" in chunk
        # A letter may lie across two chunks.
        text = before + chunk
        has_odd_space = has_odd_space or _holds(text, NO_BREAK_SPACE) or any(blank in chunk for blank in blanks)
        has_lost_letters = has_lost_letters or _holds(text, REPLACEMENT)
        before = text[-2:]
    return Facts(
        lines=counted + (0 if last == end else 1),
        ends_with_newline=last == end,
        has_nul=has_nul,
        has_quotes=has_quotes,
        has_combining=has_combining,
        has_odd_space=has_odd_space,
        has_lost_letters=has_lost_letters,
    )


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file; read, because the pages of a mapped file count as the program's own memory."""
    with path.open("rb", buffering=0) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _holds(text: bytes, letter: bytes) -> bool:
    """Whether `letter` is in `text`; one byte is found ten times faster than two, and most files do not have it."""
    return letter[:1] in text and letter in text


def record_ends(path: Path, newline: str) -> Iterator[npt.NDArray[np.int64]]:
    """The places of the bytes that end a record: line ends with an even number of quotes before them, and the end."""
    end, quotes, offset, last = ord(newline[-1]), 0, 0, -1
    for read in _chunks(path):
        chunk = np.frombuffer(read, np.uint8)
        ends = np.flatnonzero(chunk == end)
        marks = np.flatnonzero(chunk == ord('"'))
        yield ends[(np.searchsorted(marks, ends) + quotes) % 2 == 0] + offset
        quotes += len(marks)
        offset += len(read)
        last = read[-1]
    if offset and last != end:
        yield np.array([offset + len(newline) - 1])


def blank_records(path: Path, newline: str, skip: int) -> list[int]:
    """The numbers of the blank records below the first `skip`."""
    blank: list[int] = []
    record, previous = 0, -1
    for ends in record_ends(path, newline):
        lengths = np.diff(ends, prepend=previous)
        blank += (np.flatnonzero(lengths <= len(newline)) + record + 1).tolist()
        record += len(ends)
        previous = int(ends[-1]) if len(ends) else previous
    return [number for number in blank if number > skip]
