"""The warehouse: every version of every row that was ever delivered, and what was set aside.

Only the ingest process opens it. Rows are stored once for each content (the bytes as read with the source's
settings); a batch is one delivery of a content at its time of issue. So delivering the same bytes again adds at
most one line, and the state does not depend on the order in which deliveries arrive.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from data_sources import archive, erased_persons, same_person
from data_sources.between_rows import in_any_order
from data_sources.checks import Checked
from data_sources.connectors import Delivery
from data_sources.contracts import CONTRACTS, Contract
from data_sources.contracts.model import SQL_TYPES
from data_sources.erased_persons import any_erased, create_rows_to_keep, written_columns
from data_sources.locks import BusyError, held_lock
from data_sources.mapping import quoted
from data_sources.messages import Message, read_message
from data_sources.pointer import sync
from data_sources.pseudonym import Key
from data_sources.readers import Loaded
from data_sources.refusal import Refused
from data_sources.settings import SourceSettings

WAREHOUSE_VERSION = 1
TIME_ZONE = "Asia/Ho_Chi_Minh"
MEMORY_LIMIT = "600MB"
"""DuckDB's share of the 1 GB that reading, checking and storing 10 million rows may take: Python, the libraries and
what DuckDB does not count itself take 0.3 GB. Larger steps spill to disk, which costs nothing measurable here."""
STORAGE_VERSION = "v1.5.0"
"""Files that DuckDB 1.5 and later read; columns of few words are then written in three quarters of the time."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE IF NOT EXISTS content (
    content INTEGER PRIMARY KEY, source VARCHAR, dataset VARCHAR, settings VARCHAR, sha256 VARCHAR,
    rows_in BIGINT, rows_kept BIGINT, rows_set_aside BIGINT, reasons VARCHAR, flags VARCHAR, notes VARCHAR,
    newest_day DATE, refused VARCHAR
);
CREATE TABLE IF NOT EXISTS batch (
    content INTEGER, delivery VARCHAR, issued_at TIMESTAMPTZ, received_at TIMESTAMPTZ, accepted_by VARCHAR
);
CREATE TABLE IF NOT EXISTS set_aside (
    content INTEGER, sheet VARCHAR, row BIGINT, field VARCHAR, found VARCHAR, needed VARCHAR, reason VARCHAR,
    unit VARCHAR, day DATE
);
ALTER TABLE set_aside ADD COLUMN IF NOT EXISTS unit VARCHAR;
ALTER TABLE set_aside ADD COLUMN IF NOT EXISTS day DATE;
CREATE TABLE IF NOT EXISTS source_state (
    source VARCHAR PRIMARY KEY, settings VARCHAR, state VARCHAR, attempted_at TIMESTAMPTZ, error VARCHAR
);
"""


def connect(path: str | Path = ":memory:", *, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the product's time zone and limits."""
    con = duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})
    con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    con.execute("SET autoinstall_known_extensions = false")
    if spill is not None:
        con.execute("SET temp_directory = ?", [str(spill)])
    return con


@contextmanager
def ingest_lock(data: Path) -> Iterator[None]:
    """One ingest at a time: BusyError at once if another runs; the system frees the lock of a killed process."""
    with held_lock(data / "ingest.lock", BusyError("busy", folder=str(data))):
        yield


def rewrite(path: Path, key: Key | None) -> None:
    """Write what a closed database holds into a new file in its place, encrypted where there is a `key`.

    DuckDB leaves the bytes of deleted rows in the blocks it has freed; a new file has never had them.
    """
    fresh = path.with_name(f".{path.name}.part")
    fresh.unlink(missing_ok=True)
    con = connect(spill=path.parent / "spill")
    try:
        if key is None:
            con.execute(f"ATTACH '{path}' AS old")
            con.execute(f"ATTACH '{fresh}' AS new (STORAGE_VERSION '{STORAGE_VERSION}')")
        else:
            archive.attach_encrypted(con, path, "old", key, read_only=False)
            archive.attach_encrypted(con, fresh, "new", key, read_only=False)
        con.execute("COPY FROM DATABASE old TO new")
        con.execute("DETACH new")
        con.execute("DETACH old")
    finally:
        con.close()
    sync(fresh)
    fresh.replace(path)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    sync(path.parent)


