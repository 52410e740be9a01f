"""Nền tảng số: which platform is live where and since when, who uses it, and what pupils still lack."""

from __future__ import annotations

from pages.components import blocks, downloads, frame, markup, rollout_blocks, tables, text, theme_blocks
from pages.components.cached import ranking

TILES = (
    "rollout_share",
    "rollout_active_accounts",
    "rollout_trained_staff",
    "health_book_share",
    "device_gap",
    "device_gap_share",
    "devices_delivered",
    "devices_days_to_close",
)
BESIDE = ("pupils_online", "device_gap_share", "devices_delivered", "devices_days_to_close")
COMPARED = ("rollout_share", "health_book_share", "device_gap")

view = frame.view("platforms")
blocks.show_style()
known = theme_blocks.known(view, COMPARED)
matrix = rollout_blocks.matrix(view)
if not known and not matrix:
    view.stop_empty("platforms.empty", "platforms.empty_remedy", day=text.day(view.selection.day, view.language))
names = {name: view.say(f"platforms.short_{name}") for name in BESIDE}
markup.show(
    theme_blocks.tiles(view, TILES),
    f'<div class="tc-gap">{matrix}</div>' if matrix else "",
    theme_blocks.halves(
        rollout_blocks.people(view),
        theme_blocks.course(view, ("health_book_share",)),
        theme_blocks.by_unit(view, "device_gap", BESIDE, names, foot=view.say("platforms.devices_foot")),
        theme_blocks.course(view, ("device_gap",)),
    ),
)
if known:
    ranked = ranking(view.release, known[0], view.selection.day)
    downloads.buttons(view, "platforms", view.say("frame.page_platforms"), lambda: tables.ranking_frame(view, ranked))
