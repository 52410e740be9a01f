"""Tables as HTML: the ranking with bars and sparklines, and plain tables that scroll inside themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.ranking import Ranked, Ranking
from analytics.readings import Reading
from pages.components import text
from pages.components.cards import arrow, change, judgement
from pages.components.figures import sparkline
from pages.components.markup import escape, join, link

if TYPE_CHECKING:
    from pages.components.frame import View

Recent = Mapping[str, tuple[Sequence[float | None], Sequence[bool]]]
"""For each unit, the values of the last 28 days and which of them are provisional."""


def ranking(
    view: View,
    ranked: Ranking,
    recent: Recent,
    *,
    beside: Mapping[str, Mapping[str, Reading]] | None = None,
    names: Mapping[str, str] | None = None,
    intervals: bool = False,
) -> str:
    """Units in order with bar, value, trend and sparkline; units without a figure below, with the reason.

    `beside` are further indicators, {indicator id: {unit: reading}}, a column each, headed by the short `names`;
    `intervals` adds the change of rank and the ranks that chance allows.
    """
    indicator = INDICATORS[ranked.indicator]
    others = beside or {}
    parent = ranked.parent_reading.value if ranked.parent_reading else None
    values = [0.0, *(row.value for row in ranked.rows), *([parent] if parent is not None else [])]
    reach = (min(values), max(values))
    heads = ["", view.say("common.unit"), indicator.measured_in(view.language), ""]
    heads += [(names or {}).get(name) or INDICATORS[name].name(view.language) for name in others]
    heads += [view.say("frame.rank_before"), view.say("frame.rank_range")] if intervals else []
    heads.append(view.say("frame.last_28_days"))
    figures = {4 + number for number in range(len(others) + (2 if intervals else 0))}
    rows = [_row(view, row, recent, others, reach, parent, intervals) for row in ranked.rows]
    rows += [_missing(view, reading, len(heads)) for reading in ranked.not_reported]
    return table(heads, rows, figures)


def ranking_frame(view: View, ranked: Ranking) -> pd.DataFrame:
    """The ranking as a data frame for a file: full figures, one row a unit, units without a figure with the reason."""
    indicator = INDICATORS[ranked.indicator]
    value = f"{indicator.name(view.language)} ({indicator.measured_in(view.language)})"
    places = {row.unit: row for row in ranked.rows}
    rows = []
    for reading in [*(row.reading for row in ranked.rows), *ranked.not_reported]:
        row = places.get(reading.unit)
        rows.append(
            {
                view.say("frame.column_rank"): row.rank if row else None,
                view.say("frame.column_code"): reading.unit,
                view.say("common.unit"): view.release.units.get(reading.unit).name,
                value: reading.value,
                view.say("frame.column_low"): reading.low,
                view.say("frame.column_high"): reading.high,
                view.say("frame.column_numerator"): reading.numerator,
                view.say("frame.column_denominator"): reading.denominator,
                view.say("frame.column_trend"): view.say(f"indicators.trend.{reading.trend}"),
                view.say("frame.column_rank_before"): row.previous_rank if row else None,
                view.say("frame.column_rank_low"): row.rank_low if row else None,
                view.say("frame.column_rank_high"): row.rank_high if row else None,
                view.say("frame.column_why"): view.say(f"indicators.absence.{reading.absence}")
                if reading.absence
                else "",
            }
        )
    return pd.DataFrame(rows, dtype=object)


def table(heads: Sequence[str], rows: Sequence[str], figures: set[int]) -> str:
    """A table of ready rows; `figures` are the columns whose heads stand at the right."""
    cells = join(
        f'<th scope="col"{" class=is-figure" if place in figures else ""}>{escape(head)}</th>'
        for place, head in enumerate(heads)
    )
    body = f"<thead><tr>{cells}</tr></thead><tbody>{join(rows)}</tbody>"
    return f'<div class="tc-scroll"><table class="tc-table">{body}</table></div>'


def plain(heads: Sequence[str], rows: Sequence[Sequence[str]], figures: set[int]) -> str:
    """A table of texts, escaped here; `figures` are the columns set at the right."""
    drawn = [
        "<tr>"
        + join(
            f"<td{' class=is-figure' if place in figures else ''}>{escape(cell)}</td>" for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    ]
    return table(heads, drawn, figures)


def _row(
    view: View,
    row: Ranked,
    recent: Recent,
    others: Mapping[str, Mapping[str, Reading]],
    reach: tuple[float, float],
    parent: float | None,
    intervals: bool,
) -> str:
    indicator = INDICATORS[row.reading.indicator]
    chosen = row.unit in (view.selection.unit, view.release.province.code)
    name = f"<b>{escape(row.name)}</b>"
    if row.unit in {unit.code for unit in view.release.units.reporting()}:
        name = link(view.selection.href(unit=None if chosen else row.unit), name)
    value = text.figure(row.value, indicator, view.language)
    bar = f'<div>{_track(row.value, reach, parent)}<span class="tc-number">{value}</span></div>'
    if indicator.levels:
        bar = level(view, indicator, row.value)
    spoken = f"{view.say(f'indicators.trend.{row.reading.trend}')} {change(view, row.reading)}"
    cells = [
        f'<td class="tc-rank">{row.rank}</td><td class="tc-name">{name}</td><td class="tc-measure">{bar}</td>'
        f'<td class="{judgement(row.reading)}" title="{escape(spoken)}">{arrow(row.reading.trend)}'
        f'<span class="tc-sr">{escape(spoken)}</span></td>'
    ]
    cells += [_beside(view, readings.get(row.unit)) for readings in others.values()]
    if intervals:
        cells.append(f'<td class="is-figure">{_moved(view, row)}</td><td class="is-figure">{_range(row)}</td>')
    values, provisional = recent.get(row.unit, ((), ()))
    alt = view.say("frame.spark_alt", name=row.name)
    cells.append(f'<td><span class="tc-spark">{sparkline(values, provisional, alt)}</span></td>')
    return f"<tr{' class=is-chosen' if chosen else ''}>{join(cells)}</tr>"


def level(view: View, indicator: Indicator, value: float) -> str:
    """A level as its number on its official colour and its word beside it."""
    number, name = int(value), indicator.levels[int(value) - 1].name(view.language)
    return f'<span class="tc-level"><b class="tc-ground-level-{number}">{number}</b>{escape(name)}</span>'


def _track(value: float, reach: tuple[float, float], parent: float | None) -> str:
    """A bar from 0 to the value on the scale all bars share, and a mark where the area's own figure lies."""
    low, high = reach
    span = (high - low) or 1.0
    left, wide = 100 * (min(value, 0.0) - low) / span, 100 * abs(value) / span
    drawn = f'<i style="left:{left:.1f}%;width:{wide:.1f}%"></i>'
    if low < 0:
        drawn += f'<span class="tc-zero" style="left:{100 * -low / span:.1f}%"></span>'
    if parent is not None:
        drawn += f'<span class="tc-ref" style="left:{100 * (parent - low) / span:.1f}%"></span>'
    return f'<span class="tc-track">{drawn}</span>'


