"""The epidemic curve by place of detection: columns in parts, their 7-day mean, and the measures beneath.

Drawn like every curve of the product (figures.py): incomplete days lighter with a dashed edge, missing days hatched
and never 0, negative corrections said and not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from analytics.annotations import Mark
from analytics.breakdown import by_stratum, strata
from analytics.policy_calendar import Period, periods
from analytics.release import Release
from pages.components import annotated, basis, cached, cards, day_marks, epidemic_curve, figures, markup, text
from pages.components.day_marks import Band
from pages.components.markup import escape, join

if TYPE_CHECKING:
    from pages.components.frame import View

DAILY, MEAN, SHARE = "cases_new", "cases_new_7d_mean", "community_share"
ARRIVAL, UNKNOWN = "arrival", "unknown"
LEAST_REMAINDER = 0.5
"""Counts are whole: a smaller difference between a total and its parts is rounding."""
HATCHING, HATCH_PX, USUAL_PX = "tc-gap-hatch", 9.0, (1000.0, 320.0)
"""Lines nine pixels apart in a plot of the size it has on a wide screen; elsewhere they lean a little."""
PART_COLOURS = ("data-5", "data-4", "data-3", "data-2", "unstated")
"""What the palette calls the fills of `.tc-part-1` and on (blocks.css): the stated places, then what is not stated."""
Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Detected:
    """New cases a day of one unit, arrivals apart; None is a day without a report."""

    days: tuple[date, ...]
    total: Values
    mean: Values
    provisional: tuple[bool, ...]
    parts: dict[str, Values]
    """By place of detection in the order of the contract, the rest as `unknown`; empty where none is stated."""
    arrivals: Values


@cached.per_release
def detected(release: Release, unit: str, first_day: date, last_day: date) -> Detected:
    """The daily cases of `unit` by place of detection."""
    total = cached.daily(release, DAILY, unit, first_day, last_day)
    mean = cached.daily(release, MEAN, unit, first_day, last_day)
    frame = by_stratum(release, DAILY, "detection", unit, first_day, last_day)
    found: dict[str, Values] = {}
    for choice in strata(DAILY, "detection"):
        values = frame.loc[frame["stratum"] == choice.value, "value"]
        if len(values):
            found[choice.value] = tuple(None if value != value else float(value) for value in values)
    arrivals = found.pop(ARRIVAL, (None,) * len(total.days))
    stated = {name: values for name, values in found.items() if name != UNKNOWN}
    rest = tuple(
        _rest(value, [values[place] for values in stated.values()]) for place, value in enumerate(total.values)
    )
    parts = stated
    if stated and any(value for value in rest):
        parts = {**stated, UNKNOWN: rest}
    return Detected(total.days, total.values, mean.values, total.provisional, parts, arrivals)


def _rest(total: float | None, parts: Sequence[float | None]) -> float | None:
    """What of a total its parts leave; 0 where they reach it."""
    if total is None:
        return None
    rest = total - sum(part or 0.0 for part in parts)
    return rest if rest > LEAST_REMAINDER else 0.0


def names(view: View) -> dict[str, str]:
    """The places of detection in the reader's language."""
    told = {choice.value: choice.vi if view.language == "vi" else choice.en for choice in strata(DAILY, "detection")}
    return {**told, UNKNOWN: view.say("cases.not_stated")}


def drawing(view: View, data: Detected, alt: str, bands: Sequence[Band] = ()) -> str:
    """The columns in parts with the mean over them; without the legend, so that the measures stand right beneath."""
    parts = data.parts or {UNKNOWN: data.total}
    present = [value for value in (*data.total, *data.mean) if value is not None]
    ticks = figures.nice_ticks(max(present, default=0.0))
    top = ticks[-1] * figures.HEADROOM
    classes = _classes(data)
    bars: list[str] = []
    for place, total in enumerate(data.total):
        if total is None:
            size = f'x="{place}" width="1" y="0" height="{figures.TALL}"'
            bars.append(f'<rect class="tc-missing" style="fill:url(#{HATCHING})" {size}/>')
        else:
            bars += _column(place, [(classes[name], values[place] or 0.0) for name, values in parts.items()], top, data)

    def y(value: float) -> float:
        return figures.TALL - value / top * figures.TALL

    line = join(figures.strokes(data.mean, data.provisional, lambda place: place + 0.5, y, "tc-mean"))
    shaded, marked = day_marks.drawn(data.days, bands, figures.TALL)
    grid = figures.grid(ticks, top, len(data.days))
    body = join((_hatching(len(data.days)), shaded, grid, join(bars), line))
    said = [
        " · ".join((_said(view, data, place), *day_marks.on_day(bands, day, view.language)))
        for place, day in enumerate(data.days)
    ]
    return figures.chart(data.days, ticks, top, body, marked, view.language, alt, said=said)


