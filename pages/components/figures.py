"""Curves and bars as SVG: small, crisp at any size, in the colours of the theme, with no script and no request.

Shapes are stretched to the space they are given (`preserveAspectRatio="none"`), lines keep their width, and words are
HTML placed beside them, so nothing is blurred or cut off between a phone and a projector. A curve of 60 days weighs
9 KB; a Plotly figure of it brings 4.7 MB of script on the first visit.

Missing days are gaps. Days that are still filling up are lighter with a dashed edge. Every figure has an
alternative text that says its finding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.wording import Language
from pages.components import day_marks, text
from pages.components.day_marks import Band as Band
from pages.components.markup import escape, join

TALL = 100.0
"""Height of a plot in its own units; width is one unit a day."""
HEADROOM = 1.06
TICKS_Y = 4
TICKS_X = 6
LETTER_PX = 7.6
"""Width of a letter of 13 px semibold, on average and rounded up: room for the names beside a plot."""
SWATCH_PX = 17
"""A stroke of the colour of the line before its name, and the room after it."""
FROM_ZERO_BELOW = 0.5
LEAST_TOP = 1e-9
"""No indicator has a figure between 0 and this; an axis for it would be noise of the arithmetic."""
LABEL_APART = 8.0
"""Percent of a plot's height between two names at its right end: 14 px type in the smallest plot, 180 px."""
POINT_END = "|"
BEHIND = "is-behind"
"""Lines that are only the ground for the others: without names, and not among the words of a day."""
KEYS_ID = "tc-keys"
"""The element of the frame that says which keys read a drawing."""
SPARK_WIDE, SPARK_TALL, SPARK_EDGE = 150.0, 40.0, 4.0


@dataclass(frozen=True)
class Line:
    """One line of a chart: its name, a value for each day (None is a gap), and whether it is only a reference."""

    label: str
    values: Sequence[float | None]
    reference: bool = False
    css: str = ""
    with_value: bool = True
    """False where the name says the value already, as that of a limit does."""


