"""One pull: every source asked, its deliveries read, checked and stored, and a release built of what is known."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from data_sources import inbox, pointer, readers
from data_sources.checks import check
from data_sources.connectors import Delivery
from data_sources.connectors.files import fetch_files
from data_sources.connectors.http import fetch_http
from data_sources.connectors.sql import fetch_sql
from data_sources.contracts import CONTRACTS
from data_sources.forms import FORMS
from data_sources.forms.model import check_stamp
from data_sources.messages import Message, read_message
from data_sources.pseudonym import load_key
from data_sources.purge import purge_if_due
from data_sources.refusal import Refused, Unreachable
from data_sources.releases import Built, build_release
from data_sources.row_issue import CLOCKS_MAY_DIFFER
from data_sources.settings import Settings, SourceSettings, expand
from data_sources.units import Register, load_register
from data_sources.warehouse import Warehouse, ingest_lock


@dataclass
class SourceReport:
    """What one source delivered in this pull."""

    name: str
    rows_in: int = 0
    rows_kept: int = 0
    rows_set_aside: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    held: Message | None = None
    error: Message | None = None
    notes: list[Message] = field(default_factory=list)

    def add(self, other: SourceReport) -> None:
        """Count another report of the same source into this one."""
        self.rows_in += other.rows_in
        self.rows_kept += other.rows_kept
        self.rows_set_aside += other.rows_set_aside
        for reason, rows in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + rows
        self.held = self.held or other.held
        self.notes += [note for note in other.notes if note not in self.notes]


@dataclass
class PullReport:
    """What a pull did: the release that is current afterwards and each source's figures."""

    release: str | None
    fresh: bool
    sources: list[SourceReport]
    refused: Message | None = None
    """Why no release could be built."""

    def as_json(self) -> dict[str, object]:
        """The document that `pull --json` prints."""
        return {
            "release": self.release,
            "refused": _told(self.refused),
            "sources": [
                {
                    "name": source.name,
                    "rows_in": source.rows_in,
                    "rows_kept": source.rows_kept,
                    "rows_set_aside": source.rows_set_aside,
                    "reasons": source.reasons,
                    "held": _told(source.held),
                    "error": _told(source.error),
                    "notes": [note.told() for note in source.notes],
                }
                for source in self.sources
            ],
        }

    @property
    def failed(self) -> bool:
        """True when a source did not answer or a delivery is held."""
        return any(source.error or source.held for source in self.sources)


def _told(message: Message | None) -> dict[str, object] | None:
    return message.told() if message else None


