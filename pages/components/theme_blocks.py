"""Blocks that the pages of one theme share: its figures as tiles, its units in order, its course, its map.

Each asks for indicators by id and leaves out those of which the release knows nothing, so that a page says the same
for a province with all systems and for one with a single feed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.findings import curve_title, ranking_title, shown
from analytics.indicators import INDICATORS
from analytics.ranking import Ranking
from analytics.readings import Reading
from pages.components import (
    annotated,
    basis,
    blocks,
    cached,
    cards,
    figures,
    indicator_choice,
    maps,
    markup,
    tables,
    text,
)
from pages.components.recent import recent_of

if TYPE_CHECKING:
    from pages.components.frame import View

MOST_TILES = 8
"""The most figures that are taken in at one look (screens.md, Rules)."""
MOST_BESIDE = 4


def known(view: View, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of `ids` that have a figure for the chosen unit, or for any unit that reports, on the chosen day."""
    day, unit = view.selection.day, view.selection.unit
    units = tuple(dict.fromkeys([unit, *(item.code for item in view.release.units.reporting())]))
    found = cached.readings(view.release, tuple(ids), units, day)
    return tuple(name for name in ids if any(found[name, code].value is not None for code in units))


def tiles(view: View, ids: Sequence[str], most: int = MOST_TILES, instead: Mapping[str, str] | None = None) -> str:
    """A tile for each of `ids` that the chosen unit has a figure of, in their order; "" where there is none.

    `instead` has tiles drawn already, by id, which stand there without a figure too.
    """
    unit, day = view.selection.unit, view.selection.day
    readings = cached.readings(view.release, tuple(ids), (unit,), day)
    ready = {name: tile for name, tile in (instead or {}).items() if tile}
    named = [name for name in ids if readings[name, unit].value is not None or name in ready][:most]
    drawn = [
        ready.get(name) or cards.tile(view, readings[name, unit], *recent_of(view.release, name, (unit,), day)[unit])
        for name in named
    ]
    return cards.tiles(drawn) if drawn else ""


def where(view: View, indicator_id: str, css: str = "") -> str:
    """The map of an indicator by unit, its finding as the title; "" where no unit has an outline or a figure."""
    ranked = cached.ranking(view.release, indicator_id, view.selection.day)
    if not ranked.rows or not blocks.has_boundaries(view.release):
        return ""
    readings = _readings(ranked)
    indicator, title = INDICATORS[indicator_id], ranking_title(ranked, view.language)
    drawn = maps.choropleth(view, indicator, readings, alt=title)
    body = f'<div class="tc-map-room">{drawn}</div>{maps.legend_of(view, indicator, readings)}'
    return markup.panel(
        title, indicator_choice.what(view, ranked), body, css=css, below=basis.line(view, (indicator_id,))
    )


def by_unit(
    view: View,
    indicator_id: str,
    beside: Sequence[str] = (),
    names: dict[str, str] | None = None,
    title: str = "",
    foot: str = "",
) -> str:
    """The units in order of one indicator with others in columns beside it; "" where no unit has a figure.

    `names` are short heads of the columns (id: words), `title` replaces the finding of the ranking.
    """
    day = view.selection.day
    ranked = cached.ranking(view.release, indicator_id, day)
    if not ranked.rows:
        return ""
    units = tuple(_readings(ranked))
    others = [name for name in known(view, beside) if name != indicator_id][:MOST_BESIDE]
    readings = cached.readings(view.release, tuple(others), units, day)
    columns = {name: {unit: readings[name, unit] for unit in units} for name in others}
    table = tables.ranking(
        view, ranked, recent_of(view.release, indicator_id, units, day), beside=columns, names=names or {}
    )
    what = indicator_choice.what(view, ranked)
    return markup.panel(title or ranking_title(ranked, view.language), what, table, foot=foot)


def course(
    view: View,
    ids: Sequence[str],
    *,
    unit: str | None = None,
    title: str = "",
    names: dict[str, str] | None = None,
    bands: Sequence[figures.Band] = (),
    limits: bool = True,
    css: str = "",
    foot: str = "",
) -> str:
    """The course of indicators of one unit of measurement over the chosen period, the first in front.

    The finding of the first is the title; its thresholds are reference lines where `limits`. "" where the period has
    no figure at all. `names` are short words at the ends of the lines (id: words).
    """
    code, last = unit or view.selection.unit, view.selection.day
    first = last - timedelta(days=view.selection.period_days - 1)
    curves = {name: cached.daily(view.release, name, code, first, last) for name in ids}
    drawn = [name for name in ids if any(value is not None for value in curves[name].values)]
    if not drawn:
        return ""
    lead = INDICATORS[drawn[0]]
    several = {name: INDICATORS[name].name(view.language) for name in drawn} | (names or {}) if len(drawn) > 1 else {}
    lines = [
        figures.Line(several.get(name, ""), curves[name].values, css=f"is-{place}")
        for place, name in reversed(list(enumerate(drawn)))
    ]
    days = len(curves[drawn[0]].days)
    for limit in lead.thresholds if limits else ():
        named = limit.vi if view.language == "vi" else limit.en
        lines.append(figures.Line(named, [limit.at] * days, reference=True, with_value=False))
    reading = cached.readings(view.release, (lead.id,), (code,), last)[lead.id, code]
    said = title or curve_title(reading, view.language)
    curve = curves[drawn[0]]
    marked = [*bands, *annotated.bands(view, code, curve.days, drawn)]
    chart = figures.lines(
        curve.days, lines, curve.provisional, language=view.language, alt=said, decimals=lead.decimals, bands=marked
    )
    chart += annotated.listing(view, curve.days, marked)
    return markup.panel(
        said,
        _shown(view, reading, first),
        chart,
        css=f"tc-high {css}".strip(),
        foot=foot,
        below=basis.line(view, drawn, unit=code),
    )


def halves(*panels: str) -> str:
    """Panels two by two, those that have nothing to say left out."""
    told = [panel for panel in panels if panel]
    return f'<div class="tc-halves tc-gap">{markup.join(told)}</div>' if told else ""


def stack(*panels: str) -> str:
    """Panels one under the other, those that have nothing to say left out; "" where none has."""
    told = [panel for panel in panels if panel]
    return f'<div class="tc-stack">{markup.join(told)}</div>' if told else ""


def pair(wide: str, narrow: str) -> str:
    """Wide panels one under the other, narrow ones beside them; either alone takes the whole width."""
    if wide and narrow:
        return (
            f'<div class="tc-pair tc-gap"><div class="tc-stack">{wide}</div><div class="tc-stack">{narrow}</div></div>'
        )
    return f'<div class="tc-gap">{wide or narrow}</div>' if wide or narrow else ""


def period(view: View) -> tuple[date, date]:
    """The first and the last day of the chosen period."""
    last = view.selection.day
    return last - timedelta(days=view.selection.period_days - 1), last


def _readings(ranked: Ranking) -> dict[str, Reading]:
    return {row.unit: row.reading for row in ranked.rows} | {item.unit: item for item in ranked.not_reported}


def _shown(view: View, reading: Reading, first: date) -> str:
    place = view.place if reading.unit == view.selection.unit else reading.unit
    span = text.days(first, view.selection.day, view.language)
    return f"{place}, {span}. {shown(reading, view.language)}"
