"""Tiêm chủng: how many are reached and when 70% will be, what waits to be entered and with whom, what is left."""

from __future__ import annotations

from pages.components import blocks, dose_tables, downloads, frame, markup, text, theme_blocks
from pages.components.cached import ranking

TILES = (
    "coverage_first",
    "coverage_full",
    "doses_per_day_7d",
    "days_to_70pct_first",
    "doses_entered_share",
    "coverage_full_65",
    "coverage_booster",
    "doses_per_resident_18",
    "health_book_share",
)
COMPARED = ("coverage_first", "doses_per_resident_18", "coverage_full", "coverage_first_all_ages")
BESIDE = ("coverage_full", "coverage_full_65", "doses_per_day_7d")
NATIONAL = ("coverage_first", "coverage_full", "doses_entered_share", "doses_per_resident_18", "health_book_share")

view = frame.view("vaccination")
blocks.show_style()
compared = theme_blocks.known(view, COMPARED)
if not compared:
    day = text.day(view.selection.day, view.language)
    view.stop_empty("vaccination.empty", "vaccination.empty_remedy", day=day)
names = {name: view.say(f"vaccination.short_{name}") for name in BESIDE}
coverage = ("coverage_first", "coverage_full", "coverage_booster")
short = {name: view.say(f"vaccination.line_{name}") for name in coverage}
markup.show(
    theme_blocks.tiles(view, TILES, instead={dose_tables.DAYS_TO_TARGET: dose_tables.target_tile(view)}),
    theme_blocks.pair(
        theme_blocks.by_unit(view, compared[0], BESIDE, names) + dose_tables.targets(view) + dose_tables.ages(view),
        theme_blocks.where(view, compared[0]),
    ),
    theme_blocks.halves(
        theme_blocks.course(view, coverage, names=short), theme_blocks.course(view, ("doses_per_day_7d",), limits=False)
    ),
    theme_blocks.pair(dose_tables.backlog(view), dose_tables.stock(view)),
    f'<div class="tc-gap">{dose_tables.nation(view, NATIONAL)}</div>',
)
ranked = ranking(view.release, compared[0], view.selection.day)
downloads.buttons(view, "vaccination", view.say("frame.page_vaccination"), lambda: dose_tables.file(view, ranked))
