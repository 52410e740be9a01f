"""Sentences written from data. The headline is here; decisions and changes have their own modules.

A sentence never says that something rose or fell where the trend is unknown or within its noise; figures that are
still filling up or rest on fewer units say so.
"""

from __future__ import annotations

from datetime import date

from analytics.changes import changes
from analytics.decisions import decisions
from analytics.findings import leaders
from analytics.indicators import INDICATORS
from analytics.phrases import (
    Sentence,
    SentenceKind,
    Severity,
    change_said,
    limit_said,
    reading_said,
    say,
    sentence,
    severity_of,
    units_reported,
)
from analytics.ranking import rank
from analytics.readings import Reading, read
from analytics.release import AsOf, Release
from analytics.wording import Language, listing, text

__all__ = ["Sentence", "Severity", "changes", "decisions", "headline"]

CURVE = "cases_new_7d_mean"
WHERE = "incidence_7d"
HEADLINE_SHARE = "positivity_7d"
HEADLINE_MOVEMENT = "stationary_ratio"


def headline(
    release: Release, day: date, language: Language, unit: str | None = None, as_of: AsOf = None
) -> list[Sentence]:
    """At most three sentences on the situation of `unit` (the province by default), the first about cases."""
    code = unit or release.province.code
    readings = read(release, (CURVE, HEADLINE_SHARE, HEADLINE_MOVEMENT), (code,), day, as_of)
    sentences = [_cases_headline(release, readings[CURVE, code], day, language, as_of)]
    share = readings[HEADLINE_SHARE, code]
    if share.value is not None and share.threshold is not None:
        sentences.append(_threshold_sentence(share, language))
    movement = readings[HEADLINE_MOVEMENT, code]
    moved = change_said(movement, language)
    if moved is not None and movement.trend in ("up", "down"):
        name = INDICATORS[movement.indicator].name(language)
        words = say(f"sentences.headline.movement_{movement.trend}", language, name=name, change=moved)
        sentences.append(sentence(words, "information", movement.indicator, code, "change"))
    return sentences


def _cases_headline(release: Release, curve: Reading, day: date, language: Language, as_of: AsOf) -> Sentence:
    key = "sentences.headline."
    if curve.value is None:
        reason = text(f"indicators.absence.{curve.absence}", language)
        words = say(f"{key}whole", language, lead=say(f"{key}missing", language, reason=reason))
        return sentence(words, "information", CURVE, curve.unit, "gap")
    value, change = reading_said(curve, language), change_said(curve, language)
    if curve.value == 0 and curve.trend != "down":
        lead = say(f"{key}zero", language)
    elif curve.trend == "up" and not curve.previous:
        lead = say(f"{key}up_from_zero", language, value=value)
    elif curve.trend in ("up", "down") and change is not None:
        lead = say(f"{key}{curve.trend}", language, change=change)
    else:
        lead = say(f"{key}{'flat' if curve.trend == 'flat' else 'unknown'}", language, value=value)
    quality = curve.quality
    if quality.reported_units < quality.expected_units:
        lead = say(f"{key}part", language, lead=lead, **units_reported(curve, language))
    elif quality.provisional and curve.trend == "down":
        lead = say(f"{key}provisional", language, lead=lead)
    severity: Severity = "near" if curve.trend == "up" else "information"
    top = leaders(rank(release, WHERE, day, curve.unit, as_of)) if release.units.is_parent(curve.unit, day) else []
    if not top or curve.value == 0:
        words = say(f"{key}whole", language, lead=lead)
    elif any(row.value != top[0].value for row in top):
        names = listing([row.name for row in top], language)
        words = say(f"{key}highest_several", language, lead=lead, names=names)
    else:
        names = listing([row.name for row in top], language)
        words = say(f"{key}highest", language, lead=lead, names=names, value=reading_said(top[0].reading, language))
    return sentence(words, severity, CURVE, curve.unit)


def _threshold_sentence(reading: Reading, language: Language) -> Sentence:
    indicator, threshold = INDICATORS[reading.indicator], reading.threshold
    if threshold is None:
        raise ValueError(f"{reading.indicator} has no threshold to speak of")
    rising, passed = indicator.polarity == "higher_is_worse", reading.state != "ok"
    key = ("past" if rising else "below") if passed else ("short" if rising else "clear")
    if passed and reading.value == threshold.at:
        key = "at"
    words = say(
        f"sentences.threshold.{key}",
        language,
        name=indicator.name(language),
        value=reading_said(reading, language),
        threshold=limit_said(threshold, indicator, language),
    )
    kind: SentenceKind = "threshold" if passed else "situation"
    return sentence(words, severity_of(reading.state), reading.indicator, reading.unit, kind)
