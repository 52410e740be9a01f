"""Releases: what the warehouse knows as of a time, as immutable files that the app attaches read only."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

import duckdb

from data_sources import archive, pointer
from data_sources.aid_entries import build_aid_entries
from data_sources.analysis_tables import ANALYSIS, ANALYSIS_ORDER, DERIVED
from data_sources.boundaries import load_boundaries
from data_sources.checks import ZONE
from data_sources.coarse_trails import build_coarse_trails
from data_sources.contracts import CONTRACTS
from data_sources.contracts.model import SQL_TYPES
from data_sources.cube import build_cube, load_deliveries, version_table
from data_sources.filled_fields import build_filled_fields
from data_sources.judgement import Judged, judge
from data_sources.mapping import quoted
from data_sources.refusal import Refused
from data_sources.rejected_rows import load_rejected_rows
from data_sources.same_person import find_pairs
from data_sources.settings import Settings
from data_sources.site_rows import build_sites
from data_sources.status import build_status
from data_sources.structure import build_structure
from data_sources.unit_periods import build_unit_periods
from data_sources.units import Register
from data_sources.warehouse import Warehouse

CALENDAR_FOLDER = Path(__file__).parent.parent / "assets" / "calendar"

PICTURE_TABLES = (
    "meta",
    "unit",
    "unit_period",
    "boundary",
    "observation",
    "observation_history",
    "coverage",
    "report",
    "structure",
    "site",
    "site_count",
    "trail",
    "trail_point",
    "calendar",
    "source_status",
    "set_aside_reason",
    "set_aside_part",
    "held_batch",
    "completeness",
    "field_filled",
    "format_note",
    "aid_entry",
)
SHOWN = tuple(f"row_{contract.dataset}" for contract in CONTRACTS.values() if contract.shown)
"""Tables of single rows that name nobody, every version of them: the columns a contract shows, `issued`, `until`."""
DIGESTED = (
    *SHOWN,
    "unit",
    "unit_period",
    "boundary",
    "observation_history",
    "coverage",
    "report",
    "structure",
    "calendar",
    "structure_exact",
    "possible_same_person",
    "site",
    "site_count",
    "site_count_exact",
    "held_batch",
    "set_aside_reason",
    "set_aside_part",
    "completeness",
    "field_filled",
    "format_note",
)
"""What makes two releases the same: the figures, the reference data and what was held or set aside; not when or how
often the same was received, nor whether a source answered the last time it was asked."""


@dataclass(frozen=True)
class Built:
    """A release that is current now, and whether it was built anew."""

    release_id: str
    as_of: datetime
    fresh: bool


def build_release(warehouse: Warehouse, settings: Settings, register: Register, cutoff: datetime | None) -> Built:
    """The release of everything issued until `cutoff`; the current one again when nothing in it has changed."""
    con, data = warehouse.con, warehouse.data
    judged = judge(con, settings, cutoff)
    if not any(one.held is None for one in judged):
        raise Refused("nothing_usable", held=len(judged))
    inputs = _inputs_digest(warehouse, settings, judged, cutoff)
    current = pointer.current_id(data)
    if current and pointer.is_whole(data, current):
        manifest = pointer.read_manifest(data, current)
        if manifest["inputs"] == inputs:
            return Built(current, datetime.fromisoformat(manifest["as_of"]), fresh=False)
    load_deliveries(con, judged, cutoff)
    load_rejected_rows(con, settings, judged)
    present = build_cube(con, partial(_areas, register, settings.province.code))
    as_of, first_day, last_day = _span(con)
    note = _build_units(con, settings, data, register, (first_day, last_day))
    _build_calendar(con)
    build_structure(con, has_cases="cases" in present)
    build_sites(con, present)
    _build_people(con, present)
    build_status(con, settings, judged)
    build_filled_fields(con, settings, present, warehouse.open_identities() if warehouse.has_identities() else None)
    _find_same_persons(warehouse, settings, present)
    _build_shown(con, present)
    build_aid_entries(con, present)
    digest = _content_digest(con, present)
    release_id = f"{as_of:%Y%m%dT%H%M%S}-{digest[:12]}"
    build_coarse_trails(con, release_id, has_trails="trail_points" in present)
    _build_meta(con, settings, release_id, as_of, first_day, last_day, note)
    building = data / "releases" / f"{pointer.BUILDING}{os.getpid()}"
    building.mkdir(parents=True, exist_ok=True)
    _write_picture(con, building / "picture.duckdb")
    _write_analysis(con, building / "analysis.duckdb", present)
    _write_registry(warehouse, building / "registry.duckdb", present)
    manifest = {
        "id": release_id,
        "version": pointer.RELEASE_VERSION,
        "as_of": as_of.isoformat(),
        "inputs": inputs,
        "content": digest,
        "files": {path.name: pointer.sha256_of(path) for path in sorted(building.glob("*.duckdb"))},
    }
    (building / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    pointer.publish(data, building, release_id)
    pointer.sweep(data, settings.keep_releases)
    return Built(release_id, as_of, fresh=current != release_id)


def _areas(register: Register, province: str, code: str) -> tuple[str, ...]:
    """The unit and the units it lies in, up to the province; the unit alone where it lies elsewhere."""
    periods = register.periods(code)
    line = [unit.code for unit in register.lineage(register.get(code) or periods[-1])] if periods else [code]
    return tuple(line[: line.index(province) + 1]) if province in line else (code,)


def _inputs_digest(warehouse: Warehouse, settings: Settings, judged: list[Judged], cutoff: datetime | None) -> str:
    """A digest of everything the release is made of, so that an unchanged one is not built again."""
    contents = {
        row[0]: row[1] for row in warehouse.con.execute("SELECT content, settings || sha256 FROM content").fetchall()
    }
    installed = warehouse.data / "boundaries.geojson"
    described = [
        [[contents[one.content], one.rank, one.issued_at.isoformat(), one.held_stored] for one in judged],
        cutoff.isoformat() if cutoff else None,
        [str(settings.province), str(settings.units), settings.demonstration],
        [[source.name, source.title, source.every_seconds, source.late_after_seconds] for source in settings.sources],
        pointer.sha256_of(installed) if installed.exists() else None,
        pointer.RELEASE_VERSION,
        warehouse.con.execute("SELECT mark FROM erased ORDER BY mark").fetchall(),
    ]
    return hashlib.sha256(json.dumps(described, default=str).encode()).hexdigest()


def _span(con: duckdb.DuckDBPyConnection) -> tuple[datetime, date, date]:
    """The newest time of issue, and the first and last day of the picture."""
    row = con.execute(
        "SELECT (SELECT max(issued) FROM report), min(day), max(day) FROM observation"
        " WHERE measure NOT LIKE 'population.%' AND measure NOT LIKE 'submissions.%'"
    ).fetchone()
    if row is None or row[0] is None:
        issued = con.execute("SELECT max(issued_at), min(issued_at) FROM accepted").fetchone()
        if issued is None or issued[0] is None:
            raise Refused("no_rows_known")
        return issued[0], issued[1].date(), issued[0].date()
    if row[1] is None:
        return row[0], row[0].date(), row[0].date()
    # A visit that will be missed in two days' time is known today; the picture reaches to today all the same.
    return row[0], row[1], min(row[2], row[0].astimezone(ZONE).date())


def _build_units(
    con: duckdb.DuckDBPyConnection, settings: Settings, data: Path, register: Register, span: tuple[date, date]
) -> str:
    """Temporary tables `unit`, `unit_period` and `boundary`; what is to be said of the boundaries' accuracy."""
    province, day = settings.province, span[1]
    reporting = {unit.code for unit in register.leaves(province.code, province.level, day)}
    observed = {row[0] for row in con.execute("SELECT DISTINCT unit FROM observation").fetchall()}
    codes = dict.fromkeys([province.code, *sorted(reporting | observed)])
    boundaries = load_boundaries(settings, data, register, day)
    units, shapes = [], []
    for code in codes:
        unit = register.get(code, day) or register.get(code)
        if unit is None:
            continue
        label = boundaries.label(code)
        above = province.code if code in reporting and code != province.code else None
        units.append(
            (
                unit.code, unit.name, unit.short_name, unit.kind, unit.level,
                unit.parent if unit.parent in codes else above,
                unit.valid_from, unit.valid_to, unit.population, unit.population_18_plus,
                label[0] if label else None, label[1] if label else None, boundaries.is_island(code), code in reporting,
            )
        )  # fmt: skip
        geometry = boundaries.geometry(code)
        if geometry is not None:
            shapes.append((code, json.dumps(geometry)))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE unit (code VARCHAR, name VARCHAR, short_name VARCHAR, kind VARCHAR,"
        " level VARCHAR, parent VARCHAR, valid_from DATE, valid_to DATE, population BIGINT, population_18_plus BIGINT,"
        " label_longitude DOUBLE, label_latitude DOUBLE, island BOOLEAN, reporting BOOLEAN)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE boundary (unit VARCHAR, geometry VARCHAR)")
    _insert(con, "unit", units)
    _insert(con, "boundary", shapes)
    build_unit_periods(con, register, province, boundaries, codes, span)
    return boundaries.note


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert a few reference rows as whole columns."""
    if not rows:
        return
    types = [row[1] for row in con.execute(f"DESCRIBE {table}").fetchall()]
    arrays = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    con.execute(f"INSERT INTO {table} SELECT {arrays}", [list(column) for column in zip(*rows, strict=True)])


def _build_calendar(con: duckdb.DuckDBPyConnection) -> None:
    """The temporary table `calendar`: measures of policy on the units of this picture."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE calendar (unit VARCHAR, measure VARCHAR, first_day DATE, last_day DATE,"
        " vi VARCHAR, en VARCHAR, source VARCHAR)"
    )
    known = {row[0] for row in con.execute("SELECT code FROM unit").fetchall()}
    rows: list[tuple[object, ...]] = []
    for path in sorted(CALENDAR_FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                if line["unit"] in known:
                    names = ("unit", "measure", "first_day", "last_day", "vi", "en", "source")
                    rows.append(tuple(line[name] or None for name in names))
    _insert(con, "calendar", rows)


def _build_people(con: duckdb.DuckDBPyConnection, present: list[str]) -> None:
    """The temporary table `person_unit`: where each person with a trail lives, by the newest version that says so."""
    if "trail_points" not in present:
        return
    parts = []
    if "cases" in present:
        parts.append("SELECT case_code, unit, commune, 0 FROM version_cases WHERE until_at IS NULL")
    if "traces" in present:
        parts.append("SELECT case_code, unit, NULL, 1 FROM version_traces WHERE until_at IS NULL")
    # The first part gives the names and types, whichever of the datasets there are.
    sql = " UNION ALL ".join(["SELECT '' AS person, '' AS unit, '' AS commune, 0 AS place WHERE FALSE", *parts])
    con.execute(
        "CREATE OR REPLACE TEMP TABLE person_unit AS SELECT person, arg_min(unit, place) AS unit,"
        f" arg_min(commune, place) AS commune FROM ({sql})"
        " WHERE person IN (SELECT case_code FROM version_trail_points) GROUP BY person"
    )


def _find_same_persons(warehouse: Warehouse, settings: Settings, present: list[str]) -> None:
    has_identities = "cases" in present and warehouse.has_identities()
    if has_identities:
        warehouse.open_identities()
    find_pairs(warehouse.con, settings, has_identities=has_identities)


def _build_shown(con: duckdb.DuckDBPyConnection, present: list[str]) -> None:
    """The temporary tables of SHOWN; empty ones for datasets without rows."""
    for contract in CONTRACTS.values():
        if not contract.shown:
            continue
        columns = ", ".join(map(quoted, contract.shown))
        types = ", ".join(f"{quoted(name)} {SQL_TYPES[contract.column(name).type]}" for name in contract.shown)
        name = quoted(f"row_{contract.dataset}")
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({types}, issued TIMESTAMPTZ, until TIMESTAMPTZ)")
        if contract.dataset in present:
            con.execute(
                f"INSERT INTO {name} SELECT {columns}, issued_at, until_at FROM {version_table(contract)} ORDER BY ALL"
            )


def _content_digest(con: duckdb.DuckDBPyConnection, present: list[str]) -> str:
    """A digest of the figures that does not depend on the order of rows or of their arrival."""
    digest = hashlib.sha256()
    selects = {name: f"SELECT * FROM {name}" for name in (*DIGESTED, "erased")}
    for name, (dataset, columns) in ANALYSIS.items():
        if dataset in present:
            table = version_table(CONTRACTS[dataset])
            selects[name] = f"SELECT {columns} FROM {table} WHERE until_at IS NULL"
    for name, sql in selects.items():
        row = con.execute(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)::HUGEINT) FROM ({sql}) AS t").fetchone()
        digest.update(f"{name}:{row}".encode())
    return digest.hexdigest()


