"""The spool: files written for the owner only, under a temporary name, and named by their hash when whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4


class SpoolFile:
    """A file that is being written; `keep` gives it its final name, leaving it without removes it."""

    def __init__(self, spool: Path) -> None:
        """Begin an empty file in the folder `spool`."""
        self._spool = spool
        self._path = spool / f".{uuid4().hex}.part"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._stream = os.fdopen(descriptor, "wb")
        self._hash = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._path.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Append `data`."""
        self._stream.write(data)
        self._hash.update(data)
        self.size += len(data)

    def restart(self) -> Callable[[bytes], None]:
        """Empty the file for another attempt, and take bytes again."""
        self._stream.seek(0)
        self._stream.truncate()
        self._hash = hashlib.sha256()
        self.size = 0
        return self.write

    def read(self) -> bytes:
        """All that was written so far."""
        self._stream.flush()
        return self._path.read_bytes()

    def head(self, size: int) -> bytes:
        """The first `size` bytes that were written."""
        self._stream.flush()
        with self._path.open("rb") as stream:
            return stream.read(size)

    def keep(self) -> tuple[Path, str]:
        """The path and the SHA-256 of the finished file."""
        self._stream.close()
        digest = self._hash.hexdigest()
        target = self._spool / digest
        self._path.replace(target)
        return target, digest
