"""What needs a decision: levels, thresholds, late reports, entry behind, cases without contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from analytics.cube import day_number
from analytics.indicators import INDICATORS
from analytics.phrases import (
    MOST_LISTED,
    SINCE_DAYS,
    Figure,
    Said,
    Sentence,
    by_urgency,
    count_said,
    counted,
    day_said,
    figure_said,
    leaf_codes,
    limit_said,
    listed,
    most_of,
    reads_as,
    rule_said,
    say,
    say_units,
    sentence,
    short_name,
    since_when,
    unit_value,
)
from analytics.readings import counts, history, state_of
from analytics.release import AsOf, Release
from analytics.risk import PROVINCE_LEVEL_ID, Prospect, prospects, province_outlook
from analytics.risk_words import next_of_province_said
from analytics.wording import Language, inside, text
from data_sources.contracts import CONTRACTS

ENTRY = "doses_entered_share"
NO_CONTACT = "f0_no_contact_share"
LEVEL = "risk_level"
# Thresholds a leader acts on the same day; coverage is a campaign's matter and is told by its own page.
WATCHED = (
    "positivity_7d",
    "beds_in_use",
    "quarantine_occupancy",
    "days_to_beds_full",
    "days_to_quarantine_full",
    "case_fatality",
    "symptomatic_checked_share",
    "followup_lost_share",
    "vaccine_days_of_stock",
)
# From this share of the way to the next level on, the level is worth preparing for.
NEAR_NEXT_LEVEL = 0.7
# From level 3 on the resolution restricts gatherings and services; a step from 1 to 2 needs no preparing.
LEVEL_TO_PREPARE_FOR = 3
# A unit that reported in the last week and is silent today is late; one that never reports is not in the system.
REPORTING_MEMORY_DAYS = 7
REFERENCE = ("population",)
"""Datasets nobody sends daily."""


def decisions(release: Release, day: date, language: Language, as_of: AsOf = None) -> list[Sentence]:
    """What needs a decision in the province's units, the most urgent first."""
    units = leaf_codes(release, day)
    found = [
        *_levels(release, units, day, language, as_of),
        *_thresholds(release, units, day, language, as_of),
        *_entry(release, units, day, language, as_of),
        *_without_contact(release, units, day, language, as_of),
        *_not_reported(release, units, day, language, as_of),
    ]
    return by_urgency(found)


def _thresholds(
    release: Release, units: Sequence[str], day: date, language: Language, as_of: AsOf
) -> Iterable[Sentence]:
    for name in WATCHED:
        indicator = INDICATORS[name]
        last_days = history(release, name, units, day - timedelta(days=SINCE_DAYS), day, as_of)
        now = {unit: values[-1] for unit, values in last_days.items()}
        states = {unit: state_of(indicator, value) for unit, value in now.items()}
        for threshold in indicator.thresholds:
            passed = [unit for unit in units if states[unit] == (threshold.state, threshold)]
            if not passed:
                continue
            rising = indicator.polarity == "higher_is_worse"
            passed = sorted(passed, key=lambda unit: now[unit] or 0.0, reverse=rising)
            told = passed[:MOST_LISTED]
            since = {unit: since_when(indicator, last_days[unit], day) for unit in told}
            first = day - timedelta(days=SINCE_DAYS)
            parts = [
                unit_value(
                    release, indicator, unit, now[unit], day, language, since[unit], or_before=since[unit] == first
                )
                for unit in told
            ]
            at_limit = "at_" if any(reads_as(indicator, now[unit], threshold.at) for unit in passed) else ""
            words = say_units(
                f"sentences.threshold.units_{at_limit}{'past' if rising else 'below'}",
                language,
                parts,
                len(passed) - len(told),
                name=indicator.name(language),
                threshold=limit_said(threshold, indicator, language),
            )
            yield sentence(words, threshold.state, name, passed[0] if len(passed) == 1 else None, "decision")


def _levels(release: Release, units: Sequence[str], day: date, language: Language, as_of: AsOf) -> Iterable[Sentence]:
    found = prospects(release, units, day, as_of)
    yield from _province_level(release, found, day, language, as_of)
    for unit, item in found.items():
        if item.level is None:
            continue
        name = short_name(release, unit, day)
        level = _level(item.level, unit, day, language)
        before = item.history[-2][1] if len(item.history) > 1 else None
        if before is not None and before != item.level:
            rose = item.level > before
            words = say(
                f"sentences.decision.level_{'up' if rose else 'down'}",
                language,
                unit=name,
                level=level,
                before=_level(before, unit, day - timedelta(days=1), language),
            )
            yield sentence(words, "past" if rose else "information", LEVEL, unit, "decision")
        limit, incidence = item.next_limit_per_100k, item.cases.value
        worth = (item.next_level or 0) >= LEVEL_TO_PREPARE_FOR and item.cases_to_next
        if limit and incidence is not None and worth and incidence >= NEAR_NEXT_LEVEL * limit:
            words = say(
                "sentences.decision.near_level",
                language,
                unit=name,
                level=level,
                cases=counted("sentences.count.community_cases", item.cases_to_next or 0, language),
                next=_level(item.next_level, None, day, language),
            )
            yield sentence(words, "near", LEVEL, unit, "decision")