def _build_meta(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    release_id: str,
    as_of: datetime,
    first_day: date,
    last_day: date,
    note: str,
) -> None:
    rows: list[tuple[object, ...]] = [
        ("schema_version", str(pointer.RELEASE_VERSION)),
        ("release_id", release_id),
        ("as_of", as_of.isoformat()),
        ("province_code", settings.province.code),
        ("province_name", settings.province.name),
        ("level", settings.province.level),
        ("demonstration", "true" if settings.demonstration else "false"),
        ("first_day", first_day.isoformat()),
        ("last_day", last_day.isoformat()),
        ("boundaries_note", note),
    ]
    con.execute("CREATE OR REPLACE TEMP TABLE meta (key VARCHAR, value VARCHAR)")
    _insert(con, "temp.meta", rows)


def _write_picture(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the file of leaders and briefings: nothing personal, small numbers protected."""
    path.unlink(missing_ok=True)
    con.execute(f"ATTACH '{path}' AS picture")
    for name in (*PICTURE_TABLES, *SHOWN):
        con.execute(f"CREATE TABLE picture.{name} AS SELECT * FROM temp.{name}")
    con.execute("DETACH picture")


def _write_analysis(con: duckdb.DuckDBPyConnection, path: Path, present: list[str]) -> None:
    """Write the file of analysts: pseudonymous rows and exact counts."""
    path.unlink(missing_ok=True)
    con.execute(f"ATTACH '{path}' AS analysis")
    for name, (dataset, columns) in ANALYSIS.items():
        table = version_table(CONTRACTS[dataset])
        con.execute(
            f"CREATE TABLE analysis.{name} AS SELECT {columns} FROM {table} WHERE until_at IS NULL"
            f" ORDER BY {ANALYSIS_ORDER.get(name, 'day, person')}"
        )
    for name, sql in DERIVED.items():
        con.execute(f"CREATE TABLE analysis.{name} AS {sql}")
    con.execute("CREATE TABLE analysis.possible_same_person AS SELECT * EXCLUDE (rank, other_rank) FROM"
                " temp.possible_same_person")  # fmt: skip
    for name in ("structure_exact", "site_count_exact"):
        con.execute(f"CREATE TABLE analysis.{name} AS SELECT * FROM temp.{name}")
    con.execute(
        "CREATE TABLE analysis.set_aside AS SELECT source, delivery, sheet, row, field, found, needed, reason"
        " FROM set_aside AS s JOIN content AS c USING (content)"
        " JOIN (SELECT content, min(delivery) AS delivery FROM batch GROUP BY content) AS b USING (content)"
        " WHERE s.content IN (SELECT content FROM accepted) ORDER BY source, delivery, sheet, row"
    )
    con.execute("DETACH analysis")


def _write_registry(warehouse: Warehouse, path: Path, present: list[str]) -> None:
    """Write the encrypted file of identities: the newest of each person; nothing when no dataset names persons."""
    if not any(archive.is_personal(CONTRACTS[dataset]) for dataset in present):
        return
    store = warehouse.open_identities()
    path.unlink(missing_ok=True)
    archive.attach_encrypted(warehouse.con, path, "registry", warehouse.key, read_only=False)
    fields = ", ".join(
        f"arg_max({quoted(name)}, issued_at) FILTER (WHERE {quoted(name)} IS NOT NULL) AS {quoted(name)}"
        for name in ("code", "name", "phone", "address", "birth_date")
    )
    warehouse.con.execute(
        f"CREATE TABLE registry.identity AS SELECT person, {fields} FROM {store}.identity"
        " WHERE content IN (SELECT content FROM accepted) GROUP BY person ORDER BY person"
    )
    warehouse.con.execute("DETACH registry")
