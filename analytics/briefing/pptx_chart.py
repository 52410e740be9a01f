"""A curve on a slide as one native chart: columns and lines over days, its numbers to be edited in Office."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from analytics.briefing.band_labels import Label, band_labels
from analytics.briefing.model import Curve, Line
from analytics.briefing.pptx_shapes import LOCALES, Canvas, Paragraph, Span, describe, emu, rgb
from analytics.briefing.typesetting import LINE_SPACING, Box, line_count, width
from analytics.wording import Language, number

SIZE = 13.0
NOTE_SIZE = 12.0
LINE_COLOURS = ("curve", "ink", "trail", "soft")
LINE_DASHES = (
    MSO_LINE_DASH_STYLE.SOLID,
    MSO_LINE_DASH_STYLE.SOLID,
    MSO_LINE_DASH_STYLE.ROUND_DOT,
    MSO_LINE_DASH_STYLE.LONG_DASH,
)
"""The third and fourth line differ in their dashes too, so that no line is known by its colour alone."""
DAY_FORMATS: dict[Language, str] = {"vi": "d/m", "en": "d mmm"}
LOCALE_CODES: dict[Language, str] = {"vi": "[$-42A]", "en": "[$-409]"}
"""Before a number's format: the language whose marks it is written with."""
LABEL_ROWS = 3
"""Rows for the names of measures and events; with more the curve would be written over."""
DAY_STEPS = (1, 2, 3, 7, 14, 28, 56, 91, 182)
MOST_DAYS_WRITTEN = 11
TICKS = 5
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_DATA: Any = CategoryChartData
NEAR_FLAT = 0.5
"""A line whose lowest value is above this share of its highest is drawn on its own span: at 0 it would be flat."""


def draw_curve(canvas: Canvas, drawn: Curve, box: Box, finding: str) -> None:
    """The chart with its measures shaded, the provisional days lighter, and its note beneath."""
    low, high, step = scale_of(drawn)
    decimals = max(0, -math.floor(math.log10(step))) if step < 1 else (1 if step % 1 else 0)
    head = SIZE * LINE_SPACING + 6.0
    # The levels' own width decides where the plot begins, so that both office programs draw it in the same place.
    left = max(width(number(level, canvas.language, decimals), SIZE) for level in (low, high)) + 12.0
    across = box.wide - left - 18.0
    labels, listed = band_labels(drawn, box.left + left, across, _label_width, LABEL_ROWS, canvas.language)
    notes = [note for note in ("; ".join(listed), drawn.note) if note]
    note_tall = sum(line_count(note, NOTE_SIZE, box.wide) for note in notes) * NOTE_SIZE * LINE_SPACING
    if notes:
        foot = Box(box.left, box.bottom - note_tall, box.wide, note_tall)
        told = tuple(Paragraph((Span(note, NOTE_SIZE, colour="soft"),)) for note in notes)
        canvas.text(foot, told, name=drawn.note or notes[0])
    frame = Box(box.left, box.top, box.wide, box.tall - note_tall - 4.0)
    plot = Box(frame.left + left, frame.top + head, across, frame.tall - head - 26.0)
    _shading(canvas, drawn, plot, labels)
    unit = Paragraph((Span(drawn.measured_in, SIZE, colour="soft"),))
    wide = width(drawn.measured_in, SIZE) + 6.0
    canvas.text(Box(frame.left, frame.top, wide, SIZE * LINE_SPACING), (unit,), name=drawn.measured_in, wrap=False)
    chart = _chart(canvas, drawn, frame, finding)
    _axes(canvas, chart, drawn, (low, high, step), decimals)
    _place(chart, frame, plot)
    _legend(canvas, chart, drawn, frame, wide)


def scale_of(drawn: Curve) -> tuple[float, float, float]:
    """The least and greatest level of the value axis and the step between levels, all said in few digits."""
    values = [value for line in drawn.lines for value in line.values if value is not None]
    if not values:
        return 0.0, 1.0, 0.5
    low, high = min(values), max(values)
    measured = [value for line in drawn.lines if line.drawn != "limit" for value in line.values if value is not None]
    flat = (
        measured and min(measured) > NEAR_FLAT * max(measured) and all(line.drawn != "columns" for line in drawn.lines)
    )
    low = low if low < 0 or flat else 0.0
    span = (high - low) or abs(high) or 1.0
    rough = span / TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * times for times in ROUND_STEPS if unit * times >= rough * 0.999)
    bottom = math.floor(low / step + 1e-9) * step
    top = math.ceil(high / step - 1e-9) * step
    return round(bottom, 10), round(top if top > bottom else bottom + step, 10), step


