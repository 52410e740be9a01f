"""How much room a text takes, so that nothing on a slide runs over its box.

Measured with Be Vietnam Pro, the type of the product. It is wider than Arial, which office programs take where it is
not installed: what fits in the first fits in the second (tests/analytics/briefing/test_typesetting.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import fontpkg_be_vietnam_pro
from PIL import ImageFont

FONT = "Be Vietnam Pro"
FONT_FOLDER = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
LINE_SPACING = 1.22
"""Distance of base lines in sizes of the type: capitals with two marks (Ấ, Ổ) do not touch the line above."""
SLACK = 1.03
"""Programs round the width of each letter to their own grid; over a line this adds up to 1-2%."""
_MEASURED_AT = 1000


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points from its upper left corner."""

    left: float
    top: float
    wide: float
    tall: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.wide

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.tall

    def within(self, margin: float) -> Box:
        """The box without `margin` at each side."""
        return Box(self.left + margin, self.top + margin, self.wide - 2 * margin, self.tall - 2 * margin)

    def below(self, used: float) -> Box:
        """What is left of the box beneath its first `used` points."""
        return Box(self.left, self.top + used, self.wide, self.tall - used)

    def meets(self, other: Box) -> bool:
        """True where the two boxes overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text on one line in points, the slack included."""
    return _width(text, bold) * size / _MEASURED_AT * SLACK


def line_count(text: str, size: float, wide: float, *, bold: bool = False) -> int:
    """The lines a text takes in a box of that width; a word that is wider than the box is broken."""
    lines, used = 1, 0.0
    space = width(" ", size, bold=bold)
    for word in text.split():
        long = width(word, size, bold=bold)
        if used and used + space + long > wide:
            lines, used = lines + 1, 0.0
        if long > wide:
            lines += math.ceil(long / wide) - 1
            long = long % wide
        used = used + space + long if used else long
    return lines


def height(text: str, size: float, wide: float, *, bold: bool = False) -> float:
    """The height of a text in a box of that width, in points."""
    return line_count(text, size, wide, bold=bold) * size * LINE_SPACING


def fitted(text: str, wide: float, tall: float, most: float, least: float, *, bold: bool = False) -> float:
    """The largest size from `most` down to `least`, in half points, at which a text fits; `least` where none does."""
    size = most
    while size > least and height(text, size, wide, bold=bold) > tall:
        size -= 0.5
    return max(size, least)


@cache
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    name = "BeVietnamPro-Bold.ttf" if bold else "BeVietnamPro-Regular.ttf"
    return ImageFont.truetype(str(FONT_FOLDER / name), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


@cache
def _advance(letter: str, bold: bool) -> float:
    return _face(bold).getlength(letter)


@lru_cache(maxsize=8192)
def _width(text: str, bold: bool) -> float:
    # Letter by letter: pairs are only drawn closer together than that.
    return sum(_advance(letter, bold) for letter in text)
