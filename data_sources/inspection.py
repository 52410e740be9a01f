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
from data_sources.mapping import find_mapping
from data_sources.messages import Language, Message, is_of_unit, read_message, reason_message, todo_message
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
    """One thing wrong in one row; `column` is the header as the sender wrote it, or else the field's name."""

    sheet: str | None
    row: int
    field: str | None
    column: str | None
    found: str | None
    needed: Message
    reason: str

    @property
    def message(self) -> Message:
        """The problem as one message: where, what was needed, what was found, what to do."""
        why = reason_message(self.reason)
        if is_of_unit(self.needed):
            said = Message("refused.unclear_unit", found=self.needed, todo=todo_message(self.reason))
            return said.at(sheet=self.sheet, row=self.row, column=self.column)
        found = why if self.found is None else Message("part.cell", text=self.found, why=why)
        said = Message("refused.bad_cell", needed=self.needed, found=found, todo=todo_message(self.reason))
        return said.at(sheet=self.sheet, row=self.row, column=self.column)


@dataclass(frozen=True)
class FileCheck:
    """What a file holds and what is wrong with it; `problems_in_all` also counts those that are not listed."""

    file: str
    dataset: str
    rows_in: int = 0
    rows_kept: int = 0
    refused: Message | None = None
    problems: tuple[Problem, ...] = ()
    problems_in_all: int = 0
    notes: tuple[Message, ...] = ()

    @property
    def wrong(self) -> bool:
        """True when anything is to be mended."""
        return self.refused is not None or bool(self.problems)

    def as_json(self) -> dict[str, Any]:
        """The document that `check --json` prints: each message with its code, values and both texts."""
        told = {name: getattr(self, name) for name in ("file", "dataset", "rows_in", "rows_kept", "problems_in_all")}
        cells = ("sheet", "row", "field", "column", "found", "reason")
        return {
            **told,
            "refused": self.refused.told() if self.refused else None,
            "problems": [
                {**{name: getattr(one, name) for name in cells}, "message": one.message.told()} for one in self.problems
            ],
            "notes": [note.told() for note in self.notes],
        }

    def lines(self, language: Language) -> Iterator[str]:
        """The report for a person, one line a problem."""
        if self.refused:
            yield self.refused.text(language)
            return
        for problem in self.problems:
            yield problem.message.text(language)
        for note in self.notes:
            yield f"  {note.text(language)}"
        counted = {"rows": self.rows_in, "kept": self.rows_kept, "problems": self.problems_in_all}
        yield Message("command.file_checked", file=self.file, **counted).text(language)


def check_file(file: Path, dataset: str, config: Path | None, spill: Path) -> FileCheck:
    """What is wrong with one file of a dataset, read as the settings' first source of that dataset is."""
    settings = load(config) if config else _bare(DEMO_SETTINGS)
    source = next((one for one in settings.sources if one.dataset == dataset), None) if config else None
    source = source or SourceSettings(
        name=file.name, dataset=dataset, kind="files", path=str(file), read=ReadSettings()
    )
    contract = CONTRACTS[dataset]
    con = connect(spill=spill)
    issued_at = datetime.fromtimestamp(file.stat().st_mtime, ZoneInfo("Asia/Ho_Chi_Minh"))
    try:
        loaded = readers.load(con, file, "staging", source.read)
        checked = check(
            con,
            loaded,
            "staging",
            source,
            contract,
            load_register(settings),
            settings.province.code,
            source.unit_level or settings.province.level,
            issued_at,
            Key(b"\0" * 32),
        )
    except Refused as error:
        return FileCheck(file.name, dataset, refused=error.at(file=file.name).message)
    rows = con.execute(
        "SELECT sheet, row, field, found, needed, reason, count(*) OVER () FROM set_aside_rows"
        " ORDER BY sheet, row, field LIMIT ?",
        [MOST_PROBLEMS_SHOWN],
    ).fetchall()
    theirs = find_mapping(loaded.columns, source, contract).theirs
    problems = tuple(
        Problem(sheet, row, field, field and theirs.get(field, contract.field(field)), found, read_message(needed), why)
        for sheet, row, field, found, needed, why, _ in rows
    )
    in_all = rows[0][-1] if rows else 0
    return FileCheck(file.name, dataset, checked.rows_in, checked.rows_kept, None, problems, in_all, checked.notes)


def _bare(path: Path) -> Settings:
    settings = load(path)
    province = ProvinceSettings(code=settings.province.code, name=settings.province.name, level=settings.province.level)
    return Settings(province=province, units=settings.units, sources=(), directory=path.parent)


def status(data: Path, now: datetime) -> dict[str, Any]:
    """The current release, what it says of its sources, and which are late at `now`; empty before the first pull.

    `held`, `error` and `reason` are messages. Generated data end where they were made to end: in the demonstration
    lateness counts until the release's own time.
    """
    turns = {name: asdict(turn) for name, turn in turns_of(data).items()}
    beside = {
        "attempts": [_with_messages(one, "error") for one in pointer.read_attempts(data)],
        "turns": [_with_messages(one, "error") for one in sorted(turns.values(), key=lambda one: str(one["source"]))],
        "watching": is_held(data / LOCK),
    }
    release_id = pointer.current_id(data)
    if release_id is None:
        return {"release": None, "sources": [], "held": [], "late": [], **beside}
    con = duckdb.connect(str(pointer.release_folder(data, release_id) / "picture.duckdb"), read_only=True)
    try:
        con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
        sources = _rows(con, "SELECT * FROM source_status ORDER BY source")
        held = _rows(con, "SELECT * FROM held_batch ORDER BY issued")
        return {
            "release": release_id,
            "sources": [_with_messages(one, "held", "error") for one in sources],
            "held": [_with_messages(one, "reason") for one in held],
            "late": [asdict(one) for one in _late(con, sources, data, now)],
            **beside,
        }
    finally:
        con.close()


def _with_messages(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return record | {name: read_message(record[name]) if record[name] else None for name in names}


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
