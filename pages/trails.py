"""Vệt di chuyển F0: one or several trails on the map with playback, their places in order, and who else was there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pandas as pd
import streamlit as st

from pages.components import (
    basis,
    blocks,
    downloads,
    frame,
    markup,
    text,
    trail_choice,
    trail_map,
    trail_playback,
    trail_rows,
    trail_tables,
)

view = frame.view("trails")
release, selection = view.release, view.selection
first = selection.day - timedelta(days=selection.period_days - 1)
unit = None if selection.unit == selection.whole else selection.unit


def finding() -> str:
    """How far they went, and whether anybody else was there."""
    told = {"places": shown.places_away(), "days": len({visit.at.date() for visit in shown.visits})}
    if len(chosen) > 1:
        said = view.say("trails.many", count=len(chosen), **told)
    elif shown.exact:
        km = text.number(sum(shown.length_km.values()), view.language, 1)
        said = view.say("trails.one_km", name=names[ids[0]], km=km, **told)
    else:
        said = view.say("trails.one", name=names[ids[0]], **told)
    when = view.say("trails.same_day" if shown.day_only else "trails.within_hour")
    others, shared = len(shown.others(ids)), shown.places_shared(ids)
    if shared:
        said = view.say("trails.shared", finding=said, shared=shared, when=when)
    if others:
        return view.say("trails.others", finding=said, others=others, when=when)
    return said if shared else view.say("trails.no_others", finding=said, when=when)


def played() -> None:
    """The map with its clock."""
    what = view.say("trails.what_exact" if shown.exact else "trails.what_coarse")
    markup.show(f"<h2>{markup.escape(title)}</h2>", f'<p class="tc-what">{markup.escape(what)}</p>')
    drawn = trail_playback.option(view, ids, shown)
    if drawn is None:
        markup.show(markup.empty(view.say("trails.nothing_drawn"), view.say("trails.nothing_drawn_remedy")))
        return
    # Another choice is another figure: the browser would merge the new one into the old.
    key = f"trails_{trail_choice.address(release, chosen)}_{selection.theme}_{view.language}"
    st.echarts_chart(drawn, height=trail_map.height(), theme=None, key=key, alt=title)
    markup.show(trail_playback.keys(view))
    foot = [
        view.say("trails.playback"),
        *([] if trail_map.is_phone() else [view.say(f"trails.{key}") for key in ("keyboard", "drag")]),
    ]
    foot += [view.say("trails.rings")] if shown.meetings else []
    foot += [view.say("trails.day_only")] if shown.day_only else []
    foot += [view.say("trails.no_boundaries")] if not blocks.has_boundaries(release) else []
    below = basis.line(view, datasets=("trail_points", "traces"), measured_in=(view.say("trails.measured_in"),))
    markup.show(f'<p class="tc-foot">{markup.escape(" ".join(foot))}</p>', below)


def save(what: str, table: Callable[[], pd.DataFrame]) -> None:
    """Two buttons for a file, headed by what is in it."""
    heading = view.say(f"trails.save_{what}")
    markup.show(f'<p class="tc-soft">{markup.escape(heading)}</p>')
    downloads.buttons(view, view.say(f"trails.file_{what}"), heading.rstrip(":"), table)


blocks.show_style()
known = trail_choice.numbered(release)
if not known:
    view.stop_empty("trails.empty", "trails.empty_remedy")
offered = trail_choice.offered(release, unit, first, selection.day)
if not offered:
    days = text.days(first, selection.day, view.language)
    view.stop_empty("trails.none_here", "trails.none_here_remedy", place=view.place, days=days, count=len(known))
chosen, outdated = trail_choice.read(view, offered[:1])
listed = dict.fromkeys([*chosen, *offered[: trail_choice.MOST_OFFERED]])
with st.container(key="tc_picks", horizontal=True):
    options = {number: trail_choice.described(view, number, known[number]) for number in listed}
    trail_choice.pick(view, options, chosen, view.say("trails.choose", most=trail_choice.MOST_CHOSEN))
if outdated:
    markup.show(f'<p class="tc-note" role="status">{markup.escape(view.say("trails.changed"))}</p>')

ids = tuple(known[number].id for number in chosen)
names = {known[number].id: trail_choice.name(view, number, known[number]) for number in chosen}
shown = trail_rows.followed(release, ids)
title = finding()
left, right = st.columns([1.4, 1], gap="small")
with left, st.container(key="tc_playback"):
    played()
places = [trail_tables.places(view, place, number, known[number], shown) for place, number in enumerate(chosen)]
met = trail_tables.meetings(view, shown, known, chosen)
with right:
    # One trail's places stand beside its map; those of several need the whole width.
    markup.show(*places if len(places) == 1 else [met])
markup.show(met if len(places) == 1 else f'<div class="tc-trails">{markup.join(places)}</div>')
save("places", lambda: trail_tables.places_file(view, shown, names))
if shown.meetings:
    save("met", lambda: trail_tables.meetings_file(view, shown, known))
