"""Trình chiếu: which slides the briefing has and in which order, how it is projected, and the same as files."""

from __future__ import annotations

import streamlit as st

from pages.components import briefing_picks, frame, last_meeting, markup, projection, text

view = frame.view("briefing")
asked = briefing_picks.wanted(view)
chosen = projection.declaration(view.release, asked.slides, view.language)
told = projection.composed(asked)

with st.container(key="tc_picks", horizontal=True):
    rooms = {name: view.say(f"briefing.page.room_{name}") for name in ("dark", "light")}
    view.pick("room", rooms, "dark", "briefing.page.room", width=190)
    plays = {
        seconds: view.say("briefing.page.autoplay", seconds=seconds)
        if seconds != "0"
        else view.say("briefing.page.by_hand")
        for seconds in briefing_picks.AUTOPLAY_SECONDS
    }
    view.pick("autoplay", plays, "0", "briefing.page.autoplay_label", width=240)
    last_meeting.choose(view, frame.data_folder())

asked = briefing_picks.wanted(view)
faults = projection.fault_lines(chosen.faults, view.language)
wrong = markup.join(f"<li>{markup.escape(fault)}</li>" for fault in faults)
said = view.say("briefing.show.faults", count=len(faults))
notes = f'<div class="tc-note is-near"><b>{markup.escape(said)}</b><ul>{wrong}</ul></div>' if faults else ""
if not told.slides:
    view.stop_empty("briefing.page.empty", "briefing.page.empty_remedy")
what = view.say("briefing.page.what", count=len(told.slides), stamp=told.stamp, day=text.day(told.day, view.language))
listed = markup.panel(view.say("briefing.page.slides"), what, notes + briefing_picks.order(view, told, chosen.slides))
shown = markup.panel(
    view.say("briefing.page.show"), view.say("briefing.page.show_what"), briefing_picks.start(view, asked)
)
markup.show(f'<div class="tc-pair"><div class="tc-stack">{listed}</div><div class="tc-stack">{shown}</div></div>')
briefing_picks.add(view, chosen.slides, projection.declaration(view.release, "", view.language).slides)
briefing_picks.files(view, asked)
if view.release.role in briefing_picks.MAY_GIVE_LINKS:
    briefing_picks.wall_link(view)
