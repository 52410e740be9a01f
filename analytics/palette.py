"""The colours: one palette file, read by screens and exports alike.

A colour is named by what it means (`past`, `data-3`), never by what it looks like.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Theme = Literal["light", "dark", "projector"]
THEMES: tuple[Theme, ...] = ("light", "dark", "projector")
ASSETS = Path(__file__).resolve().parents[1] / "assets"
PALETTE_FILE = ASSETS / "theme" / "palette.toml"
CLASSES = 5
"""Steps of a ramp of one hue; more cannot be told apart in a legend at the back of a room (screens.md, Rules)."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as #RRGGBB, by their meaning."""

    named: dict[str, str]
    data: tuple[str, ...]
    risk: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        """The colour called `name`; a step of the ramp is `data-1` ... `data-5`, a level of risk `level-1` and on."""
        if name.startswith("level-"):
            return self.risk[int(name.removeprefix("level-")) - 1]
        if name.startswith("data-"):
            return self.data[int(name.removeprefix("data-")) - 1]
        return self.named[name]

    def rgb(self, name: str, alpha: int = 255) -> list[int]:
        """Four numbers 0-255, as deck.gl wants them."""
        text = self[name]
        return [*(int(text[place : place + 2], 16) for place in (1, 3, 5)), alpha]

    def variables(self) -> Iterator[tuple[str, str]]:
        """Name and value of each CSS variable, label colours on the ramp's steps included."""
        for name, value in self.named.items():
            yield name.replace("_", "-"), value
        for step, value in enumerate(self.data, start=1):
            yield f"data-{step}", value
            yield f"on-data-{step}", readable_on(value, self)
        for level, value in enumerate(self.risk, start=1):
            yield f"risk-{level}", value
            yield f"on-risk-{level}", readable_on(value, self)


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB, 0-1 (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1-21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable_on(fill: str, palette: Palette) -> str:
    """The palette's dark or light label, whichever reads better on `fill`."""
    return max((palette["label_dark"], palette["label_light"]), key=lambda colour: contrast(colour, fill))


@cache
def palettes() -> dict[Theme, Palette]:
    """The palette of each theme; the projector's is the dark one, its type larger."""
    document: dict[str, dict[str, Any]] = tomllib.loads(PALETTE_FILE.read_text(encoding="utf-8"))

    def read(table: dict[str, Any]) -> Palette:
        named = {name: value for name, value in table.items() if isinstance(value, str)}
        return Palette(named=named, data=tuple(table["data"]), risk=tuple(table["risk"]))

    light, dark = read(document["light"]), read(document["dark"])
    if set(light.named) != set(dark.named) or {len(light.data), len(dark.data)} != {CLASSES}:
        raise ValueError(f"{PALETTE_FILE.name}: [light] and [dark] need the same names and {CLASSES} steps of data")
    return {"light": light, "dark": dark, "projector": dark}