def _hatching(days: int) -> str:
    """Diagonal lines for missing days. The plot is stretched, so their cell is as wide as it is tall on the screen."""
    wide, tall = HATCH_PX * days / USUAL_PX[0], HATCH_PX * figures.TALL / USUAL_PX[1]
    line = f'<line class="tc-gap-line" x1="0" y1="{tall:.3f}" x2="{wide:.3f}" y2="0"/>'
    size = f'width="{wide:.3f}" height="{tall:.3f}" patternUnits="userSpaceOnUse"'
    return f'<defs><pattern id="{HATCHING}" {size}>{line}</pattern></defs>'


def _column(place: int, parts: Sequence[tuple[str, float]], top: float, data: Detected) -> list[str]:
    drawn, below = [], 0.0
    marked = " is-open" if data.provisional[place] else ""
    for css, value in parts:
        if value <= 0:
            continue
        tall = value / top * figures.TALL
        size = f'x="{place + 0.1:.1f}" width="0.8" y="{figures.TALL - below - tall:.2f}" height="{tall:.2f}"'
        drawn.append(f'<rect class="tc-stackbar {css}{marked}" {size}/>')
        below += tall
    return drawn


def _classes(data: Detected) -> dict[str, str]:
    """The community darkest, because it is what spreads unseen; the unstated rest grey."""
    steps = {name: f"tc-part-{min(step, 4)}" for step, name in enumerate(data.parts, start=1)}
    return {**steps, UNKNOWN: "tc-part-5" if data.parts else "tc-part-3"}


def _said(view: View, data: Detected, place: int) -> str:
    """What stands under the pointer on one day."""
    day = text.day(data.days[place], view.language)
    total, mean = data.total[place], data.mean[place]
    if total is None:
        said = [f"{day}: {view.say('cases.missing_day')}"]
    else:
        said = [f"{day}: {view.say('cases.total')} {text.number(total, view.language)}"]
        told = names(view)
        said += [
            f"{told[name]} {text.number(values[place], view.language)}"
            for name, values in data.parts.items()
            if values[place]
        ]
    if mean is not None:
        said.append(f"{view.say('cases.mean')} {text.number(mean, view.language, 1)}")
    if data.provisional[place]:
        said.append(view.say("cases.open_day"))
    return " · ".join(said)


def legend(view: View, data: Detected) -> str:
    """The parts and the line with their names."""
    told, classes = names(view), _classes(data)
    drawn = {told[name]: f'<rect class="{classes[name]}" width="18" height="12"/>' for name in data.parts}
    drawn[view.say("cases.mean")] = '<line class="tc-mean" x1="0" x2="18" y1="6" y2="6"/>'
    keys = join(
        f'<span><svg viewBox="0 0 18 12" aria-hidden="true">{shape}</svg>{escape(name)}</span>'
        for name, shape in drawn.items()
    )
    return f'<div class="tc-legend">{keys}</div>'


def remarks(view: View, data: Detected) -> str:
    """What must be known about the curve: incomplete, missing and corrected days, and the arrivals."""
    late = sum(data.provisional)
    silent = sum(value is None for value in data.total)
    negative = sum(1 for value in data.total if value is not None and value < 0)
    arrived = sum(value or 0.0 for value in data.arrivals)
    said = []
    if late:
        said.append(view.say("cases.open_day_one") if late == 1 else view.say("cases.open_days", days=late))
    if silent:
        said.append(view.say("cases.missing_day_one") if silent == 1 else view.say("cases.missing_days", days=silent))
    if negative:
        said.append(view.say("cases.negative_days", days=negative))
    if arrived:
        said.append(view.say("cases.arrivals", count=text.number(arrived, view.language)))
    return " ".join(said)


