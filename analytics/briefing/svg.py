"""The few SVG elements that drawings for paper are made of, each colour and font written out.

A file that is opened years later has no style sheet beside it, so nothing here refers to one.
"""

from __future__ import annotations

from html import escape

FONT = "Be Vietnam Pro"
LETTER = 0.57
"""Width of a letter over the size of its type, on average and rounded up: room for words beside a drawing."""


def width_of(said: str, size: float) -> float:
    """About how wide `said` is in type of `size`."""
    return size * LETTER * len(said)


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> str:
    """A straight line."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed(dash)}/>'


def box(
    x: float, y: float, wide: float, tall: float, fill: str, edge: str = "", dash: str = "", width: float = 0.8
) -> str:
    """A rectangle, with an edge where `edge` names its colour."""
    drawn = f' stroke="{edge}" stroke-width="{width}"{dashed(dash)}' if edge else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{fill}"{drawn}/>'


def dashed(dash: str) -> str:
    """The attribute of a dash pattern; "" for an unbroken line."""
    return f' stroke-dasharray="{dash}"' if dash else ""


def text(x: float, y: float, said: str, size: float, colour: str, anchor: str = "start", *, bold: bool = False) -> str:
    """Words, `anchor`ed at their start, middle or end."""
    if not said:
        return ""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size:.1f}" fill="{colour}" '
        f'text-anchor="{anchor}"{weight}>{escape(said)}</text>'
    )


def document(wide: float, tall: float, inner: str) -> str:
    """The whole drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {tall:.0f}">{inner}</svg>'
