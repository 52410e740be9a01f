"""Bản đồ: one indicator over the units on any day; a click on a unit filters the page."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from analytics.findings import curve_title, ranking_title
from analytics.indicators import INDICATORS
from analytics.sources import datasets_of
from pages.components import (
    annotated,
    basis,
    cached,
    cards,
    deck,
    figures,
    frame,
    indicator_choice,
    maps,
    markup,
    risk,
    selection,
    tables,
)
from pages.components.choosing import slide_day
from pages.components.recent import recent_of

view = frame.view("map")
release, day = view.release, view.selection.day


def clicked() -> None:
    """Take the unit that was clicked as the filter; the chosen one again lets go of it."""
    picked = st.session_state[deck_key].selection.objects.get(deck.UNITS, [])
    unit = str(picked[0]["unit"]) if picked else None
    st.session_state["deck_unit"] = unit
    selection.write("unit", unit)


with st.container(key="tc_picks", horizontal=True):
    chosen = INDICATORS[
        view.pick("indicator", indicator_choice.options(view), indicator_choice.default(view), "map.indicator", 430)
    ]
view.uses(datasets_of(chosen.id))
ranked = cached.ranking(release, chosen.id, day)
readings = {row.unit: row.reading for row in ranked.rows} | {item.unit: item for item in ranked.not_reported}
readings = {unit.code: readings[unit.code] for unit in release.units.reporting() if unit.code in readings}
unit = view.selection.unit
title = ranking_title(ranked, view.language)
what = indicator_choice.what(view, ranked)
left, right = st.columns([1.45, 1], gap="small")
with left, st.container(key="tc_card"):
    markup.show(f"<h2>{markup.escape(title)}</h2>", f'<p class="tc-what">{markup.escape(what)}</p>')
    drawn = deck.choropleth(view, chosen, readings)
    if drawn is not None:
        stale = st.session_state.get("deck_unit") not in (None, unit)
        st.session_state["deck_no"] = st.session_state.get("deck_no", 0) + int(stale)
        if stale:
            st.session_state["deck_unit"] = None
        deck_key = f"tc_deck_{st.session_state['deck_no']}"
        with st.container(key="tc_deck"):
            st.pydeck_chart(
                drawn, height=deck.size_px()[1], on_select=clicked, selection_mode="single-object", key=deck_key
            )
    with st.container(key="tc_plain_map" if drawn is not None else "tc_squares"):
        markup.show(maps.choropleth(view, chosen, readings, alt=title))
    hint = f'<p class="tc-foot">{markup.escape(view.say("map.hint"))}</p>'
    markup.show(maps.legend_of(view, chosen, readings), hint, basis.line(view, (chosen.id,)))
    slide_day("day", day, release.first_day, release.last_day, view.say("map.day"))
with right:
    reading = cached.readings(release, (chosen.id,), (unit,), day)[chosen.id, unit]
    tile = cards.tile(view, reading, *recent_of(release, chosen.id, (unit,), day)[unit])
    curve = cached.daily(release, chosen.id, unit, day - timedelta(days=view.selection.period_days - 1), day)
    course = curve_title(reading, view.language)
    told = view.say("map.course", name=view.place, days=view.selection.period_days)
    marked = annotated.bands(view, unit, curve.days, (chosen.id,))
    chart = figures.lines(
        curve.days,
        [figures.Line(view.place, curve.values)],
        curve.provisional,
        language=view.language,
        alt=course,
        decimals=chosen.decimals,
        levels=len(chosen.levels),
        bands=marked,
    )
    chart += annotated.listing(view, curve.days, marked)
    notes = cached.joined(release, (chosen.id,), (unit,), curve.days[0], day, view.language)
    curved = markup.panel(course, told, chart, foot=" ".join(notes), below=basis.line(view, (chosen.id,)))
    table = tables.ranking(view, ranked, recent_of(release, chosen.id, tuple(readings), day))
    markup.show(
        f'<div class="tc-stack">{risk.explained(view) if chosen.levels else tile}{curved}'
        f"{markup.panel(view.say('map.order'), '', table)}</div>"
    )
