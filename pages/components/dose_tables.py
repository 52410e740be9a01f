"""Tables of the page Tiêm chủng: what waits to be entered, what is left, who was reached, where the province stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import doses
from analytics.doses import Backlog, Stock
from analytics.indicators import INDICATORS
from analytics.ranking import NATION
from analytics.wording import inside
from pages.components import cached, markup, tables, text

if TYPE_CHECKING:
    from pages.components.frame import View

LONG_DAYS = 400
"""Past a year the number of days says only "at this pace, never"."""

backlogs = cached.per_release(doses.backlogs)
stocks = cached.per_release(doses.stocks)
people_by_age = cached.per_release(doses.people_by_age)


def backlog(view: View) -> str:
    """Doses given against doses entered, who has most to clear first; "" where nobody reports both."""
    day = view.selection.day
    rows = backlogs(view.release, day)
    if not rows:
        return ""
    waiting = sum(row.waiting for row in rows)
    title = view.say("vaccination.backlog_none")
    if waiting:
        told = {
            "unit": _unit(view, rows[0].unit),
            "waiting": _count(view, rows[0].waiting),
            "all": _count(view, waiting),
        }
        title = view.say("vaccination.backlog_title", **told)
    heads = [view.say("common.unit"), *(view.say(f"vaccination.{name}") for name in ("given", "entered", "share"))]
    heads += [view.say("vaccination.waiting"), view.say("vaccination.to_clear")]
    drawn = [
        [
            _unit(view, row.unit),
            _count(view, row.given),
            _count(view, row.entered),
            text.percent(100 * row.entered / row.given if row.given else None, view.language, 1),
            _count(view, row.waiting),
            _clearing(view, row),
        ]
        for row in rows
    ]
    what = view.say("vaccination.backlog_what", day=text.day(day, view.language))
    return markup.panel(title, what, tables.plain(heads, drawn, {1, 2, 3, 4, 5}))


def _clearing(view: View, row: Backlog) -> str:
    if not row.waiting:
        return view.say("vaccination.done")
    if row.days_to_clear is None or row.days_to_clear > LONG_DAYS:
        return view.say("vaccination.never")
    return view.say("vaccination.days", days=text.number(row.days_to_clear, view.language, 0))


def stock(view: View) -> str:
    """What is left and how long it lasts, the shortest first; "" where nobody reports stock."""
    day = view.selection.day
    rows = stocks(view.release, day)
    if not rows:
        return ""
    title = view.say("vaccination.stock_plain")
    if rows[0].days is not None:
        title = view.say(
            "vaccination.stock_title", unit=_unit(view, rows[0].unit), days=text.number(rows[0].days, view.language, 0)
        )
    heads = [view.say("common.unit"), *(view.say(f"vaccination.{name}") for name in ("left", "lasts", "reported"))]
    drawn = [
        [_unit(view, row.unit), _count(view, row.left), _lasting(view, row), text.day(row.day, view.language)]
        for row in rows
    ]
    what = view.say("vaccination.stock_what", day=text.day(day, view.language))
    return markup.panel(title, what, tables.plain(heads, drawn, {1, 2, 3}))


def _lasting(view: View, row: Stock) -> str:
    if row.days is None:
        return view.say("vaccination.no_pace")
    return view.say("vaccination.days", days=text.number(row.days, view.language, 0))


def ages(view: View) -> str:
    """People reached by age group; "" where no source states ages."""
    unit, day = view.selection.unit, view.selection.day
    found = people_by_age(view.release, unit, day)
    if not found:
        return ""
    most = max(found, key=lambda age: found[age][0])
    first, full = (_count(view, value) for value in found[most])
    heads = [view.say(f"vaccination.{name}") for name in ("age", "first", "full")]
    drawn = [[age, *(_count(view, value) for value in values)] for age, values in found.items()]
    what = view.say("vaccination.ages_what", place=view.place, day=text.day(day, view.language))
    title = view.say("vaccination.ages_title", age=most, first=first, full=full)
    return markup.panel(title, what, tables.plain(heads, drawn, {1, 2}))


def nation(view: View, ids: tuple[str, ...]) -> str:
    """Where the province stands among the provinces; "" where the data are not national."""
    release, day = view.release, view.selection.day
    drawn, lead = [], ""
    for name in ids if release.level != "province" else ():
        ranked = cached.ranking(release, name, day, NATION)
        mine = next((row for row in ranked.rows if row.unit == release.province.code), None)
        if mine is None or len(ranked.rows) < 2:
            continue
        indicator = INDICATORS[name]
        told = {"rank": text.number(mine.rank, view.language), "of": text.number(len(ranked.rows), view.language)}
        lead = lead or view.say("vaccination.nation_title", name=inside(indicator.name(view.language)), **told)
        value = text.figure_with_unit(mine.value, indicator, view.language)
        drawn.append([indicator.name(view.language), value, f"{told['rank']}/{told['of']}"])
    if not drawn:
        return ""
    heads = [view.say(f"vaccination.{name}") for name in ("indicator", "value", "rank")]
    what = view.say("vaccination.nation_what", day=text.day(day, view.language))
    return markup.panel(lead, what, tables.plain(heads, drawn, {1, 2}))


def _unit(view: View, code: str) -> str:
    return view.release.units.get(code).short_name


def _count(view: View, value: float) -> str:
    return text.number(value, view.language, 0)
