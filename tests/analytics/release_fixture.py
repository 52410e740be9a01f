"""Small releases for tests, written by the release schema: what a test does not say is left empty."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from analytics.release import SCHEMA_VERSION
from data_sources.analysis_tables import DERIVED
from data_sources.lateness import allowance_seconds

VIETNAM = timezone(timedelta(hours=7))
PICTURE_SCHEMA = """
CREATE TABLE meta(key VARCHAR, value VARCHAR);
CREATE TABLE unit(code VARCHAR, name VARCHAR, short_name VARCHAR, kind VARCHAR, level VARCHAR, parent VARCHAR,
    valid_from DATE, valid_to DATE, population BIGINT, population_18_plus BIGINT, label_longitude DOUBLE,
    label_latitude DOUBLE, island BOOLEAN, reporting BOOLEAN);
CREATE TABLE unit_period(code VARCHAR, name VARCHAR, short_name VARCHAR, kind VARCHAR, level VARCHAR, parent VARCHAR,
    valid_from DATE, valid_to DATE, population BIGINT, population_18_plus BIGINT, label_longitude DOUBLE,
    label_latitude DOUBLE, island BOOLEAN, reporting BOOLEAN, successors VARCHAR);
CREATE TABLE boundary(unit VARCHAR, geometry VARCHAR);
CREATE TABLE observation(measure VARCHAR, stratum VARCHAR, unit VARCHAR, day DATE, value DOUBLE);
CREATE TABLE observation_history(measure VARCHAR, stratum VARCHAR, unit VARCHAR, day DATE,
    issued TIMESTAMPTZ, value DOUBLE);
CREATE TABLE coverage(dataset VARCHAR, first_day DATE, last_day DATE, issued TIMESTAMPTZ);
CREATE TABLE report(dataset VARCHAR, unit VARCHAR, day DATE, issued TIMESTAMPTZ);
CREATE TABLE structure(dataset VARCHAR, dimension VARCHAR, category VARCHAR, week DATE, shown VARCHAR,
    low DOUBLE, high DOUBLE);
CREATE TABLE site(dataset VARCHAR, unit VARCHAR, site VARCHAR, kind VARCHAR, longitude DOUBLE, latitude DOUBLE);
CREATE TABLE site_count(dataset VARCHAR, unit VARCHAR, site VARCHAR, day DATE, field VARCHAR, shown VARCHAR,
    low DOUBLE, high DOUBLE, issued TIMESTAMPTZ);
CREATE TABLE trail(trail_no INTEGER, unit VARCHAR, commune VARCHAR, first_hour TIMESTAMPTZ,
    last_hour TIMESTAMPTZ, points INTEGER);
CREATE TABLE trail_point(trail_no INTEGER, seq INTEGER, hour TIMESTAMPTZ, longitude DOUBLE, latitude DOUBLE,
    place_kind VARCHAR);
CREATE TABLE calendar(unit VARCHAR, measure VARCHAR, first_day DATE, last_day DATE, vi VARCHAR, en VARCHAR,
    source VARCHAR);
CREATE TABLE source_status(source VARCHAR, title VARCHAR, dataset VARCHAR, kind VARCHAR,
    last_issued TIMESTAMPTZ, newest_day DATE,
    rows_in BIGINT, rows_kept BIGINT, rows_set_aside BIGINT, held VARCHAR, error VARCHAR, every_seconds BIGINT,
    late_after_seconds BIGINT);
CREATE TABLE set_aside_reason(source VARCHAR, reason VARCHAR, rows BIGINT);
CREATE TABLE held_batch(source VARCHAR, delivery VARCHAR, issued TIMESTAMPTZ, rows BIGINT, reason VARCHAR);
CREATE TABLE completeness(dataset VARCHAR, field VARCHAR, filled BIGINT, total BIGINT);
CREATE TABLE format_note(source VARCHAR, note VARCHAR);
"""
ANALYSIS_SCHEMA = """
CREATE TABLE cases(person VARCHAR, source_person VARCHAR, f_class VARCHAR, unit VARCHAR, commune VARCHAR, day DATE,
    detection VARCHAR, onset DATE, sampled_at TIMESTAMPTZ, result_at TIMESTAMPTZ, isolated_at TIMESTAMPTZ,
    outcome VARCHAR,
    outcome_day DATE, severity VARCHAR, symptoms VARCHAR, age BIGINT, sex VARCHAR, occupation VARCHAR, exposure VARCHAR,
    issued TIMESTAMPTZ);
