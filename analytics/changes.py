"""What changed since the day before: cases, deaths, thresholds crossed, doses, tracing, corrections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from analytics.decisions import LEVEL, WATCHED
from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.phrases import (
    Sentence,
    by_urgency,
    count_said,
    counted,
    day_said,
    figure_said,
    leaf_codes,
    limit_said,
    most_of,
    reading_said,
    reads_as,
    say,
    sentence,
    severity_of,
    short_name,
    units_reported,
)
from analytics.readings import Reading, counts, history, read_days, state_of
from analytics.release import AsOf, Release, moment
from analytics.wording import Language, inside

NEW_CASES = "cases_new"
DEATHS = "deaths_new"
COVERAGE = "coverage_first"
DOSES = "doses_per_resident_18"
TRACED, FOUND = "traced_f0", "f1_found"
# Nearly all corrections come within two weeks of the day they are about.
REVISED_DAYS = 14


def changes(release: Release, day: date, language: Language, as_of: AsOf = None) -> list[Sentence]:
    """What changed since the day before: cases, deaths, thresholds crossed, doses, tracing, corrections."""
    units = leaf_codes(release, day)
    province = release.province.code
    names = (NEW_CASES, DEATHS, COVERAGE, DOSES, TRACED, FOUND)
    yesterday = day - timedelta(days=1)
    both = read_days(release, names, (province,), (yesterday, day), as_of)
    before, today = both[yesterday], both[day]
    own = {unit: item.value or 0.0 for unit, item in counts(release, NEW_CASES, units, day, as_of).items()}
    found = [
        *_new_cases(release, own, today[NEW_CASES, province], before[NEW_CASES, province], language),
        *_crossings(release, units, day, language, as_of),
        *_revised(release, day, language, as_of),
    ]
    deaths = today[DEATHS, province].value
    if deaths:
        count = figure_said(INDICATORS[DEATHS], deaths, province, day, language, bare=True)
        words = say("sentences.change.deaths", language, count=count)
        found.append(sentence(words, "near", DEATHS, province, "change"))
    given = _added(today[DOSES, province], before[DOSES, province])
    coverage = today[COVERAGE, province]
    if given and coverage.value is not None:
        name = INDICATORS[COVERAGE].name(language)
        words = say(
            "sentences.change.doses",
            language,
            doses=counted("sentences.count.more_doses", given, language, indicator=DOSES, unit=province, day=day),
            name=inside(name),
            value=reading_said(coverage, language),
        )
        found.append(sentence(words, "information", COVERAGE, province, "change"))
    traced = _added(today[TRACED, province], before[TRACED, province])
    contacts = _added(today[FOUND, province], before[FOUND, province])
    if traced and contacts is not None:
        words = say(
            "sentences.change.traced",
            language,
            f0=count_said(traced, language, indicator=TRACED, unit=province, day=day),
            f1=count_said(contacts, language, indicator=FOUND, unit=province, day=day),
        )
        found.append(sentence(words, "information", TRACED, province, "change"))
    return by_urgency(found)


def _added(today: Reading, before: Reading) -> float | None:
    """By how much a cumulative count grew in a day; None where either day is missing or it fell."""
    if today.numerator is None or before.numerator is None or today.numerator < before.numerator:
        return None
    return today.numerator - before.numerator


def _new_cases(
    release: Release, own: dict[str, float], whole: Reading, before: Reading, language: Language
) -> Iterable[Sentence]:
    """Today's cases beside yesterday's, as two numbers: one day says nothing about a direction."""
    if whole.value is None:
        return
    quality = whole.quality
    indicator = INDICATORS[NEW_CASES]
    count = counted(
        "sentences.count.new_cases", whole.value, language, "value", indicator=NEW_CASES, unit=whole.unit, day=whole.day
    )
    most = max(own, key=lambda unit: own[unit]) if own else None
    then = figure_said(indicator, before.value, whole.unit, before.day, language, bare=True)
    if quality.reported_units < quality.expected_units:
        words = say("sentences.change.cases_part", language, today=count, **units_reported(whole, language))
    elif before.value is None:
        return
    elif most is None or own[most] == 0 or most == whole.unit:
        words = say("sentences.change.cases_plain", language, today=count, before=then)
    else:
        places, highest = most_of(own, release, whole.day, language)
        words = say(
            "sentences.change.cases",
            language,
            today=count,
            before=then,
            unit=places,
            most=figure_said(indicator, highest, most, whole.day, language, bare=True),
        )
    yield sentence(words, "information", NEW_CASES, whole.unit, "change")


def _crossings(
    release: Release, units: Sequence[str], day: date, language: Language, as_of: AsOf
) -> Iterable[Sentence]:
    """Units whose state by a watched threshold is another than the day before."""
    yesterday = day - timedelta(days=1)
    for name in WATCHED:
        if name != LEVEL:
            values = history(release, name, units, yesterday, day, as_of)
            for unit in units:
                before, now = values[unit]
                if before is not None and now is not None:
                    place = short_name(release, unit, day)
                    yield from _crossing(INDICATORS[name], unit, place, before, now, day, language)


def _crossing(
    indicator: Indicator, unit: str, place: str, before: float, now: float, day: date, language: Language
) -> Iterable[Sentence]:
    """What crossed, from where to where; nothing where both lie on the same side of every threshold, or read alike."""
    (state, passed), (state_before, passed_before) = state_of(indicator, now), state_of(indicator, before)
    if (state, passed) == (state_before, passed_before) or reads_as(indicator, now, before):
        return
    rising = indicator.polarity == "higher_is_worse"
    worse = now > before if rising else now < before
    threshold = passed if worse else passed_before
    if threshold is None:
        return
    kind = ("crossed" if rising else "crossed_below") if worse else ("returned" if rising else "returned_above")
    if worse and reads_as(indicator, now, threshold.at):
        kind = "crossed_at"
    words = say(
        f"sentences.change.{kind}",
        language,
        name=indicator.name(language),
        unit=place,
        value=figure_said(indicator, now, unit, day, language),
        threshold=limit_said(threshold, indicator, language),
        before=figure_said(indicator, before, unit, day - timedelta(days=1), language),
    )
    yield sentence(words, severity_of(state) if worse else "information", indicator.id, unit, "change")


def _revised(release: Release, day: date, language: Language, as_of: AsOf) -> Iterable[Sentence]:
    """Cases added to or taken from earlier days since the end of the day before."""
    yesterday = day - timedelta(days=1)
    if release.moment(as_of) <= moment(yesterday):
        return
    code = release.province.code
    first = day - timedelta(days=REVISED_DAYS)
    now = history(release, NEW_CASES, (code,), first, yesterday, as_of)[code]
    then = history(release, NEW_CASES, (code,), first, yesterday, yesterday)[code]
    differences = [0.0 if new is None or old is None else new - old for new, old in zip(now, then, strict=True)]
    for sign, kind in ((1, "revised_up"), (-1, "revised_down")):
        changed = [max(0.0, difference * sign) for difference in differences]
        if sum(changed) > 0:
            most = max(range(len(changed)), key=lambda place: changed[place])
            when = first + timedelta(days=most)
            words = say(
                f"sentences.change.{kind}",
                language,
                count=counted("sentences.count.cases", sum(changed), language, indicator=NEW_CASES, unit=code),
                day=day_said(when, language),
                most=count_said(changed[most], language, indicator=NEW_CASES, unit=code, day=when),
            )
            yield sentence(words, "information", NEW_CASES, code, "change")
