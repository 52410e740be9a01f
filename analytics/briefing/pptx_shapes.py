"""What slides are made of: texts, boxes, lines and outlines as native shapes, in the colours of the palette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from analytics.briefing.typesetting import LINE_SPACING, Box, height, width
from analytics.outlines import Ring
from analytics.palette import Palette
from analytics.wording import Language

LOCALES: dict[Language, str] = {"vi": "vi-VN", "en": "en-US"}
ALIGNED = {"left": "l", "right": "r", "centre": "ctr"}
ANCHORED = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}
HATCH = "hatch"
"""Names the fill of units without data: diagonal lines, so that it looks like no class."""
_FINE = 10
"""Steps of a drawing per unit of the outlines, which are given to one decimal."""

_COLOUR: Any = RGBColor
Align = Literal["left", "right", "centre"]
Anchor = Literal["top", "middle", "bottom"]
Margins = tuple[float, float, float, float]


def emu(points: float) -> Emu:
    """Points as the whole units of Office drawings, 12,700 to the point."""
    return Emu(round(points * 12_700))


def rgb(colour: str) -> Any:
    """A colour #RRGGBB."""
    return _COLOUR.from_string(colour.removeprefix("#"))


@dataclass(frozen=True)
class Span:
    """Letters of one size, weight and colour."""

    text: str
    size: float
    bold: bool = False
    colour: str = "ink"


@dataclass(frozen=True)
class Paragraph:
    """Spans on their own lines; `before` is the space above in points."""

    spans: tuple[Span, ...]
    before: float = 0.0
    align: Align = "left"

    @property
    def size(self) -> float:
        """The largest size in it."""
        return max(span.size for span in self.spans)

    def tall(self, wide: float) -> float:
        """Its height in a box of that width."""
        bold = any(span.bold for span in self.spans)
        if len({span.size for span in self.spans}) == 1:
            return self.before + height("".join(span.text for span in self.spans), self.size, wide, bold=bold)
        return self.before + _mixed_lines(self.spans, wide) * self.size * LINE_SPACING


def _mixed_lines(spans: Sequence[Span], wide: float) -> int:
    """Lines of spans of several sizes: words keep their own widths."""
    lines, used = 1, 0.0
    for span in spans:
        for word in span.text.replace(" ", " \0").split("\0"):
            long = width(word, span.size, bold=span.bold)
            if used and used + width(word.rstrip(), span.size, bold=span.bold) > wide:
                lines, used = lines + 1, 0.0
            used += long
    return lines


def tall(paragraphs: Sequence[Paragraph], wide: float) -> float:
    """The height of paragraphs in a box of that width."""
    return sum(paragraph.tall(wide) for paragraph in paragraphs)


