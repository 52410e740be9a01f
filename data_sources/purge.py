"""What is left of erased persons, removed from everything the data folder holds: rows, identities, archive, releases.

It can be run again at any time. What is due is written beside the data before anything is removed, so that an erasure
which was killed halfway is finished by the next pull.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from data_sources import archive, audit, inbox, pointer, readers
from data_sources.archive import SEALED_ROWS
from data_sources.contracts import CONTRACTS
from data_sources.erased_persons import (
    any_erased,
    create_rows_to_keep,
    mark_sql,
    person_columns,
    written_columns,
)
from data_sources.forms import FORMS
from data_sources.mapping import quoted
from data_sources.pseudonym import Key
from data_sources.refusal import Refused
from data_sources.releases import build_release
from data_sources.settings import ReadSettings, Settings, SourceSettings
from data_sources.units import Register
from data_sources.warehouse import Warehouse, rewrite, settings_digest, table_of

DUE = "erasure.due"
STAGING_OWN = ("_sheet", "_row", "_role")


@dataclass
class Purged:
    """How much was removed, and the release that is current then."""

    rows: int = 0
    identities: int = 0
    copies_without_rows: int = 0
    """Archived deliveries of which only the rows of others are kept now."""
    copies_removed: int = 0
    """Archived deliveries removed whole: too old, or not readable, so that it cannot be shown who is in them."""
    releases: int = 0
    release: str | None = None


def make_due(data: Path, by: str, copies_before: datetime | None) -> None:
    """Note, durably, that a purge must be done; archived deliveries issued before that time go whole."""
    partial = data / f".{DUE}.part"
    with partial.open("w", encoding="utf-8") as file:
        json.dump({"by": by, "copies_before": copies_before.isoformat() if copies_before else None}, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(data / DUE)
    pointer.sync(data)


def purge_if_due(data: Path, settings: Settings, register: Register, key: Key, now: datetime) -> Purged | None:
    """What a purge removed, if one was due; call it under the ingest lock with the warehouse closed.

    Refused when no release can be built without the erased persons: the one that still holds them stays current, the
    purge stays due, and everything else is done.
    """
    if not (data / DUE).exists():
        return None
    due = json.loads((data / DUE).read_text(encoding="utf-8"))
    before = datetime.fromisoformat(due["copies_before"]) if due["copies_before"] else None
    found = Purged()
    failure: Refused | None = None
    with Warehouse(data, key) as warehouse:
        known = warehouse.sources_known()
        settings = inbox.with_forms(settings, {name for name in FORMS if inbox.source_name(name) in known})
        _purge_rows(warehouse, found)
        _purge_identities(warehouse, found)
        _purge_archive(warehouse, settings, before, found)
        _count_again(warehouse)
        try:
            found.release = build_release(warehouse, settings, register, None).release_id
        except Refused as error:
            failure = error
    rewrite(data / "warehouse.duckdb", None)
    if (data / "identities.duckdb").exists():
        rewrite(data / "identities.duckdb", key)
    shutil.rmtree(data / "spill", ignore_errors=True)
    _remove_releases(data, found)
    if failure is not None:
        raise failure
    audit.append(data, key, at=now, act="erased", by=due["by"], facts=asdict(found))
    (data / DUE).unlink()
    return found


def _purge_rows(warehouse: Warehouse, found: Purged) -> None:
    """Delete the rows about erased persons; where a row of another refers to one, the reference becomes blank."""
    con = warehouse.con
    mark = mark_sql(con, warehouse.key, "person")
    con.execute("BEGIN")
    for contract in CONTRACTS.values():
        columns, table = person_columns(contract), table_of(contract)
        for name in (*columns.about, *columns.references):
            con.execute(
                "CREATE OR REPLACE TEMP TABLE erased_here AS SELECT person FROM"
                f" (SELECT DISTINCT {quoted(name)} AS person FROM {table} WHERE {quoted(name)} IS NOT NULL)"
                f" WHERE {mark} IN (SELECT mark FROM erased)"
            )
            theirs = f"WHERE {quoted(name)} IN (SELECT person FROM erased_here)"
            if name in columns.about:
                gone = con.execute(f"DELETE FROM {table} {theirs}").fetchone()
                found.rows += int(gone[0]) if gone else 0
            else:
                con.execute(f"UPDATE {table} SET {quoted(name)} = NULL {theirs}")
    con.execute("COMMIT")


def _purge_identities(warehouse: Warehouse, found: Purged) -> None:
    if not warehouse.has_identities():
        return
    store = warehouse.open_identities()
    mark = mark_sql(warehouse.con, warehouse.key, "person")
    warehouse.con.execute(
        "CREATE OR REPLACE TEMP TABLE erased_here AS SELECT person FROM"
        f" (SELECT DISTINCT person FROM {store}.identity) WHERE {mark} IN (SELECT mark FROM erased)"
    )
    for table in ("same_person", "identity"):
        gone = warehouse.con.execute(
            f"DELETE FROM {store}.{table} WHERE person IN (SELECT person FROM erased_here)"
        ).fetchone()
    found.identities += int(gone[0]) if gone else 0


def _purge_archive(warehouse: Warehouse, settings: Settings, before: datetime | None, found: Purged) -> None:
    """Write the archived deliveries again that hold an erased person; remove what is too old or cannot be read."""
    archive.sweep(warehouse.data)
    nobody = not any_erased(warehouse.con)
    for path in archive.sealed_copies(warehouse.data):
        sha256 = path.name.partition(".")[0]
        contents = [
            one
            for one in warehouse.con.execute(
                "SELECT content, source, settings, dataset, (SELECT max(issued_at) FROM batch AS b"
                " WHERE b.content = c.content) FROM content AS c WHERE sha256 = ?",
                [sha256],
            ).fetchall()
            if archive.folder_of(warehouse.data, one[1]) == path.parent
        ]
        issued = max((one[4] for one in contents), default=None)
        if before is not None and (issued is None or issued < before):
            path.unlink()
            found.copies_removed += 1
            # What was found in a row that was set aside may tell of a person as well as the row itself.
            warehouse.con.execute(
                "UPDATE set_aside SET found = NULL WHERE content IN (SELECT unnest(?::INTEGER[]))",
                [[one[0] for one in contents]],
            )
        if nobody or not path.exists():
            continue
        source = next(
            (
                source
                for source in settings.sources
                if any(one[1] == source.name and one[2] == settings_digest(source) for one in contents)
            ),
            None,
        )
        _purge_copy(warehouse, path, source, [one[0] for one in contents], found)


def _purge_copy(
    warehouse: Warehouse, path: Path, source: SourceSettings | None, contents: list[int], found: Purged
) -> None:
    con, key = warehouse.con, warehouse.key
    try:
        with staged_copy(warehouse, path, source.read if source else ReadSettings()) as (columns, torn):
            persons = written_columns(columns, source, CONTRACTS[source.dataset]) if source else None
            named = create_rows_to_keep(con, "staging", columns, persons, key)
            if named or torn:
                _forget_rows_set_aside(warehouse, contents)
                sha256 = path.name.partition(".")[0]
                archive.keep_rows(con, "rows_to_keep", path.parent, sha256, warehouse.data / "spill", key)
                found.copies_without_rows += named
    except Refused:
        path.unlink()
        found.copies_removed += 1


@contextmanager
def staged_copy(warehouse: Warehouse, path: Path, read: ReadSettings) -> Iterator[tuple[list[str], int]]:
    """An archived delivery as the table `staging`: their columns, and how many rows are missing because they are torn.

    Refused when it cannot be read.
    """
    con = warehouse.con
    plain = warehouse.data / "spill" / f"{path.stem}.copy"
    try:
        with plain.open("wb") as file:
            file.writelines(archive.decrypt(path, warehouse.key))
        if path.name.endswith(SEALED_ROWS):
            readers.forget(con, "staging")
            con.execute(f"CREATE TEMP VIEW staging AS SELECT * FROM read_parquet('{plain}')")
            described = [row[0] for row in con.execute("DESCRIBE staging").fetchall()]
            yield [name for name in described if name not in STAGING_OWN], 0
        else:
            loaded = readers.load(con, plain, "staging", read)
            row = con.execute("SELECT count(*) FROM staging_rejects").fetchone()
            yield list(loaded.columns), int(row[0]) if row else 0
    finally:
        plain.unlink(missing_ok=True)


def _forget_rows_set_aside(warehouse: Warehouse, contents: list[int]) -> None:
    """Delete what was noted of the erased persons' rows when they were set aside."""
    warehouse.con.execute(
        "DELETE FROM set_aside WHERE content IN (SELECT unnest(?::INTEGER[])) AND NOT EXISTS (SELECT 1"
        " FROM rows_to_keep AS k WHERE k._row = set_aside.row AND k._sheet IS NOT DISTINCT FROM set_aside.sheet)"
        " AND EXISTS (SELECT 1 FROM staging AS s WHERE s._row = set_aside.row"
        " AND s._sheet IS NOT DISTINCT FROM set_aside.sheet)",
        [contents],
    )


