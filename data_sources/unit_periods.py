"""The other periods of a picture's units: those that ended or began within it, and what became of them.

The table `unit` holds each code once, as it stands on the picture's last day. A code means another unit on another
day, and a unit formed out of others has figures before its time only as theirs; `unit_period` says how they follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from data_sources.boundaries import Boundaries
from data_sources.settings import ProvinceSettings
from data_sources.units import Register, Unit

COLUMNS = (
    "code VARCHAR, name VARCHAR, short_name VARCHAR, kind VARCHAR, level VARCHAR, parent VARCHAR, valid_from DATE,"
    " valid_to DATE, population BIGINT, population_18_plus BIGINT, label_longitude DOUBLE, label_latitude DOUBLE,"
    " island BOOLEAN, reporting BOOLEAN, successors VARCHAR"
)


def build_unit_periods(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    province: ProvinceSettings,
    boundaries: Boundaries,
    codes: Iterable[str],
    span: tuple[date, date],
) -> None:
    """The temporary table `unit_period`: empty unless a unit of the picture ended or began within its span of days."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE unit_period ({COLUMNS})")
    for unit in periods_within(register, codes, span):
        last = min(unit.valid_to or span[1], span[1])
        reports = any(leaf == unit for leaf in register.leaves(province.code, province.level, last))
        label = boundaries.label(unit.code)
        row = (
            *(
                unit.code,
                unit.name,
                unit.short_name,
                unit.kind,
                unit.level,
                unit.parent,
                unit.valid_from,
                unit.valid_to,
            ),
            *(unit.population, unit.population_18_plus, *(label or (None, None)), boundaries.is_island(unit.code)),
            *(reports, " ".join(unit.successors)),
        )
        con.execute(f"INSERT INTO unit_period VALUES ({', '.join('?' * len(row))})", row)


def periods_within(register: Register, codes: Iterable[str], span: tuple[date, date]) -> list[Unit]:
    """Every period within the span of `codes` and of what they were formed from; none where nothing changed in it."""
    first_day, last_day = span
    wanted = set(codes)
    ended = [unit for unit in register.units() if unit.valid_to and first_day <= unit.valid_to < last_day]
    while True:
        formers = {unit.code for unit in ended if wanted.intersection(unit.successors)} - wanted
        if not formers:
            break
        wanted |= formers
    if not any(unit.code in wanted for unit in ended):
        return []
    units = [unit for code in sorted(wanted) for unit in register.periods(code)]
    begun = [unit for unit in units if unit.valid_from is None or unit.valid_from <= last_day]
    return [unit for unit in begun if unit.valid_to is None or unit.valid_to >= first_day]
