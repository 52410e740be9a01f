"""Looking without changing: what is wrong with a file, and how the sources stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from data_sources import pointer, readers
from data_sources.checks import check
from data_sources.contracts import CONTRACTS
from data_sources.demo import DEMO_SETTINGS
from data_sources.lateness import Known, Late, Signs, late_sources, read_signs
from data_sources.locks import is_held
from data_sources.pseudonym import Key
from data_sources.refusal import Refused
from data_sources.settings import ProvinceSettings, ReadSettings, Settings, SourceSettings, load
from data_sources.turns import LOCK
from data_sources.turns import read_turns as turns_of
from data_sources.units import load_register
from data_sources.warehouse import connect, ingest_lock

MOST_PROBLEMS_SHOWN = 1000
"""Enough to mend a form by; the count of all problems is always said."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one row."""

    sheet: str | None
    row: int
    field: str
    found: str | None
    needed: str | None
    reason: str


@dataclass(frozen=True)
class FileCheck:
    """What a file holds and what is wrong with it."""

    file: str
    dataset: str
    rows_in: int
    rows_kept: int
    refused: str | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document that `check --json` prints."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The report for a person, one line a problem."""
        if self.refused:
            yield self.refused
            return
        for problem in self.problems:
            sheet = f"{problem.sheet} " if problem.sheet else ""
            where = f"{sheet}dòng {problem.row}, {problem.field}"
            yield f"{where}: {problem.found!r}; cần {problem.needed} ({problem.reason})"
        for note in self.notes:
            yield f"  {note}"
        yield f"{self.file}: {self.rows_in} dòng, dùng được {self.rows_kept}, {len(self.problems)} lỗi"


def check_file(file: Path, dataset: str, config: Path | None, spill: Path) -> FileCheck:
    """What is wrong with one file of a dataset, read as the settings' first source of that dataset is."""
    settings = load(config) if config else _bare(DEMO_SETTINGS)
    source = next((one for one in settings.sources if one.dataset == dataset), None) if config else None
    source = source or SourceSettings(
        name=file.name, dataset=dataset, kind="files", path=str(file), read=ReadSettings()
    )
    con = connect(spill=spill)
    issued_at = datetime.fromtimestamp(file.stat().st_mtime, ZoneInfo("Asia/Ho_Chi_Minh"))
    try:
        loaded = readers.load(con, file, "staging", source.read)
        checked = check(
            con,
            loaded,
            "staging",
            source,
            CONTRACTS[dataset],
            load_register(settings),
            settings.province.code,
            source.unit_level or settings.province.level,
            issued_at,
            Key(b"\0" * 32),
        )
    except Refused as error:
        problem = Problem(None, 0, error.where, error.found, error.needed, "refused")
        return FileCheck(file.name, dataset, 0, 0, str(error), (problem,), ())
    rows = con.execute(
        "SELECT sheet, row, field, found, needed, reason FROM set_aside_rows ORDER BY sheet, row, field LIMIT ?",
        [MOST_PROBLEMS_SHOWN],
    ).fetchall()
    problems = tuple(Problem(*row) for row in rows)
    return FileCheck(file.name, dataset, checked.rows_in, checked.rows_kept, None, problems, checked.notes)


def _bare(path: Path) -> Settings:
    settings = load(path)
    province = ProvinceSettings(code=settings.province.code, name=settings.province.name, level=settings.province.level)
    return Settings(province=province, units=settings.units, sources=(), directory=path.parent)


def status(data: Path, now: datetime) -> dict[str, Any]:
    """The current release, what it says of its sources, and which are late at `now`; empty before the first pull.

    Generated data end where they were made to end: in the demonstration lateness counts until the release's own time.
    """
    turns = {name: asdict(turn) for name, turn in turns_of(data).items()}
    beside = {
        "attempts": pointer.read_attempts(data),
        "turns": sorted(turns.values(), key=lambda turn: str(turn["source"])),
        "watching": is_held(data / LOCK),
    }
    release_id = pointer.current_id(data)
    if release_id is None:
        return {"release": None, "sources": [], "held": [], "late": [], **beside}
    con = duckdb.connect(str(pointer.release_folder(data, release_id) / "picture.duckdb"), read_only=True)
    try:
        con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
        sources = _rows(con, "SELECT * FROM source_status ORDER BY source")
        return {
            "release": release_id,
            "sources": sources,
            "held": _rows(con, "SELECT * FROM held_batch ORDER BY issued"),
            "late": [asdict(one) for one in _late(con, sources, data, now)],
            **beside,
        }
    finally:
        con.close()


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Rows by column name, NULL as None."""
    rows = con.execute(sql)
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _late(con: duckdb.DuckDBPyConnection, sources: list[dict[str, Any]], data: Path, now: datetime) -> list[Late]:
    known = [Known.of(row) for row in sources]
    meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
    if meta["demonstration"] == "true":
        return late_sources(known, Signs(), datetime.fromisoformat(meta["as_of"]))
    return late_sources(known, read_signs(data), now)


def accept(data: Path, source: str, delivery: str, by: str) -> int:
    """Mark a source's deliveries of this name as accepted by a person; how many there were."""
    with ingest_lock(data):
        con = connect(data / "warehouse.duckdb")
        try:
            rows = con.execute(
                "UPDATE batch SET accepted_by = ? WHERE delivery = ? AND content IN"
                " (SELECT content FROM content WHERE source = ? AND refused IS NULL) RETURNING content",
                [by, delivery, source],
            ).fetchall()
        finally:
            con.close()
    return len(rows)
