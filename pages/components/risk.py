"""The level of risk on the screen: a badge, and the panel of what it rests on, how it went and what would raise it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.risk import LEVEL_ID, PROVINCE_LEVEL_ID, History, outlook, province_outlook
from analytics.risk_words import Row, next_of_province, next_of_unit, of_province, of_unit
from pages.components import basis, cached, tables, text
from pages.components.figures import readable
from pages.components.markup import escape, join, link, panel

if TYPE_CHECKING:
    from pages.components.frame import View


def badge(view: View) -> str:
    """The chosen unit's level as a link to what it rests on; "" where it is not known."""
    unit = view.selection.unit
    name = PROVINCE_LEVEL_ID if view.release.units.is_parent(unit, view.selection.day) else LEVEL_ID
    indicator = INDICATORS[name]
    reading = cached.readings(view.release, (name,), (unit,), view.selection.day)[name, unit]
    if reading.value is None:
        return ""
    number, word = int(reading.value), indicator.levels[int(reading.value) - 1].name(view.language)
    spoken = view.say(
        "risk.badge_label",
        place=view.place,
        level=text.figure_with_unit(reading.value, indicator, view.language),
        rule=indicator.source,
    )
    inner = f'<b class="tc-ground-level-{number}">{number}</b>{escape(word[:1].upper() + word[1:])}'
    return link(view.selection.href("rankings", indicator=indicator.ranked_by), inner, css="tc-level", label=spoken)


def explained(view: View) -> str:
    """The panel of the chosen unit's level: by Decision 2686 for an area made of units, by 4800 for one unit."""
    unit, day, language = view.selection.unit, view.selection.day, view.language
    whole = cached.per_release(province_outlook)(view.release, unit, day)
    if whole is not None:
        what = view.say(
            "risk.by_province", count=len(view.release.units.leaves(unit, day)), day=text.day(day, language)
        )
        title = _title(view, INDICATORS[PROVINCE_LEVEL_ID], whole.level)
        if whole.level is not None and whole.at_most > whole.level:
            title = view.say("risk.at_least", title=title)
        rows, following = of_province(whole, language), next_of_province(whole, language)
        return _panel(view, INDICATORS[PROVINCE_LEVEL_ID], title, what, rows, following, whole.history)
    one = cached.per_release(outlook)(view.release, unit, day)
    indicator, what = INDICATORS[LEVEL_ID], view.say("risk.by_district", day=text.day(day, language))
    rows, following = of_unit(one, language), next_of_unit(one, language)
    return _panel(view, indicator, _title(view, indicator, one.level), what, rows, following, one.history)


def _title(view: View, indicator: Indicator, level: int | None) -> str:
    if level is None:
        return view.say("risk.unknown", place=view.place)
    return view.say("risk.title", place=view.place, level=text.figure_with_unit(level, indicator, view.language))


def _panel(
    view: View, indicator: Indicator, title: str, what: str, rows: Sequence[Row], following: str, history: History
) -> str:
    """The history, the conditions as a table, the next level; beneath what still waits for a confirmation."""
    by_level = any(row.level for row in rows)
    heads = [view.say(f"risk.{key}") for key in ("condition", "found", "limit", "result")]
    heads = [*([view.say("risk.level")] if by_level else []), *heads]
    drawn = tables.table(heads, [_row(view, indicator, row, by_level) for row in rows], set())
    step = f'<p class="tc-next">{escape(following)}</p>' if following else ""
    foot = " ".join((view.say("risk.to_confirm") + ".", indicator.caveat(view.language)))
    course, below = _course(view, indicator, history, title), basis.line(view, (indicator.id,))
    return panel(title, what, course + drawn + step, foot=foot, css="tc-risk", below=below)


def _row(view: View, indicator: Indicator, row: Row, by_level: bool) -> str:
    first = f"<td>{tables.level(view, indicator, row.level)}</td>" if by_level and row.level else ""
    cells = join(f"<td>{escape(cell)}</td>" for cell in (row.condition, row.found, row.limit))
    css = ' class="is-open"' if row.met is None and by_level else ""
    return f'<tr{css}>{first}{cells}<td class="is-verdict">{escape(row.result)}</td></tr>'


def _course(view: View, indicator: Indicator, history: History, title: str) -> str:
    """The level of each of the last days: its number on its colour, the day beneath."""
    boxes = []
    for day, level in history:
        told = text.day(day, view.language)
        spoken = view.say("risk.history_missing", day=told)
        mark = '<b class="is-unknown">–</b>'
        if level is not None:
            said = text.figure_with_unit(level, indicator, view.language)
            spoken = view.say("risk.history_day", day=told, level=said)
            mark = f'<b class="tc-ground-level-{level}">{level}</b>'
        below = text.day(day, view.language, year=False)
        boxes.append(f'<span role="img" aria-label="{escape(spoken)}" title="{escape(spoken)}">{mark}{below}</span>')
    return f'<div class="tc-course-of-level"{readable(title, (), view.language)}>{join(boxes)}</div>'