def pull(
    settings: Settings,
    data: Path,
    *,
    received_at: datetime,
    until: datetime | None = None,
    only: Collection[str] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> PullReport:
    """What a pull of the configured sources did; it publishes what changed. BusyError if another pull is at work.

    `only` names the sources to ask; when `stopping` turns true no further one is asked, and what came is published.
    """
    with ingest_lock(data):
        pointer.sweep(data, settings.keep_releases)
        shutil.rmtree(data / "spill", ignore_errors=True)  # what a killed pull left there may be personal
        register = load_register(settings)
        purge_if_due(data, settings, register, load_key(), received_at)
        reports = []
        with Warehouse(data, load_key()) as warehouse:
            for source in settings.sources:
                if (only is None or source.name in only) and not stopping():
                    reports.append(_pull_source(warehouse, settings, register, source, received_at, until))
            reports += take_forms(warehouse, settings, register, received_at, only)
            known = warehouse.sources_known()
            settings = inbox.with_forms(settings, {name for name in FORMS if inbox.source_name(name) in known})
            built, refused = _release(warehouse, settings, register, until, reports)
            pointer.write_attempts(data, warehouse.attempts())
        shutil.rmtree(data / "spill", ignore_errors=True)
    release = built.release_id if built else pointer.current_id(data)
    return PullReport(release, bool(built and built.fresh), reports, refused)


def _release(
    warehouse: Warehouse, settings: Settings, register: Register, until: datetime | None, reports: list[SourceReport]
) -> tuple[Built | None, Message | None]:
    try:
        built = build_release(warehouse, settings, register, until)
    except Refused as error:
        return None, error.message
    held = (
        dict(warehouse.con.execute("SELECT source, reason FROM held_batch ORDER BY issued").fetchall())
        if built.fresh
        else {}
    )
    for report in reports:
        if report.held is None and report.name in held:
            report.held = read_message(held[report.name])
    return built, None


def _pull_source(
    warehouse: Warehouse,
    settings: Settings,
    register: Register,
    source: SourceSettings,
    received_at: datetime,
    until: datetime | None,
) -> SourceReport:
    """Ask one source and store what it delivers; what goes wrong is reported and the other sources go on."""
    report = SourceReport(source.name)
    with tempfile.TemporaryDirectory(dir=warehouse.data / "spill", prefix="spool-") as spool:
        try:
            for delivery in _deliveries(warehouse, settings, source, Path(spool), until):
                _take(warehouse, settings, register, source, delivery, received_at, report)
            warehouse.attempted(source, received_at)
        except (Unreachable, Refused) as error:
            report.error = error.message
            warehouse.failed(source, error.message, received_at)
    return report


def take_forms(
    warehouse: Warehouse,
    settings: Settings,
    register: Register,
    received_at: datetime,
    only: Collection[str] | None = None,
) -> list[SourceReport]:
    """What became of the forms that were handed in through the app; each is noted beside its receipt."""
    inbox.sweep(warehouse.data)
    reports: dict[str, SourceReport] = {}
    for one in list(inbox.waiting(warehouse.data)):
        source = inbox.source_of(one.dataset, one.units, one.unit)
        if only is not None and source.name not in only:
            continue
        report = SourceReport(source.name)
        try:
            delivery = inbox.delivery_of(warehouse.data, one)
            _take(warehouse, settings, register, source, delivery, received_at, report, one.unit)
        except Refused as error:
            report.held = error.message
        outcome = {name: getattr(report, name) for name in ("rows_in", "rows_kept", "rows_set_aside", "reasons")}
        outcome["held"] = report.held.stored() if report.held else None
        inbox.taken_in(warehouse.data, one, outcome)
        so_far = reports.setdefault(source.name, SourceReport(source.name))
        so_far.add(report)
    return list(reports.values())


def _deliveries(
    warehouse: Warehouse, settings: Settings, source: SourceSettings, spool: Path, until: datetime | None
) -> Iterator[Delivery]:
    state = warehouse.state(source)
    if source.http is not None and source.kind == "http":
        asked = replace(source, http=replace(source.http, url=expand(source.http.url)))
        return fetch_http(asked, spool, state, until)
    if source.kind == "sql":
        return fetch_sql(source, spool, state, until)
    return fetch_files(source, settings, spool, state)


def _take(
    warehouse: Warehouse,
    settings: Settings,
    register: Register,
    source: SourceSettings,
    delivery: Delivery,
    received_at: datetime,
    report: SourceReport,
    unit: str | None = None,
) -> None:
    """Read, check and store one delivery; a known content is only noted again, an unusable one is kept and held."""
    if delivery.issued_at > received_at + CLOCKS_MAY_DIFFER:
        issued = delivery.issued_at.isoformat(timespec="minutes")
        report.notes.append(Message("note.issued_ahead", delivery=delivery.name, issued=issued))
        delivery = replace(delivery, issued_at=received_at)
    known = warehouse.content_of(source, delivery.sha256)
    if known is not None:
        if warehouse.was_refused(known):
            delivery = _asked_again(warehouse, source, delivery)
        warehouse.repeat(source, known, delivery, received_at)
        return
    contract = CONTRACTS[source.dataset]
    loaded = None
    try:
        loaded = readers.load(warehouse.con, delivery.path, "staging", source.read, delivery.format)
        if source.dataset in FORMS:
            check_stamp(loaded.written_above, FORMS[source.dataset], unit, delivery.name)
        checked = check(
            warehouse.con,
            loaded,
            "staging",
            source,
            contract,
            register,
            _parent(settings, source),
            source.unit_level or settings.province.level,
            delivery.issued_at,
            warehouse.key,
        )
    except Refused as error:
        # The same content may come under another name: what is kept of it names no file.
        kept = error.at(file=None).message
        warehouse.store(source, _asked_again(warehouse, source, delivery), None, kept, received_at)
        report.held = kept.at(file=delivery.name)
        return
    warehouse.store(source, delivery, checked, None, received_at)
    report.rows_in += checked.rows_in
    report.rows_kept += checked.rows_kept
    report.rows_set_aside += checked.rows_set_aside
    report.notes += [note for note in checked.notes if note not in report.notes]
    for reason, rows in {**checked.reasons, **{f"flag:{k}": v for k, v in checked.flags.items()}}.items():
        report.reasons[reason] = report.reasons.get(reason, 0) + rows


def _asked_again(warehouse: Warehouse, source: SourceSettings, delivery: Delivery) -> Delivery:
    """A delivery that leaves the source's cursor where it was: rows that could not be used are not passed over."""
    return replace(delivery, state=warehouse.state(source)) if "cursor" in delivery.state else delivery


def _parent(settings: Settings, source: SourceSettings) -> str | None:
    """The unit within which names are resolved: the province, or its country for units of the province's own level."""
    if (source.unit_level or settings.province.level) == "province":
        return None if settings.province.level != "province" else settings.province.code
    return settings.province.code
