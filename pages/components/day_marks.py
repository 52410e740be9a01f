"""Measures, events and comments on an axis of days: shaded periods, lines and pins, and the words beside them.

A plot is stretched to the space it is given, so where its words end is reckoned for a plot of a usual width. Words lie
in at most two lanes at the top and never on one another: what has no room has a number, and the list under the
drawing says the rest. On a phone all of them have numbers (blocks.css).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from analytics.wording import Language
from pages.components import text
from pages.components.markup import escape, join

MarkKind = Literal["measure", "event", "comment"]
USUAL_PX = 560.0
"""Width of a plot beside another on a screen of 1440 px; in wider ones the words have more room than is reckoned."""
LETTER_PX, EDGE_PX = 7.2, 14.0
"""A letter of 13 px on average and rounded up; the distance of words to their line and to the next."""
LONGEST_WORDS = 34
"""Letters beside a line; longer words hide the curve beneath them and stand in the list."""
LANES = 2
"""Their height is the style sheet's: 18 px on a page, more where the type is larger."""
LEAST_APART_PX = 36.0
"""Between two marks of a lane: at half the usual width their numbers still stand beside one another."""


@dataclass(frozen=True)
class Band:
    """Something that began on a day and went on or not, as marked under or on a curve; days outside it are cut off."""

    label: str
    first_day: date
    last_day: date | None
    kind: MarkKind = "measure"
    source: str = ""


@dataclass(frozen=True)
class Laid:
    """A band where it lies on the axis: its number in the list, its lane, and whether its words stand beside it."""

    band: Band
    number: int
    left: int
    """Days from the left end."""
    wide: int
    lane: int | None
    """None where only its number has room, at the foot of the plot."""
    worded: bool
    ends_here: bool = False
    """True where its words end at its line, having no room after it."""

    @property
    def inset(self) -> float:
        """How far into its first day its line stands: what lasts a day stands in the middle of it."""
        return 0.0 if self.band.kind == "measure" or self.wide > 1 else 0.5


def lay_out(days: Sequence[date], bands: Sequence[Band], wide_px: float = USUAL_PX) -> list[Laid]:
    """Those of `bands` within `days`, in order of their first day, with room for their words in a plot so wide."""
    first, last = days[0], days[-1]
    taken = [0.0] * LANES
    found: list[Laid] = []
    for band in sorted(bands, key=lambda one: one.first_day):
        open_end = last if band.kind == "measure" else band.first_day
        start, end = max(band.first_day, first), min(band.last_day or open_end, last)
        if start > end:
            continue
        left, wide, number = (start - first).days, (end - start).days + 1, len(found) + 1
        at = wide_px * left / len(days)
        room = LETTER_PX * len(band.label) + EDGE_PX
        placed = Laid(band, number, left, wide, None, worded=False)
        for lane in range(LANES) if band.kind != "comment" else ():
            if at < taken[lane]:
                continue
            if len(band.label) <= LONGEST_WORDS and at + room <= wide_px:
                placed = Laid(band, number, left, wide, lane, worded=True)
                taken[lane] = max(at + room, at + LEAST_APART_PX)
            elif len(band.label) <= LONGEST_WORDS and at - room >= taken[lane]:
                placed = Laid(band, number, left, wide, lane, worded=True, ends_here=True)
                taken[lane] = at + EDGE_PX
            else:
                placed = Laid(band, number, left, wide, lane, worded=False)
                taken[lane] = at + LEAST_APART_PX
            break
        found.append(placed)
    return found


def drawn(days: Sequence[date], bands: Sequence[Band], tall: float, wide_px: float = USUAL_PX) -> tuple[str, str]:
    """The marks as SVG, and their words or numbers as HTML over the plot."""
    shapes, marks = [], []
    for laid in lay_out(days, bands, wide_px):
        band = laid.band
        size = f'x="{laid.left}" width="{laid.wide}" y="0" height="{tall}"'
        if band.kind == "measure" or (band.kind == "event" and laid.wide > 1):
            shapes.append(f'<rect class="tc-band{_css(band)}" {size}/>')
        if laid.left or band.kind != "measure":
            x = laid.left + laid.inset
            shapes.append(f'<line class="tc-band-edge{_css(band)}" x1="{x:g}" x2="{x:g}" y1="0" y2="{tall}"/>')
        marks.append(_mark(laid, len(days)))
    return join(shapes), join(marks)


def _mark(laid: Laid, days: int) -> str:
    band, share = laid.band, 100 * (laid.left + laid.inset) / days
    css, said = f"tc-mark{_css(band)}", escape(band.label if laid.worded else str(laid.number))
    if laid.lane is None:
        middle = 100 * (laid.left + 0.5) / days
        return f'<span class="{css} is-pin" title="{escape(band.label)}" style="left:{middle:.2f}%">{said}</span>'
    place = f"right:calc({100 - share:.2f}% + 6px)" if laid.ends_here else f"left:calc({share:.2f}% + 6px)"
    kept = "" if laid.worded else " is-number"
    named = f' data-no="{laid.number}"' if laid.worded else ""
    return f'<span class="{css}{kept}"{named} style="{place};--lane:{laid.lane}">{said}</span>'


def _css(band: Band) -> str:
    return "" if band.kind == "measure" else f" is-{band.kind}"


def on_day(bands: Sequence[Band], day: date, language: Language) -> list[str]:
    """What began or was said on `day`, for the words of that day."""
    return [
        text.say(f"annotations.{band.kind}_begins", language, words=band.label)
        for band in bands
        if band.first_day == day
    ]


def listing(days: Sequence[date], bands: Sequence[Band], language: Language, wide_px: float = USUAL_PX) -> str:
    """The list under a drawing: what has no room beside its line, and every comment; "" where nothing is marked.

    What has room is in it for phones alone, on which only numbers stand in the plot.
    """
    laid = lay_out(days, bands, wide_px)
    if not laid:
        return ""
    small = " is-for-phones" if all(one.worded for one in laid) else ""
    return f'<ol class="tc-marks{small}">{join(_item(one, language) for one in laid)}</ol>'


def _item(laid: Laid, language: Language) -> str:
    css = ' class="is-for-phones"' if laid.worded else ""
    return f"<li{css}><b>{laid.number}</b> {escape(_line(laid.band, language))}</li>"


def _line(band: Band, language: Language) -> str:
    """One line of the list: the days, the words, the source."""
    when = text.day(band.first_day, language)
    if band.last_day is not None and band.last_day != band.first_day:
        when = text.days(band.first_day, band.last_day, language)
    elif band.kind == "measure" and band.last_day is None:
        when = text.say("annotations.from", language, day=when)
    source = f" ({band.source})" if band.source else ""
    return f"{when}: {band.label}{source}"
