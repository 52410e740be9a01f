"""Which unit each row of a delivery is about, by the names and codes that were valid on the row's day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from data_sources.contracts.model import Column
from data_sources.messages import Message
from data_sources.readers.formats import find_day_format
from data_sources.refusal import Refused
from data_sources.settings import SourceSettings
from data_sources.units import Register, Resolution, resolve_names


@dataclass(frozen=True)
class Stretch:
    """A part of time in which a name means one unit: SQL of its number in a row, and a day within each."""

    sql: str
    days: tuple[date | None, ...]


def find_stretches(
    con: duckdb.DuckDBPyConnection,
    table: str,
    present: list[Column],
    source: SourceSettings,
    register: Register,
    parent: str | None,
    issued_on: date,
) -> Stretch:
    """The stretches between changes of the units at or below `parent` that the rows' days reach into.

    A day after the delivery's own is a slip and counts as the delivery's day.
    """
    changes = register.change_days(parent) if parent else ()
    if not changes or not any(column.name == "day" for column in present):
        return Stretch("0", (None,))
    shape = find_day_format(con, table, "day", source.read.date_format)
    day = shape.sql("m.day")
    newest = con.execute(f"SELECT max({day}) FROM {table} AS m").fetchone()
    last = min(newest[0], issued_on) if newest and newest[0] else issued_on
    reached = [change for change in changes if change <= last]
    if not reached:
        return Stretch("0", (None,))
    cases = " ".join(f"WHEN {day} < DATE '{change.isoformat()}' THEN {i}" for i, change in enumerate(reached))
    days = [reached[0] - timedelta(days=1), *reached]
    return Stretch(f"(CASE {cases} ELSE {len(reached)} END)", tuple(days))


def resolve_units(
    con: duckdb.DuckDBPyConnection,
    table: str,
    present: list[Column],
    register: Register,
    parent: str | None,
    level: str,
    stretch: Stretch,
    decided: Mapping[str, str],
) -> None:
    """The temporary table `unit_of`: each way a unit is written here, with its code or what is in doubt.

    `decided` holds the codes a person chose for names; Refused where one is not the code of a unit.
    """
    con.execute(
        "CREATE TEMP TABLE unit_of (written VARCHAR, written_parent VARCHAR, stretch INTEGER, code VARCHAR,"
        " certainty VARCHAR, message VARCHAR)"
    )
    if not any(column.type == "unit" for column in present):
        return
    found = con.execute(
        f"SELECT DISTINCT m.unit, m._unit_parent, {stretch.sql} FROM {table} AS m WHERE m.unit IS NOT NULL"
    ).fetchall()
    groups: dict[tuple[str | None, int], list[str]] = {}
    for written, written_parent, number in found:
        groups.setdefault((written_parent, number), []).append(written)
    rows: list[tuple[str, str | None, int, Resolution]] = []
    for (written_parent, number), names in groups.items():
        day = stretch.days[number]
        within = parent
        if written_parent is not None:
            above = resolve_names(register, [written_parent], parent=None, level="province", day=day)[written_parent]
            within = above.code or parent
        outside = written_parent is not None and parent is not None and within != parent
        for name, resolution in resolve_names(register, names, parent=within, level=level, day=day).items():
            if name in decided:
                resolution = _decided(register, name, decided[name])
            rows.append((name, written_parent, number, _outside(resolution) if outside else resolution))
    columns = [
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
        [row[3].code if row[3].certainty == "certain" else None for row in rows],
        [row[3].certainty for row in rows],
        [row[3].message.stored() for row in rows],
    ]
    con.execute(
        "INSERT INTO unit_of SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::INTEGER[]),"
        " unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        columns,
    )


def _decided(register: Register, name: str, code: str) -> Resolution:
    if register.get(code) is None:
        raise Refused("no_such_unit", setting="[source.units]", name=name, code=code)
    return Resolution(name, code, "certain", (), Message("unit.is", unit=code))


def _outside(resolution: Resolution) -> Resolution:
    return Resolution(resolution.written, None, "other_province", resolution.guesses, resolution.message)
