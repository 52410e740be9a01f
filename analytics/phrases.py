"""Pieces of sentences that several kinds of sentence share: values, names, thresholds, how long a state has lasted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator, Threshold
from analytics.readings import Reading, State, state_of
from analytics.release import Release
from analytics.wording import Language, catalogue, fields, inside, listing, measured, number, rounded, text
from analytics.wording import day as written_day

Severity = Literal["past", "near", "information"]
SentenceKind = Literal["situation", "threshold", "change", "extreme", "gap", "decision"]
FigureKind = Literal["value", "change", "distance", "limit", "rule", "day", "units", "days", "count"]
"""A value of an indicator; a change of one, in its own manner; its distance from a limit; a limit; a rule in its own
words; a day; numbers of units, of days and of other things counted."""
ORDER: dict[Severity, int] = {"past": 0, "near": 1, "information": 2}
SINCE_DAYS = 14
MOST_LISTED = 3
LONGEST = 170
"""Letters of a sentence: two lines of a slide, and what is taken in at one reading."""
LIMIT_NOUN = re.compile(r"\b(limit|mark|target)\b")
"""A threshold named by such a noun takes an article in English; "80% of capacity" and "level 3" take none."""


@dataclass(frozen=True)
class Figure:
    """One number that a sentence says: how it stands written there, and what it is of."""

    written: str
    kind: FigureKind
    value: float | None = None
    """The number behind the writing, not rounded; None for a day."""
    indicator: str | None = None
    unit: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Said:
    """Words together with the figures in them; it stands in a text like the words alone."""

    text: str
    figures: tuple[Figure, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Sentence:
    """One sentence, how urgent it is, the figure it rests on, and every number it says."""

    text: str
    severity: Severity
    indicator: str | None = None
    unit: str | None = None
    figures: tuple[Figure, ...] = ()
    kind: SentenceKind = "situation"


def say(key: str, language: Language, **values: object) -> Said:
    """The text of `key` filled in, with the figures of its values in the order in which they stand."""
    return Said(text(key, language, **values), figures_in(values[name] for name in fields(key, language)))


def figures_in(values: Iterable[object]) -> tuple[Figure, ...]:
    """The figures of those values that carry any."""
    return tuple(figure for value in values if isinstance(value, Said) for figure in value.figures)


def sentence(
    said: Said, severity: Severity, indicator: str | None, unit: str | None = None, kind: SentenceKind = "situation"
) -> Sentence:
    """What was said as a sentence: its first letter is a capital."""
    words = said.text[:1].upper() + said.text[1:]
    return Sentence(words, severity, indicator, unit, said.figures, kind)


def listed(parts: Sequence[Said], language: Language, most: int = MOST_LISTED, others: int = 0) -> Said:
    """Parts in a row: A, B and C; the number of those beyond the third is a figure too.

    Of `others` only the number is said: their words are not made.
    """
    words = listing([*(part.text for part in parts), *[""] * others], language, most)
    if len(parts) + others <= most:
        return Said(words, figures_in(parts))
    rest = len(parts) + others - most
    return Said(words, (*figures_in(parts[:most]), Figure(number(rest, language), "units", rest)))


def say_units(key: str, language: Language, units: Sequence[Said], others: int = 0, /, **values: object) -> Said:
    """The text of `key` with {units} in a row, as many of them as keep it within LONGEST letters.

    `others` are units beyond MOST_LISTED, of which only the number is said.
    """
    for most in range(MOST_LISTED, 0, -1):
        said = say(key, language, units=listed(units, language, most, others), **values)
        if len(said.text) <= LONGEST:
            break
    return said


def count_said(count: float, language: Language, kind: FigureKind = "count", **of: Any) -> Said:
    """A whole number: 1.234."""
    written = number(count, language)
    return Said(written, (Figure(written, kind, count, **of),))


def counted(key: str, count: float, language: Language, kind: FigureKind = "count", **of: Any) -> Said:
    """A whole number with what is counted, in the singular or the plural of `key`: 1 unit, 2 units."""
    written = number(count, language)
    words = text(f"{key}.{'one' if written == '1' else 'many'}", language, count=written)
    return Said(words, (Figure(written, kind, count, **of),))


def day_said(when: date, language: Language, *, year: bool = False) -> Said:
    """A day, as a figure of a sentence."""
    written = written_day(when, language, year=year)
    return Said(written, (Figure(written, "day", day=when),))


def figure_said(
    indicator: Indicator, value: float | None, unit: str, day: date, language: Language, *, bare: bool = False
) -> Said:
    """A value of an indicator with its unit of measurement; `bare` leaves out all but the sign of a percentage."""
    written = value_said(indicator, value, language)
    if bare and not indicator.levels and indicator.measured_in_en != "%":
        written = number(value, language, indicator.decimals)
    return Said(written, (Figure(written, "value", value, indicator.id, unit, day),))


def reading_said(reading: Reading, language: Language, *, bare: bool = False) -> Said:
    """The value of a reading with its unit of measurement; `bare` as in `figure_said`."""
    return figure_said(INDICATORS[reading.indicator], reading.value, reading.unit, reading.day, language, bare=bare)


def change_said(reading: Reading, language: Language) -> Said | None:
    """The size of a change without its sign; None where the earlier value is missing or, in percent, 0."""
    indicator = INDICATORS[reading.indicator]
    written = change_of(reading, language)
    if written is None or reading.change is None:
        return None
    size = abs(reading.change)
    if indicator.change_in == "percent":
        size = abs(reading.change_percent or 0.0)
    then = reading.day - timedelta(days=indicator.compare_days)
    return Said(written, (Figure(written, "change", size, indicator.id, reading.unit, then),))


def difference_said(reading: Reading, limit: float, language: Language) -> Said:
    """How far a figure lies from a limit: 0,3 điểm; 2."""
    indicator = INDICATORS[reading.indicator]
    distance = abs((reading.value or 0.0) - limit)
    written = number(distance, language, indicator.decimals)
    if indicator.measured_in_en == "%":
        written = points(distance, indicator.decimals, language)
    return Said(written, (Figure(written, "distance", distance, indicator.id, reading.unit, reading.day),))


def points(size: float, decimals: int, language: Language) -> str:
    """A difference of two percentages: 2,1 điểm; 1 point, 2.1 points."""
    written = number(size, language, decimals)
    return text(f"sentences.points.{'one' if written == '1' else 'many'}", language, size=written)


def limit_said(threshold: Threshold, indicator: Indicator, language: Language) -> Said:
    """A threshold by its name as it stands inside a sentence: the danger limit of 3%, but 80% of capacity."""
    name = threshold_name(threshold, language)
    article = "the " if language == "en" and LIMIT_NOUN.search(name) else ""
    return Said(f"{article}{name}", (Figure(name, "limit", threshold.at, indicator.id),))


def by_urgency(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences, the most urgent first, otherwise in their order."""
    return sorted(sentences, key=lambda item: ORDER[item.severity])


