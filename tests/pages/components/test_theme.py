"""One palette: readable in both themes, told apart without red and green, and everywhere the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pages.components.theme import (
    STYLE_FOLDER,
    contrast,
    luminance,
    palettes,
    readable_on,
    streamlit_options,
    style_sheet,
)

ROOT = Path(__file__).parents[3]
COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}\b")
READABLE = 4.5
"""WCAG 2.2, AA, text below 18 pt."""


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "card"),
        ("ink", "paper"),
        ("soft", "card"),
        ("soft", "paper"),
        ("past", "past_paper"),
        ("near", "near_paper"),
        ("within", "within_paper"),
        ("past", "card"),
        ("near", "card"),
        ("within", "card"),
        ("ink", "past_paper"),
        ("ink", "near_paper"),
        ("ink", "data-1"),
        ("ink", "zero"),
    ],
)
def test_words_can_be_read(theme: str, ink: str, paper: str) -> None:
    colours = palettes()[theme]  # type: ignore[index]
    assert contrast(colours[ink], colours[paper]) >= READABLE


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_labels_can_be_read_on_every_step(theme: str) -> None:
    colours = palettes()[theme]  # type: ignore[index]
    for fill in colours.data:
        assert contrast(readable_on(fill, colours), fill) >= READABLE


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_ramp_is_told_apart_by_lightness_alone(theme: str) -> None:
    steps = [luminance(colour) for colour in palettes()[theme].data]  # type: ignore[index]
    assert steps == sorted(steps, reverse=theme == "light")
    assert all(
        contrast(one, other) > 1.15
        for one, other in zip(palettes()[theme].data, palettes()[theme].data[1:], strict=False)  # type: ignore[index]
    )


def test_colours_stand_in_the_palette_and_nowhere_else() -> None:
    files = [*STYLE_FOLDER.glob("*.css"), *(ROOT / "pages").rglob("*.py"), *(ROOT / ".streamlit").glob("*.toml")]
    found = {file.name: COLOUR.findall(file.read_text(encoding="utf-8")) for file in files}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_the_style_sheet_uses_only_colours_that_exist() -> None:
    sheet = style_sheet()
    measures = {"gap", "type", "wide", "tall", "above", "noted", "lane"}
    words = {"tc-choose-file", "tc-file-limit"}
    used = set(re.findall(r"var\(--([a-z0-9-]+)", sheet)) - measures - words
    named = {name for name, _ in palettes()["light"].variables()}
    assert used <= named


def test_streamlits_own_widgets_take_the_same_colours() -> None:
    options = streamlit_options()
    for theme in ("light", "dark"):
        assert options[f"theme.{theme}.backgroundColor"] == palettes()[theme]["paper"]  # type: ignore[index]
        assert options[f"theme.{theme}.textColor"] == palettes()[theme]["ink"]  # type: ignore[index]