def _beside(view: View, reading: Reading | None) -> str:
    if reading is None or reading.value is None:
        return '<td class="is-figure tc-soft">–</td>'
    indicator = INDICATORS[reading.indicator]
    percent = "%" if indicator.measured_in_en == "%" else ""
    value = text.figure(reading.value, indicator, view.language)
    return f'<td class="is-figure is-{reading.state}">{value}{percent}</td>'


def _moved(view: View, row: Ranked) -> str:
    """The rank before and which way the unit moved: up the list is a smaller number."""
    if row.previous_rank is None:
        return "–"
    if row.previous_rank == row.rank:
        return "="
    way = "up" if row.rank < row.previous_rank else "down"
    return f"{arrow(way, 'is-rank')} {abs(row.previous_rank - row.rank)}"


def _range(row: Ranked) -> str:
    if row.rank_low is None or row.rank_high is None:
        return "–"
    return str(row.rank_low) if row.rank_low == row.rank_high else f"{row.rank_low}–{row.rank_high}"


def _missing(view: View, reading: Reading, wide: int) -> str:
    name = view.release.units.get(reading.unit).short_name
    why = view.say(f"indicators.absence.{reading.absence or 'no_data'}")
    cells = (
        f'<td class="tc-rank">–</td><td class="tc-name">{escape(name)}</td><td colspan="{wide - 2}">{escape(why)}</td>'
    )
    return f'<tr class="is-missing">{cells}</tr>'