def severity_of(state: State) -> Severity:
    """How urgent a figure in `state` is."""
    return "past" if state == "past" else "near" if state == "near" else "information"


def leaf_codes(release: Release, day: date) -> tuple[str, ...]:
    """The units that report to the province."""
    return tuple(leaf.code for leaf in release.units.leaves(release.province.code, day))


def value_of(reading: Reading, language: Language) -> str:
    """The value with its unit of measurement."""
    return value_said(INDICATORS[reading.indicator], reading.value, language)


def value_said(indicator: Indicator, value: float | None, language: Language) -> str:
    """A value of an indicator with its unit of measurement."""
    if indicator.levels:
        return level_said(value, indicator, language)
    return measured(value, language, indicator.decimals, indicator.measured_in(language))


def level_said(level: float | None, indicator: Indicator, language: Language) -> str:
    """A level with its word: cấp 3 (nguy cơ cao); a dash where it is not known."""
    if level is None:
        return number(None, language)
    name = indicator.levels[int(level) - 1].name(language)
    measured_in = indicator.measured_in(language)
    return text("risk.named", language, measured_in=measured_in, number=number(level, language), name=name)


def change_of(reading: Reading, language: Language) -> str | None:
    """The size of a change, without its sign: 18%, 2,1 điểm, 0,12; None where the earlier value is missing or 0."""
    indicator = INDICATORS[reading.indicator]
    if indicator.change_in == "percent":
        share = reading.change_percent
        return None if share is None else f"{number(abs(share), language)}%"
    if reading.change is None:
        return None
    if indicator.measured_in_en == "%":
        return points(abs(reading.change), indicator.decimals, language)
    return number(abs(reading.change), language, indicator.decimals)


