"""Sentences on one indicator: situation, change, records, extremes, thresholds passed, gaps in the data.

    statements(release, "positivity_7d", ("77",), day, "vi")
    # Tỷ lệ dương tính 7 ngày trên toàn tỉnh ngày 29/8 là 3,4%, vượt ngưỡng nguy hiểm 3% từ 25/8 (cao hơn 0,4 điểm).
    # Tỷ lệ dương tính 7 ngày trên toàn tỉnh tăng 1,2 điểm so với 22/8, từ 2,2% lên 3,4%, xấu đi. ...

A direction is named only where the trend is known, a judgement only where the record has a polarity and the figure is
whole and final. Every number of a sentence is one of its `figures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from analytics.comparisons import of_units
from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.phrases import (
    FigureKind,
    Said,
    Sentence,
    SentenceKind,
    Severity,
    by_urgency,
    change_said,
    count_said,
    counted,
    day_said,
    difference_said,
    figure_said,
    limit_said,
    place_said,
    reading_said,
    reads_as,
    say,
    sentence,
    severity_of,
    subject_of,
    units_reported,
)
from analytics.readings import Reading
from analytics.release import AsOf, Release
from analytics.situation import Situation, has_all_days, only_grows, situations
from analytics.wording import Language, rounded, text

ORDER_OF_KINDS: dict[SentenceKind, int] = {
    "decision": 0,
    "threshold": 1,
    "situation": 1,
    "change": 2,
    "extreme": 3,
    "gap": 4,
}


def statements(
    release: Release, indicator_id: str, units: Sequence[str], day: date, language: Language, as_of: AsOf = None
) -> list[Sentence]:
    """What there is to say of an indicator on `day`, the most important first.

    Of one unit: its situation, change, record and gaps and, where it is made of others, their extremes and
    thresholds. Of several: their extremes, thresholds and gaps, then the situation and change of each. KeyError for
    an unknown indicator or unit.
    """
    codes = tuple(dict.fromkeys(units))
    if not codes:
        return []
    own = situations(release, indicator_id, codes, day, as_of)
    told = [item for code in codes for item in of_unit(release, own[code], language)]
    if len(codes) > 1:
        return _in_order([*of_units(release, own, None, day, language), *told])
    below = _below(release, INDICATORS[indicator_id], codes[0], day)
    if below:
        parts = situations(release, indicator_id, below, day, as_of)
        told += of_units(release, parts, own[codes[0]].reading, day, language)
    return _in_order(told)


def _in_order(told: list[Sentence]) -> list[Sentence]:
    """By urgency and, where that is the same, what is and how it moves before what stands out and what is missing."""
    return by_urgency(sorted(told, key=lambda item: ORDER_OF_KINDS[item.kind]))


def _below(release: Release, indicator: Indicator, unit: str, day: date) -> tuple[str, ...]:
    if not indicator.comparable or not release.units.is_parent(unit, day):
        return ()
    return tuple(leaf.code for leaf in release.units.leaves(unit, day))


def of_unit(release: Release, found: Situation, language: Language) -> list[Sentence]:
    """The situation, the change, the record and the gaps of one unit."""
    reading = found.reading
    indicator = INDICATORS[reading.indicator]
    words = {
        "subject": subject_of(indicator, language),
        "at": place_said(release, indicator, reading.unit, reading.day, language),
    }
    if reading.value is None:
        return [_missing(reading, words, language)]
    return [
        _situation(found, words, language),
        *_change(found, words, language),
        *_record(found, words, language),
        *_gaps(release, found, words, language),
    ]


def _missing(reading: Reading, words: dict[str, str], language: Language) -> Sentence:
    reason = text(f"statements.absence.{reading.absence or 'no_data'}", language)
    said = say("statements.situation.missing", language, **words, day=day_said(reading.day, language), reason=reason)
    return sentence(said, "information", reading.indicator, reading.unit)


def _situation(found: Situation, words: dict[str, str], language: Language) -> Sentence:
    reading, quality = found.reading, Said("")
    if reading.quality.reported_units < reading.quality.expected_units:
        quality = say("statements.situation.part", language, **units_reported(reading, language))
    elif reading.quality.provisional:
        levels = "_level" if INDICATORS[reading.indicator].levels else ""
        quality = say(f"statements.situation.provisional{levels}", language)
    values = {"day": day_said(reading.day, language), "value": reading_said(reading, language)}
    limit = _limit(found, language)
    if limit is None:
        said = say("statements.situation.value", language, **words, **values, quality=quality)
    else:
        said = say("statements.situation.limit", language, **words, **values, limit=limit, quality=quality)
    kind: SentenceKind = "threshold" if reading.state in ("near", "past") else "situation"
    return sentence(said, severity_of(reading.state), reading.indicator, reading.unit, kind)


def _limit(found: Situation, language: Language) -> Said | None:
    """On which side of its limit the figure lies, by how much and since when; None without one."""
    reading, threshold = found.reading, found.reading.threshold
    if threshold is None or reading.value is None:
        return None
    indicator = INDICATORS[reading.indicator]
    rising, passed = indicator.polarity == "higher_is_worse", reading.state in ("near", "past")
    if indicator.levels and not passed:
        return None
    gap = rounded(abs(reading.value - threshold.at), indicator.decimals)
    values: dict[str, Said] = {"limit": limit_said(threshold, indicator, language)}
    if not passed:
        key = "short" if rising else "clear"
    elif indicator.levels:
        key, values = "level", {}
    else:
        key = "at" if reading.value == threshold.at else "above" if rising else "below"
    if key not in ("at", "level"):
        if gap == 0:
            key = f"just_{key}"
        else:
            values["distance"] = difference_said(reading, threshold.at, language)
    if passed:
        values["since"] = day_said(found.since or reading.day, language, year=_other_year(found))
        key += "_or_before" if found.is_since_start else ""
    return say(f"statements.limit.{key}", language, **values)


def _other_year(found: Situation) -> bool:
    return found.since is not None and found.since.year != found.reading.day.year


def _change(found: Situation, words: dict[str, str], language: Language) -> Iterable[Sentence]:
    """Against the reading `compare_days` before: a direction only where the trend is known and both are alike."""
    reading, before = found.reading, found.before
    indicator = INDICATORS[reading.indicator]
    key = "statements.change."
    severity: Severity = "information"
    then = {"day": day_said(before.day, language)}
    if reading.previous is None:
        said = say(f"{key}unknown", language, **words, **then)
    elif not found.is_comparable:
        said = _not_comparable(found, words, language)
    else:
        size = change_said(reading, language)
        values = {
            "before": figure_said(indicator, reading.previous, reading.unit, before.day, language, bare=True),
            "value": reading_said(reading, language),
        }
        if reads_as(indicator, reading.value, reading.previous):
            said = say(f"{key}same", language, **words, **then, value=values["value"])
        elif reading.trend == "flat":
            said = say(f"{key}flat", language, **words, **then, **values)
        else:
            judged, severity = _judgement(found, language)
            values["judged"] = judged
            if size is None or indicator.levels or not reading.previous:
                said = say(f"{key}{reading.trend}_plain", language, **words, **then, **values)
            else:
                said = say(f"{key}{reading.trend}", language, **words, **then, **values, change=size)
    yield sentence(said, severity, reading.indicator, reading.unit, "change")


def _judgement(found: Situation, language: Language) -> tuple[Said, Severity]:
    """Better or worse, where the record says which it is and the figure is whole; what fills up may yet turn."""
    reading = found.reading
    if reading.quality.provisional and reading.trend == "down":
        return say("statements.change.provisional", language), "information"
    if reading.polarity == "neither" or not found.is_whole:
        return Said(""), "information"
    worse = (reading.trend == "up") == (reading.polarity == "higher_is_worse")
    if worse and only_grows(INDICATORS[reading.indicator]):
        # A total of what is bad has no better to go to: that it grew is no news.
        return Said(""), "information"
    return say(f"statements.change.{'worse' if worse else 'better'}", language), "near" if worse else "information"


def _not_comparable(found: Situation, words: dict[str, str], language: Language) -> Said:
    now, then = found.reading, found.before
    of_units = now.quality.reported_units != then.quality.reported_units
    values: dict[str, Said] = {"day": day_said(then.day, language)}
    for name, reading in (("now", now), ("then", then)):
        quality = reading.quality
        pair = (quality.reported_units, quality.expected_units)
        if not of_units:
            pair = (quality.reported_days, quality.expected_days)
        of = {"indicator": reading.indicator, "unit": reading.unit, "day": reading.day}
        kind: FigureKind = "units" if of_units else "days"
        values[name] = count_said(pair[0], language, kind, **of)
        values[f"expected_{name}"] = count_said(pair[1], language, kind, **of)
    return say(f"statements.change.other_{'units' if of_units else 'days'}", language, **words, **values)


def _record(found: Situation, words: dict[str, str], language: Language) -> Iterable[Sentence]:
    record, reading = found.record, found.reading
    if record is None:
        return
    of = {"indicator": reading.indicator, "unit": reading.unit, "day": reading.day}
    gaps = Said("")
    if record.missing_days:
        days = counted("sentences.count.days", record.missing_days, language, "days", **of)
        gaps = say("statements.record.gaps", language, days=days)
    key = ("highest" if record.is_highest else "lowest") + ("_ever" if record.is_since_start else "")
    values = {
        "value": reading_said(reading, language),
        "since": day_said(record.since, language, year=True),
        "gaps": gaps,
    }
    yield sentence(
        say(f"statements.record.{key}", language, **words, **values),
        "information",
        reading.indicator,
        reading.unit,
        "extreme",
    )


def _gaps(release: Release, found: Situation, words: dict[str, str], language: Language) -> Iterable[Sentence]:
    """Days that nobody reported, and a day that is still filling up."""
    reading = found.reading
    indicator, quality = INDICATORS[reading.indicator], reading.quality
    of = {"indicator": reading.indicator, "unit": reading.unit, "day": reading.day}
    if not has_all_days(indicator, reading) and indicator.window.days is not None:
        values = {
            "reported": count_said(quality.reported_days, language, "days", **of),
            "expected": count_said(quality.expected_days, language, "days", **of),
        }
        key = "days_least" if release.units.is_parent(reading.unit, reading.day) else "days"
        said = say(f"statements.gap.{key}", language, **words, **values)
        yield sentence(said, "information", reading.indicator, reading.unit, "gap")
    if quality.provisional:
        until = reading.day + timedelta(days=indicator.reporting_delay_days)
        values = {"day": day_said(reading.day, language), "until": day_said(until, language)}
        said = say("statements.gap.provisional", language, **words, **values)
        yield sentence(said, "information", reading.indicator, reading.unit, "gap")
