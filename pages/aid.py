"""Kết nối cứu trợ: who asks and who offers, where, for how long, and the nearest offers to an open request."""

from __future__ import annotations

import streamlit as st

from analytics import aid
from pages.components import aid_blocks, blocks, downloads, frame, markup, text, theme_blocks

TILES = (
    "aid_open",
    "aid_age_p50_hours",
    "aid_met_share",
    "aid_supply_over_demand",
    "aid_requests_7d",
    "aid_offers_7d",
    "aid_offers_open",
    "aid_open_per_100k",
)
BESIDE = ("aid_open", "aid_age_p50_hours", "aid_met_share", "aid_supply_over_demand")
LINES = ("aid_open", "aid_offers_open")

view = frame.view("aid")
blocks.show_style()
if not aid.told(view.release) or not theme_blocks.known(view, TILES):
    view.stop_empty("aid.empty", "aid.empty_remedy", day=text.day(view.selection.day, view.language))
with st.container(key="tc_picks", horizontal=True):
    category = view.pick("category", aid_blocks.categories(view), aid_blocks.EVERY, "aid.pick", width=260)
asked = view.address.words("request")
chosen = aid_blocks.request_of(view.release, view.selection.day, asked) if asked else None
names = {name: view.say(f"aid.short_{name}") for name in BESIDE}
markup.show(
    theme_blocks.tiles(view, TILES),
    theme_blocks.halves(
        theme_blocks.stack(aid_blocks.point_drawing(view, category), aid_blocks.by_category(view)),
        theme_blocks.stack(aid_blocks.nearest(view, asked, chosen), aid_blocks.request_list(view, category, chosen)),
    ),
    aid_blocks.matrix(view),
    theme_blocks.pair(
        theme_blocks.by_unit(view, "aid_open_per_100k", BESIDE, names),
        theme_blocks.course(view, LINES, names={name: view.say(f"aid.line_{name}") for name in LINES}),
    ),
)
downloads.buttons(view, "aid", view.say("frame.page_aid"), lambda: aid_blocks.table(view, category))
