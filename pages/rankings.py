"""Xếp hạng: any indicator, unit by unit: rank, change of rank, bar, trend, and who did not report."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from analytics.findings import ranking_title
from analytics.indicators import INDICATORS
from analytics.ranking import NATION
from analytics.sources import datasets_of
from pages.components import cached, downloads, frame, indicator_choice, markup, risk, tables, text, unit_lines
from pages.components.recent import RECENT_DAYS, recent_of

view = frame.view("rankings")
release, day = view.release, view.selection.day


with st.container(key="tc_picks", horizontal=True):
    chosen = INDICATORS[
        view.pick(
            "indicator", indicator_choice.options(view), indicator_choice.default(view), "rankings.indicator", 430
        )
    ]
    view.uses(datasets_of(chosen.id))
    levels = {"district": view.say("rankings.level_district"), "province": view.say("rankings.level_province")}
    national = release.level != "province" and len(cached.ranking(release, chosen.id, day, NATION).rows) > 1
    level = view.pick("level", levels, "district", "rankings.level", width=230) if national else "district"
ranked = cached.ranking(release, chosen.id, day, NATION if level == "province" else None)
if not ranked.rows:
    view.stop_empty(
        "rankings.empty",
        "rankings.empty_remedy",
        indicator=chosen.name(view.language),
        day=text.day(day, view.language),
    )

units = tuple(row.unit for row in ranked.rows)
parent = ranked.parent_reading
foot = [view.say("rankings.intervals")] if any(row.rank_low for row in ranked.rows) else []
if parent and parent.value is not None:
    whole = release.province.short_name
    foot.insert(
        0, view.say("rankings.reference", name=whole, value=text.figure_with_unit(parent.value, chosen, view.language))
    )
foot += cached.joined(release, (chosen.id,), units, day - timedelta(days=RECENT_DAYS - 1), day, view.language)
order = view.say(f"indicators.rank_order.{chosen.rank_first}.{chosen.polarity}")
what = view.say("rankings.order", what=indicator_choice.what(view, ranked), order=order)
table = tables.ranking(view, ranked, recent_of(release, chosen.id, units, day), intervals=True)
title = ranking_title(ranked, view.language)
own = next((row for row in ranked.rows if row.unit == release.province.code), None)
if own is not None:
    value = text.figure_with_unit(own.value, chosen, view.language)
    title = view.say("rankings.national", name=own.name, rank=own.rank, of=len(ranked.rows), value=value)
why = risk.explained(view) if chosen.levels else ""
about = markup.panel(
    view.say("rankings.definition"),
    "",
    markup.paragraphs(chosen.definition(view.language), chosen.caveat(view.language)),
)
markup.show(
    '<div class="tc-pair">',
    f'<div class="tc-stack">{markup.panel(title, what, table, foot=" ".join(foot))}{why}</div>',
    f'<div class="tc-stack">{unit_lines.panel(view, chosen, ranked)}{about}</div></div>',
)
downloads.buttons(view, f"{chosen.id}_{level}", chosen.name(view.language), lambda: tables.ranking_frame(view, ranked))
