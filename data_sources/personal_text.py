"""Free text that people write into the product: what in it would name or reach a person.

Phones, identity numbers and e-mail addresses are found by their form. Names are not: they cannot be told from the
names of places, so the form itself says that none belongs there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

PersonalKind = Literal["phone", "identity", "mail"]

INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
MAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[^\s@<>\"',;:]+")
ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
DIGITS = re.compile(r"\+?\d(?:[ \t().\-–_]{0,2}\d){8,}")
"""Nine digits or more, apart by no more than two of the signs that phones are written with."""
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?:,\d{3}){2,}")
"""1.500.000.000 is a sum of money: no phone or identity number is grouped like this and begins with another digit."""
PHONE = re.compile(r"(?:84|0)[2-9]\d{7,9}")
"""Mobile phones have ten digits, landlines with their area code ten or eleven (Decision 2036/QD-BTTTT, 2016)."""
PHONE_IN_ADDRESS = re.compile(r"(?<!\d)0[35789]\d{8}(?!\d)")
"""Addresses of articles hold long numbers; only what is written exactly like a mobile phone is taken for one there."""
PASSPORT = re.compile(r"(?<![^\W_])[A-Z]{1,2}\d{7,13}(?!\w)")
"""Passports: a letter and 7 or 8 digits. Cards of health insurance: 2 letters and 13."""
SHOWN_LETTERS = 3


@dataclass(frozen=True)
class Personal:
    """What was found, and its first letters: enough to find the place, not to repeat it."""

    kind: PersonalKind
    shown: str


def find_personal(text: str) -> Personal | None:
    """The first phone, identity number or e-mail address of `text`; None where there is none."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    mail = MAIL.search(plain)
    if mail:
        return Personal("mail", _begins(mail.group()))
    for address in ADDRESS.findall(plain):
        phone = PHONE_IN_ADDRESS.search(address)
        if phone:
            return Personal("phone", _begins(phone.group()))
    words = ADDRESS.sub(" ", plain)
    for run in DIGITS.finditer(words):
        if THOUSANDS.fullmatch(run.group()):
            continue
        digits = re.sub(r"\D", "", run.group())
        kind: PersonalKind = "phone" if PHONE.fullmatch(digits) else "identity"
        return Personal(kind, _begins(run.group()))
    card = PASSPORT.search(words)
    return Personal("identity", _begins(card.group())) if card else None


def _begins(found: str) -> str:
    return f"{found[:SHOWN_LETTERS]}…"
