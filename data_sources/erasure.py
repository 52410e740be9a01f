"""Erasure: a person who asks for it, or everybody whose last event is too old, removed from all that is kept.

Figures that are computed from line lists fall by the rows that go; figures that were reported as counts stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from data_sources import archive, audit
from data_sources.contracts import CONTRACTS
from data_sources.erased_persons import create_rows_to_keep, person_columns
from data_sources.ingest import take_forms
from data_sources.mapping import quoted
from data_sources.pseudonym import load_key
from data_sources.purge import Purged, make_due, purge_if_due, staged_copy
from data_sources.refusal import Refused
from data_sources.settings import ReadSettings, Settings
from data_sources.units import load_register
from data_sources.warehouse import Warehouse, ingest_lock, table_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, kw_only=True)
class Request:
    """Whom to erase, by a code as the sources write it or by age in days; why, and who decided."""

    reason: str
    by: str
    person: str | None = None
    older_than_days: int | None = None


def erase(settings: Settings, data: Path, request: Request, *, now: datetime) -> Purged:
    """What was removed of the persons asked for; a release without them is current then.

    Refused, with nothing changed, where the person is not known here, the reason names the person, or the audit
    cannot be written. BusyError while another ingest is at work.
    """
    key = load_key()
    with ingest_lock(data):
        register = load_register(settings)
        purge_if_due(data, settings, register, key, now)
        with Warehouse(data, key) as warehouse:
            take_forms(warehouse, settings, register, now)  # what waits to be taken in may name them too
            before = None
            if request.person is not None:
                persons = [_known(warehouse, request.person.strip())]
            else:
                before = now - timedelta(days=request.older_than_days or 0)
                persons = _older(warehouse, before)
            _refuse_names(warehouse, request, persons)
            facts = {"reason": request.reason, "persons": len(persons), "older_than_days": request.older_than_days}
            audit.append(data, key, at=now, act="erase", by=request.by, facts=facts)
            make_due(data, request.by, before)
            _mark(warehouse, persons)
        purged = purge_if_due(data, settings, register, key, now)
    assert purged is not None  # noqa: S101 (it was made due above, under the same lock)
    return purged


def _known(warehouse: Warehouse, code: str) -> str:
    """The pseudonym of a code that occurs somewhere; Refused where it does not: a slip would block somebody else."""
    person = warehouse.key.pseudonym(code)
    for contract in CONTRACTS.values():
        columns = person_columns(contract)
        for name in (*columns.about, *columns.references):
            sql = f"SELECT count(*) FROM {table_of(contract)} WHERE {quoted(name)} = ?"
            row = warehouse.con.execute(sql, [person]).fetchone()
            if row and row[0]:
                return person
    if _in_archive(warehouse, person):
        return person
    raise Refused(
        needed="the code of a person as a source writes it",
        found="a code that occurs in no row and in no archived delivery",
        where="--person",
        remedy="Nothing was done. Look at the code again; whoever has left no row here needs no erasure.",
    )


def _in_archive(warehouse: Warehouse, person: str) -> bool:
    """True where an archived delivery has the person in a row that was never stored; each is read again."""
    con = warehouse.con
    con.execute("CREATE OR REPLACE TEMP TABLE sought AS SELECT ?::VARCHAR AS mark", [warehouse.key.mark(person)])
    for path in archive.sealed_copies(warehouse.data):
        try:
            with staged_copy(warehouse, path, ReadSettings()) as (columns, _):
                if create_rows_to_keep(con, "staging", columns, None, warehouse.key, marks="sought"):
                    return True
        except Refused:
            continue
    return False


def _older(warehouse: Warehouse, before: datetime) -> list[str]:
    """The pseudonyms of everybody whose last event, in any dataset, lies before the day of `before`.

    An event counts as no later than it was reported, so that a slip into the future keeps nobody.
    """
    parts = []
    for contract in CONTRACTS.values():
        days = [f"CAST({quoted(c.name)} AS DATE)" for c in contract.public_columns if c.type in ("day", "time")]
        reported = "CAST(COALESCE(r.issued_at, b.issued_at) AS DATE)"
        last = f"least(COALESCE(greatest({', '.join(days)}), {reported}), {reported})" if days else reported
        for name in person_columns(contract).about:
            parts.append(
                f"SELECT {quoted(name)} AS person, {last} AS last FROM {table_of(contract)} AS r JOIN"
                " (SELECT content, max(issued_at) AS issued_at FROM batch GROUP BY content) AS b USING (content)"
            )
    rows = warehouse.con.execute(
        f"SELECT person FROM ({' UNION ALL '.join(parts)}) WHERE person IS NOT NULL"
        " GROUP BY person HAVING max(last) < ? ORDER BY person",
        [before.astimezone(ZONE).date()],
    ).fetchall()
    return [row[0] for row in rows]


def _refuse_names(warehouse: Warehouse, request: Request, persons: Sequence[str]) -> None:
    """Refused when the reason, which is kept for good, names the person who is to be forgotten."""
    if request.person is None:
        return
    secrets = {request.person.strip(), *persons}
    if warehouse.has_identities():
        rows = warehouse.con.execute(
            f"SELECT code, name, phone FROM {warehouse.open_identities()}.identity WHERE person = ?", [persons[0]]
        ).fetchall()
        secrets |= {text for row in rows for text in row if text}
    if any(secret.casefold() in request.reason.casefold() for secret in secrets if secret):
        raise Refused(
            needed="a reason that does not say who it is",
            found="one with the person's code, name or phone",
            where="--reason",
            remedy="Nothing was done. Name the request instead, such as its number in the register of letters.",
        )


def _mark(warehouse: Warehouse, persons: Sequence[str]) -> None:
    warehouse.con.execute(
        "INSERT INTO erased SELECT unnest(?::VARCHAR[]) ON CONFLICT DO NOTHING",
        [[warehouse.key.mark(person) for person in persons]],
    )
