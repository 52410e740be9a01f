"""The national register of Viet Nam: the units of 2021 and the later changes that are known.

Source of the units: the data file of the pinned package `vietnam-provinces` (codes of the General Statistics Office).
Source of the changes and populations: `assets/units/`, see its README.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from data_sources.refusal import Refused
from data_sources.unit_register import Register, Unit

PACKAGE = "vietnam_provinces"
COUNTRY = "VN"
REFERENCE_DAY = date(2021, 12, 31)
"""The day of the package's list (the tag 0.3.0 holds the units of 2021): what is asked without a day is meant then."""

ASSETS = Path(__file__).resolve().parent.parent / "assets" / "units"
DIGITS = {"province": 2, "district": 3, "commune": 5}
"""Length of a code at each level; the package holds codes as numbers, without their leading zeros."""

SHORT_PREFIXES = {"Thành phố": "TP ", "Thị xã": "TX ", "Thị trấn": "TT "}
DROPPED_PREFIXES = ("Tỉnh", "Huyện", "Quận", "Phường", "Xã")


def short_name(name: str) -> str:
    """`name` as it is written on a map: TP Vũng Tàu, Long Điền; a number keeps its type word (Quận 10)."""
    for prefix, short in SHORT_PREFIXES.items():
        if name.startswith(prefix + " "):
            return short + name[len(prefix) + 1 :]
    for prefix in DROPPED_PREFIXES:
        rest = name[len(prefix) + 1 :]
        if name.startswith(prefix + " ") and not rest[:1].isdigit():
            return rest
    return name


def _rows(name: str) -> list[dict[str, str]]:
    with (ASSETS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _unit(entry: dict[str, Any], level: str, parent: str, valid_to: date | None = None) -> Unit:
    name = unicodedata.normalize("NFC", entry["name"])
    word = entry["division_type"].removesuffix(" trung ương").capitalize()
    if name.casefold().startswith(word.casefold() + " "):
        # The list writes both Thị xã and Thị Xã.
        name = word + name[len(word) :]
    return Unit(
        code=str(entry["code"]).zfill(DIGITS[level]),
        name=name,
        short_name=short_name(name),
        kind=entry["division_type"],
        level=level,
        parent=parent,
        valid_to=valid_to,
    )


def _changes() -> tuple[dict[str, list[Unit]], dict[str, date]]:
    """The periods of each changed code, and for each level the last day of its units that have no row of their own."""
    periods: dict[str, list[Unit]] = {}
    last_days: dict[str, date] = {}
    for row in _rows("vn_changes.csv"):
        if row["code"] == "*":
            last_days[row["level"]] = date.fromisoformat(row["valid_to"])
            continue
        periods.setdefault(row["code"], []).append(
            Unit(
                code=row["code"],
                name=row["name"],
                short_name=short_name(row["name"]),
                kind=row["kind"],
                level=row["level"],
                parent=row["parent"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
                successors=tuple(row["successors"].split()),
            )
        )
    return periods, last_days


def _provinces_since_2025() -> tuple[dict[str, Unit], dict[str, tuple[date, str]]]:
    """The provinces that began in 2025 by code, and for each of the 63 that ended its last day and its successor."""
    begun: dict[str, Unit] = {}
    ended: dict[str, tuple[date, str]] = {}
    for row in _rows("vn_provinces_2025.csv"):
        since = _day(row["from_day"])
        if since is None:
            continue
        begun[row["code"]] = Unit(
            code=row["code"],
            name=row["name"],
            short_name=short_name(row["name"]),
            kind=row["kind"],
            level="province",
            parent=COUNTRY,
            valid_from=since,
        )
        for before in row["formed_from"].split():
            ended[before] = (since - timedelta(days=1), row["code"])
    return begun, ended


def _with_population(units: list[Unit]) -> list[Unit]:
    """The units with the census population; one that unites whole predecessors has their sum."""
    census = {row["code"]: int(row["population"]) for row in _rows("vn_population_2019.csv")}
    counted: dict[int, int | None] = {
        id(unit): census.get(unit.code) if unit.valid_from is None else None for unit in units
    }
    later = sorted((unit for unit in units if unit.valid_from), key=lambda unit: unit.valid_from or date.min)
    for unit in later:
        parts = [
            counted[id(other)]
            for other in units
            if unit.code in other.successors
            and other.level == unit.level
            and other.valid_to
            and unit.valid_from
            and (unit.valid_from - other.valid_to).days == 1
        ]
        known = [part for part in parts if part is not None]
        counted[id(unit)] = sum(known) if parts and len(known) == len(parts) else None
    return [replace(unit, population=counted[id(unit)]) if counted[id(unit)] else unit for unit in units]


def _provinces() -> list[dict[str, Any]]:
    """The package's list; found without importing the package, whose own modules we have no use for."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Refused(
            needed="the list of the units of Viet Nam",
            found=f"no package {PACKAGE}",
            where="national unit register",
            remedy="Run make setup.",
        )
    path = Path(spec.submodule_search_locations[0]) / "data" / "nested-divisions.json"
    provinces: list[dict[str, Any]] = json.loads(path.read_bytes())
    return provinces


@cache
def national_units() -> tuple[Unit, ...]:
    """Every unit of Viet Nam in every known period, the country first (code VN, level "country")."""
    changed, last_days = _changes()
    begun, ended = _provinces_since_2025()
    upper = [
        Unit(code=COUNTRY, name="Việt Nam", short_name="Việt Nam", kind="quốc gia", level="country", parent=None),
    ]
    communes: list[Unit] = []
    for province in _provinces():
        base = _unit(province, "province", COUNTRY)
        if base.code in ended:
            last_day, successor = ended[base.code]
            base = replace(base, valid_to=last_day, successors=(successor,))
        upper.extend([base, *([begun[base.code]] if base.code in begun else [])])
        for entry in province["districts"]:
            district = _unit(entry, "district", base.code, last_days.get("district"))
            periods = changed.get(district.code, [district])
            upper.extend(periods)
            communes.extend(_unit(ward, "commune", district.code, periods[0].valid_to) for ward in entry["wards"])
    return (*_with_population(upper), *communes)


@cache
def national_register() -> Register:
    """The register of Viet Nam: 63 provinces, 705 districts and 10,603 communes in 2021, and the later changes.

    Since 1/7/2025 it holds 34 provinces and, below them, nothing.
    """
    return Register(
        national_units(), reference_day=REFERENCE_DAY, other_names=other_names(), where="national unit register"
    )


@cache
def other_names() -> dict[str, tuple[str, ...]]:
    """For a code the other names it is called by, that no rule of spelling leads to."""
    names: dict[str, list[str]] = {}
    for row in _rows("vn_aliases.csv"):
        names.setdefault(row["code"], []).append(row["written"])
    return {code: tuple(written) for code, written in names.items()}
