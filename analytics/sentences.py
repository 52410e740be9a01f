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
from analytics.phrases import Sentence, Severity, change_of, severity_of, threshold_name, value_of
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
    moved = change_of(movement, language)
    if moved is not None and movement.trend in ("up", "down"):
        name = INDICATORS[movement.indicator].name(language)
        words = text(f"sentences.headline.movement_{movement.trend}", language, name=name, change=moved)
        sentences.append(Sentence(words, "information", movement.indicator, code))
    return sentences


def _cases_headline(release: Release, curve: Reading, day: date, language: Language, as_of: AsOf) -> Sentence:
    key = "sentences.headline."
    if curve.value is None:
        reason = text(f"indicators.absence.{curve.absence}", language)
        words = text(f"{key}whole", language, lead=text(f"{key}missing", language, reason=reason))
        return Sentence(words, "information", CURVE, curve.unit)
    value = value_of(curve, language)
    lead = text(f"{key}{curve.trend}", language, value=value, change=change_of(curve, language) or value)
    if curve.value == 0 and curve.trend != "down":
        lead = text(f"{key}zero", language)
    elif curve.trend == "up" and not curve.previous:
        lead = text(f"{key}up_from_zero", language, value=value)
    quality = curve.quality
    if quality.reported_units < quality.expected_units:
        counts = {"reported": quality.reported_units, "expected": quality.expected_units}
        lead = text(f"{key}part", language, lead=lead, **counts)
    elif quality.provisional and curve.trend == "down":
        lead = text(f"{key}provisional", language, lead=lead)
    severity: Severity = "near" if curve.trend == "up" else "information"
    top = leaders(rank(release, WHERE, day, curve.unit, as_of)) if release.units.is_parent(curve.unit, day) else []
    if not top or curve.value == 0:
        return Sentence(text(f"{key}whole", language, lead=lead), severity, CURVE, curve.unit)
    names = listing([row.name for row in top], language)
    highest = value_of(top[0].reading, language)
    return Sentence(text(f"{key}highest", language, lead=lead, names=names, value=highest), severity, CURVE, curve.unit)


def _threshold_sentence(reading: Reading, language: Language) -> Sentence:
    indicator, threshold = INDICATORS[reading.indicator], reading.threshold
    if threshold is None:
        raise ValueError(f"{reading.indicator} has no threshold to speak of")
    passed = "past" if indicator.polarity == "higher_is_worse" else "below"
    key = "within" if reading.state == "ok" else passed
    words = text(
        f"sentences.threshold.{key}",
        language,
        name=indicator.name(language),
        value=value_of(reading, language),
        threshold=threshold_name(threshold, language),
    )
    return Sentence(words, severity_of(reading.state), reading.indicator, reading.unit)
