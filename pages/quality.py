"""Chất lượng báo cáo: who reported what on time, how complete it was, and where two systems disagree."""

from __future__ import annotations

from analytics.sources import completeness, source_statuses
from pages.components import (
    balance_blocks,
    blocks,
    cached,
    downloads,
    duty_blocks,
    field_blocks,
    frame,
    markup,
    source_tables,
    tables,
    text,
    theme_blocks,
)
from pages.components.cached import ranking

TILES = ("on_time_share", "required_filled_share", "reports_missing", "rows_rejected")
ALL = "all"

view = frame.view("quality")
blocks.show_style()
forms = duty_blocks.forms(view)
compared = theme_blocks.known(view, TILES)
agreement = duty_blocks.disagreements(view)
occupancy = balance_blocks.occupancy(view)
told = field_blocks.datasets(view)
if not forms and not agreement and not occupancy and not told:
    view.stop_empty("quality.empty", "quality.empty_remedy", day=text.day(view.selection.day, view.language))
markup.show(theme_blocks.tiles(view, TILES))
form = view.pick("form", {ALL: view.say("quality.all_forms"), **forms}, ALL, "quality.pick_form", width=340)
statuses = cached.per_release(source_statuses)(view.release)
markup.show(
    duty_blocks.matrix(view, None if form == ALL else form),
    theme_blocks.pair(duty_blocks.by_form(view), duty_blocks.completeness(view)),
)
if told:
    least = form if form in told else next(iter(told))
    field_blocks.show(view, view.pick("fields", told, least, "quality.fields.pick", width=340))
markup.show(
    theme_blocks.halves(agreement, source_tables.reasons_panel(view, statuses)),
    f'<div class="tc-gap tc-stack">{occupancy}{field_blocks.set_aside(view)}</div>',
    '<div class="tc-gap tc-fields">',
    source_tables.completeness_panel(view, cached.per_release(completeness)(view.release)),
    "</div>",
)
if compared:
    ranked = ranking(view.release, compared[0], view.selection.day)
    downloads.buttons(view, "quality", view.say("frame.page_quality"), lambda: tables.ranking_frame(view, ranked))
