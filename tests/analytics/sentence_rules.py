"""Rules that a written sentence keeps: how it begins and ends, how numbers are written, whose each number is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from analytics.indicators.model import Indicator
from analytics.phrases import Sentence, subject_of
from analytics.wording import MONTHS_EN, Language

MOST_LETTERS = 170
NUMBER = {
    "vi": re.compile(r"-?\d{1,3}(?:\.\d{3})*(?:,\d+)?(?![\d.,]*\d)"),
    "en": re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\d.,]*\d)"),
}


def grammar(sentence: Sentence, language: Language, *, title: bool = False) -> Iterator[str]:
    """What is wrong with how it is written, by rules that need no understanding."""
    words = sentence.text
    if not title and (not words.endswith(".") or words.endswith("..") or re.search(r"\.\s", words)):
        yield "one full stop, at the end"
    if not (words[0].isupper() or words[0].isdigit()):
        yield "a capital first"
    if re.search(r"\s\s|^\s|\s$|\s[.,;:)]|\(\s|,,|\(\)", words):
        yield "blanks and marks"
    if re.search(r"[{}]|\bNone\b|\bnan\b|–|\bTrue\b|\bFalse\b", words):
        yield "nothing left over"
    if words.count("(") != words.count(")") or re.search(r"\([^)]*\(", re.sub(r"\([^()]*\)\)", "", words)):
        yield "brackets"
    if len(words) > MOST_LETTERS:
        yield f"{len(words)} letters"
    if unicodedata.normalize("NFC", words) != words:
        yield "NFC"
    if language == "vi" and all(ord(letter) < 128 for letter in words):
        yield "no diacritics"
    if language == "en":
        if re.search(r"(?<![\d.,])1 (?!others)(units|cases|days|people|doses|points|others|reports|deaths)\b", words):
            yield "a plural after 1"
        if re.search(r"(?:[02-9]|\d1|\d[\d.,]*[\d]) (unit|case|day|person|dose|point|other|report)\b", words):
            yield "a singular after many"
        if re.search(r"\bthe (the|a)\b|\ba [aeio]", words):
            yield "articles"


def parsed(written: str, language: Language) -> Decimal | None:
    """The number a piece of text begins with (or holds, after the word of a level), in the language's own format."""
    found = NUMBER[language].search(written)
    if found is None:
        return None
    group, point = (".", ",") if language == "vi" else (",", ".")
    return Decimal(found.group().replace(group, "").replace(point, "."))


def day_written(day: date, language: Language) -> tuple[str, str]:
    """A day as it may stand in a sentence, computed apart from the product."""
    short = f"{day.day}/{day.month}" if language == "vi" else f"{day.day} {MONTHS_EN[day.month - 1]}"
    return short, f"{short}{'/' if language == 'vi' else ' '}{day.year}"


def unaccounted(sentence: Sentence, indicator: Indicator | None, language: Language, names: Iterable[str]) -> str:
    """What is left of a sentence without its figures and the names in it."""
    left = sentence.text.lower()
    if indicator is not None:
        for name in (subject_of(indicator, language), indicator.name(language)):
            left = left.replace(name.lower(), "")
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name.lower(), "")
    for figure in sorted(sentence.figures, key=lambda item: -len(item.written)):
        piece = re.escape(figure.written.lower())
        left, found = re.subn(rf"(?<![\d])(?<!\d[.,]){piece}(?![\d])(?![.,]\d)", "§", left, count=1)
        if not found:
            return f"{figure.written!r} is not in it"
    return left if re.search(r"\d", left) else ""
