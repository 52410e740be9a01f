"""Blocks of the page Khai báo y tế: the week against its weekdays, and the checkpoints on the map and in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import declarations
from analytics.declarations import AgainstWeekday, Checkpoint
from data_sources.checked_shares import LEAST_SYMPTOMATIC
from pages.components import basis, blocks, cached, markup, point_map, tables, text
from pages.components.point_map import Point

if TYPE_CHECKING:
    from analytics.disclosure import Protected
    from pages.components.frame import View

STATE = {"above": "near", "below": "none", "usual": "ok", "unknown": "none"}
COLOURS = {"past": "some", "ok": "none", "none": "few"}
"""Fewer than five may be none: such a checkpoint is neither red nor green."""

week_against_weekdays = cached.per_release(declarations.week_against_weekdays)
checkpoints = cached.per_release(declarations.checkpoints)


def week(view: View) -> str:
    """Each day of the week with what is usual on its weekday; "" where nothing was declared."""
    days = week_against_weekdays(view.release, view.selection.unit, view.selection.day)
    if not days:
        return ""
    above = sum(item.signal == "above" for item in days)
    key = "above" if above else "usual"
    if all(item.signal == "unknown" for item in days):
        key = "unknown"
    title = view.say(
        f"declarations.week.title_{key}", **({"count": text.number(above, view.language)} if above else {})
    )
    heads = [
        view.say(f"declarations.week.{name}") for name in ("day", "declarations", "symptomatic", "expected", "signal")
    ]
    rows = [_day(view, item) for item in days]
    what = view.say("declarations.week.what", place=view.place)
    return markup.panel(title, what, tables.table(heads, rows, {1, 2, 3}))


def _day(view: View, item: AgainstWeekday) -> str:
    expected = "–"
    if item.expected is not None:
        low, high = (text.number(edge, view.language, 0) for edge in (item.low, item.high))
        expected = f"{text.number(item.expected, view.language, 1)} ({low}–{high})"
    numbers = [_count(view, item.declarations), _count(view, item.symptomatic), expected]
    drawn = [blocks.cell(markup.escape(text.long_day(item.day, view.language)))]
    drawn += [blocks.cell(markup.escape(cell), "is-figure") for cell in numbers]
    word = view.say(f"declarations.week.{item.signal}")
    return f"<tr>{markup.join(drawn)}{blocks.cell(blocks.state(word, STATE[item.signal]))}</tr>"


def _count(view: View, value: float | None) -> str:
    return "–" if value is None else text.number(value, view.language, 0)


def found(view: View) -> list[Checkpoint]:
    """The checkpoints of the chosen unit, or of all."""
    unit = view.selection.unit
    return checkpoints(view.release, view.selection.day, None if unit == view.selection.whole else (unit,))


def point_drawing(view: View) -> str:
    """The checkpoints as discs; "" where none is known or no unit has an outline."""
    known = found(view)
    placed = [_point(view, item) for item in known if None not in (item.site.longitude, item.site.latitude)]
    if not placed:
        return ""
    title = _title(view, known)
    drawn = point_map.drawing(view, placed, alt=title)
    told = {point.css for point in placed}
    keys = [(css, view.say(f"declarations.points.{name}")) for css, name in COLOURS.items() if css in told]
    body = f'<div class="tc-map-room">{drawn}</div>{point_map.legend(keys)}'
    below = basis.line(view, datasets=("declarations",), measured_in=(view.say("declarations.points.measured_in"),))
    return markup.panel(title, _what(view, known), body, below=below) if drawn else ""


def _point(view: View, item: Checkpoint) -> Point:
    css = "none"
    if item.symptomatic is not None and (item.symptomatic.low > 0 or item.symptomatic.high == 0):
        css = "past" if item.symptomatic.low > 0 else "ok"
    words = f"{item.site.site}: {_shown(item.declarations)}; {_shown(item.symptomatic)}"
    size = item.declarations.middle if item.declarations else 0.0
    return Point(item.site.longitude or 0.0, item.site.latitude or 0.0, size, css, words)


def _title(view: View, known: list[Checkpoint]) -> str:
    return view.say("declarations.points.title", site=known[0].site.site, count=_shown(known[0].declarations))


def _what(view: View, known: list[Checkpoint]) -> str:
    day = text.day(view.selection.day, view.language)
    return view.say("declarations.points.what", count=text.number(len(known), view.language), day=day)


def point_table(view: View) -> str:
    """The checkpoints in a table; "" where none is known."""
    known = found(view)
    if not known:
        return ""
    heads = [view.say("declarations.points.site")]
    heads += [view.say(f"declarations.week.{name}") for name in ("declarations", "symptomatic")]
    analyst = view.release.role == "analyst"
    heads += [view.say("declarations.points.checked")] * analyst + [view.say("declarations.points.checked_4_weeks")]
    heads.append(view.say("common.unit"))
    rows = []
    for item in known:
        row = [item.site.site]
        row += [_shown(item.declarations), _shown(item.symptomatic)]
        row += [text.percent(item.checked_share, view.language, 0)] * analyst
        pooled = f"{item.checked_4_weeks.shown}%" if item.checked_4_weeks else "–"
        rows.append([*row, pooled, view.release.units.get(item.site.unit).short_name])
    until = text.day(declarations.pooled_until(view.selection.day), view.language)
    foot = view.say("declarations.points.pooled", day=until, least=LEAST_SYMPTOMATIC)
    foot += "" if analyst else f" {view.say('declarations.points.protected')}"
    return markup.panel(
        _title(view, known), _what(view, known), tables.plain(heads, rows, set(range(1, len(heads) - 1))), foot=foot
    )


def _shown(count: Protected | None) -> str:
    return count.shown if count is not None else "–"
