"""The units of an installation: its own register, its boundaries' properties, or the national register of Viet Nam."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from data_sources.refusal import Refused
from data_sources.settings import SettingError, Settings, UnitSettings
from data_sources.unit_names import Certainty, Resolution, resolve_names
from data_sources.unit_national import COUNTRY, national_register, national_units, short_name
from data_sources.unit_register import LEVELS, Register, Unit

__all__ = ["LEVELS", "Certainty", "Register", "Resolution", "Unit", "load_register", "resolve_names"]

COLUMNS = ("code", "name", "kind", "parent", "level", "valid_from", "valid_to", "population", "population_18")
"""What a register of one's own may say; only code and name must be there."""
DELIMITERS = ",;\t"
BOUNDARY_MEGABYTES = 256
"""Largest boundary file whose properties are read; ten times the largest that was met."""

GROUPED = re.compile(r"\d{1,3}([.,\u00a0\u202f ]\d{3})+")
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def load_register(settings: Settings) -> Register:
    """The register that `settings` ask for; the province is in it, and what reports to it is below it.

    SettingError for a file or column that is not there; Refused, with the row, for a register that contradicts itself.
    """
    code = settings.province.code
    if settings.units.register is not None:
        path = _file(settings, settings.units.register, "units.register")
        return _own_register(settings, _read_rows(path, settings.units), str(path.name))
    if code in national_register():
        _check_national_level(settings)
        return national_register()
    if settings.units.boundaries is not None:
        path = _file(settings, settings.units.boundaries, "units.boundaries")
        return _own_register(settings, _boundary_rows(path, settings.units), str(path.name))
    raise SettingError(
        f"province.code = {code!r}: not a code of the national register of Viet Nam; allowed are its codes, as 77 or"
        f" {COUNTRY} for the whole country, or any code with units.register or units.boundaries"
    )


def _check_national_level(settings: Settings) -> None:
    province = settings.province
    unit = national_register().get(province.code)
    if unit is not None and LEVELS.index(unit.level) >= LEVELS.index(province.level):
        raise SettingError(
            f"province.level = {province.level!r}: {unit.name} ({unit.code}) has no units of this level below it;"
            f" allowed are {', '.join(LEVELS[LEVELS.index(unit.level) + 1 :]) or 'none'}"
        )


def _file(settings: Settings, text: str, key: str) -> Path:
    path = settings.path(text)
    if not path.is_file():
        raise SettingError(f"{key} = {text!r}: there is no such file; give the path of a file that can be read")
    return path


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise Refused(
        needed="text in UTF-8 or UTF-16",
        found="bytes that are neither",
        where=path.name,
        remedy="Save the register again as CSV UTF-8.",
    )


