"""Di biến động: who stays and who goes, by unit, against the weekday baseline and beside the incidence."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from analytics.findings import ranking_title
from analytics.indicators import INDICATORS
from pages.components import (
    basis,
    blocks,
    cached,
    cards,
    downloads,
    frame,
    maps,
    markup,
    mobility_figures,
    tables,
    text,
)
from pages.components.mobility_figures import INCIDENCE, MEASURES, MOST_UNITS
from pages.components.recent import recent_of

view = frame.view("mobility")
release, selection = view.release, view.selection
blocks.show_style()
if not mobility_figures.has_any(release):
    view.stop_empty("mobility.empty", "mobility.empty_remedy")
days = mobility_figures.newest_days(release, selection.day)
if not days:
    view.stop_empty("mobility.none_day", "mobility.none_day_remedy", day=text.day(selection.day, view.language))
with st.container(key="tc_picks", horizontal=True):
    names = {name: view.say(f"mobility.{name}") for name in days}
    chosen = view.pick("measure", names, next(iter(days)), "mobility.pick", width=400)
measure, day = MEASURES[chosen], days[chosen]
ratios, changes = (cached.ranking(release, name, day) for name in (measure.ratio, measure.change))
ranked = changes if changes.rows else ratios
indicator = INDICATORS[ranked.indicator]
readings = {row.unit: row.reading for row in ranked.rows} | {item.unit: item for item in ranked.not_reported}
units = tuple(readings)

title = mobility_figures.finding(view, measure, ratios, changes)
what = view.say(
    "mobility.what",
    indicator=indicator.name(view.language),
    day=text.day(day, view.language),
    reported=len(ranked.rows),
    expected=len(units),
)
foot = [view.say("mobility.published" if measure.published else "mobility.baseline")]
if day != selection.day:
    foot.insert(0, view.say("mobility.earlier", asked=text.day(selection.day, view.language)))
if ranked.parent_reading is not None:
    foot.append(cards.quality(view, ranked.parent_reading))
css = "tc-map-room" if blocks.has_boundaries(release) else ""
drawn = f'<div class="{css}">{maps.choropleth(view, indicator, readings, alt=title)}</div>'
drawn += maps.legend_of(view, indicator, readings)
mapped = markup.panel(title, what, drawn, foot=" ".join(foot), below=basis.line(view, (indicator.id,)))

others = [name for name in (measure.ratio, INCIDENCE) if name != ranked.indicator]
known = cached.readings(release, tuple(others), units, day)
others = [name for name in others if any(known[name, unit].value is not None for unit in units)]
short = {measure.ratio: view.say("mobility.ratio_short"), INCIDENCE: view.say("mobility.incidence_short")}
beside = {name: {unit: known[name, unit] for unit in units} for name in others}
table = tables.ranking(view, ranked, recent_of(release, ranked.indicator, units, day), beside=beside, names=short)
body = f'<div class="tc-steps">{table}</div>'
by_unit = markup.panel(ranking_title(ranked, view.language), indicator.name(view.language), body)
markup.show(f'<div class="tc-pair{" is-even" if css else ""}">{mapped}{by_unit}</div>')
downloads.buttons(
    view, ranked.indicator, f"{indicator.name(view.language)} {day}", lambda: tables.ranking_frame(view, ranked)
)

whole = [selection.whole] if ratios.parent_reading and ratios.parent_reading.value is not None else []
own = [selection.unit] if selection.unit in units else []
every = list(dict.fromkeys([*own, *whole, *(row.unit for row in ranked.rows)]))
# Days before the first of the release are not days without a report.
first = max(day - timedelta(days=selection.period_days - 1), min(release.first_day, day))
told = [
    view.say(
        f"mobility.many_what{'_published' if measure.published else ''}",
        name=INDICATORS[measure.ratio].name(view.language),
    )
]
if INCIDENCE in others:
    told.append(view.say("mobility.many_incidence", incidence=INDICATORS[INCIDENCE].name(view.language)))
else:
    told.append(view.say("mobility.no_incidence"))
left_out = len(every) - MOST_UNITS
told += [view.say("mobility.many_left_out", count=left_out)] if left_out > 0 else []
markup.show(
    markup.panel(view.say("mobility.many_title"), " ".join(told), "", css="tc-gap"),
    mobility_figures.many(view, measure, every[:MOST_UNITS], first, day, day),
)
