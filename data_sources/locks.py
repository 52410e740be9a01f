"""Locks between processes that the system lets go of when their holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data_sources.refusal import Fault


class BusyError(Fault):
    """Another process holds the lock."""


@contextmanager
def held_lock(path: Path, busy: BusyError) -> Iterator[None]:
    """While this lasts, no other process holds the lock of this file; `busy` is raised at once if one does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """True while another process holds the lock of this file."""
    if not path.exists():
        return False
    try:
        with held_lock(path, BusyError("busy")):
            return False
    except BusyError:
        return True
