"""Courses, maps and sparklines as SVG for paper: every colour written out, every word real text in the product's font.

A file that is opened years later has no style sheet beside it, so nothing here refers to one. Missing days are gaps;
days that are still filling up are hollow or dashed, as on the screens.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from textwrap import wrap

from analytics.briefing import svg
from analytics.briefing.band_labels import band_labels
from analytics.briefing.model import Band, Curve, Line
from analytics.palette import Palette
from analytics.wording import Language, number
from analytics.wording import day as written_day

LABEL_ROWS = 3
TICKS_Y = 4
TICKS_X = 6
HEADROOM = 1.06
FROM_ZERO_BELOW = 0.5
"""An axis begins at 0 where the values reach down to this share of the highest, as on the screens."""
LEAST_TOP = 1e-9
"""No indicator has a figure between 0 and this."""
LINE_COLOURS = ("curve", "ink", "trail", "soft")
"""The palette's order for lines drawn together."""
DASHES = ("", "6 2", "2 2", "8 2 2 2")
"""Lines drawn together differ by their dashes too, for who sees no colours."""


def sparkline(
    values: Sequence[float | None], provisional: Sequence[bool], palette: Palette, wide: float = 110, tall: float = 24
) -> str:
    """A line without axes and a dot on its last value, SVG; "" where fewer than two days have a value."""
    present = [value for value in values if value is not None]
    if len(present) < 2:
        return ""
    low, high, edge = min(present), max(present), 3.0

    def x(place: int) -> float:
        return edge + place * (wide - 2 * edge) / max(len(values) - 1, 1)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return tall - edge - share * (tall - 2 * edge)

    last = max(place for place, value in enumerate(values) if value is not None)
    drawn = "".join(_strokes(values, provisional, x, y, palette["curve"], 1.3))
    dot = f'<circle cx="{x(last):.1f}" cy="{y(values[last] or 0.0):.1f}" r="2.2" fill="{palette["curve"]}"/>'
    return svg.document(wide, tall, drawn + dot)


def course(curve: Curve, language: Language, palette: Palette, wide: float, tall: float, size: float = 9.0) -> str:
    """The lines and columns over their days with axes, periods and names, SVG of `wide` by `tall` points."""
    plot = _Plot(curve, language, palette, wide, tall, size)
    return svg.document(wide, tall, "".join((plot.bands(), plot.grid(), plot.columns(), plot.lines(), plot.days())))


