"""A form's own totals row as a checksum: a form that does not add up to what it says is held whole."""

from __future__ import annotations

import duckdb

from data_sources.contracts.model import Column
from data_sources.mapping import Mapping, quoted
from data_sources.messages import Message
from data_sources.readers.formats import find_number_format
from data_sources.refusal import Held
from data_sources.settings import SourceSettings


def reconcile(
    con: duckdb.DuckDBPyConnection,
    staging: str,
    mapping: Mapping,
    present: list[Column],
    source: SourceSettings,
    notes: list[Message],
) -> None:
    """Compare the one totals row of each sheet with the sum of its rows; Held when a column does not add up.

    All rows count, also those that will be set aside: the sender added them too. Several totals rows in a sheet are
    subtotals of parts that are not known here; that they were not used is noted.
    """
    sheets = con.execute(
        f"SELECT _sheet, count(*) FROM {staging} WHERE _role = 'total' GROUP BY _sheet ORDER BY _sheet"
    ).fetchall()
    for sheet, rows in sheets:
        if rows > 1:
            notes.append(_of(sheet, Message("note.several_totals", rows=rows)))
            continue
        for column in present:
            if column.type != "integer" or column.name not in mapping.theirs:
                continue
            theirs = mapping.theirs[column.name]
            value = find_number_format(con, staging, theirs, source.read.decimal, whole=True).integer_sql(
                quoted(theirs)
            )
            found = con.execute(
                f"SELECT sum({value}) FILTER (WHERE _role = 'total'), sum({value}) FILTER (WHERE _role = 'data')"
                f" FROM {staging} WHERE _sheet IS NOT DISTINCT FROM ?",
                [sheet],
            ).fetchone()
            if found and found[0] is not None and found[1] is not None and found[0] != found[1]:
                total, added = int(found[0]), int(found[1])
                raise Held("does_not_add_up", sheet=sheet, column=theirs, total=total, sum=added)
        notes.append(_of(sheet, Message("note.adds_up")))


def _of(sheet: str | None, note: Message) -> Message:
    return Message("note.of_sheet", sheet=sheet, note=note) if sheet else note
