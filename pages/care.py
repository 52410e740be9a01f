"""Cách ly và điều trị: how full every site is, who is severely ill, and when beds or places run out."""

from __future__ import annotations

from pages.components import blocks, care_blocks, downloads, frame, markup, tables, text, theme_blocks
from pages.components.cached import ranking

TILES = (
    "beds_in_use",
    "in_treatment",
    "severe_share",
    "critical_share",
    "quarantine_occupancy",
    "in_quarantine",
    "icu_beds_in_use",
    "case_fatality",
    "days_to_beds_full",
)
COMPARED = ("beds_in_use", "quarantine_occupancy", "in_treatment", "in_quarantine")
BESIDE = ("quarantine_occupancy", "in_treatment", "in_quarantine", "severe_share")
LINES = ("beds_in_use", "icu_beds_in_use", "quarantine_occupancy")

view = frame.view("care")
blocks.show_style()
compared = theme_blocks.known(view, COMPARED)
if not compared:
    view.stop_empty("care.empty", "care.empty_remedy", day=text.day(view.selection.day, view.language))
names = {name: view.say(f"care.short_{name}") for name in BESIDE}
short = {name: view.say(f"care.line_{name}") for name in LINES}
markup.show(
    theme_blocks.tiles(view, TILES),
    theme_blocks.pair(
        care_blocks.run_out(view) + care_blocks.site_table(view),
        (care_blocks.site_map(view) or theme_blocks.where(view, compared[0]))
        + theme_blocks.course(view, LINES, names=short),
    ),
    theme_blocks.pair(
        theme_blocks.by_unit(view, compared[0], BESIDE, names),
        theme_blocks.course(view, ("case_fatality",)),
    ),
    f'<div class="tc-gap">{theme_blocks.course(view, ("severe_share", "critical_share"))}</div>',
)
ranked = ranking(view.release, compared[0], view.selection.day)
downloads.buttons(view, "care", view.say("frame.page_care"), lambda: tables.ranking_frame(view, ranked))
