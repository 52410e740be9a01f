"""Toàn cảnh: what is the situation, where, what changed, what must be decided; one screen, no scrolling."""

from __future__ import annotations

from analytics.findings import ranking_title
from analytics.indicators import INDICATORS
from analytics.ranking import Ranking
from pages.components import (
    basis,
    cached,
    cards,
    epidemic_curve,
    frame,
    indicator_choice,
    maps,
    markup,
    risk,
    statements,
    tables,
    text,
)
from pages.components.recent import recent_of

view = frame.view("overview")
release, selection = view.release, view.selection
unit, day = selection.unit, selection.day
MOST_TILES = 8
TILES = (
    "cases_new_7d_mean",
    "positivity_7d",
    "rt",
    "quarantine_occupancy",
    "coverage_first",
    "doses_entered_share",
    "stationary_ratio",
    "traced_f0",
    "incidence_7d",
    "case_fatality",
    "in_quarantine",
    "coverage_full",
    "doses_per_resident_18",
    "health_book_share",
    "mobility_change",
    "movement_change_published",
    "residential_change_published",
    "tests_per_100k_14d",
    "beds_in_use",
    "contacts_quarantined_24h_share",
    "vaccine_days_of_stock",
    "aid_open",
    "hotline_answered_share",
    "misinformation_open",
    "symptomatic_share",
    "device_gap",
    "on_time_share",
)
"""In the order of their weight; the first eight that this release knows anything of are shown."""
BESIDE = ("positivity_7d", "doses_entered_share", "stationary_ratio", "coverage_first", "incidence_7d")
MOST_BESIDE = 3


def tiles() -> str:
    """The eight figures."""
    readings = cached.readings(release, TILES, (unit,), day)
    shown = [name for name in TILES if readings[name, unit].value is not None][:MOST_TILES]
    return cards.tiles(
        [cards.tile(view, readings[name, unit], *recent_of(release, name, (unit,), day)[unit]) for name in shown]
    )


def where(ranked: Ranking) -> str:
    """The map of the chosen indicator, and the others one may choose."""
    readings = {row.unit: row.reading for row in ranked.rows} | {item.unit: item for item in ranked.not_reported}
    indicator, title = INDICATORS[ranked.indicator], ranking_title(ranked, view.language)
    others = {INDICATORS[name].name(view.language): selection.href(indicator=name) for name in known}
    menu = markup.menu(view.say("overview.map_other"), others, indicator.name(view.language))
    below = basis.line(view, (ranked.indicator,))
    drawn = maps.choropleth(view, indicator, readings, alt=title) + maps.legend_of(view, indicator, readings)
    return markup.panel(title, indicator_choice.what(view, ranked), menu + drawn, css="tc-where", below=below)


def course(ranked: Ranking) -> str:
    """The curve above the units in order, with three more figures beside each."""
    districts = tuple(item.code for item in release.units.reporting())
    told = tuple(name for name in BESIDE if name in known and name != ranked.indicator)[:MOST_BESIDE]
    readings = cached.readings(release, told, districts, day)
    beside = {name: {code: readings[name, code] for code in districts} for name in told}
    short = {name: view.say(f"overview.short_{name}") for name in told}
    table = tables.ranking(
        view, ranked, recent_of(release, ranked.indicator, districts, day), beside=beside, names=short
    )
    return markup.panel(
        epidemic_curve.finding(view),
        epidemic_curve.what(view),
        epidemic_curve.drawing(view) + table,
        css="tc-course",
        below=epidemic_curve.measured(view),
    )


known = indicator_choice.known(view)
if not known:
    view.stop_empty("overview.empty", "overview.empty_remedy", day=text.day(day, view.language))
chosen = view.choice("indicator", known, indicator_choice.default(view))
selection = view.selection
ranked = cached.ranking(release, chosen, day)
decisions = statements.decisions(
    view, cached.decisions(release, day, view.language), cached.changes(release, day, view.language)
)
markup.show(
    '<div class="tc-overview">',
    statements.headline(view, cached.headline(release, day, view.language, unit), risk.badge(view)),
    tiles(),
    f'<div class="tc-row">{where(ranked)}{course(ranked)}{decisions}</div></div>',
)