def _read_rows(path: Path, units: UnitSettings) -> list[tuple[str, dict[str, str]]]:
    """The register's rows as (where, our column -> text), blank cells left out."""
    text = _decoded(path)
    delimiter = units.delimiter or max(DELIMITERS, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Refused(
            needed="rows of a CSV file",
            found=str(error),
            where=f"{path.name}, row {reader.line_num}",
            remedy="Save the register again as CSV.",
        ) from None
    if not lines:
        raise Refused(needed="rows of units", found="an empty file", where=path.name, remedy="Fill the register.")
    if units.header:
        header = [cell.strip() for cell in lines.pop(0)[1]]
    else:
        header = [str(position) for position in range(1, max(len(row) for _, row in lines) + 1)]
    ours = _our_columns(header, units)
    found: list[tuple[str, dict[str, str]]] = []
    for number, row in lines:
        cells = {name: row[place].strip() for name, place in ours.items() if place < len(row)}
        values = units.constants | {name: cell for name, cell in cells.items() if cell}
        found.append((f"{path.name}, row {number}", values))
    return found


def _our_columns(header: list[str], units: UnitSettings) -> dict[str, int]:
    """Our column -> its place in the file."""
    for key, names in (("units.columns", units.columns), ("units.constants", units.constants)):
        for name in names:
            if name not in COLUMNS:
                raise SettingError(f"{key}.{name}: unknown key; allowed are {', '.join(COLUMNS)}")
    ours: dict[str, int] = {}
    for name in COLUMNS:
        theirs = units.columns.get(name, name)
        if theirs in header:
            ours[name] = header.index(theirs)
        elif name in units.columns:
            raise SettingError(
                f"units.columns.{name} = {theirs!r}: the register has no such column; it has {', '.join(header)}"
            )
        elif name in ("code", "name") and name not in units.constants:
            raise SettingError(
                f"units.columns.{name} is missing: the register has no column {name}; name one of {', '.join(header)}"
            )
    return ours


def _boundary_rows(path: Path, units: UnitSettings) -> list[tuple[str, dict[str, str]]]:
    """One row for each feature of a boundary file, from its properties."""
    if path.stat().st_size > BOUNDARY_MEGABYTES * 2**20:
        raise Refused(
            needed=f"at most {BOUNDARY_MEGABYTES} MB",
            found=f"{path.stat().st_size / 2**20:.0f} MB",
            where=path.name,
            remedy="Simplify the boundaries, or cut them to the province.",
        )
    try:
        document = json.loads(_decoded(path))
        features = [dict(feature["properties"] or {}) for feature in document["features"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused(
            needed="a GeoJSON FeatureCollection",
            found="something else",
            where=path.name,
            remedy="Export the boundaries as GeoJSON.",
        ) from None
    rows: list[tuple[str, dict[str, str]]] = []
    for number, properties in enumerate(features, start=1):
        for key, name in (
            ("units.boundaries_code", units.boundaries_code),
            ("units.boundaries_name", units.boundaries_name),
        ):
            if properties.get(name) in (None, ""):
                known = ", ".join(sorted(map(str, properties))) or "none"
                raise SettingError(f"{key} = {name!r}: feature {number} of {path.name} lacks it; allowed are {known}")
        code, label = properties[units.boundaries_code], properties[units.boundaries_name]
        row = {"code": str(code).strip(), "name": str(label).strip()}
        rows.append((f"{path.name}, feature {number}", units.constants | row))
    return rows


def _own_register(settings: Settings, rows: list[tuple[str, dict[str, str]]], where: str) -> Register:
    """A register from rows of one's own, with the province above them and, in Viet Nam, the other provinces beside."""
    province = settings.province
    root_level = "country" if province.level == "province" else "province"
    units = _collapsed(_unit(at, row) for at, row in rows)
    parents = {unit.parent for unit in units}
    own: list[Unit] = []
    for unit in units:
        if unit.code == province.code:
            own.append(replace(unit, level=root_level, parent=None))
        elif unit.parent is None and not (root_level == "province" and unit.code in parents):
            own.append(replace(unit, parent=province.code))
        else:
            own.append(unit)
    if all(unit.code != province.code for unit in own):
        known = national_register().get(province.code)
        root = Unit(
            code=province.code,
            name=known.name if known else province.name,
            short_name=known.short_name if known else province.name,
            kind=known.kind if known else "",
            level=root_level,
            parent=None,
        )
        own.insert(0, root)
    own = _with_levels(own, settings)
    other_names = None
    if province.code in national_register():
        own += _beside(own, province.code) if root_level == "province" else []
        other_names = national_register().other_names
    register = Register(own, where=where, other_names=other_names)
    if not register.children(province.code):
        raise Refused(
            needed=f"units below {province.code}",
            found="none",
            where=where,
            remedy="Give the units' rows this parent, or leave their parent empty.",
        )
    return register


def _beside(own: list[Unit], code: str) -> list[Unit]:
    """The units of Viet Nam outside the province, so that a name that belongs there is recognised."""
    taken = {unit.code for unit in own}
    national = national_register()
    outside = (unit for unit in national_units() if unit.valid_to is None or unit.valid_from is None)
    return [
        replace(unit, parent=None if unit.parent == COUNTRY else unit.parent, valid_from=None, valid_to=None)
        for unit in outside
        if unit.code not in taken
        and unit.level != "country"
        and national.get(unit.code) == unit
        and all(above.code != code and above.code not in taken for above in national.lineage(unit))
    ]


def _unit(where: str, row: dict[str, str]) -> Unit:
    if not row.get("code") or not row.get("name"):
        missing = "code" if not row.get("code") else "name"
        raise Refused(needed=f"a {missing}", found="a blank cell", where=where, remedy="Fill it, or delete the row.")
    level = row.get("level", "")
    if level and level not in LEVELS:
        raise Refused(
            needed=f"one of {', '.join(LEVELS)}", found=repr(level), where=where, remedy="Correct the column level."
        )
    name = " ".join(unicodedata.normalize("NFC", row["name"]).split())
    return Unit(
        code=row["code"],
        name=name,
        short_name=short_name(name),
        kind=row.get("kind", "").casefold(),
        level=level,
        parent=row.get("parent"),
        valid_from=_day(row.get("valid_from"), where, "valid_from"),
        valid_to=_day(row.get("valid_to"), where, "valid_to"),
        population=_count(row.get("population"), where, "population"),
        population_18_plus=_count(row.get("population_18"), where, "population_18"),
    )


def _day(text: str | None, where: str, column: str) -> date | None:
    """A date written 2021-08-29 or 29/8/2021."""
    if text is None:
        return None
    match = DAY_MONTH_YEAR.fullmatch(text)
    try:
        return date(*map(int, match.groups()[::-1])) if match else date.fromisoformat(text)
    except ValueError:
        raise Refused(
            needed="a date as 2021-08-29 or 29/8/2021",
            found=repr(text),
            where=f"{where}, {column}",
            remedy="Correct the date.",
        ) from None


def _count(text: str | None, where: str, column: str) -> int | None:
    """A whole number of residents, with or without marks between its thousands."""
    if text is None:
        return None
    digits = re.sub(r"\D", "", text) if GROUPED.fullmatch(text) else re.sub(r"\.0+$", "", text)
    if not (digits.isascii() and digits.isdigit()):
        raise Refused(
            needed="a whole number of residents",
            found=repr(text),
            where=f"{where}, {column}",
            remedy="Write it as 357124.",
        )
    return int(digits)


def _collapsed(units: Iterable[Unit]) -> list[Unit]:
    """The units with equal rows of one code and period taken once; Refused where such rows contradict each other."""
    kept: dict[tuple[str, date | None], Unit] = {}
    for unit in units:
        known = kept.setdefault((unit.code, unit.valid_from), unit)
        if known != unit:
            named = [item.name for item in fields(Unit) if getattr(known, item.name) != getattr(unit, item.name)]
            raise Refused(
                needed="one row, or equal rows, for each unit and period",
                found=f"two rows of {unit.code} that differ in {', '.join(named)}"
                f" ({_shown(known, named[0])} and {_shown(unit, named[0])})",
                where=f"unit {unit.code}",
                remedy="Keep one of them, or give each its valid_from and valid_to.",
            )
    return list(kept.values())


def _shown(unit: Unit, name: str) -> str:
    value: Any = getattr(unit, name)
    return "nothing" if value is None else str(value)


def _with_levels(units: list[Unit], settings: Settings) -> list[Unit]:
    """The units with the level each stands at: as its row says, else from how far it is below the province."""
    above = {unit.code: unit.parent for unit in units}
    parents = set(above.values())
    steps = ["country", "province", "district", "commune"] if settings.province.level == "province" else []
    steps = steps or ["province", "district", "commune"]
    placed: list[Unit] = []
    for unit in units:
        depth, code = 0, unit.parent
        while code is not None and depth <= len(units):
            depth, code = depth + 1, above.get(code)
        level = unit.level or steps[min(depth, len(steps) - 1)]
        if settings.province.level == "commune" and depth == 1 and unit.code not in parents and not unit.level:
            level = "commune"
        placed.append(replace(unit, level=level))
    return placed
