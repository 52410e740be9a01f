"""What changed since the last meeting as sentences: limits and levels first, then figures, counts, ranks, reports.

A direction is named only where the trend is known, better or worse only where the record has a polarity and the
figure is whole and final. Every number of a sentence is one of its figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from analytics.briefing.since import Counts, Crossing, FigureChange, LevelChange, RankChange, Reporting, Since
from analytics.changes import DEATHS
from analytics.indicators import INDICATORS
from analytics.indicators.model import Threshold
from analytics.phrases import (
    Said,
    Sentence,
    Severity,
    by_urgency,
    count_said,
    counted,
    day_said,
    figure_said,
    limit_said,
    place_said,
    reading_said,
    say,
    say_units,
    sentence,
    severity_of,
    short_name,
    subject_of,
    unit_value,
)
from analytics.situation import only_grows
from analytics.wording import Language, inside, rounded, text
from data_sources.contracts import CONTRACTS


def sentences(found: Since, language: Language) -> list[Sentence]:
    """What changed, the most urgent first; one sentence that says so where nothing did."""
    if found.nothing:
        said = say("since.nothing.all", language, day=day_said(found.before_day, language))
        return [sentence(said, "information", None, found.release.province.code, "change")]
    return by_urgency(
        [
            *_crossings(found, language),
            *_levels(found, language),
            *_new(found, language),
            *(_figure(found, item, language) for item in found.figures),
            *_revised(found, language),
            *(_rank(found, item, language) for item in found.ranks),
            *_reporting(found, language),
        ]
    )


def _figure(found: Since, item: FigureChange, language: Language) -> Sentence:
    indicator, key = INDICATORS[item.indicator], "since.figure."
    values: dict[str, object] = {
        "subject": subject_of(indicator, language),
        "at": place_said(found.release, indicator, item.unit, found.day, language),
        "day": day_said(found.before_day, language),
    }
    severity: Severity = "information"
    now, then = item.now.value, item.then.value
    if now is not None:
        values["value"] = reading_said(item.now, language)
    if then is not None:
        bare = now is not None
        values["before"] = figure_said(indicator, then, item.unit, found.before_day, language, bare=bare)
    if now is None or then is None:
        said = say(f"{key}{'appeared' if then is None else 'gone'}", language, **values)
    elif item.trend == "unknown":
        said = say(f"{key}unknown", language, **values)
    elif rounded(now, indicator.decimals) == rounded(then, indicator.decimals):
        del values["before"]
        said = say(f"{key}same", language, **values)
    elif item.trend == "flat":
        said = say(f"{key}flat", language, **values)
    else:
        values["judged"], severity = _judged(item, language)
        said = say(f"{key}{item.trend}", language, **values)
    return sentence(said, severity, item.indicator, item.unit, "change")


def _judged(item: FigureChange, language: Language) -> tuple[Said, Severity]:
    """Better or worse; nothing where a late report may still turn it, or where it has no better to go to."""
    qualities = (item.now.quality, item.then.quality)
    if item.now.quality.provisional and item.trend == "down":
        return say("statements.change.provisional", language), "information"
    whole = all(quality.reported_units == quality.expected_units for quality in qualities)
    if item.polarity == "neither" or not whole:
        return Said(""), "information"
    worse = (item.trend == "up") == (item.polarity == "higher_is_worse")
    if worse and only_grows(INDICATORS[item.indicator]):
        return Said(""), "information"
    return say(f"statements.change.{'worse' if worse else 'better'}", language), "near" if worse else "information"


def _new(found: Since, language: Language) -> Iterable[Sentence]:
    for item in _of_province(found):
        if item.new_days:
            of: dict[str, Any] = {"indicator": item.indicator, "unit": item.unit, "day": found.day}
            values = {
                "count": count_said(item.new, language, **of),
                "days": counted("sentences.count.days", len(item.new_days), language, "days", **of),
                "day": day_said(found.before_day, language),
            }
            severity: Severity = "near" if item.indicator == DEATHS and item.new else "information"
            said = say(f"since.count.{item.indicator}", language, **values)
            yield sentence(said, severity, item.indicator, item.unit, "change")


def _revised(found: Since, language: Language) -> Iterable[Sentence]:
    """Corrections of days told at the last meeting, apart from the new days."""
    for item in _of_province(found):
        changed = [one for one in item.revised if one.added]
        if not changed:
            continue
        of: dict[str, Any] = {"indicator": item.indicator, "unit": item.unit}
        most = max(changed, key=lambda one: (abs(one.added), one.day))
        values: dict[str, object] = {
            "subject": text(f"since.revised.subject_{item.indicator}", language),
            "day": day_said(found.before_day, language),
            "most": day_said(most.day, language),
            "size": count_said(abs(most.added), language, day=most.day, **of),
        }
        if item.added:
            values["added"] = count_said(item.added, language, day=found.before_day, **of)
        if item.taken_away:
            values["taken"] = count_said(item.taken_away, language, day=found.before_day, **of)
        key = "both" if item.added and item.taken_away else "up" if item.added else "down"
        said = say(f"since.revised.{key}", language, **values)
        yield sentence(said, "information", item.indicator, item.unit, "change")


def _of_province(found: Since) -> list[Counts]:
    return [item for item in found.counts if item.unit == found.release.province.code]


def _crossings(found: Since, language: Language) -> Iterable[Sentence]:
    """One sentence for each limit, with the units that passed it, and one with those that left it."""
    groups: dict[tuple[str, Threshold, bool], list[Crossing]] = {}
    for item in found.crossings:
        groups.setdefault((item.indicator, item.threshold, item.passed), []).append(item)
    for (name, threshold, passed), items in groups.items():
        indicator = INDICATORS[name]
        side = "above" if indicator.polarity == "higher_is_worse" else "below"
        units = [
            unit_value(found.release, indicator, item.unit, item.now, found.day, language, _since(found, item))
            for item in items
        ]
        said = say_units(
            f"since.crossing.{'passed' if passed else 'left'}_{side}",
            language,
            units,
            subject=subject_of(indicator, language),
            limit=limit_said(threshold, indicator, language),
            meeting=day_said(found.before_day, language),
        )
        severity = severity_of(threshold.state) if passed else "information"
        yield sentence(said, severity, name, items[0].unit if len(items) == 1 else None, "threshold")


def _since(found: Since, item: Crossing) -> date | None:
    """Since when, where it began after the last meeting: what held before and after went back and forth."""
    return item.since if item.since is not None and item.since > found.before_day else None


def _levels(found: Since, language: Language) -> Iterable[Sentence]:
    """One sentence for each way from a level to another, with the units that went it."""
    groups: dict[tuple[str, int, int], list[LevelChange]] = {}
    for item in found.levels:
        groups.setdefault((item.indicator, item.then, item.now), []).append(item)
    for (name, then, now), items in groups.items():
        indicator, first, up = INDICATORS[name], items[0], now > then
        said = say_units(
            f"since.level.{'up' if up else 'down'}",
            language,
            [Said(short_name(found.release, item.unit, found.day)) for item in items],
            before=figure_said(indicator, float(then), first.unit, found.before_day, language),
            level=figure_said(indicator, float(now), first.unit, found.day, language),
            day=day_said(found.before_day, language),
        )
        unit = first.unit if len(items) == 1 else None
        yield sentence(said, "near" if up else "information", name, unit, "threshold")


def _rank(found: Since, item: RankChange, language: Language) -> Sentence:
    of: dict[str, Any] = {"indicator": item.indicator, "unit": item.unit}
    said = say(
        "since.rank.moved",
        language,
        unit=short_name(found.release, item.unit, found.day),
        before=count_said(item.before, language, day=found.before_day, **of),
        rank=count_said(item.rank, language, day=found.day, **of),
        subject=subject_of(INDICATORS[item.indicator], language),
        day=day_said(found.before_day, language),
    )
    return sentence(said, "information", item.indicator, item.unit, "change")


def _reporting(found: Since, language: Language) -> Iterable[Sentence]:
    """Who began to report what, and who fell silent; units of one dataset together."""
    groups: dict[tuple[str, str], list[Reporting]] = {}
    for item in found.reporting:
        groups.setdefault((item.dataset, item.what), []).append(item)
    for (dataset, what), items in groups.items():
        contract = CONTRACTS[dataset]
        said = say_units(
            f"since.reporting.{what}",
            language,
            [Said(short_name(found.release, item.unit, found.day)) for item in items],
            dataset=inside(contract.vi if language == "vi" else contract.en),
            day=day_said(found.before_day, language),
        )
        unit = items[0].unit if len(items) == 1 else None
        yield sentence(said, "near" if what == "stopped" else "information", None, unit, "gap")
