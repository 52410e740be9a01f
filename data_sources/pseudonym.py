"""Keyed pseudonyms for codes that name a person, and the installation's key, kept outside the data folder."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from data_sources.refusal import Refused

KEY_VARIABLE = "TOANCANH_KEY"
LEAST_KEY_LETTERS = 32
"""256 bits of hexadecimal are 64 letters; half of that still resists trying all phones (10^9) by far."""
PSEUDONYM_LETTERS = 12
"""48 bits: among 10 million people the chance that any two share one is below 20%, and among 100,000 below 0.002%."""
DIGEST_LETTERS = 32
"""128 bits, for digests of which no two may ever meet by chance."""
BLOCK_BYTES = 64


@dataclass(frozen=True)
class Key:
    """The installation's secret: pseudonyms and the encryption of identities are derived from it."""

    secret: bytes

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose, so that no two uses share a key."""
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()

    def pseudonym(self, code: str) -> str:
        """The pseudonym of one person's code; the same as `pseudonym_sql` computes."""
        return hmac.new(self.derived("pseudonym"), code.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_LETTERS]

    def mark(self, person: str) -> str:
        """What is kept of a person who was erased: a keyed digest of the pseudonym, of no use without the key."""
        return hmac.new(self.derived("erased"), person.encode(), hashlib.sha256).hexdigest()[:DIGEST_LETTERS]

    def pads(self, purpose: str = "pseudonym") -> tuple[bytes, bytes]:
        """The inner and outer pad of HMAC-SHA256 (RFC 2104), for `pseudonym_sql` and `digest_sql`."""
        block = self.derived(purpose).ljust(BLOCK_BYTES, b"\0")
        return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def pseudonym_sql(text_sql: str) -> str:
    """SQL of a person's pseudonym, NULL for NULL; the key's pads stand in the one row of the table `delivery`."""
    return digest_sql(text_sql, "delivery", PSEUDONYM_LETTERS)


def digest_sql(text_sql: str, pads: str, letters: int = DIGEST_LETTERS) -> str:
    """SQL of a keyed digest in hexadecimal, NULL for NULL; a purpose's pads stand in the one row of table `pads`."""
    inner = f"unhex(sha256((SELECT inner_pad FROM {pads}) || encode({text_sql})))"
    return f"left(sha256((SELECT outer_pad FROM {pads}) || {inner}), {letters})"


def key_path() -> Path:
    """Where the key lies when the environment gives none: in the user's configuration, outside every data folder."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "toan-canh" / "key"


def load_key() -> Key:
    """The installation's key from TOANCANH_KEY, or from the key file, which is made on first use (mode 0600)."""
    text = os.environ.get(KEY_VARIABLE)
    if text is None:
        path = key_path()
        try:
            text = path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = secrets.token_hex(32)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return load_key()
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(fresh)
            text = fresh
    if len(text) < LEAST_KEY_LETTERS or not text.isascii():
        raise Refused(
            needed=f"at least {LEAST_KEY_LETTERS} ASCII letters",
            found=f"{len(text)} letters",
            where=KEY_VARIABLE if KEY_VARIABLE in os.environ else str(key_path().name),
            remedy="Set TOANCANH_KEY to the output of: python -c 'import secrets; print(secrets.token_hex(32))'.",
        )
    return Key(text.encode())
