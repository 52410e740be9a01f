"""A CSV text written again as plain UTF-8 with one line end, each record with its number, for DuckDB to read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data_sources.messages import Message
from data_sources.readers.dialect import Dialect
from data_sources.readers.encodings import REPLACEMENT, Encoding, decoded_blocks
from data_sources.readers.roles import is_remark
from data_sources.readers.staging import MOST_REJECTS, Reject, half_a_file, open_quote

NEW_DIALECT = Dialect(",", '"', "\n", False)
LONGEST_FIELD = 1_048_576
"""A longer field is a quote that was never closed."""


@dataclass
class Rewritten:
    """How many records were read, which could not be cut into columns, and whether letters are lost in any."""

    records: int = 0
    lost_letters: bool = False
    last: tuple[int, tuple[str, ...]] = (0, ())
    rejects: tuple[Reject, ...] = ()
    _found: list[Reject] = field(default_factory=list)


def rewrite(
    path: Path, copy: Path, encoding: Encoding, dialect: Dialect, start: int, width: int, where: str
) -> Rewritten:
    """Write the records from number `start` on to `copy`; Refused for half a file or an open quote."""
    done = Rewritten()
    csv.field_size_limit(LONGEST_FIELD)
    tail = ""

    def lines() -> Iterator[str]:
        nonlocal tail
        for block in decoded_blocks(path, encoding, where):
            done.lost_letters = done.lost_letters or REPLACEMENT in block
            tail = block[-1:]
            yield from io.StringIO(block, newline="")

    reader = dialect.reader(lines(), strict=True)
    with copy.open("w", encoding="utf-8", newline="") as stream:
        # Every field is quoted: the writer leaves a bare carriage return open, and a reader would cut there.
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        while True:
            begun = reader.line_num  # type: ignore[attr-defined]
            try:
                fields = next(reader)
            except StopIteration:
                break
            except csv.Error:
                if reader.line_num > begun + 1:  # type: ignore[attr-defined]
                    raise open_quote(done.records + 1, where) from None
                done.records += 1
                done._found.append(Reject(done.records, "bad_quoting", Message("needed.quotes")))
                continue
            done.records += 1
            if done.records < start or not fields:
                continue
            done.last = (done.records, tuple(fields))
            if len(fields) == width:
                writer.writerow([done.records, *fields])
            elif len(done._found) < MOST_REJECTS:
                done._found.append(_ragged(done.records, len(fields), width))
    number, fields_of_last = done.last
    cut = number == done.records and 0 < len(fields_of_last) < width and not is_remark(fields_of_last[0])
    if tail not in ("\n", "\r") and cut:
        raise half_a_file(done.records, where)
    done.rejects = tuple(done._found)
    return done


def _ragged(number: int, fields: int, width: int) -> Reject:
    reason = "too_few_fields" if fields < width else "too_many_fields"
    return Reject(number, reason, Message("needed.more_fields", width=width, fields=fields))
