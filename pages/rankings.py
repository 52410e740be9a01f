"""Xếp hạng: any indicator, unit by unit: rank, change of rank, bar, trend, and who did not report."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from analytics.findings import ranking_title
from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.ranking import NATION, Ranking
from analytics.sources import datasets_of
from pages.components import (
    annotated,
    basis,
    cached,
    downloads,
    figures,
    frame,
    indicator_choice,
    markup,
    risk,
    tables,
    text,
)
from pages.components.recent import RECENT_DAYS, recent_of

view = frame.view("rankings")
release, day = view.release, view.selection.day


def history(indicator: Indicator, ranked: Ranking) -> str:
    """The units' lines over the chosen period, the chosen unit (or the first in rank) in front, the area dashed."""
    whole = ranked.parent_reading.unit if ranked.parent_reading else None
    units = [row.unit for row in ranked.rows]
    front = next((unit for unit in (view.selection.unit, release.province.code) if unit in units), units[0])
    asked = (*units, *([whole] if whole else []))
    curves = cached.curves(release, indicator.id, asked, day - timedelta(days=view.selection.period_days - 1), day)
    short = {
        unit: release.units.get(unit).short_name if unit in release.units else release.province.short_name
        for unit in asked
    }
    drawn = [figures.Line("", curves[unit].values, css=figures.BEHIND) for unit in units if unit != front]
    if whole:
        drawn.append(figures.Line(short[whole], curves[whole].values, reference=True))
    drawn.append(figures.Line(short[front], curves[front].values))
    title = view.say("rankings.history", name=short[front], days=view.selection.period_days)
    key = "rankings.history_what" if whole else "rankings.history_plain"
    told = view.say(key, indicator=indicator.name(view.language), **({"whole": short[whole]} if whole else {}))
    curve = curves[front]
    marked = annotated.bands(view, front, curve.days, (indicator.id,))
    chart = figures.lines(
        curve.days,
        drawn,
        curve.provisional,
        language=view.language,
        alt=title,
        decimals=indicator.decimals,
        levels=len(indicator.levels),
        bands=marked,
    )
    chart += annotated.listing(view, curve.days, marked)
    below = basis.line(view, (indicator.id,), unit=front)
    notes = cached.joined(release, (indicator.id,), asked, curve.days[0], day, view.language)
    return markup.panel(title, told, chart, foot=" ".join(notes), css="tc-high", below=below)


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
    f'<div class="tc-stack">{history(chosen, ranked)}{about}</div></div>',
)
downloads.buttons(view, f"{chosen.id}_{level}", chosen.name(view.language), lambda: tables.ranking_frame(view, ranked))
