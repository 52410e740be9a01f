"""The levels of risk in words: what each rests on as rows of a table, and what would raise it as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.indicators import INDICATORS
from analytics.phrases import Said, counted, level_said, limit_level_said, rule_said, say
from analytics.province_rules import WITHOUT_SOURCE, Condition, Judged
from analytics.readings import Reading
from analytics.risk import LEVEL_ID, PROVINCE_LEVEL_ID, Outlook, ProvinceOutlook
from analytics.wording import Language, number, percent, text


@dataclass(frozen=True)
class Row:
    """One condition: what is looked at, what was found, the limit, and the verdict in words."""

    level: int | None
    """The level that the condition leads to; None where the rule is one table for all levels."""
    condition: str
    found: str
    limit: str
    result: str
    met: bool | None


def _level(level: float | None, indicator_id: str, language: Language) -> str:
    return level_said(level, INDICATORS[indicator_id], language)


def of_unit(outlook: Outlook, language: Language) -> list[Row]:
    """What a unit's level by Decision 4800 rests on: its cases, its adults' coverage, its older residents' coverage."""
    rules, incidence = outlook.rules, outlook.incidence
    limits = rules.cuts_on(outlook.day)
    class_no = None if incidence.value is None else int(np.searchsorted(limits, incidence.value, side="right")) + 1
    classes = len(limits) + 1
    spoken = text("risk.not_known", language)
    if class_no is not None:
        spoken = text("risk.unit_class", language, class_no=class_no, classes=classes)
    covered = {True: "risk.covered", False: "risk.not_met", None: "risk.not_known"}[outlook.covered]
    return [
        Row(
            None,
            text("risk.unit_incidence", language),
            _figure(incidence, language),
            " · ".join(number(limit, language) for limit in limits),
            spoken,
            None,
        ),
        Row(
            None,
            text("risk.unit_coverage", language),
            _figure(outlook.coverage, language),
            text("risk.from", language, limit=percent(rules.coverage_percent, language, 0)),
            text(covered, language),
            outlook.covered,
        ),
        Row(
            None,
            text("risk.unit_older", language),
            _figure(outlook.older, language),
            text("risk.from", language, limit=percent(rules.older.percent, language, 0)),
            _older(outlook, language),
            outlook.older_met,
        ),
    ]


def _older(outlook: Outlook, language: Language) -> str:
    if outlook.older_met:
        return text("risk.met", language)
    if outlook.older_met is None:
        missed = outlook.level_if_older_missed
        if missed is None or missed == outlook.level:
            return text("risk.not_known", language)
        return text("risk.older_unknown", language, level=_level(missed, LEVEL_ID, language))
    if outlook.raised:
        return text("risk.older_raised", language)
    spared = outlook.incidence.value == 0
    return text("risk.older_spared" if spared else "risk.older_top" if outlook.level else "risk.not_met", language)


def of_province(outlook: ProvinceOutlook, language: Language) -> list[Row]:
    """Every condition of Decision 2686 with what was found, the highest level first."""
    return [
        Row(
            item.condition.level,
            item.condition.name(language),
            _found(item, language),
            _limit(item.condition, language),
            _verdict(item, language),
            item.met,
        )
        for item in outlook.conditions
    ]


def _verdict(item: Judged, language: Language) -> str:
    if item.condition.kind in WITHOUT_SOURCE:
        return text("risk.no_source", language)
    return text({True: "risk.met", False: "risk.not_met", None: "risk.not_known"}[item.met], language)


def _found(item: Judged, language: Language) -> str:
    if item.figure is None:
        return number(None, language)
    if item.count is None:
        return number(item.figure, language, 1)
    counts = {"count": item.count, "all": item.of}
    if item.condition.kind == "districts_percent":
        share = percent(item.figure, language, 0 if item.figure == int(item.figure) else 1)
        return text("risk.of_districts", language, **counts, share=share)
    return text("risk.of_districts_count", language, **counts)


def _limit(condition: Condition, language: Language) -> str:
    figure = number(condition.limit, language)
    if condition.kind.endswith("_percent"):
        figure = percent(condition.limit, language, 0)
    elif condition.district_level:
        figure = text("risk.districts", language, count=figure)
    return text("risk.above" if condition.above else "risk.from", language, limit=figure)


def next_of_unit(outlook: Outlook, language: Language) -> str:
    """How many cases more raise a unit's level, as a sentence; "" where that is not known."""
    if outlook.level == len(outlook.rules.levels):
        return text("risk.highest", language)
    if outlook.cases_to_next is None or outlook.next_level is None:
        return ""
    level = _level(outlook.next_level, LEVEL_ID, language)
    cases = counted("sentences.count.community_cases", outlook.cases_to_next, language)
    return text("risk.next_unit", language, cases=cases, level=level)


def next_of_province(outlook: ProvinceOutlook, language: Language) -> str:
    """The fewest cases that raise the province's level and by which condition; "" where that is not known."""
    return next_of_province_said(outlook, language).text


def next_of_province_said(outlook: ProvinceOutlook, language: Language, *, short: bool = False) -> Said:
    """The same with its figures, or as the `short` end of a sentence.

    The condition is named by the rule and holds the rule's own numbers.
    """
    if outlook.level == len(outlook.rules.levels):
        return say("risk.highest", language)
    if outlook.cases_to_next is None or outlook.next_level is None or outlook.next_condition is None:
        return Said("")
    return say(
        "risk.next_province_short" if short else "risk.next_province",
        language,
        cases=counted("sentences.count.community_cases", outlook.cases_to_next, language),
        level=limit_level_said(outlook.next_level, INDICATORS[PROVINCE_LEVEL_ID], language),
        condition=rule_said(outlook.next_condition.name(language)),
    )


def _figure(reading: Reading, language: Language) -> str:
    indicator = INDICATORS[reading.indicator]
    if reading.value is None:
        return text(f"indicators.absence.{reading.absence or 'no_data'}", language)
    written = number(reading.value, language, indicator.decimals)
    return f"{written}%" if indicator.measured_in_en == "%" else written