def number_format(language: Language, decimals: int) -> str:
    """The format of numbers with so many decimals, in the marks of the language."""
    return LOCALE_CODES[language] + "#,##0" + (f".{'0' * decimals}" if decimals else "")


def _label_width(said: str) -> float:
    return width(said, NOTE_SIZE) + 6.0


def _shading(canvas: Canvas, drawn: Curve, plot: Box, labels: Sequence[Label]) -> None:
    """Measures and events beneath the chart, and the days that still fill up."""
    first, count = drawn.days[0], len(drawn.days)
    per_day = plot.wide / count

    def span(start: date, end: date) -> Box:
        begin = max(0, (start - first).days)
        until = min(count, (end - first).days + 1)
        return Box(plot.left + begin * per_day, plot.top, max(per_day, (until - begin) * per_day), plot.tall)

    seen = [band for band in drawn.bands if band.first_day <= drawn.days[-1] and (band.last_day or first) >= first]
    boxes = [span(band.first_day, min(band.last_day or drawn.days[-1], drawn.days[-1])) for band in seen]
    for band, box in zip(seen, boxes, strict=True):
        canvas.rectangle(box, "band", name=band.label, described=band.label, edge="hatch")
    line = NOTE_SIZE * LINE_SPACING
    for label in labels:
        place = Box(label.left, plot.top + 1.0 + label.row * line, _label_width(label.said), line)
        words = Paragraph((Span(label.said, NOTE_SIZE, colour="soft"),))
        canvas.text(place, (words,), name=label.said, margins=(3.0, 0.0, 0.0, 0.0), wrap=False)
    late = [day for day, open_ in zip(drawn.days, drawn.provisional, strict=True) if open_]
    if late:
        box = span(late[0], late[-1])
        edge = canvas.polyline(
            [[(box.left, box.top), (box.left, box.bottom)]], "strong_line", name=drawn.note, weight=1.0
        )
        edge.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _chart(canvas: Canvas, drawn: Curve, frame: Box, finding: str) -> Any:
    data = _DATA(number_format="General")
    data.categories = list(drawn.days)
    ordered = [line for line in drawn.lines if line.drawn == "columns"]
    ordered += [line for line in drawn.lines if line.drawn != "columns"]
    for line in ordered:
        data.add_series(line.name, [None if value is None else value for value in line.values])
    columns = sum(line.drawn == "columns" for line in ordered)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if columns else XL_CHART_TYPE.LINE
    made = canvas.shapes.add_chart(kind, emu(frame.left), emu(frame.top), emu(frame.wide), emu(frame.tall), data)
    describe(made, finding, finding)
    chart = made.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(SIZE), rgb(canvas.palette["soft"])
    chart._chartSpace.find(qn("c:txPr")).find(qn("a:p")).find(qn("a:pPr")).find(qn("a:defRPr")).set(
        "lang", LOCALES[canvas.language]
    )
    if columns and columns < len(ordered):
        _split(chart, columns)
    _gaps(chart)
    _axis_numbers(chart)
    drawn_lines = 0
    for line, series in zip(ordered, _series(chart), strict=True):
        if line.drawn == "columns":
            _columns(canvas, series, drawn)
        elif line.drawn == "limit":
            _limit(canvas, series, line, ordered, drawn)
        else:
            _line(canvas, series, drawn, drawn_lines, above_columns=columns > 0)
            drawn_lines += 1
    return chart


def _series(chart: Any) -> list[Any]:
    return [series for plot in chart.plots for series in plot.series]