def limit_level_said(level: float, indicator: Indicator, language: Language) -> Said:
    """A level that is spoken of without being anybody's: cấp 4 (nguy cơ rất cao), as a figure."""
    written = level_said(level, indicator, language)
    return Said(written, (Figure(written, "limit", level, indicator.id),))


def rule_said(words: str) -> Said:
    """The words of a rule, whose numbers are the rule's own."""
    return Said(words, (Figure(words, "rule"),))


def reads_as(indicator: Indicator, value: float | None, other: float | None) -> bool:
    """True where two values are written alike, whichever is the larger."""
    if value is None or other is None:
        return value is other
    return rounded(value, indicator.decimals) == rounded(other, indicator.decimals)


def short_name(release: Release, unit: str, day: date) -> str:
    """The short name of a unit."""
    return release.units.get(unit, day).short_name


def threshold_name(threshold: Threshold, language: Language) -> str:
    """The name of a threshold."""
    return threshold.vi if language == "vi" else threshold.en


def unit_value(
    release: Release,
    indicator: Indicator,
    unit: str,
    value: float | None,
    day: date,
    language: Language,
    since: date | None = None,
    *,
    or_before: bool = False,
) -> Said:
    """A unit with its value, and since when it has been so where that is not today; `or_before`: perhaps longer."""
    values = {
        "unit": Said(short_name(release, unit, day)),
        "value": figure_said(indicator, value, unit, day, language),
    }
    if since is None or since == day:
        return say("sentences.threshold.unit_value", language, **values)
    if or_before:
        days = count_said((day - since).days + 1, language, "days", indicator=indicator.id, unit=unit, day=day)
        return say("sentences.threshold.unit_value_for_long", language, **values, days=days)
    return say("sentences.threshold.unit_value_since", language, **values, day=day_said(since, language))


def most_of(counts: Mapping[str, float], release: Release, day: date, language: Language) -> tuple[Said, float]:
    """The units with the highest count, all of those that share it, and the count."""
    most = max(counts.values())
    names = [Said(short_name(release, unit, day)) for unit, count in counts.items() if count == most]
    return listed(names, language), most


def since_when(indicator: Indicator, values: Sequence[float | None], day: date) -> date:
    """The first day of the unbroken run in the state of the last of the values, which is that of `day`."""
    state = state_of(indicator, values[-1])
    another = (back for back, value in enumerate(reversed(values)) if state_of(indicator, value) != state)
    return day - timedelta(days=next(another, len(values)) - 1)


def subject_of(indicator: Indicator, language: Language) -> str:
    """What an indicator measures as a noun phrase that stands inside a sentence."""
    key = f"subjects.{indicator.id}"
    return text(key, language) if catalogue().has(key) else inside(indicator.name(language))


def place_said(release: Release, indicator: Indicator, unit: str, day: date, language: Language) -> str:
    """Where, after a subject: " ở Long Điền", " across the province"; nothing where only the province has a figure."""
    if indicator.province_wide and unit == release.province.code:
        return ""
    if unit == release.province.code:
        whole = "country" if release.province.level == "country" else "province"
        return text(f"statements.at.{whole}", language)
    return text("statements.at.unit", language, unit=release.units.get(unit, day).short_name)


def units_reported(reading: Reading, language: Language) -> dict[str, Said]:
    """How many units a figure rests on and how many should report, under the names the texts use."""
    quality = reading.quality
    of = {"indicator": reading.indicator, "unit": reading.unit, "day": reading.day}
    return {
        "reported": count_said(quality.reported_units, language, "units", **of),
        "expected": count_said(quality.expected_units, language, "units", **of),
    }