def settings_digest(source: SourceSettings) -> str:
    """A digest of everything in the settings that changes how the source's bytes are read."""
    described = asdict(source)
    for name in ("title", "every_seconds", "late_after_seconds", "path", "sql"):
        described.pop(name)
    if source.sql is not None:
        described["sql"] = [source.sql.query, source.sql.cursor_column]
    if source.kind == "inbox":
        described["units"] = described["only_unit"] = None  # each form has its own, and its hash covers them
    if described["http"]:
        described["http"] = {"url": described["http"]["url"]}
    described["contract"] = [(column.name, column.type) for column in CONTRACTS[source.dataset].columns]
    return hashlib.sha256(json.dumps(described, sort_keys=True, default=str).encode()).hexdigest()[:16]


class Warehouse:
    """The open warehouse of one data folder; use it as a context manager under `ingest_lock`."""

    def __init__(self, data: Path, key: Key) -> None:
        """Open or create the file; Refused if it was written by a newer version of the product."""
        self.data = data
        self.key = key
        (data / "spill").mkdir(parents=True, exist_ok=True)
        self.con = connect(data / "warehouse.duckdb", spill=data / "spill")
        self.con.execute(SCHEMA)
        self.con.execute(erased_persons.SCHEMA)
        for contract in CONTRACTS.values():
            self._create(contract)
        self._check_version()
        self._identities = False

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()

    def _check_version(self) -> None:
        row = self.con.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        if row is None:
            self.con.execute("INSERT INTO meta VALUES ('version', ?)", [str(WAREHOUSE_VERSION)])
        elif int(row[0]) != WAREHOUSE_VERSION:
            file = str(self.data / "warehouse.duckdb")
            raise Refused("other_warehouse_version", file=file, version=WAREHOUSE_VERSION, found=int(row[0]))

    def _create(self, contract: Contract) -> None:
        columns = ", ".join(f"{quoted(column.name)} {SQL_TYPES[column.type]}" for column in contract.public_columns)
        table = table_of(contract)
        self.con.execute(f"CREATE TABLE IF NOT EXISTS {table} (content INTEGER, issued_at TIMESTAMPTZ, {columns})")
        existing = {row[0] for row in self.con.execute(f"DESCRIBE {table}").fetchall()}
        for column in contract.public_columns:
            if column.name not in existing:
                self.con.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(column.name)} {SQL_TYPES[column.type]}")

    def sources_known(self) -> set[str]:
        """The names of the sources that ever delivered."""
        return {row[0] for row in self.con.execute("SELECT DISTINCT source FROM content").fetchall()}

    def state(self, source: SourceSettings) -> dict[str, str]:
        """What the connector remembered of its last pull; empty when the source's settings have changed since."""
        row = self.con.execute("SELECT settings, state FROM source_state WHERE source = ?", [source.name]).fetchone()
        if row is None or row[0] != settings_digest(source):
            return {}
        return dict(json.loads(row[1]))

    def content_of(self, source: SourceSettings, sha256: str) -> int | None:
        """The number of the content with these bytes, read with these settings, if it was read before."""
        row = self.con.execute(
            "SELECT content FROM content WHERE source = ? AND settings = ? AND sha256 = ?",
            [source.name, settings_digest(source), sha256],
        ).fetchone()
        return int(row[0]) if row else None

    def was_refused(self, content: int) -> bool:
        """True for a content that could not be used as a whole."""
        row = self.con.execute("SELECT refused IS NOT NULL FROM content WHERE content = ?", [content]).fetchone()
        return bool(row and row[0])

    def store(
        self,
        source: SourceSettings,
        delivery: Delivery,
        checked: Checked | None,
        refused: Message | None,
        received_at: datetime,
        loaded: Loaded | None = None,
    ) -> None:
        """Keep a new content (the tables `checked` and `set_aside`, or why it was refused) and its delivery, whole.

        `loaded` is what was found out about the bytes that lie in the table `staging`; None if they cannot be read.
        """
        contract = CONTRACTS[source.dataset]
        self._archive(source, delivery, contract, loaded)
        # Not a sequence: after a kill its numbers begin again before those that were stored.
        highest = self.con.execute("SELECT COALESCE(max(content), 0) FROM content").fetchone()
        number = int(highest[0]) + 1 if highest else 1
        if checked is not None and any(c.personal or c.type == "person" for c in contract.columns):
            self._store_identities(contract, number)
        self.con.execute("BEGIN")
        try:
            self._insert_content(source, delivery, checked, refused, number)
            if checked is not None:
                self._insert_rows(contract, number, source.issued_column is not None)
            self._insert_batch(number, delivery, received_at)
            self._remember(source, delivery.state, received_at)
            self.con.execute("COMMIT")
        except BaseException:
            with suppress(duckdb.TransactionException):  # a commit that failed on a full disk has ended it already
                self.con.execute("ROLLBACK")
            raise

    def _archive(self, source: SourceSettings, delivery: Delivery, contract: Contract, loaded: Loaded | None) -> None:
        """Keep the bytes as they came; once a person was erased, only the rows that are not about such a person."""
        if archive.is_personal(contract) and any_erased(self.con):
            if loaded is None:  # it cannot be shown that no erased person is in these bytes
                return
            persons = written_columns(loaded.columns, source, contract)
            named = create_rows_to_keep(self.con, "staging", loaded.columns, persons, self.key)
            torn = self.con.execute("SELECT count(*) FROM staging_rejects").fetchone()
            if named or (torn and torn[0]):  # a torn row may be theirs
                folder = archive.folder_of(self.data, source.name)
                spill = self.data / "spill"
                archive.keep_rows(self.con, "rows_to_keep", folder, delivery.sha256, spill, self.key)
                return
        archive.keep(self.data, source.name, delivery, contract, self.key)

    def repeat(self, source: SourceSettings, content: int, delivery: Delivery, received_at: datetime) -> None:
        """Note that a known content was delivered again; the same issue time again changes nothing."""
        self.con.execute("BEGIN")
        known = self.con.execute(
            "SELECT count(*) FROM batch WHERE content = ? AND issued_at = ? AND delivery = ?",
            [content, delivery.issued_at, delivery.name],
        ).fetchone()
        if not known or not known[0]:
            self._insert_batch(content, delivery, received_at)
        self._remember(source, delivery.state, received_at)
        self.con.execute("COMMIT")

    def failed(self, source: SourceSettings, error: Message, attempted_at: datetime) -> None:
        """Note that a source could not be pulled; what it delivered before stays."""
        self.con.execute(
            "INSERT INTO source_state VALUES (?, ?, '{}', ?, ?) ON CONFLICT (source)"
            " DO UPDATE SET attempted_at = excluded.attempted_at, error = excluded.error",
            [source.name, settings_digest(source), attempted_at, error.stored()],
        )

    def attempted(self, source: SourceSettings, attempted_at: datetime) -> None:
        """Note that a source answered, with or without anything new."""
        self.con.execute(
            "UPDATE source_state SET attempted_at = ?, error = NULL WHERE source = ?", [attempted_at, source.name]
        )

    def attempts(self) -> list[dict[str, Any]]:
        """How the last attempt at each source went: source, attempted_at, error, and when its newest issue was.

        The same content issued again makes no new release, but it is a sign of life.
        """
        rows = self.con.execute(
            "SELECT source, attempted_at, error, newest FROM source_state LEFT JOIN"
            " (SELECT source, max(issued_at) AS newest FROM batch JOIN content USING (content) WHERE refused IS NULL"
            " GROUP BY source) USING (source) ORDER BY source"
        ).fetchall()
        return [
            {
                "source": name,
                "attempted_at": moment.isoformat(),
                "error": read_message(error).plain() if error else None,
                "last_issued": newest.isoformat() if newest else None,
            }
            for name, moment, error, newest in rows
        ]

    def _insert_content(
        self, source: SourceSettings, delivery: Delivery, checked: Checked | None, refused: Message | None, number: int
    ) -> None:
        values: list[Any] = [number, source.name, source.dataset, settings_digest(source), delivery.sha256]
        if checked is None:
            values += [delivery.declared_rows or 0, 0, 0, "{}", "{}", "[]", None, refused.stored() if refused else None]
        else:
            values += [checked.rows_in, checked.rows_kept, checked.rows_set_aside, json.dumps(checked.reasons)]
            notes = json.dumps([note.plain() for note in checked.notes], ensure_ascii=False)
            values += [json.dumps(checked.flags), notes, checked.newest_day, None]
        self.con.execute(f"INSERT INTO content VALUES ({', '.join('?' * len(values))})", values)

    def _insert_rows(self, contract: Contract, number: int, own_issue: bool) -> None:
        available = {row[0] for row in self.con.execute("DESCRIBE checked").fetchall()}
        columns = [quoted(column.name) for column in contract.public_columns if column.name in available]
        issued = "issued_at" if own_issue else "NULL"
        with in_any_order(self.con, contract):
            self.con.execute(
                f"INSERT INTO {table_of(contract)} (content, issued_at, {', '.join(columns)})"
                f" SELECT ?::INTEGER, {issued}, {', '.join(columns)} FROM checked",
                [number],
            )
        self.con.execute("INSERT INTO set_aside BY NAME SELECT ?::INTEGER AS content, * FROM set_aside_rows", [number])

    def _insert_batch(self, number: int, delivery: Delivery, received_at: datetime) -> None:
        self.con.execute(
            "INSERT INTO batch VALUES (?, ?, ?, ?, NULL)", [number, delivery.name, delivery.issued_at, received_at]
        )

    def _remember(self, source: SourceSettings, state: dict[str, str], attempted_at: datetime) -> None:
        self.con.execute(
            "INSERT INTO source_state VALUES (?, ?, ?, ?, NULL) ON CONFLICT (source) DO UPDATE SET"
            " settings = excluded.settings, state = excluded.state, attempted_at = excluded.attempted_at, error = NULL",
            [source.name, settings_digest(source), json.dumps(state), attempted_at],
        )

    def has_identities(self) -> bool:
        """True when identities were ever kept here."""
        return (self.data / "identities.duckdb").exists()

    def open_identities(self) -> str:
        """The catalogue name of the encrypted store of identities, attached on first use."""
        if not self._identities:
            archive.attach_encrypted(self.con, self.data / "identities.duckdb", "identities", self.key, read_only=False)
            self.con.execute(
                "CREATE TABLE IF NOT EXISTS identities.identity (content INTEGER, person VARCHAR, code VARCHAR,"
                " name VARCHAR, phone VARCHAR, address VARCHAR, birth_date DATE, issued_at TIMESTAMPTZ)"
            )
            same_person.create_store(self.con, self.key)
            self._identities = True
        return "identities"

    def _store_identities(self, contract: Contract, number: int) -> None:
        """Identities first, in their own transaction: one interrupted here is written again by the rerun."""
        available = {row[0] for row in self.con.execute("DESCRIBE checked").fetchall()}
        about = [name for name in erased_persons.person_columns(contract).about if name in available]
        if not about:  # names without anyone's code stay in the encrypted archive only
            return
        store = self.open_identities()
        fields = ", ".join(
            name if name in available else f"NULL AS {name}" for name in ("name", "phone", "address", "birth_date")
        )
        self.con.execute("BEGIN")
        self.con.execute(f"DELETE FROM {store}.identity WHERE content = ?", [number])
        for person in about:
            self.con.execute(
                f"INSERT INTO {store}.identity SELECT DISTINCT ?::INTEGER, {quoted(person)},"
                f" {quoted('_raw_' + person)}, {fields}, issued_at FROM checked WHERE {quoted(person)} IS NOT NULL",
                [number],
            )
        same_person.keep_digests(self.con, self.key, number)
        self.con.execute("COMMIT")


def table_of(contract: Contract) -> str:
    """The warehouse's table of a dataset."""
    return quoted(f"rows_{contract.dataset}")
