"""The link of a wall screen: it opens one read-only screen of figures, and expires.

A link carries the moment it ends and a signature over it (HMAC-SHA-256); the key lies beside the data and never
leaves the host. Taking the key away ends every link at once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data_sources.refusal import Refused

KEY_FILE = "kiosk.key"
KEY_BYTES = 32
LONGEST = timedelta(days=31)
"""A wall that hangs longer gets a new link: a link that is lost must not show figures for ever."""
USUAL = timedelta(hours=24)
"""A day of meetings."""


def issue(data: Path, now: datetime, lasting: timedelta = USUAL) -> str:
    """A token that ends `lasting` after `now`, at most LONGEST; the key is made on its first use. OSError where not."""
    ends = int((now + min(lasting, LONGEST)).timestamp())
    return f"{ends}.{_signature(_key(data, make=True), ends)}"


def check(data: Path, token: str, now: datetime) -> datetime:
    """When the token ends. Refused where it is not one of ours, or has ended."""
    written, _, signature = token.partition(".")
    key = _key(data, make=False)
    known = key and written.isdecimal() and len(written) <= len("9999999999")
    if not known or not hmac.compare_digest(signature.encode(), _signature(key, int(written)).encode()):
        raise Refused("kiosk_unknown")
    ends = datetime.fromtimestamp(int(written), UTC)
    if ends <= now:
        raise Refused("kiosk_ended", ended=ends.isoformat())
    return ends


def _signature(key: bytes, ends: int) -> str:
    return hmac.new(key, f"wall {ends}".encode(), hashlib.sha256).hexdigest()


def _key(data: Path, *, make: bool) -> bytes:
    file = data / KEY_FILE
    try:
        return file.read_bytes()
    except FileNotFoundError:
        if not make:
            return b""
    fresh = secrets.token_bytes(KEY_BYTES)
    partial = file.with_name(f"{KEY_FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(fresh)
            out.flush()
            os.fsync(out.fileno())
        os.link(partial, file)  # fails where another process was first; then its key holds
    except FileExistsError:
        pass
    finally:
        partial.unlink()
    return file.read_bytes()
