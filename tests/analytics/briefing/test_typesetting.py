"""What fits in Be Vietnam Pro fits in Arial, which programs take in its place; lines break as they are counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFont

from analytics.briefing.typesetting import Box, fitted, height, line_count, width
from analytics.wording import catalogue

LIBERATION = Path("/usr/share/fonts/truetype/liberation")
"""Liberation Sans has the widths of Arial, letter by letter."""


@pytest.mark.parametrize(("name", "bold"), [("LiberationSans-Regular.ttf", False), ("LiberationSans-Bold.ttf", True)])
def test_every_text_of_the_catalogue_is_narrower_in_arial(name: str, bold: bool) -> None:
    if not (LIBERATION / name).exists():
        pytest.skip("needs the package fonts-liberation")
    arial = ImageFont.truetype(str(LIBERATION / name), 1000, layout_engine=ImageFont.Layout.BASIC)
    texts = [text for texts in catalogue().texts.values() for text in texts.values() if len(text) > 12]
    wider = [text for text in texts if arial.getlength(text) / 1000 > width(text, 1.0, bold=bold)]
    assert len(texts) > 500
    assert wider == []


def test_lines_break_between_words_and_inside_those_that_are_wider_than_the_box() -> None:
    word = width("Vũng", 10)
    space = width(" ", 10)
    assert line_count("Vũng Vũng", 10, 2 * word + space + 0.01) == 1
    assert line_count("Vũng Vũng", 10, 2 * word + space - 0.01) == 2
    assert line_count("V" * 100, 10, 10 * width("V", 10) + 0.01) == 10
    assert line_count("", 10, 100) == 1
    assert height("Vũng Vũng", 10, word + 0.01) == pytest.approx(2 * 12.2)


def test_the_largest_size_that_fits_is_taken_and_never_less_than_the_least() -> None:
    text = "Ca mắc mới trung bình bảy ngày"
    size = fitted(text, 200, 30, 40, 8)
    assert height(text, size, 200) <= 30 < height(text, size + 0.5, 200)
    assert fitted(text, 20, 1, 40, 8) == 8


def test_boxes_that_share_an_edge_do_not_meet() -> None:
    one = Box(0, 0, 10, 10)
    assert not one.meets(Box(10, 0, 10, 10))
    assert one.meets(Box(9, 9, 10, 10))
    assert one.within(2) == Box(2, 2, 6, 6)
    assert one.below(4) == Box(0, 4, 10, 6)