def _split(chart: Any, columns: int) -> None:
    """The series after the first `columns` moved from the bars into lines on the same axes."""
    bars = chart._chartSpace.find(f".//{qn('c:barChart')}")
    lines = parse_xml(f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>')
    for series in bars.findall(qn("c:ser"))[columns:]:
        bars.remove(series)
        for name in ("c:invertIfNegative",):
            for found in series.findall(qn(name)):
                series.remove(found)
        lines.append(series)
        series.append(parse_xml(f'<c:smooth {nsdecls("c")} val="0"/>'))
        marker = parse_xml(f'<c:marker {nsdecls("c")}><c:symbol val="none"/></c:marker>')
        series.insert(list(series).index(series.find(qn("c:cat"))), marker)
    lines.append(parse_xml(f'<c:marker {nsdecls("c")} val="1"/>'))
    for axis in bars.findall(qn("c:axId")):
        lines.append(deepcopy(axis))
    bars.addnext(lines)


def _gaps(chart: Any) -> None:
    """A day without a value is a gap in the line, in every program."""
    body = chart._chartSpace.find(qn("c:chart"))
    found = body.find(qn("c:dispBlanksAs"))
    if found is None:
        found = parse_xml(f'<c:dispBlanksAs {nsdecls("c")} val="gap"/>')
        body.append(found)
    found.set("val", "gap")


def _axis_numbers(chart: Any) -> None:
    """The axes by numbers that are not negative, as the standard (unsignedInt) has them and the library has not."""
    for name in ("c:axId", "c:crossAx"):
        for found in chart._chartSpace.iter(qn(name)):
            found.set("val", str(abs(int(found.get("val")))))


def _columns(canvas: Canvas, series: Any, drawn: Curve) -> None:
    colour = rgb(canvas.palette["bar"])
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = colour
    for place, late in enumerate(drawn.provisional):
        if late:
            point = series.points[place].format
            point.fill.solid()
            point.fill.fore_color.rgb = rgb(lighter(canvas.palette["bar"], canvas.palette["paper"]))
            point.line.color.rgb, point.line.width = colour, Pt(0.75)
            point.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def lighter(colour: str, ground: str) -> str:
    """Half of a colour on its ground."""
    halves = ((int(colour[place : place + 2], 16) + int(ground[place : place + 2], 16)) // 2 for place in (1, 3, 5))
    return "#" + "".join(f"{half:02X}" for half in halves)


def _line(canvas: Canvas, series: Any, drawn: Curve, place: int, *, above_columns: bool) -> None:
    colour = rgb(canvas.palette[LINE_COLOURS[place % len(LINE_COLOURS)]])
    series.smooth = False
    series.format.line.width, series.format.line.color.rgb = Pt(3.0 if place == 0 else 2.25), colour
    series.format.line.dash_style = LINE_DASHES[place % len(LINE_DASHES)]
    for day, late in enumerate(drawn.provisional):
        if late and not above_columns:
            point = series.points[day].format.line
            point.width, point.color.rgb, point.dash_style = Pt(2.25), colour, MSO_LINE_DASH_STYLE.DASH


def _limit(canvas: Canvas, series: Any, line: Line, lines: Sequence[Line], drawn: Curve) -> None:
    colour = rgb(canvas.palette["past" if line.state == "past" else "near"])
    series.smooth = False
    series.format.line.width, series.format.line.color.rgb = Pt(1.5), colour
    series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    label = series.points[_free_day(line, lines, len(drawn.days))].data_label
    label.position = XL_LABEL_POSITION.ABOVE
    label.font.size, label.font.color.rgb = Pt(NOTE_SIZE), colour
    element = label._dLbl
    for name in ("c:showLegendKey", "c:showVal", "c:showCatName", "c:showPercent", "c:showBubbleSize"):
        found = element.find(qn(name))
        if found is not None:
            found.set("val", "0")
    element.find(qn("c:showSerName")).set("val", "1")
    element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("wrap", "none")


def _free_day(line: Line, lines: Sequence[Line], count: int) -> int:
    """Where along a limit its name is farthest from what is drawn: a quarter, half or three quarters of the way."""
    at = next((value for value in line.values if value is not None), 0.0)

    def room(day: int) -> float:
        near = range(max(0, day - count // 8), min(count, day + count // 8 + 1))
        apart = [
            abs(value - at)
            for other in lines
            if other.drawn != "limit"
            for place in near
            if (value := other.values[place]) is not None
        ]
        return min(apart, default=math.inf)

    return max((count // 4, count // 2, 3 * count // 4), key=room)


def _axes(canvas: Canvas, chart: Any, drawn: Curve, levels: tuple[float, float, float], decimals: int) -> None:
    soft, line = rgb(canvas.palette["soft"]), rgb(canvas.palette["line"])
    values, days = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = levels
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb, values.major_gridlines.format.line.width = line, Pt(0.75)
    values.format.line.fill.background()
    values.major_tick_mark = XL_TICK_MARK.NONE
    values.tick_labels.number_format = number_format(canvas.language, decimals)
    values.tick_labels.number_format_is_linked = False
    days.has_major_gridlines = False
    days.format.line.color.rgb = rgb(canvas.palette["strong_line"])
    days.major_tick_mark = XL_TICK_MARK.OUTSIDE
    days.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    days.tick_labels.number_format, days.tick_labels.number_format_is_linked = DAY_FORMATS[canvas.language], False
    for axis in (values, days):
        axis.tick_labels.font.size, axis.tick_labels.font.color.rgb = Pt(SIZE), soft
    step = next((step for step in DAY_STEPS if len(drawn.days) / step <= MOST_DAYS_WRITTEN), DAY_STEPS[-1])
    _day_steps(days._element, step)
    if chart.plots[0].__class__.__name__ == "BarPlot":
        chart.plots[0].gap_width, chart.plots[0].overlap = 25, 0
    _between_days(values._element)


def _between_days(axis: Any) -> None:
    """Each day has its own width on the axis, lines and columns in its middle, as the shading beneath has it."""
    found = axis.find(qn("c:crossBetween"))
    if found is None:
        found = parse_xml(f'<c:crossBetween {nsdecls("c")} val="between"/>')
        axis.find(qn("c:crosses")).addnext(found)
    found.set("val", "between")


def _day_steps(axis: Any, step: int) -> None:
    """A date axis that counts in days and writes every `step`-th of them."""
    for name in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        for found in axis.findall(qn(name)):
            axis.remove(found)
    for name, value in (("baseTimeUnit", "days"), ("majorUnit", str(step)), ("majorTimeUnit", "days")):
        axis.append(parse_xml(f'<c:{name} {nsdecls("c")} val="{value}"/>'))


def _place(chart: Any, frame: Box, plot: Box) -> None:
    """The inside of the plot exactly where the shading lies."""
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for found in area.findall(qn("c:layout")):
        area.remove(found)
    shares = {
        "x": (plot.left - frame.left) / frame.wide,
        "y": (plot.top - frame.top) / frame.tall,
        "w": plot.wide / frame.wide,
        "h": plot.tall / frame.tall,
    }
    area.insert(0, _layout(shares, inner=True))


def _layout(shares: dict[str, float], *, inner: bool = False) -> Any:
    target = '<c:layoutTarget val="inner"/>' if inner else ""
    modes = '<c:xMode val="edge"/><c:yMode val="edge"/>'
    places = "".join(f'<c:{name} val="{share:.5f}"/>' for name, share in shares.items())
    return parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{target}{modes}{places}</c:manualLayout></c:layout>")


def _legend(canvas: Canvas, chart: Any, drawn: Curve, frame: Box, unit_wide: float) -> None:
    """Names of columns and lines above the plot; limits carry their names themselves."""
    ordered = [line for line in drawn.lines if line.drawn == "columns"]
    ordered += [line for line in drawn.lines if line.drawn != "columns"]
    named = [line for line in ordered if line.drawn != "limit"]
    chart.has_legend = len(named) > 1
    if not chart.has_legend:
        return
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size, chart.legend.font.color.rgb = Pt(SIZE), rgb(canvas.palette["ink"])
    element = chart.legend._element
    for place, line in reversed(list(enumerate(ordered))):
        if line.drawn == "limit":
            entry = f'<c:legendEntry {nsdecls("c")}><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>'
            element.find(qn("c:legendPos")).addnext(parse_xml(entry))
    wide = min(frame.wide - unit_wide - 20.0, sum(width(line.name, SIZE) + 52.0 for line in named))
    for found in element.findall(qn("c:layout")):
        element.remove(found)
    shares = {
        "x": (unit_wide + 12.0) / frame.wide,
        "y": 0.0,
        "w": wide / frame.wide,
        "h": (SIZE * LINE_SPACING + 4.0) / frame.tall,
    }
    element.find(qn("c:overlay")).addprevious(_layout(shares))