@dataclass(frozen=True)
class Canvas:
    """A slide, or a group of shapes on it, that is drawn on in the colours of a palette."""

    shapes: Any
    palette: Palette
    language: Language

    def colour(self, name: str) -> str:
        """The colour of a palette's name; a colour #RRGGBB is itself."""
        return name if name.startswith("#") else self.palette[name]

    def group(self, name: str, described: str) -> Canvas:
        """A group of shapes with its name and alternative text."""
        made = self.shapes.add_group_shape()
        describe(made, name, described)
        return Canvas(made.shapes, self.palette, self.language)

    def text(
        self,
        box: Box,
        paragraphs: Sequence[Paragraph],
        *,
        name: str,
        anchor: Anchor = "top",
        margins: Margins = (0.0, 0.0, 0.0, 0.0),
        fill: str | None = None,
        edge: str | None = None,
        described: str = "",
        wrap: bool = True,
    ) -> Any:
        """A box with paragraphs; `margins` are left, top, right, bottom in points."""
        shape = self.shapes.add_textbox(emu(box.left), emu(box.top), emu(box.wide), emu(box.tall))
        describe(shape, name, described)
        if fill is not None:
            self.fill(shape, fill)
        if edge is not None:
            shape.line.color.rgb, shape.line.width = rgb(self.colour(edge)), Pt(0.75)
        self.write(shape.text_frame, paragraphs, anchor=anchor, margins=margins, wrap=wrap)
        return shape

    def write(
        self,
        frame: Any,
        paragraphs: Sequence[Paragraph],
        *,
        anchor: Anchor = "top",
        margins: Margins = (0.0, 0.0, 0.0, 0.0),
        wrap: bool = True,
    ) -> None:
        """Paragraphs in place of a frame's text; their sizes are final, programs change nothing."""
        frame.auto_size, frame.word_wrap = MSO_AUTO_SIZE.NONE, wrap
        frame.vertical_anchor = ANCHORED[anchor]
        frame.margin_left, frame.margin_top, frame.margin_right, frame.margin_bottom = map(emu, margins)
        for number, paragraph in enumerate(paragraphs):
            target = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            self.paragraph(target, paragraph)

    def paragraph(self, target: Any, paragraph: Paragraph) -> None:
        """One empty paragraph's letters, spacing and language, its elements set at once: a slide has hundreds."""
        properties = target._p.get_or_add_pPr()
        properties.set("algn", ALIGNED[paragraph.align])
        points = {"lnSpc": paragraph.size * LINE_SPACING, "spcBef": paragraph.before, "spcAft": 0.0}
        for name, value in points.items():
            spacing = _below(properties, name)
            _below(spacing, "spcPts").set("val", str(round(value * 10) * 10))
        if not any(span.text for span in paragraph.spans):
            # An empty cell is as tall as the type at its end, which is 18 points where none is given.
            target._p.get_or_add_endParaRPr().set("sz", str(round(paragraph.size * 100)))
            return
        for span in paragraph.spans:
            run = target.add_run()
            run.text = span.text
            letters = run._r.get_or_add_rPr()
            letters.set("lang", LOCALES[self.language])
            letters.set("sz", str(round(span.size * 100)))
            letters.set("b", str(int(span.bold)))
            colour = _below(_below(letters, "solidFill"), "srgbClr")
            colour.set("val", self.colour(span.colour).removeprefix("#"))

    def rectangle(self, box: Box, fill: str, *, name: str, described: str = "", edge: str | None = None) -> Any:
        """A plain rectangle, its edge drawn only where a colour is given."""
        shape = self.shapes.add_shape(MSO_SHAPE.RECTANGLE, emu(box.left), emu(box.top), emu(box.wide), emu(box.tall))
        self._plain(shape, fill, edge, name, described)
        return shape

    def frame(self, box: Box, edge: str, *, name: str) -> Any:
        """An empty frame."""
        shape = self.rectangle(box, edge, name=name, edge=edge)
        shape.fill.background()
        return shape

    def outline(
        self, parts: Sequence[Sequence[Ring]], left: float, top: float, scale: float, fill: str, edge: str
    ) -> Any:
        """A unit's shells and holes as one freeform, `scale` points to one step of the outlines."""
        rings = [ring for part in parts for ring in part]
        first = rings[0][0]
        step = scale * 12_700 / _FINE
        builder = self.shapes.build_freeform(round(first[0] * _FINE), round(first[1] * _FINE), scale=step)
        for number, ring in enumerate(rings):
            if number:
                builder.move_to(round(ring[0][0] * _FINE), round(ring[0][1] * _FINE))
            builder.add_line_segments([(x * _FINE, y * _FINE) for x, y in ring[1:]], close=True)
        shape = builder.convert_to_shape(emu(left), emu(top))
        self._plain(shape, fill, edge, "", "")
        return shape

    def polyline(
        self, runs: Sequence[Sequence[tuple[float, float]]], colour: str, *, name: str, weight: float = 1.5
    ) -> Any:
        """Lines through points, one for each run; a gap lies between two runs."""
        drawn = [run if len(run) > 1 else [run[0], (run[0][0] + weight, run[0][1])] for run in runs if run]
        builder = self.shapes.build_freeform(round(drawn[0][0][0] * 100), round(drawn[0][0][1] * 100), scale=127.0)
        for number, run in enumerate(drawn):
            if number:
                builder.move_to(round(run[0][0] * 100), round(run[0][1] * 100))
            builder.add_line_segments([(x * 100, y * 100) for x, y in run[1:]], close=False)
        shape = builder.convert_to_shape()
        describe(shape, name, "")
        _bare(shape)
        shape.fill.background()
        shape.line.color.rgb, shape.line.width = rgb(self.colour(colour)), Pt(weight)
        return shape

    def fill(self, shape: Any, fill: str) -> None:
        """A plain fill, or the hatching of units without data."""
        if fill == HATCH:
            shape.fill.patterned()
            shape.fill.pattern = MSO_PATTERN_TYPE.WIDE_UPWARD_DIAGONAL
            shape.fill.fore_color.rgb = rgb(self.palette["hatch"])
            shape.fill.back_color.rgb = rgb(self.palette["card"])
            return
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(self.colour(fill))

    def _plain(self, shape: Any, fill: str, edge: str | None, name: str, described: str) -> None:
        describe(shape, name, described)
        _bare(shape)
        self.fill(shape, fill)
        if edge is None:
            shape.line.fill.background()
        else:
            shape.line.color.rgb, shape.line.width = rgb(self.colour(edge)), Pt(0.75)


def _below(element: Any, name: str) -> Any:
    """A new last child in the drawing's own namespace."""
    child = element.makeelement(qn(f"a:{name}"))
    element.append(child)
    return child


def _bare(shape: Any) -> None:
    """The shape without the theme's style, whose shadows and gradients would be drawn too."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def describe(shape: Any, name: str, described: str) -> None:
    """The shape's name in the list of shapes and its alternative text."""
    properties = shape._element._nvXxPr.cNvPr
    if name:
        properties.set("name", name)
    if described:
        properties.set("descr", described)