def _level(level: int | None, unit: str | None, day: date, language: Language) -> Said:
    """A level in short; without a unit it is one that is only spoken of."""
    written = text("sentences.decision.level", language, number=level)
    if unit is None:
        return Said(written, (Figure(written, "limit", level, LEVEL),))
    return Said(written, (Figure(written, "value", level, LEVEL, unit, day),))


def _province_level(
    release: Release, districts: dict[str, Prospect], day: date, language: Language, as_of: AsOf
) -> Iterable[Sentence]:
    """The province's own level where it changed since the day before, or a few cases more would raise it."""
    code = release.province.code
    item = province_outlook(release, code, day, as_of, districts=districts)
    if item is None or item.level is None:
        return
    indicator = INDICATORS[PROVINCE_LEVEL_ID]
    place = short_name(release, code, day)
    level = figure_said(indicator, item.level, code, day, language)
    yesterday, before = item.history[-2]
    if before is not None and before != item.level:
        rose = item.level > before
        reasons = [rule_said(one.condition.name(language)) for one in item.resting_on] if rose else []
        values = {"level": level, "before": figure_said(indicator, before, code, yesterday, language)}
        words = say(
            f"sentences.decision.province_{'up' if rose else 'down'}",
            language,
            place=place,
            **values,
            **({"reasons": listed(reasons, language)} if rose else {}),
        )
        yield sentence(words, "past" if rose else "information", indicator.id, code, "decision")
    week = sum(one.cases.numerator or 0.0 for one in districts.values())
    worth = (item.next_level or 0) >= LEVEL_TO_PREPARE_FOR and item.cases_to_next
    # The same closeness as for a district: the cases of the week are seven tenths of those that raise the level.
    if worth and week >= NEAR_NEXT_LEVEL * (week + (item.cases_to_next or 0)):
        following = next_of_province_said(item, language, short=True)
        following = Said(inside(following.text), following.figures)
        words = say("sentences.decision.province_near", language, place=place, level=level, next=following)
        yield sentence(words, "near", indicator.id, code, "decision")


def _entry(release: Release, units: Sequence[str], day: date, language: Language, as_of: AsOf) -> Iterable[Sentence]:
    indicator, found = INDICATORS[ENTRY], counts(release, ENTRY, units, day, as_of)
    slow = [unit for unit in units if state_of(indicator, found[unit].value)[0] in ("near", "past")]
    missing = sum((found[unit].denominator or 0.0) - (found[unit].numerator or 0.0) for unit in slow)
    if slow and missing > 0:
        slow.sort(key=lambda unit: found[unit].value or 0.0)
        parts = [
            say(
                "sentences.threshold.unit_value_beside",
                language,
                unit=short_name(release, unit, day),
                value=figure_said(indicator, found[unit].value, unit, day, language),
            )
            for unit in slow[:MOST_LISTED]
        ]
        doses = counted("sentences.count.doses", missing, language, indicator=ENTRY, day=day)
        words = say_units("sentences.decision.entry", language, parts, len(slow) - len(parts), doses=doses)
        yield sentence(words, "near", ENTRY, slow[0] if len(slow) == 1 else None, "decision")


def _without_contact(
    release: Release, units: Sequence[str], day: date, language: Language, as_of: AsOf
) -> Iterable[Sentence]:
    found = counts(release, NO_CONTACT, (*units, release.province.code), day, as_of)
    total = found[release.province.code].numerator
    own = {unit: found[unit].numerator or 0.0 for unit in units}
    if total and own and max(own.values()) > 0:
        places, most = most_of(own, release, day, language)
        words = say(
            "sentences.decision.no_contact",
            language,
            count=count_said(total, language, indicator=NO_CONTACT, unit=release.province.code, day=day),
            unit=places,
            most=count_said(most, language, indicator=NO_CONTACT, day=day),
        )
        yield sentence(words, "near", NO_CONTACT, max(own, key=lambda unit: own[unit]), "decision")


def _not_reported(
    release: Release, units: Sequence[str], day: date, language: Language, as_of: AsOf
) -> Iterable[Sentence]:
    reports = release.reports_by(as_of)
    number_of_day = day_number(day)
    recent = (number_of_day - REPORTING_MEMORY_DAYS, number_of_day - 1)
    for dataset, contract in CONTRACTS.items():
        if contract.line_list or not contract.measures or dataset in REFERENCE:
            continue
        sent = reports.units_about(dataset, *recent)
        expected = [unit for unit in units if unit in sent]
        today = reports.units_about(dataset, number_of_day, number_of_day)
        late = [unit for unit in expected if unit not in today]
        if not late:
            continue
        values = {
            "dataset": text(f"sentences.dataset.{dataset}", language),
            "day": day_said(day, language),
        }
        if len(late) == len(expected):
            words = say("sentences.decision.none_reported", language, **values)
        else:
            names = [Said(short_name(release, unit, day)) for unit in late]
            counts = {
                "reported": count_said(len(expected) - len(late), language, "units", day=day),
                "expected": count_said(len(expected), language, "units", day=day),
            }
            words = say_units("sentences.decision.not_reported", language, names, **values, **counts)
        yield sentence(words, "information", None, late[0] if len(late) == 1 else None, "gap")
