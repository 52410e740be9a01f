"""Truy vết: how fast cases and contacts are reached, who is still followed, and what the apps add to the list."""

from __future__ import annotations

from pages.components import blocks, downloads, frame, markup, tables, text, theme_blocks
from pages.components.cached import ranking

TILES = (
    "interviewed_isolated_24h_share",
    "contacts_quarantined_24h_share",
    "tested_within_72h_share",
    "f0_known_as_f1_share",
    "traced_f0",
    "f1_found",
    "f0_needing_map",
    "followup_lost_share",
)
COMPARED = ("contacts_quarantined_24h_share", "isolated_within_24h_share", "traced_f0", "contacts_per_traced_f0")
BESIDE = ("f1_found", "contacts_quarantined_24h_share", "f0_known_as_f1_share", "followup_lost_share")
FOLLOWED = ("contacts_in_follow_up", "contacts_unseen_share", "contacts_never_seen", "followup_lost_share")
SPEEDS = ("interviewed_isolated_24h_share", "contacts_quarantined_24h_share", "tested_within_72h_share")
APPS = ("automatic_on_list_share", "list_found_by_apps_share")

view = frame.view("tracing")
blocks.show_style()
compared = theme_blocks.known(view, COMPARED)
if not compared:
    view.stop_empty("tracing.empty", "tracing.empty_remedy", day=text.day(view.selection.day, view.language))
names = {name: view.say(f"tracing.short_{name}") for name in (*BESIDE, *FOLLOWED)}
short = {name: view.say(f"tracing.line_{name}") for name in (*SPEEDS, *APPS)}
markup.show(
    theme_blocks.tiles(view, TILES),
    theme_blocks.pair(
        theme_blocks.by_unit(view, compared[0], BESIDE, names) + theme_blocks.course(view, SPEEDS, names=short),
        theme_blocks.where(view, compared[0]) + theme_blocks.course(view, ("contacts_per_traced_f0",)),
    ),
    theme_blocks.halves(
        theme_blocks.by_unit(view, "contacts_unseen_3d", FOLLOWED, names),
        theme_blocks.by_unit(view, "traced_f0", ("f1_found", "f0_needing_map", "f0_no_contact_share")),
        theme_blocks.course(view, APPS, names=short),
        theme_blocks.course(view, ("followup_completed_share", "followup_lost_share")),
        theme_blocks.course(view, ("checkins_per_1000_7d",)),
    ),
)
ranked = ranking(view.release, compared[0], view.selection.day)
downloads.buttons(view, "tracing", view.say("frame.page_tracing"), lambda: tables.ranking_frame(view, ranked))
