"""Opening a release: one immutable folder of files, attached read only and locked, a cursor for each question.

A process attaches the files of its role and no others, so a mistake on a page cannot reach rows the role has no
right to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb

from analytics.cube import Cube
from analytics.evaluation import Evaluation
from analytics.held import Held
from analytics.line_list_days import TABLE as LINE_LIST_DAYS
from analytics.line_list_days import LineListDays
from analytics.quality import fields_complete
from analytics.reports import Covered, Reports
from analytics.unit_tree import Unit, UnitTree
from data_sources.pointer import damage
from data_sources.refusal import Refused

Role = Literal["leader", "briefing", "analyst", "steward"]
AsOf = date | datetime | None

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SCHEMA_VERSION = "2"
# Which files a role may open. The registry of identities is opened by nobody here: it has its own audited door.
FILES_OF_ROLE: dict[Role, tuple[str, ...]] = {
    "leader": ("picture",),
    "briefing": ("picture",),
    "analyst": ("picture", "analysis"),
    "steward": ("picture",),
}
# A page's largest question needs a tenth of this; the limit turns a runaway query into an error instead of a dead host.
MEMORY_LIMIT = "512MB"
RELEASE_ID = re.compile(r"^[0-9A-Za-z][0-9A-Za-z_.-]*$")


def data_directory(path: Path) -> Path:
    """The folder that holds CURRENT: `path` itself, or its `var` folder."""
    inner = path / "var"
    return inner if not (path / "CURRENT").exists() and (inner / "CURRENT").exists() else path


def current_id(data: Path) -> str | None:
    """The id of the current release, or None before the first one; reads the pointer file and nothing else."""
    try:
        written = (data / "CURRENT").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return None
    return written if RELEASE_ID.match(written) else None


def release_ids(data: Path) -> list[str]:
    """The ids of the releases that are kept, newest first; ids begin with their time, so names sort by age."""
    folder = data / "releases"
    if not folder.is_dir():
        return []
    return sorted((item.parent.name for item in folder.glob("*/picture.duckdb")), reverse=True)


def moment(as_of: date | datetime) -> datetime:
    """`as_of` as an aware time: a bare date means the end of that day in Asia/Ho_Chi_Minh."""
    if isinstance(as_of, datetime):
        return as_of if as_of.tzinfo else as_of.replace(tzinfo=TIME_ZONE)
    return datetime.combine(as_of, time.max, tzinfo=TIME_ZONE)


@dataclass
class Release:
    """One release as one role sees it."""

    id: str
    as_of: datetime
    province: Unit
    level: str
    demonstration: bool
    first_day: date
    last_day: date
    role: Role
    units: UnitTree
    evaluation: Evaluation
    """The newest figures; `readings` asks it and, for an earlier moment, one like it."""
    reports: Reports
    fields_complete: dict[str, tuple[int, int]]
    """For each dataset: fields filled and fields in all."""
    tables: frozenset[str] = frozenset()
    """Its tables as file.table; a release that was built by an older version may be without the newest of them."""
    line_list_days: LineListDays | None = None
    """Where in the line list each day and unit stands; for the roles that may read the list."""
    boundaries_note: str = ""
    fallback_from: str | None = None
    """The id of the current release where it could not be opened and this older one stands in for it."""
    known: datetime | None = None
    """The earlier moment it is read as of; None for the release as it was built."""
    built_as_of: datetime | None = None
    """`as_of` of the release it is read from, where it is read as of an earlier moment."""
    _connection: duckdb.DuckDBPyConnection = field(repr=False, kw_only=True)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of one's own; threads that share one read each other's rows."""
        return self._connection.cursor()

    def has_table(self, name: str) -> bool:
        """True where the picture has the table."""
        return f"picture.{name}" in self.tables

    def moment(self, as_of: AsOf) -> datetime:
        """The time a question is asked as of: the release's own, or an earlier one."""
        return self.as_of if as_of is None else min(moment(as_of), self.as_of)

    def is_history(self, as_of: AsOf) -> bool:
        """True where `as_of` lies before the release, so that older versions must be read."""
        return as_of is not None and moment(as_of) < self.as_of

    def reports_by(self, as_of: AsOf) -> Reports:
        """The reports that had been issued by then; all without `as_of`."""
        return self.reports.at(self.moment(as_of)) if self.is_history(as_of) else self.reports

    @property
    def built(self) -> datetime:
        """The time of the release's own newest issue, whatever it is read as of."""
        return self.built_as_of or self.as_of

    def known_at(self, as_of: date | datetime) -> Release:
        """The release as it was known at an earlier moment: every question without `as_of` is answered as of then.

        Its own `as_of` is the newest issue until that moment, as it was in a release built then. The release itself
        where nothing was issued since. It shares the files: closing one closes both. Tables without versions
        (sources, trails, the line list) stay as they are; whoever shows them says so.
        """
        at = moment(as_of)
        if at >= self.as_of:
            return self
        newest = self.reports.newest_until(at, () if self._tells_duty() else ("submissions",))
        issued = at if newest is None else newest.astimezone(TIME_ZONE)
        held = Held.at(self.cursor(), issued)
        # A visit that will be missed in two days' time is known today; the picture reaches to today all the same.
        last_day = min(held.last_day or self.last_day, issued.date())
        units = self.units.on(last_day)
        covered = self.evaluation.cube.covered_days.until(issued)
        return replace(
            self,
            as_of=issued,
            first_day=held.first_day or min(self.first_day, last_day),
            last_day=last_day,
            units=units,
            evaluation=Evaluation(self.evaluation.cube.known_at(self.cursor(), issued, held, covered), units),
            reports=self.reports.until(issued, covered),
            fields_complete={},  # how many fields were filled is told of the newest rows only
            known=at,
            built_as_of=self.built,
        )

    def _tells_duty(self) -> bool:
        """True where a source tells of the reporting duty; else it is worked out, and falls due without any issue."""
        asked = "SELECT count(*) FROM picture.source_status WHERE dataset = 'submissions'"
        row = self.cursor().execute(asked).fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()


