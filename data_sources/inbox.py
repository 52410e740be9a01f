"""Forms handed in through the app: kept whole until the next pull takes them in, and what became of each.

The app never opens the warehouse. It puts a submission into `inbox/`, a folder that appears whole or not at all; the
pull reads it like any other delivery, writes the outcome beside the receipt and removes the bytes, which are then in
the archive (encrypted where they may name a person).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from data_sources.connectors import Delivery
from data_sources.forms import FORMS
from data_sources.messages import Message, read_message
from data_sources.readers.content import find_format
from data_sources.readers.names import shortened
from data_sources.refusal import Refused
from data_sources.settings import Settings, SourceSettings

FOLDER = "inbox"
PREFIX = "nop_"
"""Name of the source of handed-in forms: nop_<dataset>."""
MOST_WAITING = 200
MOST_WAITING_MEGABYTES = 512
"""Eight districts hand in twelve forms a day; more than that waiting means that the pull is not running."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One form as it was handed in."""

    id: str
    dataset: str
    file: str
    sha256: str
    bytes: int
    unit: str | None
    """The unit that hands it in; None for a form of the whole province."""
    by: str
    received_at: datetime
    units: Mapping[str, str] = field(default_factory=dict)
    """Names of units that the sender decided: as written = code."""
    outcome: Mapping[str, Any] | None = None
    """What the pull made of it: rows_in, rows_kept, rows_set_aside, reasons, held (stored); None while it waits."""

    @property
    def held(self) -> Message | None:
        """Why the form was held, if it was."""
        stored = (self.outcome or {}).get("held")
        return read_message(stored) if stored else None


def submit(
    data: Path,
    *,
    dataset: str,
    file: str,
    content: bytes,
    unit: str | None,
    by: str,
    received_at: datetime,
    units: Mapping[str, str] | None = None,
) -> Submission:
    """The receipt of a form that is now safely kept; Refused where too much is waiting already.

    The same bytes with the same decisions, still waiting, are one submission.
    """
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    decided = dict(sorted((units or {}).items()))
    sha256 = hashlib.sha256(content + json.dumps([unit, decided]).encode()).hexdigest()
    queue = list(waiting(data))
    for one in queue:
        if one.sha256 == sha256 and one.dataset == dataset and one.unit == unit:
            return one
    megabytes = (sum(one.bytes for one in queue) + len(content)) / 1_048_576
    if len(queue) >= MOST_WAITING or megabytes > MOST_WAITING_MEGABYTES:
        waits = {"forms": len(queue), "megabytes": round(megabytes)}
        raise Refused("inbox_full", most=MOST_WAITING, most_megabytes=MOST_WAITING_MEGABYTES, **waits)
    made = Submission(
        id=f"{received_at:%Y%m%dT%H%M%S}-{sha256[:12]}",
        dataset=dataset,
        file=shortened(file),
        sha256=sha256,
        bytes=len(content),
        unit=unit,
        by=by,
        received_at=received_at,
        units=decided,
    )
    building = folder / f".{made.id}-{os.getpid()}"
    building.mkdir(mode=0o700)
    _write(building / "content", content)
    _write(building / "receipt.json", _described(made))
    _sync(building)
    building.rename(folder / made.id)
    _sync(folder)
    return made


def waiting(data: Path) -> Iterator[Submission]:
    """The submissions that no pull has taken in yet, oldest first."""
    for path in sorted((data / FOLDER).glob("[0-9]*/receipt.json")):
        if (path.parent / "content").exists():
            yield _read(path)


def submissions(data: Path, most: int = 100) -> list[Submission]:
    """The newest `most` submissions, waiting or taken in, newest first."""
    paths = sorted((data / FOLDER).glob("[0-9]*/receipt.json"), reverse=True)
    return [_read(path) for path in paths[:most]]


def delivery_of(data: Path, one: Submission) -> Delivery:
    """A waiting submission as a delivery; Refused where its bytes are of no kind that can be read."""
    path = data / FOLDER / one.id / "content"
    return Delivery(
        source=source_name(one.dataset),
        name=f"{one.file} ({one.unit or 'all'})",
        path=path,
        sha256=one.sha256,
        issued_at=one.received_at,
        format=find_format(path, one.file, None),
        declared_rows=None,
        state={},
    )


def taken_in(data: Path, one: Submission, outcome: Mapping[str, Any]) -> None:
    """Note what the pull made of a submission, then remove its bytes: they are in the archive."""
    folder = data / FOLDER / one.id
    building = folder / "receipt.json.new"
    _write(building, _described(replace(one, outcome=outcome)))
    building.replace(folder / "receipt.json")
    _sync(folder)
    (folder / "content").unlink(missing_ok=True)


def source_name(dataset: str) -> str:
    """The name of the source that the handed-in forms of a dataset make."""
    return PREFIX + dataset


def source_of(dataset: str, units: Mapping[str, str] | None = None, unit: str | None = None) -> SourceSettings:
    """The source that the handed-in forms of a dataset make, with the sender's decisions about names and its unit."""
    title = f"Biểu mẫu: {FORMS[dataset].contract.vi}"
    return SourceSettings(
        name=source_name(dataset),
        dataset=dataset,
        kind="inbox",
        title=title,
        complete=False,
        units=dict(units or {}),
        only_unit=unit,
    )


def with_forms(settings: Settings, datasets: set[str]) -> Settings:
    """The settings with a source for the handed-in forms of each of `datasets`, after the configured ones."""
    made = tuple(source_of(dataset) for dataset in FORMS if dataset in datasets)
    return replace(settings, sources=(*settings.sources, *made))


def _read(path: Path) -> Submission:
    written = json.loads(path.read_text(encoding="utf-8"))
    return Submission(**{**written, "received_at": datetime.fromisoformat(written["received_at"])})


def _described(one: Submission) -> bytes:
    return json.dumps({**asdict(one), "received_at": one.received_at.isoformat()}, ensure_ascii=False).encode()


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(data: Path) -> None:
    """Remove what a submission that was cut off left behind."""
    for path in (data / FOLDER).glob(".*"):
        shutil.rmtree(path, ignore_errors=True)
