"""Words and numbers as Vietnamese and English readers write them; every text stands once, in `assets/text/*.toml`."""

from __future__ import annotations

import math
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
FOLDER = Path(__file__).resolve().parent.parent / "assets" / "text"
TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MISSING = "–"
MINUS = "-"
NOUN = re.compile(r"[a-z]+")
IRREGULAR = {"people": "person"}
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class WordingError(ValueError):
    """A text is missing in a language, or its languages do not name the same values; raised when it is loaded."""


@dataclass(frozen=True)
class Catalogue:
    """Every text by its key "<file>.<table>.<key>", in both languages."""

    texts: Mapping[str, Mapping[str, str]]

    def text(self, key: str, language: Language, **values: object) -> str:
        """The text of `key` with its {names} filled in; KeyError names an unknown key or a value not given."""
        if key not in self.texts:
            raise KeyError(f"no text {key!r} in {FOLDER.name}; add it with its vi and en")
        template = self.texts[key][language]
        try:
            return template.format_map(values) if values or "{" in template else template
        except KeyError as error:
            raise KeyError(f"the text {key!r} needs the value {error}") from None

    def has(self, key: str) -> bool:
        """True where the key is known."""
        return key in self.texts


def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """The texts of every `*.toml` in `folder`; WordingError for a text without one of its languages."""
    texts: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        _collect(path.stem, tomllib.loads(path.read_text(encoding="utf-8")), texts)
    return Catalogue(texts)


def _collect(prefix: str, table: dict[str, Any], texts: dict[str, Mapping[str, str]]) -> None:
    if set(table) & set(LANGUAGES):
        if set(table) != set(LANGUAGES) or not all(isinstance(table[name], str) and table[name] for name in LANGUAGES):
            raise WordingError(f"{prefix}: needs a text in vi and in en and nothing else, found {sorted(table)}")
        names = [{name for _, name, _, _ in string.Formatter().parse(table[item]) if name} for item in LANGUAGES]
        if names[0] != names[1]:
            raise WordingError(f"{prefix}: vi names the values {sorted(names[0])}, en names {sorted(names[1])}")
        texts[prefix] = cast("dict[str, str]", table)
        return
    for key, value in table.items():
        if not isinstance(value, dict):
            raise WordingError(f"{prefix}.{key}: needs a table {{ vi = ..., en = ... }}, found {value!r}")
        _collect(f"{prefix}.{key}", value, texts)


@cache
def catalogue() -> Catalogue:
    """The product's own catalogue."""
    return read_catalogue()


def text(key: str, language: Language, **values: object) -> str:
    """The product's text of `key`, filled in."""
    return catalogue().text(key, language, **values)


@cache
def fields(key: str, language: Language) -> tuple[str, ...]:
    """The names of the values a text is filled in with, in the order in which they stand."""
    template = catalogue().texts[key][language]
    return tuple(name for _, name, _, _ in string.Formatter().parse(template) if name)


