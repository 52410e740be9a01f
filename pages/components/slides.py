"""Slides as HTML, drawn from a briefing's content: for the projection and the wall.

Everything that differs between a projector, a 4K wall and a phone is in assets/show/show.css; here is only structure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analytics.briefing.model import Block, Briefing, Cell, Curve, Map, MapUnit, Slide, Statement, Table, Tile, Tiles
from analytics.map_classes import NONE
from analytics.outlines import Outline
from analytics.wording import Language
from pages.components import day_marks, figures, text
from pages.components.cards import arrow
from pages.components.maps import HATCH, LEAST_ROOM
from pages.components.markup import escape, join

Href = Callable[[Statement], str]
ROOMY_ROWS, ROOMY_ROWS_BELOW = 12, 7
"""Rows of a table that fit at 34 px, alone and beneath figures; with more the type becomes smaller."""


def slide(told: Slide, briefing: Briefing, href: Href | None = None) -> str:
    """One slide: title, what is shown, its blocks, its sentences beside them; or why there is nothing to show."""
    language = briefing.language
    body = _blocks(told, language)
    beside = _statements(told.statements, href)
    if told.missing:
        body = f'<div class="sh-missing" role="status">{escape(told.missing)}</div>'
    css = "sh-body" + (" is-split" if told.blocks and told.statements else "") + ("" if told.blocks else " is-told")
    what = f'<p class="sh-what">{escape(told.what)}</p>' if told.what else ""
    return f'<h2 class="sh-title">{escape(told.title)}</h2>{what}<div class="{css}">{body}{beside}</div>'


def _blocks(told: Slide, language: Language) -> str:
    drawn = join(block(item, language, told.title, len(told.blocks) == 1) for item in told.blocks)
    return f'<div class="sh-blocks">{drawn}</div>' if drawn else ""


def block(item: Block, language: Language, alt: str, alone: bool = True) -> str:
    """One block in the words and numbers it was composed with."""
    if isinstance(item, Tiles):
        drawn = join(tile(one, language) for one in item.tiles)
        return f'<div class="sh-tiles{"" if alone else " is-row"}" style="--count:{len(item.tiles)}">{drawn}</div>'
    if isinstance(item, Map):
        return district_map(item, alt)
    if isinstance(item, Table):
        return table(item, ROOMY_ROWS if alone else ROOMY_ROWS_BELOW)
    return curve(item, language, alt)


def tile(told: Tile, language: Language) -> str:
    """One figure; its sparkline has no words of its own."""
    badge = f'<span class="tc-state is-{told.state}">{escape(told.state_word)}</span>' if told.state_word else ""
    judged = {"worse": "is-worse", "better": "is-better", "none": "is-flat"}[told.judgement]
    mark = f'<b class="{judged}">{arrow(told.trend)}</b> ' if told.trend in ("up", "down") else ""
    spark = figures.sparkline(told.recent, told.provisional, text.say("frame.spark_alt", language, name=told.label))
    apart = "" if told.measured_in == "%" else " "
    limit = f'<span class="sh-limit">{escape(told.limit)}</span>' if told.limit else ""
    return (
        f'<div class="sh-tile is-{told.state}"><span class="sh-label">{escape(told.label)}</span>{badge}'
        f'<span class="sh-value"><b>{escape(told.written)}</b>{apart}<span>{escape(told.measured_in)}</span></span>'
        f'<span class="sh-change">{mark}{escape(told.change)}</span>{limit}'
        f'<span class="sh-quality">{escape(told.quality)}</span><span class="sh-spark">{spark}</span></div>'
    )


def district_map(drawn: Map, alt: str) -> str:
    """The units by class with names and values; boxes in order where there are no outlines."""
    laid, units = drawn.laid, {unit.code: unit for unit in drawn.units}
    legend = join(
        f'<span><svg viewBox="0 0 18 12" aria-hidden="true"><defs>{HATCH}</defs>'
        f'<rect class="{_fill(item.step)}" x="0.5" y="0.5" width="17" height="11"/></svg>{escape(item.label)}</span>'
        for item in drawn.legend
    )
    if not laid.units:
        boxes = join(
            f'<span class="sh-box {_ground(unit.step)}"><b>{escape(unit.name)}</b>{escape(unit.written)}</span>'
            for unit in drawn.units
        )
        return f'<div class="sh-boxes">{boxes}</div><div class="tc-legend">{legend}</div>'
    shapes = join(
        f'<path class="tc-unit {_fill(units[one.code].step)}" d="{one.path}">'
        f"<title>{escape(units[one.code].name)}: {escape(units[one.code].written)}</title></path>"
        for one in laid.units
    )
    frames = join(
        f'<rect class="tc-inset-frame" x="{inset.x:.1f}" y="{inset.y:.1f}" width="{inset.wide}" height="{inset.tall}"/>'
        for inset in laid.insets
    )
    labels = join(_label(one, units[one.code], drawn) for one in laid.units)
    notes = dict(drawn.inset_notes)
    far = join(
        '<div class="tc-place tc-inset-note" '
        f'style="{_at(inset.x + inset.wide / 2, inset.y + inset.tall - 16.0, drawn)}">'
        f"{escape(notes.get(inset.code, ''))}</div>"
        for inset in laid.insets
    )
    return (
        f'<div class="tc-map"><div class="tc-map-box" style="--wide:{laid.wide:.0f};--tall:{laid.tall:.0f}">'
        f'<svg viewBox="0 0 {laid.wide:.0f} {laid.tall:.0f}" role="img" aria-label="{escape(alt)}">'
        f"<defs>{HATCH}</defs>{frames}{shapes}</svg>{labels}{far}</div></div>"
        f'<div class="tc-legend">{legend}</div>'
    )


def _label(one: Outline, unit: MapUnit, drawn: Map) -> str:
    if one.room < LEAST_ROOM and not one.inset:
        return ""
    if one.inset:
        frame = next(inset for inset in drawn.laid.insets if inset.code == one.code)
        place = _at(frame.x + frame.wide / 2, frame.y + 24.0, drawn)
        said = f"<b>{escape(unit.name)} {escape(unit.written)}</b>"
        return f'<div class="tc-place tc-on-out is-inset" aria-hidden="true" style="{place}">{said}</div>'
    inner = f"<b>{escape(unit.name)}</b><span>{escape(unit.written)}</span>"
    place = _at(one.label_x, one.label_y, drawn)
    return f'<div class="tc-place {_on(unit.step)}" aria-hidden="true" style="{place}">{inner}</div>'


def _at(x: float, y: float, drawn: Map) -> str:
    return f"left:{100 * x / drawn.laid.wide:.2f}%;top:{100 * y / drawn.laid.tall:.2f}%"


def _css(step: str) -> str:
    return step.removeprefix("data-")


def _fill(step: str) -> str:
    return f"tc-fill-{_css(step)}"


def _ground(step: str) -> str:
    return f"tc-ground-{_css(step)} tc-on-{_css(step)}"


def _on(step: str) -> str:
    return f"tc-on-{NONE if step == NONE else _css(step)}"


def table(drawn: Table, roomy_rows: int = ROOMY_ROWS) -> str:
    """Rows under heads; the column that is compared has bars behind its numbers."""
    reach = 0.0
    if drawn.bar is not None:
        reach = max((abs(row[drawn.bar].value or 0.0) for row in drawn.rows), default=0.0)
    heads = join(
        f'<th scope="col" class="{"is-figure" if place in drawn.figures else ""}'
        f'{" is-bar" if place == drawn.bar else ""}">{escape(head)}</th>'
        for place, head in enumerate(drawn.heads)
    )
    rows = join(
        "<tr>" + join(_cell(cell, place, drawn, reach) for place, cell in enumerate(row)) + "</tr>"
        for row in drawn.rows
    )
    note = f'<p class="sh-note">{escape(drawn.note)}</p>' if drawn.note else ""
    crowded = max(1.0, len(drawn.rows) / roomy_rows)
    return (
        f'<div class="sh-table" style="--crowded:{crowded:.2f}"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{note}</div>"
    )


def _cell(cell: Cell, place: int, drawn: Table, reach: float) -> str:
    css = ["is-figure"] if place in drawn.figures else []
    css += [f"is-{cell.state}"] if cell.state in ("past", "near") else []
    css += [f"is-{cell.judgement}"] if cell.judgement != "none" else []
    named = f' class="{" ".join(css)}"' if css else ""
    bar = ""
    if place == drawn.bar and cell.value is not None and reach:
        bar = f'<i style="--share:{abs(cell.value) / reach:.3f}"></i>'
    return f"<td{named}>{bar}<span>{escape(cell.text)}</span></td>"


def curve(drawn: Curve, language: Language, alt: str) -> str:
    """Lines, or columns with a line over them, and what must be known of the last days."""
    bands = [figures.Band(band.label, band.first_day, band.last_day) for band in drawn.bands]
    columns = next((line for line in drawn.lines if line.drawn == "columns"), None)
    lines = [line for line in drawn.lines if line.drawn == "line"]
    if columns is not None and len(lines) == 1:
        chart = figures.columns(
            drawn.days,
            columns.values,
            lines[0].values,
            drawn.provisional,
            bands=bands,
            language=language,
            alt=alt,
            names=(columns.name, lines[0].name),
            open_note=text.say("frame.curve_provisional", language),
            missing_note=text.say("frame.curve_missing", language),
        )
    else:
        several = len(lines) > 1
        marked = [
            figures.Line(line.name if several else "", line.values, css=f"is-{place}")
            for place, line in reversed(list(enumerate(lines)))
        ]
        marked += [
            figures.Line(line.name, line.values, reference=True, with_value=False)
            for line in drawn.lines
            if line.drawn == "limit"
        ]
        chart = figures.lines(
            drawn.days,
            marked,
            drawn.provisional,
            language=language,
            alt=alt,
            decimals=drawn.decimals,
            bands=bands,
        )
    note = " ".join(part for part in (drawn.measured_in, drawn.note and f"· {drawn.note}") if part)
    listed = day_marks.listing(drawn.days, bands, language)
    return f'<div class="sh-curve">{chart}{listed}<p class="sh-note">{escape(note)}</p></div>'


def _statements(told: Sequence[Statement], href: Href | None) -> str:
    if not told:
        return ""
    css = {"past": "is-past", "near": "is-near", "information": "is-data"}
    items = []
    for one in told:
        said = escape(one.text)
        if href is not None and one.indicator is not None:
            said = f'<a href="{escape(href(one))}">{said}</a>'
        items.append(f'<li class="{css[one.severity]}">{said}</li>')
    return f'<ul class="sh-statements" style="--told:{len(told)}">{join(items)}</ul>'