CREATE TABLE traces(person VARCHAR, unit VARCHAR, day DATE, traced_at TIMESTAMPTZ, found_by VARCHAR,
    contacts_found BIGINT,
    needs_movement_map BOOLEAN);
CREATE TABLE trail_point(person VARCHAR, visited_at TIMESTAMPTZ, longitude DOUBLE, latitude DOUBLE, place_kind VARCHAR,
    point_source VARCHAR);
CREATE TABLE site_count_exact(dataset VARCHAR, unit VARCHAR, site VARCHAR, day DATE, field VARCHAR, value BIGINT,
    issued TIMESTAMPTZ);
CREATE TABLE contacts(person VARCHAR, source_person VARCHAR, unit VARCHAR, day DATE, named_at TIMESTAMPTZ,
    told_at TIMESTAMPTZ, quarantined_at TIMESTAMPTZ, found_by VARCHAR, found_automatically BOOLEAN, on_f1_list BOOLEAN,
    follow_up_status VARCHAR, ended_on DATE, last_seen_day DATE, issued TIMESTAMPTZ);
CREATE TABLE encounters(person VARCHAR, other_person VARCHAR, started_at TIMESTAMPTZ, minutes BIGINT,
    rssi_class VARCHAR);
CREATE TABLE checkins(person VARCHAR, venue VARCHAR, place_kind VARCHAR, unit VARCHAR, time_in TIMESTAMPTZ,
    time_out TIMESTAMPTZ);
CREATE TABLE set_aside(source VARCHAR, delivery VARCHAR, sheet VARCHAR, "row" BIGINT, field VARCHAR, found VARCHAR,
    needed VARCHAR, reason VARCHAR);
CREATE TABLE structure_exact(dataset VARCHAR, dimension VARCHAR, category VARCHAR, unit VARCHAR, day DATE,
    value DOUBLE);