def _count_again(warehouse: Warehouse) -> None:
    """Say of each delivery how many rows are still kept and set aside; what is missing was erased."""
    con = warehouse.con
    noted: dict[int, dict[str, int]] = {}
    for content, reason, rows in con.execute(
        "SELECT content, reason, count(*) FROM (SELECT content, sheet, row, first(reason ORDER BY rowid) AS reason"
        " FROM set_aside GROUP BY content, sheet, row) GROUP BY content, reason ORDER BY 3 DESC, 2"
    ).fetchall():
        noted.setdefault(content, {})[reason] = rows
    for contract in CONTRACTS.values():
        if not person_columns(contract).about:
            continue
        for content, rows_in, stated, kept in con.execute(
            f"SELECT c.content, c.rows_in, c.reasons, count(r.content) FROM content AS c LEFT JOIN"
            f" {table_of(contract)} AS r USING (content) WHERE c.dataset = ? AND c.refused IS NULL GROUP BY ALL",
            [contract.dataset],
        ).fetchall():
            reasons = noted.get(content, {})
            erased = rows_in - kept - sum(reasons.values())
            if erased > json.loads(stated).get("erased", 0):
                con.execute(
                    "UPDATE content SET rows_kept = ?, rows_set_aside = ?, reasons = ? WHERE content = ?",
                    [kept, rows_in - kept, json.dumps(reasons | {"erased": erased}), content],
                )


def _remove_releases(data: Path, found: Purged) -> None:
    """Remove every release with identities except the current one: each may hold an erased person."""
    current = pointer.current_id(data)
    for release_id in pointer.release_ids(data):
        folder = pointer.release_folder(data, release_id)
        if release_id != current and (folder / "registry.duckdb").exists():
            shutil.rmtree(folder)
            found.releases += 1
