"""Names that came from outside, made safe: as SQL identifiers, and as text that shows what it is."""

from __future__ import annotations

import unicodedata

LONGEST_SHOWN = 300


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def shown(name: str) -> str:
    r"""`name` in NFC on one line, with control, bidirectional and undecodable characters written as \uXXXX."""
    letters = unicodedata.normalize("NFC", name.replace("\r\n", "\n"))
    return "".join(
        " " if letter in "\t\r\n" else letter if _is_plain(letter) else f"\\u{ord(letter):04x}" for letter in letters
    )


def shortened(name: str) -> str:
    """`shown(name)`, cut where it would fill a page."""
    text = shown(name)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _is_plain(letter: str) -> bool:
    return letter == " " or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
