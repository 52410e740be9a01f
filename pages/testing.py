"""Xét nghiệm: is sampling keeping up, are results keeping up, what does positivity say; and for whom, where."""

from __future__ import annotations

from pages.components import blocks, downloads, frame, markup, tables, test_tables, text, theme_blocks
from pages.components.cached import ranking

TILES = (
    "positivity_pcr_7d",
    "positivity_rapid_7d",
    "tests_per_100k_14d",
    "people_tested",
    "results_returned",
    "result_backlog",
    "result_hours_p50",
    "result_hours_p90",
)
COMPARED = ("positivity_7d", "tests_per_100k_14d", "results_returned")
BESIDE = ("positivity_pcr_7d", "tests_per_100k_14d", "result_backlog", "result_hours_p50")
LINES = ("positivity_pcr_7d", "positivity_rapid_7d", "positivity_7d")

view = frame.view("testing")
blocks.show_style()
compared = theme_blocks.known(view, COMPARED)
if not compared:
    view.stop_empty("testing.empty", "testing.empty_remedy", day=text.day(view.selection.day, view.language))
names = {name: view.say(f"testing.short_{name}") for name in BESIDE}
short = {name: view.say(f"testing.line_{name}") for name in LINES}
markup.show(
    theme_blocks.tiles(view, TILES),
    test_tables.questions(view),
    theme_blocks.pair(
        theme_blocks.by_unit(view, compared[0], BESIDE, names) + theme_blocks.course(view, LINES, names=short),
        theme_blocks.where(view, compared[0]) + theme_blocks.course(view, ("result_backlog",), limits=False),
    ),
    f'<div class="tc-gap">{test_tables.groups(view)}</div>',
)
ranked = ranking(view.release, compared[0], view.selection.day)
downloads.buttons(view, "testing", view.say("frame.page_testing"), lambda: tables.ranking_frame(view, ranked))
