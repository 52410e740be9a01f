"""The audit: who did what to personal data and why, one sealed line after another, never whom it was about.

Each line carries a keyed seal over itself and the seal before it, so that a line that was changed, put in or taken
out from between others is seen. Lines cut off at the end are not: what the last seal was is printed when it is made.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from data_sources.pointer import sync
from data_sources.pseudonym import Key
from data_sources.refusal import Refused

FILE = "audit.jsonl"
FIRST_SEAL = "0" * 64


def append(data: Path, key: Key, *, at: datetime, act: str, by: str, facts: Mapping[str, Any]) -> str:
    """The seal of one more line, which is on the disk then; Refused where it cannot be written or a line is wrong.

    Call it before the act: what is not in the audit is not done.
    """
    try:
        descriptor = os.open(data / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = _verified(file.read(), key)[1]
            line = {"at": at.isoformat(timespec="seconds"), "act": act, "by": by, **facts}
            seal = _seal(key, before, line)
            file.write(json.dumps({**line, "seal": seal}, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(descriptor)
        sync(data)
    except OSError as error:
        raise Refused(
            needed="an audit that can be written",
            found=error.strerror or type(error).__name__,
            where=FILE,
            remedy="Nothing was done. Make the data folder writable and run the command again.",
        ) from None
    return seal


def verify(data: Path, key: Key) -> int:
    """How many lines the audit has; Refused with the number of the first one that does not follow from those before."""
    try:
        written = (data / FILE).read_bytes()
    except FileNotFoundError:
        return 0
    return _verified(written, key)[0]


def _verified(written: bytes, key: Key) -> tuple[int, str]:
    """The number of lines and the last seal."""
    seal = FIRST_SEAL
    lines = written.splitlines()
    for number, text in enumerate(lines, start=1):
        try:
            line = json.loads(text)
            stated = line.pop("seal")
        except (ValueError, KeyError, AttributeError):
            stated, line = None, {}
        seal = _seal(key, seal, line)
        if not isinstance(stated, str) or not hmac.compare_digest(seal, stated):
            raise Refused(
                needed="an audit as it was written",
                found=f"line {number} changed, put in, or a line before it taken out",
                where=FILE,
                remedy="Keep the file as evidence, move it out of the data folder, and find out who changed it.",
            )
    return len(lines), seal


def _seal(key: Key, before: str, line: Mapping[str, Any]) -> str:
    text = json.dumps([before, line], ensure_ascii=False, sort_keys=True)
    return hmac.new(key.derived("audit"), text.encode(), hashlib.sha256).hexdigest()
