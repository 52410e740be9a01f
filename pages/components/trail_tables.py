"""The tables of a trail: its places in order with times, stays and ways, and who else was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from analytics.trails import TOGETHER_METRES, Trail
from data_sources.contracts.trail_points import PLACE_KINDS
from pages.components import markup, tables, text, trail_choice, trail_map
from pages.components.blocks import cell, small
from pages.components.deck import palette_of
from pages.components.markup import escape, join, link
from pages.components.theme import readable_on
from pages.components.trail_rows import Followed, Meeting, Place, Stop, place_key

if TYPE_CHECKING:
    from pages.components.frame import View

MOST_MEETINGS = 60
"""Rows of the table of meetings; a crowd is read in the file."""
MOST_TIMES = 8
"""Times in one cell; the others are counted."""
AN_HOUR = 1.0
LINES = ("solid", "dashed", "dotted", "dashed")
"""What CSS has nearest to the dashes on the map."""


def kind(view: View, value: str) -> str:
    """A kind of place in words."""
    names = {choice.value: choice.vi if view.language == "vi" else choice.en for choice in PLACE_KINDS}
    return names.get(value, value)


def when(view: View, at: datetime, days: bool) -> str:
    """A time of a trail: the day alone where no hour is told."""
    day = text.day(at.date(), view.language, year=False)
    return day if days else view.say("trails.at", clock=text.clock(at, view.language), day=day)


def span(view: View, first: datetime, last: datetime, days: bool) -> str:
    """From when to when, as short as it can be told."""
    if first == last or (days and first.date() == last.date()):
        return when(view, first, days)
    if days:
        return text.days(first.date(), last.date(), view.language)
    if first.date() == last.date():
        clocks = view.say("trails.until", first=text.clock(first, view.language), last=text.clock(last, view.language))
        return view.say("trails.at", clock=clocks, day=text.day(first.date(), view.language, year=False))
    return view.say("trails.until", first=when(view, first, days), last=when(view, last, days))


def units_of(view: View, places: Sequence[Place]) -> list[str]:
    """The short name of the unit each place lies in; "" outside all of them."""
    found = trail_map.unit_at(view.release, tuple(dict.fromkeys(places)))
    return [view.release.units.get(found[place]).short_name if place in found else "" for place in places]


def places(view: View, place: int, number: int, trail: Trail, shown: Followed) -> str:
    """One trail's places in order, headed by its line on the map."""
    colours = palette_of(view)
    fill = trail_map.colour(colours, place)
    badge = f"background:{fill};color:{readable_on(fill, colours)}"
    stops, ways = shown.stops_of(trail.id), shown.ways_km(trail.id)
    units = units_of(view, [stop.place for stop in stops])
    days = shown.day_only
    rows = [
        _stop(view, stop, unit, way, days, badge, _home(view, trail, stop, shown))
        for stop, unit, way in zip(stops, units, ways, strict=True)
    ]
    heads = [view.say(f"trails.{key}") for key in ("order", "time", "place", "stay", "from_before")]
    title = view.say("trails.places_title", name=trail_choice.name(view, number, trail), places=len(stops))
    told = [trail_choice.home(view, trail), text.days(trail.first_at.date(), trail.last_at.date(), view.language)]
    if shown.exact:
        told.append(view.say("trails.crow", km=text.number(shown.length_km.get(trail.id), view.language, 1)))
    line = f"border-top-color:{fill};border-top-style:{LINES[place % len(LINES)]}"
    heading = f'<h2><span class="tc-swatch" style="{line}"></span>{escape(title)}</h2>'
    what = f'<p class="tc-what">{escape("; ".join(told))}</p>'
    body = f'<div class="tc-steps">{tables.table(heads, rows, {3, 4})}</div>'
    return f'<section class="tc-panel">{heading}{what}{body}</section>'


def _home(view: View, trail: Trail, stop: Stop, shown: Followed) -> str | None:
    """What stands for the place of a coarse trail's home: commune and unit, where its point is the unit's."""
    return None if shown.is_located(stop.kind) else trail_choice.home(view, trail)


def _stop(view: View, stop: Stop, unit: str, way: float | None, days: bool, badge: str, home: str | None) -> str:
    stay = view.say("trails.same_hour")
    if stop.hours >= AN_HOUR:
        stay = view.say("trails.hours", hours=text.number(stop.hours, view.language))
    cells = (
        cell(f'<span class="tc-step" style="{badge}">{stop.number}</span>'),
        cell(escape(span(view, stop.arrived, stop.left, days))),
        cell(f"{escape(kind(view, stop.kind))}{small(unit if home is None else home)}"),
        cell("–" if days else escape(stay), "is-figure"),
        cell("–" if way is None else escape(view.say("trails.km", km=text.number(way, view.language, 1))), "is-figure"),
    )
    return f"<tr>{join(cells)}</tr>"