class _Plot:
    """A course being drawn: where its days and values lie."""

    def __init__(
        self, curve: Curve, language: Language, palette: Palette, wide: float, tall: float, size: float
    ) -> None:
        self.curve, self.language, self.palette, self.size = curve, language, palette, size
        values = [value for line in curve.lines for value in line.values if value is not None]
        self.ticks = _ticks(values, any(line.drawn == "columns" for line in curve.lines))
        self.base, self.top = self.ticks[0], max(self.ticks[-1], max(values, default=1.0))
        self.top += (HEADROOM - 1) * (self.top - self.base)
        self.decimals = next((places for places in (0, 1, 2) if _fit(self.ticks, places)), 3)
        written = [number(tick, language, self.decimals) for tick in self.ticks]
        names = [line.name for line in curve.lines if line.drawn == "limit"]
        self.left = max(svg.width_of(said, size) for said in written) + size
        self.right = wide - max([svg.width_of(name, size) + size for name in names], default=2.0)
        self.head = size * 2.4
        self.labels, listed = band_labels(
            curve, self.left, self.right - self.left, self._label_width, LABEL_ROWS, language
        )
        letters = int((self.right - self.left) / svg.width_of("n", size))
        self.listed = wrap("; ".join(listed), letters) if listed else []
        self.foot = tall - size * (1.9 + 1.3 * len(self.listed))
        self.written = written

    def _label_width(self, said: str) -> float:
        return svg.width_of(said, self.size) + self.size

    def x(self, place: float) -> float:
        """Where the middle of a day lies; `place` counts from 0."""
        return self.left + (place + 0.5) * self.step

    @property
    def step(self) -> float:
        """Width of a day."""
        return (self.right - self.left) / len(self.curve.days)

    def y(self, value: float) -> float:
        """Where a value lies."""
        return self.foot - (value - self.base) / (self.top - self.base) * (self.foot - self.head)

    def words(self, x: float, y: float, said: str, colour: str = "soft", anchor: str = "start") -> str:
        """Words on the plot."""
        return svg.text(x, y, said, self.size, self.palette[colour], anchor)

    def grid(self) -> str:
        """A line for each round value, its number at the left; the unit of measurement above."""
        drawn = []
        for tick, said in zip(self.ticks, self.written, strict=True):
            y, axis = self.y(tick), tick == 0
            colour = self.palette["strong_line" if axis else "line"]
            drawn.append(svg.line(self.left, y, self.right, y, colour, 0.9 if axis else 0.7))
            drawn.append(self.words(self.left - self.size * 0.5, y + self.size * 0.35, said, "soft", "end"))
        return "".join(drawn)

    def days(self) -> str:
        """About six days named under the plot, whole weeks apart, the last one always; the names of the lines above."""
        days = self.curve.days
        step = max(1, math.ceil(len(days) / TICKS_X))
        step = math.ceil(step / 7) * 7 if step > 3 else step
        drawn = []
        for place in range(len(days) - 1, -1, -step):
            anchor = "end" if place == len(days) - 1 else "start" if place * self.step < self.size else "middle"
            x = self.right if anchor == "end" else self.left if anchor == "start" else self.x(place)
            said = written_day(days[place], self.language, year=False)
            drawn.append(self.words(x, self.foot + self.size * 1.5, said, "soft", anchor))
        return "".join([*drawn, self.keys()])

    def keys(self) -> str:
        """The unit of measurement, then each line's mark and name, in a row above the plot."""
        x, y, size = self.left, self.size * 0.9, self.size
        drawn = [self.words(x, y, self.curve.measured_in)]
        x += svg.width_of(self.curve.measured_in, size) + 1.5 * size
        for line, colour, dash in self._styled():
            if line.drawn == "columns":
                drawn.append(svg.box(x, y - size * 0.7, size, size * 0.75, colour))
            else:
                drawn.append(svg.line(x, y - size * 0.35, x + size * 1.4, y - size * 0.35, colour, 1.8, dash))
            drawn.append(self.words(x + size * 1.8, y, line.name, "ink"))
            x += svg.width_of(line.name, size) + 3.3 * size
        return "".join(drawn)

    def _styled(self) -> Iterator[tuple[Line, str, str]]:
        """Each line that is no limit with its colour and dash."""
        place = 0
        for line in self.curve.lines:
            if line.drawn == "columns":
                yield line, self.palette["bar"], ""
            elif line.drawn == "line":
                number_of = place % len(LINE_COLOURS)
                yield line, self.palette[LINE_COLOURS[number_of]], DASHES[number_of]
                place += 1

    def columns(self) -> str:
        """A column a day, hollow where the day is still filling up."""
        drawn = []
        for line, colour, _ in self._styled():
            if line.drawn != "columns":
                continue
            for place, value in enumerate(line.values):
                if not value:
                    continue
                y, zero = sorted((self.y(value), self.y(0.0)))
                place_of = (self.x(place) - 0.4 * self.step, y, 0.8 * self.step, zero - y)
                if self.curve.provisional[place]:
                    drawn.append(svg.box(*place_of, self.palette["card"], colour, "2 1.5"))
                else:
                    drawn.append(svg.box(*place_of, colour))
        return "".join(drawn)

    def lines(self) -> str:
        """The lines, dashed where they are provisional; limits dotted with their names at the right, kept apart."""
        drawn: list[str] = []
        for line, colour, dash in self._styled():
            if line.drawn == "line":
                drawn += _strokes(line.values, self.curve.provisional, self.x, self.y, colour, 1.8, dash)
        least = math.inf
        limits = [line for line in self.curve.lines if line.drawn == "limit" and line.values[-1:] != (None,)]
        for line in sorted(limits, key=lambda one: one.values[-1] or 0.0):
            colour = "past" if line.state == "past" else "near_edge"
            y = self.y(line.values[-1] or 0.0)
            drawn.append(svg.line(self.left, y, self.right, y, self.palette[colour], 1.1, "4 2.5"))
            least = min(y + self.size * 0.35, least - self.size * 1.15)
            named = "past" if line.state == "past" else "near"
            drawn.append(self.words(self.right + self.size * 0.5, least, line.name, named))
        return "".join(drawn)

    def bands(self) -> str:
        """Periods shaded, their names at their beginning; what has no room there is listed under the days."""
        drawn = []
        for band in sorted(self.curve.bands, key=lambda one: one.first_day):
            span = _within(band, self.curve.days)
            if span is None:
                continue
            left, right = self.left + span[0] * self.step, self.left + span[1] * self.step
            drawn.append(svg.box(left, self.head, right - left, self.foot - self.head, self.palette["band"]))
            if span[0]:
                drawn.append(svg.line(left, self.head, left, self.foot, self.palette["strong_line"], 0.6, "2 2"))
        for label in self.labels:
            x, y = label.left + self.size * 0.4, self.head + self.size * (1.1 + 1.2 * label.row)
            drawn.append(self.words(x, y, label.said))
        for number_of, said in enumerate(self.listed):
            drawn.append(self.words(self.left, self.foot + self.size * (2.8 + 1.3 * number_of), said))
        return "".join(drawn)


