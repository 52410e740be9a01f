"""What every test may use: the shared real data where they are, and a key that touches no home folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgresql import PostgresServer, running_server

# No deadline: the machine is shared, and a slow moment says nothing about an invariant.
settings.register_profile("house", deadline=None, max_examples=60)
settings.load_profile("house")

ROOT = Path(__file__).parents[1]
SHARED_DATA = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; the test is skipped where it is not there."""
    if not SHARED_DATA.is_dir():
        pytest.skip("real data absent: set SHARED_DATA to the folder that holds them")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL server on loopback; the test is skipped where its programs are not installed."""
    with running_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOANCANH_KEY", "0123456789abcdef" * 4)
    if SHARED_DATA.is_dir():
        monkeypatch.setenv("SHARED_DATA", str(SHARED_DATA))
