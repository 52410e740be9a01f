"""How a unit's name is spelled: one key for every way of writing it, and what its marks and type word say.

Two spellings are the same name when their keys are equal and no mark that was written contradicts the other:
"Dat Do", "ĐẤT ĐỎ" and "Đât đo" may be Đất Đỏ, "Đất Đõ" may not. That strictness is needed: in 25 districts two
communes differ in nothing but marks (Xã Hoằng Thanh, Xã Hoằng Thành), as counted in the national register of 2021.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook, dot: they belong to a syllable, so their place in it (Hoà, Hòa) says nothing."""
STROKE = "-"
VOWELS = frozenset("aeiouy")

# Letters with a bar have no decomposition in Unicode; ð and ɖ look the same and are typed for đ.
STRUCK = {"đ": "d", "ð": "d", "ɖ": "d"}
PLAIN: dict[int, str | None] = {
    code: unicodedata.normalize("NFD", chr(code))[0] for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
}
PLAIN.update({ord(letter): plain for letter, plain in STRUCK.items()})
PLAIN.update(dict.fromkeys(range(0x300, 0x370), None))

# A y that is the only vowel of its syllable is also written i (Mỹ, Mĩ; Quý, Quí); elsewhere y and i differ (Tây, Tai).
LONE_Y = re.compile(r"(?:[bcdghklmnprstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?y")
GLUED_NUMBER = re.compile(r"(q|p|quan|phuong)(\d+)")
NOT_A_LETTER = re.compile(r"[\W_]+")


class TypeWord(NamedTuple):
    """A word that says what kind of unit a name is."""

    kinds: frozenset[str]
    words: tuple[str, ...]
    """As it is spelled with its marks, one entry for each token."""
    english: bool = False


KIND_LEVELS = {
    "tỉnh": "province",
    "thành phố trung ương": "province",
    "thành phố": "district",
    "quận": "district",
    "huyện": "district",
    "thị xã": "district",
    "phường": "commune",
    "xã": "commune",
    "thị trấn": "commune",
}
_CITY = frozenset({"thành phố", "thành phố trung ương"})
_BEFORE: tuple[tuple[str, frozenset[str]], ...] = (
    *((written, _CITY) for written in ("thành phố", "tp", "t p", "t phố")),
    *((written, frozenset({"thị xã"})) for written in ("thị xã", "tx", "t x", "t xã")),
    *((written, frozenset({"thị trấn"})) for written in ("thị trấn", "tt", "t t", "t trấn")),
    *((written, frozenset({"quận"})) for written in ("quận", "q")),
    *((written, frozenset({"huyện"})) for written in ("huyện", "h")),
    *((written, frozenset({"phường"})) for written in ("phường", "p")),
    *((written, frozenset({"xã"})) for written in ("xã", "x")),
    ("tỉnh", frozenset({"tỉnh"})),
)
_AFTER: tuple[tuple[str, frozenset[str]], ...] = (
    ("city", _CITY),
    ("province", frozenset({"tỉnh", "thành phố trung ương"})),
    ("district", frozenset({"huyện", "quận"})),
    ("town", frozenset({"thị xã"})),
    ("township", frozenset({"thị trấn"})),
    ("ward", frozenset({"phường"})),
    ("commune", frozenset({"xã"})),
)
TYPE_WORDS_BEFORE = {
    tuple(written.translate(PLAIN).split()): TypeWord(kinds, tuple(written.split())) for written, kinds in _BEFORE
}
TYPE_WORDS_AFTER = {written: TypeWord(kinds, (written,), english=True) for written, kinds in _AFTER}


class Marks(NamedTuple):
    """What stands above, below and across the letters of a name."""

    shapes: tuple[str, ...]
    """For each letter its circumflex, breve, horn or stroke."""
    tones: tuple[str, ...]
    """For each run of vowels the tones in it."""


class Reading(NamedTuple):
    """One way to read a written name: as it stands, or with a type word taken off."""

    key: str
    body: str
    """The letters with their marks, joined; what `key` was made of."""
    type_word: TypeWord | None


@lru_cache(maxsize=65536)
def marks(body: str) -> Marks:
    """The marks of `body`, a text of letters and digits."""
    shapes: list[str] = []
    tones: list[str] = []
    in_run = False
    for sign in unicodedata.normalize("NFD", body):
        if unicodedata.combining(sign):
            if sign in TONES and in_run:
                tones[-1] += sign
            elif shapes:
                shapes[-1] += sign
            continue
        plain = STRUCK.get(sign, sign)
        if plain in VOWELS and not in_run:
            tones.append("")
        in_run = plain in VOWELS
        shapes.append(STROKE if sign in STRUCK else "")
    return Marks(tuple(shapes), tuple("".join(sorted(run)) for run in tones))


def agrees(written: str, name: str) -> bool:
    """Whether every mark in the body `written` is in the body `name` too; marks that were left out do not matter."""
    if written == name or written.isascii():
        return True
    ours, theirs = marks(written), marks(name)
    return (
        len(ours.shapes) == len(theirs.shapes)
        and len(ours.tones) == len(theirs.tones)
        and all(
            set(part) <= set(whole)
            for part, whole in zip(ours.shapes + ours.tones, theirs.shapes + theirs.tones, strict=True)
        )
    )


def same_marks(written: str, name: str) -> bool:
    """Whether both bodies have exactly the same marks."""
    return written == name or marks(written) == marks(name)


def tokens_of(text: str) -> list[str]:
    """The words of `text`: lower case, composed, without punctuation, hyphens or the zeros before a number."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = unicodedata.normalize("NFC", folded)
    tokens: list[str] = []
    for token in NOT_A_LETTER.sub(" ", folded).split():
        if not token[-1].isdigit():
            tokens.append(token)
            continue
        glued = GLUED_NUMBER.fullmatch(token.translate(PLAIN))
        if glued:
            tokens.append(token[: -len(glued.group(2))])
            token = glued.group(2)
        tokens.append(token.lstrip("0") or "0")
    return tokens


def joined(tokens: list[str]) -> str:
    """The words without the spaces between them, but for the space between two numbers: "1, 2" is not 12."""
    whole = "".join(tokens)
    if whole.isalpha():
        return whole
    text = ""
    for token in tokens:
        text += f" {token}" if text[-1:].isdigit() and token[0].isdigit() else token
    return text


def key_of(tokens: list[str]) -> str:
    """The letters of `tokens` without marks, with i for every y that is the only vowel of its syllable."""
    plain = [token.translate(PLAIN) for token in tokens]
    return joined([token[:-1] + "i" if token[-1:] == "y" and LONE_Y.fullmatch(token) else token for token in plain])


@lru_cache(maxsize=65536)
def readings(text: str) -> tuple[Reading, ...]:
    """The ways to read a written name, as it stands first; empty for a text without a letter or digit."""
    tokens = tokens_of(text)
    if not tokens:
        return ()
    found = [Reading(key_of(tokens), joined(tokens), None)]
    plain = [token.translate(PLAIN) for token in tokens[:2]]
    for length in (2, 1):
        word = TYPE_WORDS_BEFORE.get(tuple(plain[:length])) if len(tokens) > length else None
        if word and all(map(agrees, tokens[:length], word.words)):
            found.append(Reading(key_of(tokens[length:]), joined(tokens[length:]), word))
            break
    word = TYPE_WORDS_AFTER.get(tokens[-1]) if len(tokens) > 1 else None
    if word:
        found.append(Reading(key_of(tokens[:-1]), joined(tokens[:-1]), word))
    return tuple(found)
