"""What the bytes of a text file say, without parsing it: how many records, and which letters it may hold."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

CHUNK_BYTES = 1 << 24


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
    other_blanks = {b"\t", b"\r"} - {delimiter.encode(), newline[:1].encode()}
    end = newline[-1].encode()
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        size = len(view)
        counted = 0
        for offset in range(0, size, CHUNK_BYTES):
            chunk = np.frombuffer(view, np.uint8, min(CHUNK_BYTES, size - offset), offset)
            counted += int(np.count_nonzero(chunk == end[0]))
            del chunk
        return Facts(
            lines=counted + (0 if view[size - 1 : size] == end else 1),
            ends_with_newline=view[size - 1 : size] == end,
            has_nul=view.find(b"\x00") >= 0,
            has_quotes=view.find(b'"') >= 0,
            # U+0300 to U+036F begin with CC or CD in UTF-8, and nothing else Vietnamese does.
            has_combining=view.find(b"\xcc") >= 0 or view.find(b"\xcd") >= 0,
            # One byte is found ten times faster than two, and most files do not have the first of these two.
            has_odd_space=(view.find(b"\xc2") >= 0 and view.find(b"\xc2\xa0") >= 0)
            or any(view.find(blank) >= 0 for blank in other_blanks),
            has_lost_letters=view.find(b"\xef") >= 0 and view.find(b"\xef\xbf\xbd") >= 0,
        )


def record_ends(path: Path, newline: str) -> Iterator[npt.NDArray[np.int64]]:
    """The places of the bytes that end a record: line ends with an even number of quotes before them, and the end."""
    end, quotes, size = ord(newline[-1]), 0, path.stat().st_size
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        for offset in range(0, size, CHUNK_BYTES):
            chunk = np.frombuffer(view, np.uint8, min(CHUNK_BYTES, size - offset), offset)
            ends = np.flatnonzero(chunk == end)
            marks = np.flatnonzero(chunk == ord('"'))
            last = int(chunk[-1])
            del chunk
            yield ends[(np.searchsorted(marks, ends) + quotes) % 2 == 0] + offset
            quotes += len(marks)
    if size and last != end:
        yield np.array([size + len(newline) - 1])


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