def _strokes(
    values: Sequence[float | None],
    provisional: Sequence[bool],
    x: Callable[[int], float],
    y: Callable[[float], float],
    colour: str,
    width: float,
    dash: str = "",
) -> Iterator[str]:
    """One line for each run of values, its provisional end dotted; a value between two gaps is a dot."""
    start = 0
    while start < len(values):
        if values[start] is None:
            start += 1
            continue
        end = next((place for place in range(start, len(values)) if values[place] is None), len(values))
        split = next((place for place in range(start, end) if provisional[place]), end)
        if end - start == 1:
            yield f'<circle cx="{x(start):.1f}" cy="{y(values[start] or 0.0):.1f}" r="{width:.1f}" fill="{colour}"/>'
        for first, last, style in ((start, split, dash), (max(split - 1, start), end, "1.5 2")):
            if last - first > 1 and (style == dash or split < end):
                points = " ".join(f"{x(place):.1f},{y(values[place] or 0.0):.1f}" for place in range(first, last))
                yield (
                    f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}" '
                    f'stroke-linejoin="round"{svg.dashed(style)}/>'
                )
        start = end


def _ticks(values: Sequence[float], from_zero: bool) -> list[float]:
    """Round values that enclose `values`, about four; from 0 unless all of them lie far above it."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low < 0:
        step = _step(max(high, 0.0) - low)
        return [step * place for place in range(math.floor(low / step), max(math.ceil(high / step), 0) + 1)]
    if from_zero or low < FROM_ZERO_BELOW * high or high < LEAST_TOP:
        step = _step(high)
        return [step * place for place in range(max(math.ceil(high / step - 1e-9), 1) + 1)]
    step = _step(max(high - low, high * 0.02))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * place for place in range(first, max(last, first + 1) + 1)]


def _step(span: float) -> float:
    """1, 2 or 5 times a power of ten, about a quarter of `span`."""
    if span < LEAST_TOP or not math.isfinite(span):
        return 1.0
    rough = span / TICKS_Y
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))


def _fit(ticks: Sequence[float], places: int) -> bool:
    return all(abs(tick - round(tick, places)) < 1e-9 for tick in ticks)


def _within(band: Band, days: Sequence[date]) -> tuple[int, int] | None:
    """First and one-past-last day of a period on the plot; None where it lies off it."""
    first = max((band.first_day - days[0]).days, 0)
    last = min(((band.last_day or days[-1]) - days[0]).days + 1, len(days))
    return (first, last) if first < last else None
