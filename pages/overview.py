"""Toàn cảnh: what is the situation, where, what changed, what must be decided; one screen, no scrolling."""

from __future__ import annotations

from datetime import timedelta

from analytics.indicators import INDICATORS
from analytics.policy_calendar import periods
from analytics.readings import Reading
from pages.components import cached, cards, figures, frame, maps, markup, tables, text
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
)
"""In the order of their weight; the first eight that this release knows anything of are shown."""
BESIDE = ("positivity_7d", "doses_entered_share", "coverage_first", "stationary_ratio", "incidence_7d")
MOST_BESIDE = 3
DEFAULT = "incidence_7d"


def tiles() -> str:
    """The eight figures."""
    readings = cached.readings(release, TILES, (unit,), day)
    known = [name for name in TILES if readings[name, unit].value is not None]
    drawn = [cards.tile(view, readings[name, unit], *recent_of(release, name, (unit,), day)[unit]) for name in known]
    return cards.tiles(drawn[:MOST_TILES])


def where(indicator_id: str, readings: dict[str, Reading]) -> str:
    """The map of the chosen indicator, and the others one may choose."""
    indicator = INDICATORS[indicator_id]
    first = day - timedelta(days=(indicator.window.days or 1) - 1)
    what = view.say(
        "overview.map_what",
        indicator=indicator.name(view.language),
        measured_in=indicator.measured_in(view.language),
        days=text.days(first, day, view.language),
    )
    others = {INDICATORS[name].name(view.language): selection.href(indicator=name) for name in known}
    title = indicator.name(view.language)
    drawn = maps.choropleth(view, indicator, readings, alt=title) + maps.legend_of(view, indicator, readings)
    menu = markup.menu(view.say("overview.map_other"), others, indicator.name(view.language))
    return markup.panel(title, what, menu + drawn, css="tc-where")


def curve() -> str:
    """New cases a day with their mean, the measures beneath, the last days lighter."""
    first = day - timedelta(days=selection.period_days - 1)
    daily = cached.daily(release, "cases_new", unit, first, day)
    mean = cached.daily(release, "cases_new_7d_mean", unit, first, day)
    if all(value is None for value in daily.values):
        return markup.empty(view.say("overview.curve_empty"), view.say("overview.curve_empty_remedy"))
    bands = [
        figures.Band(period.vi if view.language == "vi" else period.en, period.first_day, period.last_day)
        for period in periods(release, {unit, selection.whole}, first, day)
    ]
    return figures.columns(
        daily.days,
        daily.values,
        mean.values,
        daily.provisional,
        bands=bands,
        language=view.language,
        alt=view.say("overview.curve_what", place=place),
        names=(view.say("overview.curve_column"), view.say("overview.curve_mean")),
        open_note=view.say("overview.curve_provisional"),
        missing_note=view.say("overview.curve_missing"),
    )


def course(indicator_id: str) -> str:
    """The curve above the units in order, with three more figures beside each."""
    districts = tuple(item.code for item in release.units.reporting())
    told = [name for name in BESIDE if name in known and name != indicator_id][:MOST_BESIDE]
    readings = cached.readings(release, tuple(told), districts, day)
    beside = {name: {code: readings[name, code] for code in districts} for name in told}
    short = {name: view.say(f"overview.short_{name}") for name in told}
    recent = recent_of(release, indicator_id, districts, day)
    table = tables.ranking(view, ranked, recent, beside=beside, names=short)
    what = view.say("overview.curve_what", place=place)
    return markup.panel(INDICATORS["cases_new"].name(view.language), what, curve() + table, css="tc-course")


place = release.province.short_name if unit == selection.whole else release.units.get(unit).short_name
known = cached.indicators_with_values(release, day)
if not known:
    view.stop_empty("overview.empty", "overview.empty_remedy", day=text.day(day, view.language))
chosen = view.choice("indicator", known, DEFAULT if DEFAULT in known else known[0])
selection = view.selection
ranked = cached.ranking(release, chosen, day)
places = {row.unit: row.reading for row in ranked.rows} | {reading.unit: reading for reading in ranked.not_reported}
markup.show(
    f'<div class="tc-overview">{tiles()}<div class="tc-row">{where(chosen, places)}{course(chosen)}</div></div>',
)
