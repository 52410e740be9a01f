"""The outbox: every finished briefing stays on the disk until its folder and its mail server have taken it.

    var/outbox/20210829T0630/state.json     what was done already, written whole and forced to the disk each time
    var/outbox/20210829T0630/<files>        as they were made, all of one release
    var/outbox/last.json                    the newest time of the schedule that was made
    var/outbox/delivered.jsonl              what was delivered, a line each

A process that is killed at any moment finds on the next start what is still to be done. Addresses are kept as their
hash and their domain.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from data_sources.locks import BusyError, held_lock, is_held
from data_sources.pointer import replace_text, sync

Progress = Literal["pending", "sending", "accepted", "uncertain"]
FIRST_BACK_OFF = timedelta(minutes=1)
LONGEST_BACK_OFF = timedelta(hours=1)
"""A refusal is tried again at half the pace each time, but hourly at least, for as long as it takes."""
STATE = "state.json"
PARTIAL = ".making-"


@dataclass
class Way:
    """One way out, a folder or an address: how far it is, and when it is tried again."""

    progress: Progress = "pending"
    domain: str = ""
    tries: int = 0
    next_try: str = ""
    error: str = ""

    def due(self, now: datetime) -> bool:
        """True where it is pending and its time has come."""
        return self.progress == "pending" and (not self.next_try or datetime.fromisoformat(self.next_try) <= now)

    def failed(self, error: str, now: datetime) -> None:
        """Note why, and try again later."""
        self.progress, self.error, self.tries = "pending", error, self.tries + 1
        wait = min(FIRST_BACK_OFF * 2 ** min(self.tries - 1, 16), LONGEST_BACK_OFF)
        self.next_try = (now + wait).isoformat()

    def done(self) -> None:
        """Note that it was taken."""
        self.progress, self.error, self.next_try = "accepted", "", ""


@dataclass
class Parcel:
    """One briefing on its way."""

    slot: str
    release: str
    day: str
    made_at: str
    subject: str
    body: str
    files: list[str]
    unmade: dict[str, str] = field(default_factory=dict)
    """The formats that could not be made, each with why."""
    folder: Way | None = None
    mail: dict[str, Way] = field(default_factory=dict)
    """By the hash of an address."""

    def ways(self) -> Iterator[Way]:
        """Every way out."""
        if self.folder is not None:
            yield self.folder
        yield from self.mail.values()

    @property
    def delivered(self) -> bool:
        """True where everything was taken."""
        return all(way.progress == "accepted" for way in self.ways())


def key_of(address: str) -> str:
    """What stands for an address on the disk."""
    return sha256(address.lower().encode()).hexdigest()[:16]


class Outbox:
    """The outbox of one data folder."""

    def __init__(self, data: Path) -> None:
        self.path = data / "outbox"

    def lock(self) -> AbstractContextManager[None]:
        """Held by the one process that delivers; BusyError where another does."""
        self._open()
        return held_lock(self.path / "lock", BusyError("delivering", folder=str(self.path)))

    @property
    def at_work(self) -> bool:
        """True while a process delivers."""
        return is_held(self.path / "lock")

    def last(self) -> str:
        """The newest time of the schedule that was made; "" before the first."""
        try:
            return str(json.loads((self.path / "last.json").read_text(encoding="utf-8"))["slot"])
        except FileNotFoundError:
            return ""

    def note_last(self, slot: str) -> None:
        """Remember that a time of the schedule was made."""
        self._open()
        replace_text(self.path / "last.json", json.dumps({"slot": slot}) + "\n")

    def put(self, parcel: Parcel, contents: dict[str, bytes]) -> None:
        """Take a finished parcel, whole or not at all; one that is there already is kept as it is."""
        target, partial = self.path / parcel.slot, self.path / f"{PARTIAL}{parcel.slot}"
        if not target.exists():
            self._open()
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(mode=0o700)
            for name, content in contents.items():
                with (partial / name).open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            self._write(partial, parcel)
            partial.rename(target)
            sync(self.path)
        self.note_last(parcel.slot)

    def parcels(self) -> list[Parcel]:
        """What is still on its way, oldest first."""
        if not self.path.is_dir():
            return []
        return [self._read(file) for file in sorted(self.path.glob(f"[0-9]*/{STATE}"))]

    def content(self, parcel: Parcel, name: str) -> bytes:
        """One file of a parcel."""
        return (self.path / parcel.slot / name).read_bytes()

    def keep(self, parcel: Parcel) -> None:
        """Force to the disk how far a parcel is."""
        self._write(self.path / parcel.slot, parcel)

    def remove(self, parcel: Parcel, now: datetime) -> None:
        """Let go of what was delivered, after a line of it was kept."""
        line = {
            "slot": parcel.slot,
            "release": parcel.release,
            "day": parcel.day,
            "delivered_at": now.isoformat(timespec="seconds"),
            "files": parcel.files,
            "unmade": parcel.unmade,
            "folder": parcel.folder is not None,
            "mail": sorted(way.domain for way in parcel.mail.values()),
        }
        with (self.path / "delivered.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        gone = self.path / f"{PARTIAL}{parcel.slot}"
        (self.path / parcel.slot).rename(gone)
        shutil.rmtree(gone)

    def delivered(self, most: int) -> list[dict[str, Any]]:
        """The last lines of what was delivered, oldest first; a parcel that was noted twice stands once."""
        try:
            lines = (self.path / "delivered.jsonl").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        found: dict[str, dict[str, Any]] = {}
        for line in lines[-4 * most :]:
            try:
                told = json.loads(line)
            except ValueError:  # the last line of a process that was killed
                continue
            found[told["slot"]] = told
        return list(found.values())[-most:]

    def sweep(self) -> None:
        """Clear away what was being made or removed when a process was killed."""
        for partial in self.path.glob(f"{PARTIAL}*"):
            shutil.rmtree(partial, ignore_errors=True)

    def _open(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    @staticmethod
    def _write(folder: Path, parcel: Parcel) -> None:
        replace_text(folder / STATE, json.dumps(asdict(parcel), ensure_ascii=False, indent=1) + "\n")

    @staticmethod
    def _read(file: Path) -> Parcel:
        told = json.loads(file.read_text(encoding="utf-8"))
        folder = Way(**told["folder"]) if told["folder"] else None
        return Parcel(**{**told, "folder": folder, "mail": {key: Way(**way) for key, way in told["mail"].items()}})