def meetings(view: View, shown: Followed, known: Mapping[int, Trail], chosen: Sequence[int]) -> str:
    """Who else was there: one row for each meeting of two trails at a place, with a link that shows both."""
    numbers = {trail.id: number for number, trail in known.items()}
    when_said = view.say("trails.same_day" if shown.day_only else "trails.within_hour")
    people = len({one.other for one in shown.meetings})
    key, counted = ("met_title", {"people": people}) if people > 1 else ("met_title_one" if people else "met_none", {})
    if people and len(chosen) > 1:
        key, counted = "met_times", {"times": len(shown.meetings)}
    title = view.say(f"trails.{key}", when=when_said, **counted)
    what = view.say("trails.met_what_coarse")
    if shown.exact:
        what = view.say("trails.met_what_exact", metres=text.number(TOGETHER_METRES, view.language))
    if not people:
        return markup.panel(title, what, "")
    grouped: dict[tuple[object, ...], list[Meeting]] = {}
    for one in shown.meetings:
        grouped.setdefault((one.trail, one.other, place_key(one.place)), []).append(one)
    listed = list(grouped.values())[:MOST_MEETINGS]
    units = units_of(view, [met[0].place for met in listed])
    rows = [_meeting(view, met, unit, numbers, chosen, shown.exact) for met, unit in zip(listed, units, strict=True)]
    heads = [view.say(f"trails.met_{name}") for name in ("who", "with", "where", "when")]
    heads += [view.say("trails.met_apart")] if shown.exact else []
    left_out = len(grouped) - len(listed)
    foot = view.say("trails.met_more", count=text.number(left_out, view.language)) if left_out else ""
    return markup.panel(title, what, tables.table(heads, rows, {4}), foot=foot)


def _meeting(
    view: View, met: Sequence[Meeting], unit: str, numbers: Mapping[str, int], chosen: Sequence[int], exact: bool
) -> str:
    """Two trails at one place, with every time they were both there."""
    one = met[0]
    other, show = numbers[one.other], ""
    if other not in chosen:
        both = [*chosen[: trail_choice.MOST_CHOSEN - 1], other]
        words = f"<u>{escape(view.say('trails.met_show'))}</u>"
        show = f" · {link(trail_choice.href(view, both), words)}"
    times = list(dict.fromkeys(_met_when(view, each) for each in met))
    told = "; ".join(times[:MOST_TIMES])
    if len(times) > MOST_TIMES:
        told = view.say("trails.met_and_more", times=told, count=len(times) - MOST_TIMES)
    cells = [
        cell(escape(trail_choice.shown_name(view, numbers[one.trail], one.trail))),
        cell(f"{escape(trail_choice.shown_name(view, other, one.other))}{show}"),
        cell(f"{escape(kind(view, one.kind))}{small(unit)}"),
        cell(escape(told), "is-wrapped"),
    ]
    if exact:
        apart = view.say("trails.metres", metres=text.number(min(each.apart_m for each in met), view.language))
        cells.append(cell(escape(apart), "is-figure"))
    return f"<tr>{join(cells)}</tr>"


def _met_when(view: View, one: Meeting) -> str:
    if one.day_only:
        return view.say("trails.met_day", day=text.day(one.at.date(), view.language, year=False))
    first, last = when(view, one.at, False), when(view, one.other_at, False)
    return first if first == last else view.say("trails.met_both", mine=first, other=last)


def places_file(view: View, shown: Followed, names: Mapping[str, str]) -> pd.DataFrame:
    """The places of the chosen trails as rows for a file; a coarse home has no coordinates, as on the map."""
    units = units_of(view, [stop.place for stop in shown.stops])
    rows = []
    for stop, unit in zip(shown.stops, units, strict=True):
        known = shown.is_located(stop.kind)
        rows.append(
            {
                "trail": names[stop.trail],
                "order": stop.number,
                "arrived": stop.arrived,
                "left": stop.left,
                "place": kind(view, stop.kind),
                "in_unit": unit,
                "longitude": stop.place[0] if known else None,
                "latitude": stop.place[1] if known else None,
            }
        )
    return _named(view, rows)


def meetings_file(view: View, shown: Followed, known: Mapping[int, Trail]) -> pd.DataFrame:
    """Every meeting as rows for a file."""
    names = {trail.id: trail_choice.name(view, number, trail) for number, trail in known.items()}
    rows = [
        {
            "met_who": names[one.trail],
            "met_with": names[one.other],
            "place": kind(view, one.kind),
            "longitude": one.place[0],
            "latitude": one.place[1],
            "met_mine_at": one.at,
            "met_other_at": one.other_at,
        }
        for one in shown.meetings
    ]
    return _named(view, rows)


def _named(view: View, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows with the headers in the reader's language; every cell keeps its type."""
    heads = {name: view.say(f"trails.{name}") for name in (rows[0] if rows else ())}
    return pd.DataFrame({head: pd.Series([row[name] for row in rows], dtype="object") for name, head in heads.items()})
