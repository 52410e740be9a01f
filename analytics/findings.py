"""The findings that stand as titles above a map, a ranking or a curve."""

from __future__ import annotations

from datetime import timedelta

from analytics.indicators import INDICATORS
from analytics.phrases import change_of, value_of
from analytics.ranking import Ranked, Ranking
from analytics.readings import Reading
from analytics.wording import Language, days, inside, listing, number, text

# More names than this in a title single nobody out.
MOST_NAMES = 3


def leaders(ranking: Ranking) -> list[Ranked]:
    """The units that may stand first: one where it is certain, two or three where chance cannot tell them apart.

    Empty where nobody has a value, where the highest is 0, or where too many could be first to name any.
    """
    first = [row for row in ranking.rows if row.rank == 1 or row.rank_low == 1]
    if not first or len(first) > MOST_NAMES or ranking.rows[0].value == 0:
        return []
    return first


def ranking_title(ranking: Ranking, language: Language) -> str:
    """What a map or a ranking shows, as a sentence: who is first, and how many units are below the first limit."""
    indicator = INDICATORS[ranking.indicator]
    name = indicator.name(language)
    if not ranking.rows:
        return text("sentences.finding.none", language)
    top = ranking.rows[0]
    if indicator.levels:
        return _level_title(ranking, language)
    if all(row.value == 0 for row in ranking.rows):
        return text("sentences.finding.zero", language, name=inside(name))
    first = leaders(ranking)
    if len(first) > 1:
        lead = text("sentences.finding.highest_several", language, units=listing([row.name for row in first], language))
    else:
        key = "highest" if indicator.rank_first == "highest" else "lowest"
        lead = text(f"sentences.finding.{key}", language, unit=top.name, value=value_of(top.reading, language))
    below = [row for row in ranking.rows if indicator.cuts and row.value < indicator.cuts[1]]
    if (
        indicator.polarity == "higher_is_worse"
        and indicator.rank_first == "highest"
        and 0 < len(below) < len(ranking.rows)
    ):
        limit = indicator.cuts[1]
        cut = number(limit, language, 0 if limit == int(limit) else indicator.decimals)
        cut += "%" if indicator.measured_in_en == "%" else ""
        return text("sentences.finding.below_cut", language, lead=lead, count=number(len(below), language), cut=cut)
    return lead


def _level_title(ranking: Ranking, language: Language) -> str:
    """Which units stand at the highest level there is, or that all stand at one."""
    highest = [row for row in ranking.rows if row.value == max(item.value for item in ranking.rows)]
    values = {"count": number(len(highest), language), "level": value_of(highest[0].reading, language)}
    if len(highest) == len(ranking.rows):
        return text("sentences.finding.levels_equal", language, **values)
    if len(highest) > MOST_NAMES:
        return text("sentences.finding.levels_several", language, **values)
    names = listing([row.name for row in highest], language)
    return text("sentences.finding.levels_named", language, units=names, level=values["level"])


def curve_title(reading: Reading, language: Language) -> str:
    """What a curve shows at its end, as a sentence; a direction only where the trend is known."""
    indicator = INDICATORS[reading.indicator]
    name = indicator.name(language)
    if reading.value is None:
        reason = text(f"indicators.absence.{reading.absence}", language)
        return text("sentences.finding.curve_missing", language, name=name, reason=reason)
    change = change_of(reading, language)
    if reading.trend in ("up", "down") and change is not None:
        key = f"sentences.finding.curve_{reading.trend}"
        return text(key, language, name=name, change=change, days=indicator.compare_days)
    # A rise from 0 has no percentage: the value alone says it.
    key = "plain" if reading.trend in ("up", "down") else reading.trend
    return text(f"sentences.finding.curve_{key}", language, name=name, value=value_of(reading, language))


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