"""
UNIT_DEFAULTS: dict[str, Any] = {
    "kind": "huyện",
    "level": "district",
    "parent": "77",
    "valid_from": None,
    "valid_to": None,
    "population": None,
    "population_18_plus": None,
    "label_longitude": 107.2,
    "label_latitude": 10.5,
    "island": False,
    "reporting": True,
}
PROVINCE = {"code": "77", "name": "Tỉnh Thử", "level": "province", "kind": "tỉnh", "parent": None, "reporting": False}


def at(text: str) -> datetime:
    """A time in Vietnam, as in at("2021-08-29 18:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@dataclass
class SmallRelease:
    """What a test says about a release; `write` puts it into a data folder."""

    as_of: datetime = field(default_factory=lambda: at("2021-08-29 18:00"))
    province: str = "77"
    level: str = "district"
    demonstration: bool = True
    units: list[dict[str, Any]] = field(default_factory=list)
    observations: list[tuple[str, str, str, date, float | None, datetime]] = field(default_factory=list)
    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    derived: bool = True
    """False for a release of before the tables that are worked out from others."""

    def unit(self, code: str, name: str | None = None, **more: Any) -> SmallRelease:
        """One more unit of the register."""
        name = name or f"Huyện {code}"
        self.units.append(
            {**UNIT_DEFAULTS, "code": code, "name": name, "short_name": name.removeprefix("Huyện "), **more}
        )
        return self

    def observe(
        self,
        measure: str,
        unit: str,
        first_day: date,
        values: Iterable[float | None],
        *,
        stratum: str = "",
        issued: datetime | None = None,
        withdrawn: bool = False,
    ) -> SmallRelease:
        """Daily values from `first_day`; None is a day without a report, or a withdrawal where `withdrawn` is set."""
        for number, value in enumerate(values):
            day = first_day + timedelta(days=number)
            when = issued or datetime.combine(day, datetime.min.time(), tzinfo=VIETNAM) + timedelta(hours=17)
            if value is not None or withdrawn:
                self.observations.append((measure, stratum, unit, day, value, when))
        return self

    def insert(self, table: str, *rows: Sequence[Any]) -> SmallRelease:
        """Rows of any other table, in the order of its columns; a source without an allowance gets its dataset's."""
        if table == "source_status":
            rows = tuple((*row, allowance_seconds(row[2], row[11])) if len(row) == 12 else row for row in rows)
        self.tables.setdefault(table, []).extend(tuple(row) for row in rows)
        return self

    def write(self, data: Path, release_id: str | None = None) -> str:
        """Write the release's files and point CURRENT at it; the id."""
        release_id = release_id or f"{self.as_of:%Y%m%dT%H%M%S}-0123456789ab"
        folder = data / "releases" / release_id
        folder.mkdir(parents=True)
        days = [item[3] for item in self.observations if not item[0].startswith(("population.", "submissions."))]
        meta = {
            "schema_version": SCHEMA_VERSION,
            "release_id": release_id,
            "as_of": self.as_of.isoformat(),
            "province_code": self.province,
            "province_name": "Tỉnh Thử",
            "level": self.level,
            "demonstration": str(self.demonstration).lower(),
            "first_day": min(days, default=self.as_of.date()).isoformat(),
            "last_day": max([day for day in days if day <= self.as_of.date()], default=self.as_of.date()).isoformat(),
            "boundaries_note": "",
        }
        with duckdb.connect(str(folder / "picture.duckdb")) as con:
            con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
            con.execute(PICTURE_SCHEMA)
            _insert(con, "meta", list(meta.items()))
            self._fill_units(con)
            self._fill_observations(con)
            for table, rows in self.tables.items():
                if f"TABLE {table}(" in PICTURE_SCHEMA:
                    _insert(con, table, rows)
        with duckdb.connect(str(folder / "analysis.duckdb")) as con:
            con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
            con.execute(ANALYSIS_SCHEMA)
            for table, rows in self.tables.items():
                name = table.removeprefix("analysis.")
                if f"TABLE {name}(" in ANALYSIS_SCHEMA and (table != name or f"TABLE {name}(" not in PICTURE_SCHEMA):
                    _insert(con, name, rows)
            for name, sql in DERIVED.items() if self.derived else ():
                con.execute(f"CREATE TABLE {name} AS {sql}")
        (folder / "manifest.json").write_text(
            json.dumps({"release_id": release_id, "as_of": meta["as_of"]}), encoding="utf-8"
        )
        (data / "CURRENT").write_text(release_id + "\n", encoding="ascii")
        return release_id

    def _fill_units(self, con: duckdb.DuckDBPyConnection) -> None:
        rows = list(self.units)
        if self.province == "77" and not any(row["code"] == "77" for row in rows):
            rows.insert(0, {**UNIT_DEFAULTS, **PROVINCE, "short_name": "Thử"})
        names = ["code", "name", "short_name", *UNIT_DEFAULTS]
        _insert(con, "unit", [tuple(row[name] for name in names) for row in rows])

    def _fill_observations(self, con: duckdb.DuckDBPyConnection) -> None:
        _insert(
            con,
            "observation_history",
            [
                (measure, stratum, unit, day, issued, value)
                for measure, stratum, unit, day, value, issued in self.observations
            ],
        )
        con.execute(
            "INSERT INTO observation SELECT measure, stratum, unit, day, value FROM (SELECT * FROM observation_history "
            "QUALIFY row_number() OVER (PARTITION BY measure, stratum, unit, day ORDER BY issued DESC) = 1) "
            "WHERE value IS NOT NULL ORDER BY measure, stratum, unit, day"
        )
        con.execute(
            "INSERT INTO report SELECT DISTINCT split_part(measure, '.', 1), unit, day, issued FROM observation_history"
        )


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    columns = [name for (name, *_rest) in con.execute(f"DESCRIBE {table}").fetchall()]
    frame = pd.DataFrame(
        {name: pd.Series([row[place] for row in rows], dtype=object) for place, name in enumerate(columns)}
    )
    con.register("incoming", frame)
    con.execute(f"INSERT INTO {table} SELECT * FROM incoming")
    con.unregister("incoming")
