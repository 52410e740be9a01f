"""The findings that stand as titles above a map, a ranking or a curve."""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile

from analytics.indicators import INDICATORS
from analytics.phrases import (
    Figure,
    Said,
    Sentence,
    change_said,
    count_said,
    counted,
    reading_said,
    say,
    sentence,
    subject_of,
)
from analytics.ranking import Ranked, Ranking
from analytics.readings import Reading
from analytics.wording import Language, days, listing, number, text

# More names than this in a title single nobody out.
MOST_NAMES = 3


def leaders(ranking: Ranking) -> list[Ranked]:
    """The units that may stand first: one where it is certain, two or three where chance cannot tell them apart.

    A unit with so few counts that its rank may be any is not among them where one before it certainly is not first.
    Empty where nobody has a value, where the highest is 0, or where too many could be first to name any.
    """
    first = list(takewhile(lambda row: row.rank == 1 or row.rank_low == 1, ranking.rows))
    if not first or len(first) > MOST_NAMES or ranking.rows[0].value == 0:
        return []
    return first


def ranking_title(ranking: Ranking, language: Language) -> str:
    """What `ranking_finding` says, in words."""
    return ranking_finding(ranking, language).text


def ranking_finding(ranking: Ranking, language: Language) -> Sentence:
    """What a map or a ranking shows: who is first, and how many units are below the first limit.

    A title: it ends without a full stop.
    """
    return sentence(_ranking_said(ranking, language), "information", ranking.indicator)


def _ranking_said(ranking: Ranking, language: Language) -> Said:
    indicator = INDICATORS[ranking.indicator]
    if not ranking.rows:
        return say("sentences.finding.none", language)
    top = ranking.rows[0]
    if indicator.levels:
        return _level_title(ranking, language)
    if all(row.value == 0 for row in ranking.rows):
        return _all_zero(ranking, language)
    first = leaders(ranking)
    if len(first) > 1:
        lead = say("sentences.finding.highest_several", language, units=listing([row.name for row in first], language))
    else:
        key = "highest" if indicator.rank_first == "highest" else "lowest"
        lead = say(f"sentences.finding.{key}", language, unit=top.name, value=reading_said(top.reading, language))
    below = [row for row in ranking.rows if indicator.cuts and row.value < indicator.cuts[1]]
    if (
        indicator.polarity == "higher_is_worse"
        and indicator.rank_first == "highest"
        and 0 < len(below) < len(ranking.rows)
    ):
        limit = indicator.cuts[1]
        cut = number(limit, language, 0 if limit == int(limit) else indicator.decimals)
        cut += "%" if indicator.measured_in_en == "%" else ""
        limit_written = Said(cut, (Figure(cut, "limit", limit, indicator.id),))
        units = counted("sentences.count.units", len(below), language, "units", indicator=indicator.id, day=ranking.day)
        return say("sentences.finding.below_cut", language, lead=lead, units=units, cut=limit_written)
    return lead


def _all_zero(ranking: Ranking, language: Language) -> Said:
    said = say("sentences.finding.zero", language, subject=subject_of(INDICATORS[ranking.indicator], language))
    zero = Figure("0", "value", 0.0, ranking.indicator, ranking.rows[0].unit, ranking.day)
    return Said(said.text, (zero,))


def _level_title(ranking: Ranking, language: Language) -> Said:
    """Which units stand at the highest level there is, or that all stand at one."""
    highest = [row for row in ranking.rows if row.value == max(item.value for item in ranking.rows)]
    values = {
        "count": count_said(len(highest), language, "units", indicator=ranking.indicator, day=ranking.day),
        "level": reading_said(highest[0].reading, language),
    }
    if len(highest) == len(ranking.rows) > 1:
        return say("sentences.finding.levels_equal", language, **values)
    if len(highest) > MOST_NAMES:
        return say("sentences.finding.levels_several", language, **values)
    names = listing([row.name for row in highest], language)
    return say("sentences.finding.levels_named", language, units=names, level=values["level"])


def curve_title(reading: Reading, language: Language) -> str:
    """What `curve_finding` says, in words."""
    return curve_finding(reading, language).text


def curve_finding(reading: Reading, language: Language) -> Sentence:
    """What a curve shows at its end; a direction only where the trend is known. A title, without a full stop."""
    return sentence(_curve_said(reading, language), "information", reading.indicator, reading.unit, "change")


def _curve_said(reading: Reading, language: Language) -> Said:
    indicator = INDICATORS[reading.indicator]
    name = indicator.name(language)
    if reading.value is None:
        reason = text(f"indicators.absence.{reading.absence}", language)
        return say("sentences.finding.curve_missing", language, name=name, reason=reason)
    change = change_said(reading, language)
    if reading.trend in ("up", "down") and change is not None:
        key = f"sentences.finding.curve_{reading.trend}"
        days_back = counted("sentences.count.days", indicator.compare_days, language, "days", indicator=indicator.id)
        return say(key, language, name=name, change=change, days=days_back)
    # A rise from 0 has no percentage: the value alone says it.
    key = "plain" if reading.trend in ("up", "down") else reading.trend
    return say(f"sentences.finding.curve_{key}", language, name=name, value=reading_said(reading, language))


def shown(reading: Reading, language: Language) -> str:
    """What stands beneath a title: the indicator, its days, and from how many units."""
    indicator = INDICATORS[reading.indicator]
    window = indicator.window.days or 1
    return text(
        "sentences.finding.shown",
        language,
        name=indicator.name(language),
        days=days(reading.day - timedelta(days=window - 1), reading.day, language),
        reported=reading.quality.reported_units,
        expected=reading.quality.expected_units,
    )


def compared(ranking: Ranking, language: Language) -> str:
    """What stands beneath a ranking or map: what is compared, in which unit of measurement, which days, how many."""
    indicator = INDICATORS[ranking.indicator]
    first = ranking.day - timedelta(days=(indicator.window.days or 1) - 1)
    return text(
        "frame.compared",
        language,
        indicator=indicator.name(language),
        measured_in=indicator.measured_in(language),
        days=days(first, ranking.day, language),
        reported=len(ranking.rows),
        expected=len(ranking.rows) + len(ranking.not_reported),
    )
