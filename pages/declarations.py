"""Khai báo y tế: who declares symptoms, are they checked, and is this week unlike the weeks before."""

from __future__ import annotations

from pages.components import blocks, declaration_blocks, downloads, frame, markup, tables, text, theme_blocks
from pages.components.cached import ranking

TILES = (
    "declarations_new",
    "symptomatic_share",
    "symptomatic_checked_share",
    "confirmed_ordinary_share",
)
COMPARED = ("symptomatic_share", "declarations_new")
BESIDE = ("symptomatic_checked_share", "confirmed_ordinary_share", "symptomatic_change", "declarations_new")

view = frame.view("declarations")
blocks.show_style()
compared = theme_blocks.known(view, COMPARED)
if not compared:
    view.stop_empty("declarations.empty", "declarations.empty_remedy", day=text.day(view.selection.day, view.language))
names = {name: view.say(f"declarations.short_{name}") for name in BESIDE}
markup.show(
    theme_blocks.tiles(view, TILES),
    theme_blocks.pair(
        declaration_blocks.week(view) + theme_blocks.by_unit(view, compared[0], BESIDE, names),
        declaration_blocks.point_drawing(view) or theme_blocks.where(view, compared[0]),
    ),
    theme_blocks.pair(
        declaration_blocks.point_table(view),
        theme_blocks.course(view, ("symptomatic_share",)) + theme_blocks.course(view, ("declarations_new",)),
    ),
)
ranked = ranking(view.release, compared[0], view.selection.day)
downloads.buttons(view, "declarations", view.say("frame.page_declarations"), lambda: tables.ranking_frame(view, ranked))
