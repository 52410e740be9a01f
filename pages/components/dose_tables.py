"""Tables of the page Tiêm chủng: what waits to be entered, what is left, who was reached, where the province stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import doses
from analytics.doses import LONG_DAYS, Backlog, Stock, Target
from analytics.indicators import INDICATORS
from analytics.ranking import NATION
from analytics.wording import inside
from pages.components import cached, cards, markup, tables, text

if TYPE_CHECKING:
    import pandas as pd

    from analytics.ranking import Ranking
    from pages.components.frame import View

DAYS_TO_TARGET = "days_to_70pct_first"

backlogs = cached.per_release(doses.backlogs)
stocks = cached.per_release(doses.stocks)
people_by_age = cached.per_release(doses.people_by_age)
targets_of = cached.per_release(doses.targets)


def target_tile(view: View) -> str:
    """The tile of the day on which the chosen unit reaches 70%; "" where neither coverage nor pace is known."""
    unit, day = view.selection.unit, view.selection.day
    (row,) = targets_of(view.release, day, (unit,))
    if row.coverage_percent is None and row.pace_points_a_day is None:
        return ""
    value, rest = "70%" if row.ahead == "reached" else "–", when(view, row)
    if row.day is not None:
        value, rest = text.day(row.day, view.language), _left(view, row)
    reading = cached.readings(view.release, (DAYS_TO_TARGET,), (unit,), day)[DAYS_TO_TARGET, unit]
    escape = markup.escape
    inner = (
        f'<span class="tc-label is-alone">{escape(view.say("vaccination.target_tile"))}</span>'
        f'<span class="tc-value"><b>{escape(value)}</b></span><span class="tc-against">{escape(rest)}</span>'
        f'<span class="tc-quality">{escape(cards.quality(view, reading))}</span>'
    )
    return markup.link(view.selection.href("rankings", indicator=DAYS_TO_TARGET), inner, css="tc-tile is-none")


def when(view: View, row: Target) -> str:
    """When 70% is reached: the day and how far it is, or why there is none."""
    if row.day is not None:
        return view.say("vaccination.target_on", day=text.day(row.day, view.language), left=_left(view, row))
    return view.say(f"vaccination.target_{row.ahead}", **({"days": LONG_DAYS} if row.ahead == "far" else {}))


def _left(view: View, row: Target) -> str:
    return view.say("vaccination.target_left", days=text.number(row.days, view.language))


def targets(view: View) -> str:
    """The day each unit reaches 70%, the soonest first; "" where no unit's coverage is known."""
    day, whole = view.selection.day, view.selection.unit
    units = tuple(unit.code for unit in view.release.units.reporting())
    rows = targets_of(view.release, day, units)
    if all(row.coverage_percent is None for row in rows):
        return ""
    (chosen,) = targets_of(view.release, day, (whole,))
    heads = [view.say("common.unit")]
    heads += [view.say(f"vaccination.{name}") for name in ("target_day", "target_days", "first", "target_pace")]
    drawn = [
        [
            _unit(view, row.unit),
            text.day(row.day, view.language) if row.day is not None else when(view, row),
            text.number(row.days, view.language),
            text.percent(row.coverage_percent, view.language),
            text.number(row.pace_points_a_day, view.language, 2),
        ]
        for row in rows
    ]
    what = view.say("vaccination.target_what", day=text.day(day, view.language))
    title = view.say("vaccination.target_title", place=view.place, when=when(view, chosen))
    return markup.panel(title, what, tables.plain(heads, drawn, {1, 2, 3, 4}))


def file(view: View, ranked: Ranking) -> pd.DataFrame:
    """The ranking for a file, with the day each unit reaches 70% and the same in words."""
    frame = tables.ranking_frame(view, ranked)
    codes = [str(code) for code in frame[view.say("frame.column_code")]]
    found = {row.unit: row for row in targets_of(view.release, view.selection.day, tuple(codes))}
    frame[view.say("vaccination.target_day")] = [found[code].day for code in codes]
    frame[view.say("vaccination.target_days")] = [found[code].days for code in codes]
    frame[view.say("vaccination.target_said")] = [when(view, found[code]) for code in codes]
    return frame


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