def open_release(data: Path, role: Role, release_id: str | None = None) -> Release:
    """The release `release_id`, or the current one; the newest readable older one where the current is damaged.

    Refused where there is no release yet, where the named one is missing, or where its schema is another's.
    """
    wanted = release_id or current_id(data)
    if wanted is None:
        raise Refused("no_release", folder=str(data))
    try:
        return _open(data, role, wanted)
    except (duckdb.Error, FileNotFoundError) as error:
        older = [] if release_id else [item for item in release_ids(data) if item != wanted]
        for candidate in older:
            try:
                release = _open(data, role, candidate)
            except (duckdb.Error, FileNotFoundError, Refused):
                continue
            release.fallback_from = wanted
            return release
        raise Refused("damaged_release", release=wanted, kind=type(error).__name__) from error


def _open(data: Path, role: Role, release_id: str) -> Release:
    folder = data / "releases" / release_id
    connection = duckdb.connect(":memory:")
    try:
        # Global, because a cursor does not inherit its connection's own settings.
        connection.execute("SET GLOBAL TimeZone = 'Asia/Ho_Chi_Minh'")
        # A page of the list reads a unit or two of one day: to look its rows up a second time took three times as long.
        connection.execute("SET GLOBAL late_materialization_max_rows = 0")
        # A page's questions are too small to be shared out: with two threads one in twenty took half as long again.
        connection.execute("SET GLOBAL threads = 1")
        wrong = damage(data, release_id, [f"{name}.duckdb" for name in FILES_OF_ROLE[role]])
        if wrong:
            raise FileNotFoundError(f"{folder.name}: {wrong}")
        for name in FILES_OF_ROLE[role]:
            file = folder / f"{name}.duckdb"
            quoted = str(file).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
        for setting in (
            f"memory_limit = '{MEMORY_LIMIT}'",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        return _describe(connection, role, release_id)
    except BaseException:
        connection.close()
        raise


def _describe(connection: duckdb.DuckDBPyConnection, role: Role, release_id: str) -> Release:
    cursor = connection.cursor()
    meta = dict(cursor.execute("SELECT key, value FROM picture.meta").fetchall())
    if meta.get("schema_version") != SCHEMA_VERSION:
        found = meta.get("schema_version", "?")
        raise Refused("other_release_version", release=release_id, version=SCHEMA_VERSION, found=found)
    as_of = datetime.fromisoformat(meta["as_of"])
    as_of = (as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)).astimezone(TIME_ZONE)
    last_day = date.fromisoformat(meta["last_day"]) if meta.get("last_day") else as_of.date()
    first_day = date.fromisoformat(meta["first_day"]) if meta.get("first_day") else last_day - timedelta(days=1)
    columns = (
        "code, name, short_name, kind, level, parent, valid_from, valid_to, population, population_18_plus, "
        "label_longitude, label_latitude, island, reporting"
    )
    rows = cursor.execute(f"SELECT {columns} FROM picture.unit").fetchall()  # noqa: S608 (a list of constant names)
    names = columns.split(", ")
    kept = {(row[0], row[6]): (*row, "") for row in rows}
    tables = cursor.execute("SELECT database_name || '.' || table_name FROM duckdb_tables()").fetchall()
    known = frozenset(name for (name,) in tables)
    if "picture.unit_period" in known:
        periods = cursor.execute(f"SELECT {columns}, successors FROM picture.unit_period").fetchall()  # noqa: S608 (as above)
        kept |= {(row[0], row[6]): row for row in periods}
    listed = [
        Unit(
            **{**dict(zip(names, row[:-1], strict=True)), "island": bool(row[-3]), "reporting": bool(row[-2])},
            successors=tuple((row[-1] or "").split()),
        )
        for row in kept.values()
    ]
    if not any(unit.code == meta["province_code"] for unit in listed):
        # A whole country is often not a row of its own register.
        listed.append(
            Unit(
                code=meta["province_code"],
                name=meta["province_name"],
                short_name=meta["province_name"],
                kind="",
                level="country" if meta["level"] == "province" else "province",
            )
        )
    units = UnitTree(listed, province_code=meta["province_code"], level=meta["level"], day=last_day)
    covered = Covered.read(cursor)
    return Release(
        id=release_id,
        as_of=as_of,
        province=units.get(meta["province_code"]),
        level=meta["level"],
        demonstration=meta.get("demonstration") == "true",
        first_day=first_day,
        last_day=last_day,
        role=role,
        units=units,
        evaluation=Evaluation(Cube.newest(cursor, covered), units),
        reports=Reports.read(cursor, covered),
        fields_complete=fields_complete(cursor),
        tables=known,
        line_list_days=LineListDays.read(cursor) if LINE_LIST_DAYS in known else None,
        boundaries_note=meta.get("boundaries_note", ""),
        _connection=connection,
    )