def runs(values: Sequence[float | None]) -> list[tuple[int, int]]:
    """First and one-past-last position of each unbroken run of values."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for place, value in enumerate([*values, None]):
        if value is not None and start is None:
            start = place
        if value is None and start is not None:
            found.append((start, place))
            start = None
    return found


def nice_ticks(top: float, count: int = TICKS_Y) -> list[float]:
    """Round values from 0 to at least `top`, about `count` of them, in steps of 1, 2 or 5 times a power of ten."""
    if top < LEAST_TOP or not math.isfinite(top):
        return [0.0, 1.0]
    rough = top / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [step * place for place in range(math.ceil(top / step - 1e-9) + 1)]


def sparkline(values: Sequence[float | None], provisional: Sequence[bool], alt: str) -> str:
    """A line without axes, a dot on its last value, the incomplete days dashed; "" where there are no values."""
    present = [value for value in values if value is not None]
    if not present:
        return ""
    low, high = min(present), max(present)
    across = (SPARK_WIDE - 2 * SPARK_EDGE) / max(len(values) - 1, 1)

    def x(place: int) -> float:
        return SPARK_EDGE + place * across

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return SPARK_TALL - SPARK_EDGE - share * (SPARK_TALL - 2 * SPARK_EDGE)

    drawn = join(strokes(values, provisional, x, y, "tc-draw"))
    last = max(place for place, value in enumerate(values) if value is not None)
    dot = f'<circle class="tc-dot" cx="{x(last):.1f}" cy="{y(values[last] or 0.0):.1f}" r="3.4"/>'
    return (
        f'<svg viewBox="0 0 {SPARK_WIDE:.0f} {SPARK_TALL:.0f}" role="img" aria-label="{escape(alt)}">{drawn}{dot}</svg>'
    )


def strokes(
    values: Sequence[float | None],
    provisional: Sequence[bool],
    x: Callable[[int], float],
    y: Callable[[float], float],
    css: str,
) -> Iterator[str]:
    """One polyline for each run of values, the provisional end of a run as one of its own."""
    for first, end in runs(values):
        split = next((place for place in range(first, end) if provisional[place]), end)
        for start, stop, open_days in ((first, split, False), (max(split - 1, first), end, True)):
            if (open_days and split == end) or stop <= start:
                continue
            points = " ".join(f"{x(place):.1f},{y(values[place] or 0.0):.2f}" for place in range(start, stop))
            marked = " is-open" if open_days else ""
            yield f'<polyline class="{css}{marked}" points="{points}"/>'


def columns(
    days: Sequence[date],
    values: Sequence[float | None],
    mean: Sequence[float | None],
    provisional: Sequence[bool],
    *,
    bands: Sequence[Band],
    language: Language,
    alt: str,
    names: tuple[str, str],
    open_note: str,
    missing_note: str,
) -> str:
    """A column a day with a line over them, periods shaded beneath: the epidemic curve.

    `names` says what a column and the line are, for the text under the pointer; `open_note` and `missing_note` what
    an incomplete and a missing day are called there.
    """
    present = [value for value in (*values, *mean) if value is not None]
    ticks = nice_ticks(max(present, default=0.0))
    top = ticks[-1] * HEADROOM

    def x(place: int) -> float:
        return place + 0.5

    def y(value: float) -> float:
        return TALL - max(value, 0.0) / top * TALL

    bars = []
    for place, value in enumerate(values):
        if value is None:
            bars.append(f'<rect class="tc-missing" x="{place + 0.1}" width="0.8" y="0" height="{TALL}"/>')
        elif value > 0:
            marked = " is-open" if provisional[place] else ""
            size = f'x="{place + 0.1:.1f}" width="0.8" y="{y(value):.2f}" height="{TALL - y(value):.2f}"'
            bars.append(f'<rect class="tc-bar-day{marked}" {size}/>')
    said = []
    for place, (day, value) in enumerate(zip(days, values, strict=True)):
        told = _said(day, value, mean[place], provisional[place], names, open_note, missing_note, language)
        said.append(" · ".join((told, *day_marks.on_day(bands, day, language))))
    line = join(strokes(mean, provisional, x, y, "tc-line"))
    shaded, marks = day_marks.drawn(days, bands, TALL)
    body = join((shaded, grid(ticks, top, len(days)), join(bars), line))
    return chart(days, ticks, top, body, marks, language, alt, said=said)


def lines(
    days: Sequence[date],
    drawn: Sequence[Line],
    provisional: Sequence[bool],
    *,
    language: Language,
    alt: str,
    decimals: int,
    bands: Sequence[Band] = (),
    from_zero: bool | None = None,
    levels: int = 0,
    wide_px: float = day_marks.USUAL_PX,
) -> str:
    """Lines over days with their names at the right end; reference lines dashed. Gaps stay gaps.

    The axis begins at 0 unless every value lies so far above it that nothing could be told apart; `from_zero` decides.
    Figures that are one of so many `levels` have an axis of these levels and no other. `wide_px` is about how wide the
    plot will be, for the words of its marks.
    """
    present = [value for line in drawn for value in line.values if value is not None]
    low, high = min(present, default=0.0), max(present, default=1.0)
    ticks = _between(min(low, 0.0) if from_zero else low, high, from_zero)
    base = min(ticks[0], low)
    top = max(high + 0.06 * (high - base or 1.0), ticks[-1] if ticks else 1.0)
    if levels:
        ticks, base, top = [float(level) for level in range(1, levels + 1)], 0.5, levels + 0.5

    def x(place: int) -> float:
        return place + 0.5

    def y(value: float) -> float:
        return TALL - (value - base) / (top - base) * TALL

    paths, ends = [], []
    for line in drawn:
        css = f"tc-line {line.css}{' is-reference' if line.reference else ''}".strip()
        paths.append(join(strokes(line.values, provisional, x, y, css)))
        last = max((place for place, value in enumerate(line.values) if value is not None), default=None)
        if last is not None and line.label:
            value = line.values[last] or 0.0
            said = f"{line.label} {text.number(value, language, decimals)}" if line.with_value else line.label
            ends.append((TALL - y(value), said, "is-reference" if line.reference else line.css))
    wide = LETTER_PX * max((len(said) for _, said, _ in ends), default=0) + SWATCH_PX * any(css for *_, css in ends)
    shaded, marks = day_marks.drawn(days, bands, TALL, wide_px)
    body = join((shaded, grid(ticks, top, len(days), base), join(paths)))
    told = _lines_said(days, drawn, provisional, bands, language, decimals)
    return chart(days, ticks, top, body, marks, language, alt, base, _ends(ends), wide, said=told)


def _lines_said(
    days: Sequence[date],
    drawn: Sequence[Line],
    provisional: Sequence[bool],
    bands: Sequence[Band],
    language: Language,
    decimals: int,
) -> list[str]:
    """What each day says: the named lines, the front one first, or the only line; limits do not change by the day."""
    told = [line for line in reversed(drawn) if line.with_value and (line.label or line.css != BEHIND)]
    found = []
    for place, day in enumerate(days):
        values = [
            f"{line.label} {text.number(line.values[place], language, decimals)}".strip()
            for line in told
            if line.values[place] is not None
        ]
        parts = values or [text.say("indicators.absence.no_data", language)]
        if values and provisional[place]:
            parts.append(text.say("frame.curve_provisional", language))
        parts += day_marks.on_day(bands, day, language)
        found.append(f"{text.day(day, language)}: {' · '.join(parts)}")
    return found


def _ends(ends: Sequence[tuple[float, str, str]]) -> str:
    """The names at the right end of the lines, moved apart where they would lie on one another.

    A name carries the class of its line, for a stroke of its colour: on a phone the names stand below the drawing.
    """
    drawn, least = [], 0.0
    for height, said, css in sorted(ends):
        least = max(height, least)
        named = f' class="{escape(css)}"' if css else ""
        drawn.append(f'<span{named} style="bottom:{least:.1f}%">{escape(said)}</span>')
        least += LABEL_APART
    return join(drawn)


def _between(low: float, high: float, from_zero: bool | None) -> list[float]:
    """Round values for an axis from `low` to `high`, from 0 where the values reach down to half of the highest."""
    near_zero = 0 <= low < FROM_ZERO_BELOW * high or high <= 0 <= low
    if low >= 0 and (near_zero if from_zero is None else from_zero):
        return nice_ticks(high)
    step = nice_ticks(max(high - low, abs(high) * 0.02, 1e-9))[1]
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return [step * place for place in range(first, last + 1)]


def _said(
    day: date,
    value: float | None,
    mean: float | None,
    provisional: bool,
    names: tuple[str, str],
    open_note: str,
    missing_note: str,
    language: Language,
) -> str:
    """What stands under the pointer on one day."""
    parts = [f"{text.day(day, language)}: {missing_note}"]
    if value is not None:
        parts = [f"{text.day(day, language)}: {names[0]} {text.number(value, language, 0)}"]
    if mean is not None:
        parts.append(f"{names[1]} {text.number(mean, language, 1)}")
    if provisional:
        parts.append(open_note)
    return " · ".join(parts)


def grid(ticks: Sequence[float], top: float, wide: int, base: float = 0.0) -> str:
    """A line across the plot at each of `ticks`, the one at 0 as its axis; heights run from `base` to `top`."""
    drawn = []
    for tick in ticks:
        y = TALL - (tick - base) / (top - base) * TALL
        css = "tc-axis" if tick == 0 else "tc-grid"
        drawn.append(f'<line class="{css}" x1="0" x2="{wide}" y1="{y:.2f}" y2="{y:.2f}"/>')
    return join(drawn)


def chart(
    days: Sequence[date],
    ticks: Sequence[float],
    top: float,
    body: str,
    marks: str,
    language: Language,
    alt: str,
    base: float = 0.0,
    ends: str = "",
    ends_wide: float = 0.0,
    said: Sequence[str] = (),
) -> str:
    """A plot with its axes: `body` is SVG, a unit wide for each of `days` and TALL high; `marks` and `ends` are HTML.

    `ticks` are named at the left, between `base` at the bottom and `top`; `ends` stand at the right, `ends_wide` px.
    `said` are the words of each day, under the pointer and for the arrow keys (frame.js).
    """
    decimals = 0 if all(tick == int(tick) for tick in ticks) else (1 if ticks[1] - ticks[0] >= 0.1 else 2)
    y_labels = join(
        f'<span style="bottom:{(tick - base) / (top - base) * 100:.2f}%">{text.number(tick, language, decimals)}</span>'
        for tick in ticks
    )
    beside = f'<div class="tc-ends" aria-hidden="true" style="width:{ends_wide:.0f}px">{ends}</div>' if ends else ""
    drawn = f'<svg viewBox="0 0 {len(days)} {TALL:.0f}" preserveAspectRatio="none">{body}</svg>'
    return (
        f'<div class="tc-chart"{readable(alt, said, language) if alt else ""}>'
        f'<div class="tc-y" aria-hidden="true">{y_labels}</div><div class="tc-plot">{drawn}{marks}</div>{beside}'
        f'<div class="tc-x" aria-hidden="true">{_x_labels(days, language)}</div></div>'
    )


def readable(alt: str, said: Sequence[str], language: Language) -> str:
    """The attributes of a drawing that is read with the arrow keys: its finding, and the words of its points.

    Without `said` its points are the parts that have words of their own.
    """
    points = f' data-said="{escape(POINT_END.join(one.replace(POINT_END, "/") for one in said))}"' if said else ""
    kind = escape(text.say("annotations.basis.chart", language))
    return (
        f' role="figure" tabindex="0" aria-roledescription="{kind}" aria-label="{escape(alt)}"'
        f' aria-describedby="{KEYS_ID}" data-points=""{points}'
    )


def _x_labels(days: Sequence[date], language: Language) -> str:
    """About six days named under the plot: the last one, and others whole weeks before it where there is room."""
    step = max(1, math.ceil(len(days) / TICKS_X))
    step = math.ceil(step / 7) * 7 if step > 3 else step
    labels = []
    for place in range(len(days) - 1, -1, -step):
        share = 100 * (place + 0.5) / len(days)
        css = ' class="at-end"' if place == len(days) - 1 else (' class="at-start"' if share < 3 else "")
        shift = 100.0 if css == ' class="at-end"' else share
        labels.append(f'<span{css} style="left:{shift:.2f}%">{text.day(days[place], language, year=False)}</span>')
    return join(reversed(labels))


def day_range(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
