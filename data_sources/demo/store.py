"""The rows of every feed on disk, written once for a seed and a state of the generator's code.

Rows lie in order of issue, one a line, so that what a system would have answered at any time is one stretch of bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from data_sources.demo import telecom
from data_sources.demo.draws import IntArray
from data_sources.demo.feeds import FEEDS, Feed
from data_sources.demo.forms import written
from data_sources.demo.generator import SEED, generate

UTC_OFFSET_SECONDS = 7 * 3600
# demo-<version>-<seed>; drafts have other names.
FOLDER_NAME = re.compile(r"demo-[0-9a-f]{12}-\d+")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def generator_version() -> str:
    """Twelve hex digits over everything the rows depend on: a change of the code or its tables is a new version."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.csv"), telecom.CALENDAR]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True)
class Stretch:
    """Consecutive rows of one feed: the bytes of the file, and the newest issue time among them (None if no rows)."""

    feed: StoredFeed
    first: int
    end: int

    @property
    def size(self) -> int:
        """The number of rows."""
        return self.end - self.first

    @property
    def issued_at(self) -> datetime | None:
        """The newest issue time, aware."""
        if self.size == 0:
            return None
        return datetime.fromtimestamp(int(self.feed.issued[self.end - 1]), UTC)

    def lines(self, first: int = 0, end: int | None = None) -> bytes:
        """The rows from `first` to before `end` within this stretch, one a line, without the last line break."""
        low = min(self.first + first, self.end)
        high = self.end if end is None else min(self.first + end, self.end)
        return bytes(self.feed.body[self.feed.offsets[low] : max(self.feed.offsets[high] - 1, self.feed.offsets[low])])


@dataclass(frozen=True)
class StoredFeed:
    """One feed on disk: a header, rows, where each row begins and when it was issued (seconds since 1970)."""

    feed: Feed
    header: bytes
    body: memoryview
    """The bytes of all rows, mapped into memory: they stay readable when a newer version removes the files."""
    offsets: IntArray
    issued: IntArray

    def between(self, after: datetime | None, until: datetime | None) -> Stretch:
        """The rows issued after `after` and not after `until`."""
        first = 0 if after is None else int(np.searchsorted(self.issued, after.timestamp(), side="right"))
        end = len(self.issued) if until is None else int(np.searchsorted(self.issued, until.timestamp(), side="right"))
        return Stretch(self, first, max(first, end))


@dataclass(frozen=True)
class Store:
    """All feeds of one seed."""

    version: str
    seed: int
    feeds: dict[str, StoredFeed]


def _serialise(feed: Feed, frame: pd.DataFrame) -> tuple[bytes, bytes]:
    """Header and rows of a feed as bytes."""
    if feed.format == "json":
        text = frame.to_json(orient="records", lines=True, force_ascii=False)
        return b"", (text if text is not None else "").encode()
    head = frame.iloc[:0].to_csv(index=False, sep=feed.delimiter, lineterminator="\n").encode()
    body = frame.to_csv(index=False, header=False, sep=feed.delimiter, lineterminator="\n").encode()
    return (BYTE_ORDER_MARK if feed.byte_order_mark else b"") + head, body


def _write(folder: Path, seed: int) -> None:
    demonstration = generate(seed)
    for feed in FEEDS:
        frame = written(seed, feed, demonstration.frames[feed.name])
        issued = frame.pop("_issued").to_numpy().astype("datetime64[s]").astype(np.int64) - UTC_OFFSET_SECONDS
        header, rows = _serialise(feed, frame)
        breaks = np.flatnonzero(np.frombuffer(rows, dtype=np.uint8) == ord("\n")) + 1
        offsets = np.concatenate(([0], breaks)).astype(np.int64)
        if len(offsets) != len(issued) + 1:
            raise ValueError(f"{feed.name}: {len(issued)} rows gave {len(offsets) - 1} lines")
        (folder / f"{feed.name}.header").write_bytes(header)
        (folder / f"{feed.name}.rows").write_bytes(rows)
        np.save(folder / f"{feed.name}.offsets.npy", offsets)
        np.save(folder / f"{feed.name}.issued.npy", issued)


def _mapped(path: Path) -> memoryview:
    if path.stat().st_size == 0:
        return memoryview(b"")
    return memoryview(np.memmap(path, dtype=np.uint8, mode="r").data)


def _remove_other_versions(cache: Path, version: str) -> None:
    """Rows of older code are of no use to anyone; a server that still has them mapped keeps them until it ends."""
    for folder in cache.glob("demo-*-*"):
        if FOLDER_NAME.fullmatch(folder.name) and not folder.name.startswith(f"demo-{version}-"):
            shutil.rmtree(folder, ignore_errors=True)


def ensure(cache: Path, seed: int = SEED, tell: Callable[[str], None] = lambda _: None) -> Store:
    """The stored feeds of `seed` under `cache`, generated first if they are not there yet.

    The folder appears whole or not at all; two processes that generate at once end up with one of the two.
    """
    version = generator_version()
    folder = cache / f"demo-{version}-{seed}"
    if not folder.exists():
        tell("generating the demonstration province")
        cache.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="demo-draft-", dir=cache))
        try:
            _write(draft, seed)
            with contextlib.suppress(OSError):  # another process was first
                draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _remove_other_versions(cache, version)
    feeds = {
        feed.path: StoredFeed(
            feed=feed,
            header=(folder / f"{feed.name}.header").read_bytes(),
            body=_mapped(folder / f"{feed.name}.rows"),
            offsets=np.load(folder / f"{feed.name}.offsets.npy"),
            issued=np.load(folder / f"{feed.name}.issued.npy"),
        )
        for feed in FEEDS
    }
    return Store(version=version, seed=seed, feeds=feeds)
