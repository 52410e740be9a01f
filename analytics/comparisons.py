"""Sentences on several units: which passed a threshold, which are highest and lowest, which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile

from analytics.indicators import INDICATORS
from analytics.indicators.methods import Absence
from analytics.indicators.model import Threshold
from analytics.phrases import (
    Said,
    Sentence,
    count_said,
    counted,
    day_said,
    limit_said,
    listed,
    reading_said,
    reads_as,
    say,
    say_units,
    sentence,
    subject_of,
    units_reported,
)
from analytics.ranking import Ranked, Ranking
from analytics.readings import Reading, state_of
from analytics.release import Release
from analytics.situation import Situation, ranking_of
from analytics.wording import Language, rounded, text

MOST_NAMED = 3
"""More names than this single nobody out; their number is said."""


def of_units(
    release: Release, found: dict[str, Situation], whole: Reading | None, day: date, language: Language
) -> list[Sentence]:
    """The thresholds passed, the extremes and the missing of several units, `whole` being the area they make up."""
    ranking = ranking_of(release, found, day, whole)
    if not ranking.rows:
        # That nothing is known of the area says it for all of them.
        return [] if whole is not None else list(_units_missing(release, ranking, language))
    return [
        *_units_past(ranking, language),
        *_extremes(ranking, language),
        *_units_missing(release, ranking, language),
    ]


def _rows_said(
    rows: Sequence[Ranked], language: Language, key: str = "unit_value", *, bare: bool = False
) -> list[Said]:
    """Units with their values; the first says what they are measured in, unless that was said before."""
    said = []
    for number, row in enumerate(rows):
        value = reading_said(row.reading, language, bare=bare or number > 0)
        said.append(say(f"sentences.threshold.{key}", language, unit=row.name, value=value))
    return said


def _units_past(ranking: Ranking, language: Language) -> Iterable[Sentence]:
    """For each threshold, the worst first, the units whose figure lies past it."""
    indicator = INDICATORS[ranking.indicator]
    rising = indicator.polarity == "higher_is_worse"
    for threshold in reversed(indicator.worsening_thresholds):
        passed = [row for row in ranking.rows if row.reading.state == threshold.state and _is_past(row, threshold)]
        if not passed:
            continue
        passed.sort(key=lambda row: -row.value if rising else row.value)
        values = {
            "count": count_said(len(passed), language, "units", indicator=indicator.id, day=ranking.day),
            "all": count_said(_all(ranking), language, "units", indicator=indicator.id, day=ranking.day),
        }
        if indicator.levels:
            level = reading_said(passed[0].reading, language)
            names = [Said(row.name) for row in passed]
            said = say_units("statements.limit.group_level", language, names, **values, level=level)
        else:
            touching = "at_or_" if any(reads_as(indicator, row.value, threshold.at) for row in passed) else ""
            said = say_units(
                f"statements.limit.group_{touching}{'above' if rising else 'below'}",
                language,
                _rows_said(passed, language),
                **values,
                subject=subject_of(indicator, language),
                limit=limit_said(threshold, indicator, language),
            )
        one = passed[0].unit if len(passed) == 1 else None
        yield sentence(said, threshold.state, indicator.id, one, "threshold")


def _is_past(row: Ranked, threshold: Threshold) -> bool:
    return state_of(INDICATORS[row.reading.indicator], row.value)[1] == threshold


def _all(ranking: Ranking) -> int:
    return len(ranking.rows) + len(ranking.not_reported)


def _extremes(ranking: Ranking, language: Language) -> Iterable[Sentence]:
    """The highest and the lowest, or that they are alike, or that chance does not tell who is first."""
    indicator, rows = INDICATORS[ranking.indicator], ranking.rows
    if len(rows) < 2:
        return
    words = {"subject": subject_of(indicator, language)}
    ordered = sorted(rows, key=lambda row: -row.value)
    shown = [rounded(row.value, indicator.decimals) for row in ordered]
    if shown[0] == shown[-1]:
        count = count_said(len(rows), language, "units", indicator=indicator.id, day=ranking.day)
        said = say(
            "statements.extreme.equal", language, **words, count=count, value=reading_said(rows[0].reading, language)
        )
        yield sentence(said, "information", indicator.id, None, "extreme")
        return
    # A unit of so few counts that any rank is possible tells nothing about the one that leads.
    first = list(takewhile(lambda row: row.rank == 1 or row.rank_low == 1, rows))
    if indicator.rank_first == "highest" and any(row.rank != 1 for row in first):
        if len(first) > MOST_NAMED:
            many = counted(
                "sentences.count.units", len(first), language, "units", indicator=indicator.id, day=ranking.day
            )
            said = say("statements.extreme.many", language, **words, units=many)
        else:
            one = _rows_said(first[:1], language, "unit_value_beside")
            others = _rows_said(first[1:], language, "unit_value_beside", bare=True)
            said = say(
                "statements.extreme.together",
                language,
                **words,
                first=listed(one, language),
                others=listed(others, language),
            )
        yield sentence(said, "information", indicator.id, None, "extreme")
        return
    high = [row for row, value in zip(ordered, shown, strict=True) if value == shown[0]]
    low = [row for row, value in zip(ordered, shown, strict=True) if value == shown[-1]]
    low_first = indicator.rank_first == "lowest"
    kind = "_levels" if indicator.levels else "_low_first" if low_first else ""
    said = say(
        f"statements.extreme.range{kind}",
        language,
        **words,
        high_at=_rows_at(high, ranking, language),
        high=reading_said(high[0].reading, language, bare=low_first),
        low_at=_rows_at(low, ranking, language),
        low=reading_said(low[0].reading, language, bare=not low_first),
    )
    yield sentence(said, "information", indicator.id, high[0].unit if len(high) == 1 else None, "extreme")


def _rows_at(rows: Sequence[Ranked], ranking: Ranking, language: Language) -> Said:
    """Where: the names, or the number of units where they are many."""
    if len(rows) > MOST_NAMED:
        return counted(
            "sentences.count.units", len(rows), language, "units", indicator=ranking.indicator, day=ranking.day
        )
    return listed([Said(row.name) for row in rows], language)


def _units_missing(release: Release, ranking: Ranking, language: Language) -> Iterable[Sentence]:
    """The units without a figure, apart by the reason."""
    indicator, whole = INDICATORS[ranking.indicator], ranking.parent_reading
    by_reason: dict[Absence, list[Reading]] = {}
    for reading in ranking.not_reported:
        by_reason.setdefault(reading.absence or "no_data", []).append(reading)
    subject = subject_of(indicator, language)
    for reason, readings in by_reason.items():
        names = [Said(release.units.get(item.unit, ranking.day).short_name) for item in readings]
        values: dict[str, object] = {"subject": subject}
        if reason != "no_data":
            why = text(f"statements.absence.{reason}", language)
            said = say_units("statements.gap.units_reason", language, names, **values, reason=why)
        else:
            values["day"] = day_said(ranking.day, language)
            if whole is not None and whole.quality.reported_units < whole.quality.expected_units:
                said = say_units("statements.gap.units", language, names, **values, **units_reported(whole, language))
            else:
                said = say_units("statements.gap.units_only", language, names, **values)
        one = readings[0].unit if len(readings) == 1 else None
        yield sentence(said, "information", indicator.id, one, "gap")
