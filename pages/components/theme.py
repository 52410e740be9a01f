"""The theme of the screens: the palette as CSS variables, the style sheet, and the options of Streamlit's own widgets.

HTML and SVG use the CSS variables (`var(--past)`), so that a change of theme needs no new drawing; pydeck needs
`rgb()`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from analytics.palette import ASSETS, THEMES, Palette, Theme, contrast, luminance, palettes, readable_on

__all__ = ["ASSETS", "THEMES", "Palette", "Theme", "contrast", "luminance", "palettes", "readable_on"]

STYLE_FOLDER = ASSETS / "theme"
"""Every *.css in it is served, in order of name; frame.css holds the frame and the components of all pages."""
SCRIPT_FILE = ASSETS / "theme" / "frame.js"


@cache
def style_sheet() -> str:
    """The whole style sheet: the palette as CSS variables, then the rules of every file in the folder."""

    def block(theme: Theme) -> str:
        return ";".join(f"--{name}:{value}" for name, value in palettes()[theme].variables())

    return "\n".join(
        (
            f":root{{{block('light')};color-scheme:light}}",
            f"@media (prefers-color-scheme: dark){{:root:not([data-theme]){{{block('dark')};color-scheme:dark}}}}",
            f":root[data-theme=dark],:root[data-theme=projector]{{{block('dark')};color-scheme:dark}}",
            *(file.read_text(encoding="utf-8") for file in sorted(STYLE_FOLDER.glob("*.css"))),
        )
    )


def streamlit_options() -> dict[str, Any]:
    """Streamlit's own theme options, taken from the palette, by their configuration key."""
    options: dict[str, Any] = {}
    for theme in ("light", "dark"):
        colours = palettes()[theme]
        options |= {
            f"theme.{theme}.primaryColor": colours["curve"],
            f"theme.{theme}.backgroundColor": colours["paper"],
            f"theme.{theme}.secondaryBackgroundColor": colours["card"],
            f"theme.{theme}.textColor": colours["ink"],
            f"theme.{theme}.linkColor": colours["curve"],
            f"theme.{theme}.borderColor": colours["line"],
            f"theme.{theme}.redColor": colours["past"],
            f"theme.{theme}.orangeColor": colours["near_edge"],
            f"theme.{theme}.greenColor": colours["within"],
            f"theme.{theme}.blueColor": colours["curve"],
            f"theme.{theme}.chartCategoricalColors": [colours["curve"], colours["bar"], colours["soft"]],
        }
    return options
