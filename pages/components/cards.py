"""The leaders' tile: one indicator with its state in a word, value, change, sparkline and quality.

The whole tile is a link to the indicator's ranking. Colour says past, near or within a threshold and nothing else;
the arrow takes its colour from the indicator's polarity, and has none where neither direction is good.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics import figure_words
from analytics.indicators import INDICATORS
from analytics.readings import Reading
from pages.components.figures import sparkline
from pages.components.markup import escape, join, link

if TYPE_CHECKING:
    from pages.components.frame import View

ARROWS = {"up": "M0 9L6 1L12 9Z", "down": "M0 1L12 1L6 9Z", "flat": "M1 0L11 5L1 10Z"}
"""Drawn, not typed: fonts differ in their arrows."""


def arrow(trend: str, css: str = "") -> str:
    """A small triangle for up, down or flat; nothing for unknown, which is said in words."""
    if trend not in ARROWS:
        return ""
    return f'<svg class="tc-arrow {css}" viewBox="0 0 12 10" aria-hidden="true"><path d="{ARROWS[trend]}"/></svg>'


def judgement(reading: Reading) -> str:
    """The class of a change by polarity: is-worse, is-better, or is-flat where no judgement holds."""
    found = figure_words.judgement(reading)
    return "is-flat" if found == "none" else f"is-{found}"


def change(view: View, reading: Reading) -> str:
    """The change in words."""
    return figure_words.change(reading, view.language)


def quality(view: View, reading: Reading) -> str:
    """How many units reported, how old the newest report is, and whether the figure is provisional."""
    return figure_words.quality(reading, view.language)


def limit(view: View, reading: Reading) -> str:
    """The threshold that was passed or is next, with its name; "" where the indicator has none."""
    return figure_words.limit(reading, view.language)


def tile(view: View, reading: Reading, recent: Sequence[float | None], provisional: Sequence[bool]) -> str:
    """One tile; `recent` are the values of the last 28 days for the sparkline."""
    indicator = INDICATORS[reading.indicator]
    name = indicator.name(view.language)
    value, unit = figure_words.value_and_unit(reading, view.language)
    state = reading.state if reading.value is not None else "none"
    badge, alone = "", " is-alone"
    if state != "none":
        badge, alone = f'<span class="tc-state is-{state}">{escape(view.say(f"indicators.state.{state}"))}</span>', ""
    moved, against = change(view, reading), view.say("frame.against", days=indicator.compare_days)
    shift = f'<b class="{judgement(reading)}">{arrow(reading.trend)} {escape(moved)}</b> {escape(against)}'
    if reading.value is None:
        shift = f'<span class="tc-soft">{escape(indicator.caveat(view.language))}</span>'
    elif reading.trend == "unknown":
        shift = f'<span class="tc-soft">{escape(moved)}</span>'
    lines = "".join(
        f'<span class="{css}">{escape(line)}</span>'
        for css, line in (("tc-limit", limit(view, reading)), ("tc-quality", quality(view, reading)))
        if line
    )
    alt = view.say("frame.spark_alt", name=name)
    inner = (
        f'<span class="tc-label{alone}">{escape(name)}</span>{badge}'
        f'<span class="tc-value"><b>{escape(value)}</b><span>{escape(unit)}</span></span>'
        f'<span class="tc-against">{shift}</span>{lines}'
        f'<span class="tc-spark">{sparkline(recent, provisional, alt)}</span>'
    )
    return link(view.selection.href("rankings", indicator=indicator.ranked_by), inner, css=f"tc-tile is-{state}")


def tiles(drawn: Sequence[str]) -> str:
    """The tiles in their grid."""
    return f'<div class="tc-tiles">{join(drawn)}</div>'