def number(value: float | None, language: Language, decimals: int = 0, *, sign: bool = False) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; a dash for a missing value; never "-0"."""
    if value is None or not math.isfinite(value):
        return MISSING
    shown = rounded(value, decimals)
    written = f"{shown:+,.{decimals}f}" if sign and shown else f"{shown:,.{decimals}f}"
    return written.translate(str.maketrans(",.", ".,")) if language == "vi" else written


def rounded(value: float, decimals: int) -> Decimal:
    """A finite value as precise as it is written; halves up, never a negative 0."""
    # Half up, as everyone rounds by hand; Python's own rounding takes halves to the even digit.
    shown = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(shown) if shown == 0 else shown


def percent(value: float | None, language: Language, decimals: int = 1, *, sign: bool = False) -> str:
    """12,3% in Vietnamese, 12.3% in English, of a value on the scale 0-100."""
    written = number(value, language, decimals, sign=sign)
    return written if written == MISSING else f"{written}%"


def measured(value: float | None, language: Language, decimals: int, measured_in: str) -> str:
    """A value with its unit of measurement: 12,3% and 0,45%/ngày, but 12,3 ca/ngày; 1 case but 2 cases."""
    written = number(value, language, decimals)
    if measured_in.startswith("%"):
        return written if written == MISSING else f"{written}{measured_in}"
    if language == "en" and written == "1":
        measured_in = singular(measured_in)
    return written if written == MISSING or not measured_in else f"{written} {measured_in}"


def singular(measured_in: str) -> str:
    """An English unit of measurement as it stands after a 1: case, person, dose/day, test per 100,000."""
    noun = NOUN.match(measured_in)
    word = noun.group() if noun else ""
    one = IRREGULAR.get(word) or (word[:-1] if word.endswith("s") else word)
    return one + measured_in[len(word) :]


def day(value: date | None, language: Language, *, year: bool = True) -> str:
    """29/8/2021 in Vietnamese, 29 Aug 2021 in English; without the year 29/8 and 29 Aug."""
    if value is None:
        return MISSING
    if language == "vi":
        return f"{value.day}/{value.month}" + (f"/{value.year}" if year else "")
    return f"{value.day} {MONTHS_EN[value.month - 1]}" + (f" {value.year}" if year else "")


def days(first: date, last: date, language: Language) -> str:
    """A span of days: 23-29/8/2021, 28/7-3/8/2021; 23-29 Aug 2021."""
    if first == last:
        return day(last, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, language)}"
    return f"{day(first, language, year=first.year != last.year)}–{day(last, language)}"


def clock(value: datetime, language: Language) -> str:
    """14:05, in Asia/Ho_Chi_Minh."""
    return f"{value.astimezone(TIME_ZONE):%H:%M}"


def moment(value: datetime, language: Language) -> str:
    """14:05 29/8/2021 in Vietnamese, 14:05 on 29 Aug 2021 in English."""
    local = value.astimezone(TIME_ZONE)
    return text("common.moment", language, clock=clock(local, language), day=day(local.date(), language))


def age(hours: float | None, language: Language) -> str:
    """An age in words: 2 giờ trước, 2 hours ago; a dash where it is not known."""
    if hours is None or not math.isfinite(hours):
        return MISSING
    minutes = max(0, round(hours * 60))
    if minutes < 1:
        return text("common.age.now", language)
    if minutes < 60:
        return _plural("common.age.minutes", minutes, language)
    if minutes < 48 * 60:
        return _plural("common.age.hours", round(minutes / 60), language)
    return _plural("common.age.days", round(minutes / (24 * 60)), language)


def duration(length: timedelta, language: Language) -> str:
    """A length of time in words: 3 giờ, 3 hours."""
    hours = length.total_seconds() / 3600
    if hours < 1:
        return _plural("common.duration.minutes", max(0, round(hours * 60)), language)
    if hours < 48:
        return _plural("common.duration.hours", round(hours), language)
    return _plural("common.duration.days", round(hours / 24), language)


def listing(names: list[str], language: Language, most: int = 3) -> str:
    """Names in a row: A, B và C; beyond `most` the rest is counted: A, B, C và 2 đơn vị khác."""
    if len(names) > most:
        rest = _plural("common.others", len(names) - most, language)
        return text("common.and", language, first=", ".join(names[:most]), last=rest)
    if len(names) < 2:
        return "".join(names)
    return text("common.and", language, first=", ".join(names[:-1]), last=names[-1])


def inside(name: str) -> str:
    """A name as it stands inside a sentence: its first letter small, unless it is an abbreviation such as F0 or PCR."""
    return name if len(name) < 2 or not name[1].islower() else name[0].lower() + name[1:]


def _plural(key: str, count: int, language: Language) -> str:
    return text(f"{key}.{'one' if count == 1 else 'many'}", language, count=number(count, language))
