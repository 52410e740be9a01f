"""Truyền thông và đường dây nóng: posts, sends, calls and rumours on one axis, one seen against another."""

from __future__ import annotations

from analytics import communication
from pages.components import blocks, communication_blocks, downloads, frame, markup, text, theme_blocks

TILES = (
    "hotline_calls",
    "hotline_answered_share",
    "hotline_waiting",
    "bulletin_age_hours",
    "channel_reach",
    "sms_reach",
    "misinformation_open",
    "misinformation_hours_to_action",
)
BESIDE = ("hotline_calls_per_100k_7d", "hotline_waiting", "hotline_aid_share")

view = frame.view("communication")
blocks.show_style()
if not communication.told(view.release) or not theme_blocks.known(view, TILES):
    view.stop_empty(
        "communication.empty", "communication.empty_remedy", day=text.day(view.selection.day, view.language)
    )
names = {name: view.say(f"communication.short_{name}") for name in BESIDE}
markup.show(
    theme_blocks.tiles(view, TILES),
    f'<div class="tc-gap">{communication_blocks.axis(view)}</div>',
    theme_blocks.halves(
        theme_blocks.stack(
            communication_blocks.compared(view),
            theme_blocks.by_unit(view, "hotline_answered_share", BESIDE, names),
            communication_blocks.rumours(view),
        ),
        theme_blocks.stack(
            communication_blocks.topics(view), communication_blocks.acted(view), communication_blocks.sends(view)
        ),
    ),
)
downloads.buttons(view, "communication", view.say("frame.page_communication"), lambda: communication_blocks.table(view))
