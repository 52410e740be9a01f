"""The rows on disk: whole or not at all, named after the code, one version at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data_sources.demo import store
from data_sources.demo.feeds import FEEDS
from data_sources.demo.server import DemoServer


def test_every_row_is_one_line_in_order_of_issue(demo_server: DemoServer) -> None:
    for feed in FEEDS:
        stored = demo_server.store.feeds[feed.path]
        whole = stored.between(None, None)
        assert whole.size == len(stored.issued) > 0
        assert whole.lines().count(b"\n") == whole.size - 1
        assert (np.diff(stored.issued) >= 0).all()
        assert whole.issued_at is not None
        assert whole.issued_at.timestamp() == stored.issued[-1]
        assert whole.lines(0, 3).split(b"\n") == whole.lines().split(b"\n")[:3]
        assert whole.lines(whole.size, whole.size + 5) == b""


def test_generating_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(folder: Path, seed: int) -> None:
        (folder / "cases.rows").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", half)
    with pytest.raises(OSError, match="No space left"):
        store.ensure(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_new_version_takes_the_place_of_the_old_one(
    tmp_path: Path, demo_server: DemoServer, demo_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, draft, mine = tmp_path / "demo-0123456789ab-2021", tmp_path / "demo-draft-1", tmp_path / "demo-notes"
    for folder in (older, draft, mine):
        folder.mkdir()

    def from_the_cache(folder: Path, seed: int) -> None:
        for path in (demo_cache / f"demo-{store.generator_version()}-{seed}").iterdir():
            (folder / path.name).symlink_to(path)

    monkeypatch.setattr(store, "_write", from_the_cache)
    fresh = store.ensure(tmp_path)
    assert not older.exists()
    assert draft.exists() and mine.exists()
    assert (tmp_path / f"demo-{fresh.version}-{fresh.seed}").is_dir()
    assert fresh.feeds.keys() == demo_server.store.feeds.keys()


def test_the_version_follows_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = store.generator_version()
    assert before == store.generator_version()
    calendar = tmp_path / "measures.csv"
    calendar.write_bytes(store.telecom.CALENDAR.read_bytes() + b"\n")
    monkeypatch.setattr(store.telecom, "CALENDAR", calendar)
    assert store.generator_version() != before