def measures(view: View, known: Sequence[Period], data: Detected, units: Sequence[str], whole: str) -> str:
    """A strip a measure beneath the curve; over several units, with how many of them it held in."""
    if not known:
        return ""
    strips = []
    by_name = groupby(sorted(known, key=lambda one: (one.measure, one.first_day)), key=lambda one: one.measure)
    laid = [(measure, list(held)) for measure, held in by_name]
    for _, held in sorted(laid, key=lambda item: item[1][0].first_day):
        counts = [_units_under(held, day, units, whole) for day in data.days]
        name = held[0].vi if view.language == "vi" else held[0].en
        strips.append(
            f"<div>{join(_segment(view, name, *run, len(units), len(data.days)) for run in _runs(counts))}</div>"
        )
    label = escape(view.say("cases.measures"))
    return f'<div class="tc-measures" role="group" aria-label="{label}">{join(strips)}</div>'


def _units_under(held: Sequence[Period], day: date, units: Sequence[str], whole: str) -> int:
    """How many of `units` the measure holds in on `day`; one of the whole area holds in all."""
    under = {one.unit for one in held if one.first_day <= day and (one.last_day is None or day <= one.last_day)}
    return len(units) if whole in under else len(under & set(units))


def _runs(counts: Sequence[int]) -> list[tuple[int, int, int]]:
    """First and one-past-last day and the count of each unbroken run of one count above 0."""
    found, start = [], 0
    for count, days in groupby(counts):
        end = start + len(list(days))
        if count:
            found.append((start, end, count))
        start = end
    return found


def _segment(view: View, name: str, start: int, end: int, count: int, of: int, wide: int) -> str:
    said = name if count == of else view.say("cases.measure_units", measure=name, units=count, all=of)
    left, width = 100 * start / wide, 100 * (end - start) / wide
    return f'<i title="{escape(said)}" style="left:{left:.2f}%;width:{width:.2f}%">{escape(said)}</i>'


def what(view: View, data: Detected) -> str:
    """What is drawn, of where and which days."""
    days = text.days(data.days[0], data.days[-1], view.language)
    return view.say("cases.curve_what" if data.parts else "cases.curve_what_plain", place=view.place, days=days)


def panel(view: View, data: Detected) -> str:
    """The curve with its finding, the measures, what must be known, and its quality; or an empty state."""
    release, unit, whole, day = view.release, view.selection.unit, view.selection.whole, view.selection.day
    if all(value is None for value in data.total):
        title = view.say("cases.empty", place=view.place)
        return markup.panel("", "", markup.empty(title, view.say("cases.empty_remedy")))
    readings = cached.readings(release, (MEAN, SHARE), (unit,), day)
    title, share = epidemic_curve.finding(view), readings[SHARE, unit].value
    if share is not None:
        title = view.say("cases.title_community", finding=title, share=text.percent(share, view.language, 0))
    leaves = tuple(leaf.code for leaf in release.units.leaves(unit, day))
    held = cached.per_release(periods)(release, (*leaves, whole), data.days[0], day)
    told = [mark for mark in annotated.on_axis(view, unit, data.days[0], day, (MEAN, DAILY, SHARE)) if mark.number]
    held = [*held, *_periods(told, whole)]
    bands = [annotated.band_of(view, mark) for mark in told if mark.kind != "measure"]
    strips = measures(view, held, data, leaves, whole) + annotated.listing(view, data.days, bands)
    drawn = drawing(view, data, title, bands) + strips + legend(view, data)
    notes = cached.joined(release, (DAILY, MEAN), (unit,), data.days[0], day, view.language)
    foot = " ".join((remarks(view, data), *notes, cards.quality(view, readings[MEAN, unit]))).strip()
    below = basis.line(view, (MEAN,))
    return markup.panel(title, what(view, data), drawn, foot=foot, css="tc-tall", below=below)


def _periods(told: Sequence[Mark], whole: str) -> list[Period]:
    """The measures that people wrote, as the calendar has them: one for each of their units."""
    return [
        Period(unit, f"{mark.number}", mark.first_day, mark.last_day, mark.vi, mark.en or mark.vi, mark.source)
        for mark in told
        if mark.kind == "measure"
        for unit in mark.units or (whole,)
    ]


def table(view: View, data: Detected) -> pd.DataFrame:
    """The curve as rows for a file: day, total, each place of detection, arrivals, mean, provisional."""
    told = names(view)
    columns: dict[str, Sequence[object]] = {view.say("common.day"): data.days, view.say("cases.total"): data.total}
    columns |= {told[name]: values for name, values in data.parts.items()}
    columns |= {told[ARRIVAL]: data.arrivals, view.say("cases.mean"): data.mean}
    columns[view.say("common.provisional")] = data.provisional
    return pd.DataFrame({name: pd.Series(list(values), dtype=object) for name, values in columns.items()})
