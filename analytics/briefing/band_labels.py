"""Where the words of measures and events stand on a plot of a file: never on one another, and none is lost.

    placed, listed = band_labels(curve, plot_left, plot_wide, width_of, rows=3, language="vi")

What has no room has its number in the plot, and its words in the list beneath it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.briefing.model import Band, Curve
from analytics.wording import Language, days, text
from analytics.wording import day as written_day


@dataclass(frozen=True)
class Label:
    """Words or a number in the plot, from `left` on, in a row counted from the top."""

    said: str
    left: float
    row: int


def band_labels(
    curve: Curve, left: float, wide: float, width_of: Callable[[str], float], rows: int, language: Language
) -> tuple[list[Label], list[str]]:
    """The labels of the bands within the days of the curve, and the lines of the list; `width_of` includes the gap.

    Words stand in the first `rows`, numbers in the one below them.
    """
    first, last = curve.days[0], curve.days[-1]
    seen = [band for band in curve.bands if band.first_day <= last and (band.last_day or last) >= first]
    taken = [left] * (rows + 1)
    placed: list[Label] = []
    listed: list[str] = []
    for band in sorted(seen, key=lambda one: one.first_day):
        begins = left + wide * max(0, (band.first_day - first).days) / len(curve.days)
        worded = False
        for said, open_rows in ((band.label, range(rows)), (str(len(listed) + 1), (rows,))):
            needed = width_of(said)
            at = max(left, min(begins, left + wide - needed))
            row = next((number for number in open_rows if taken[number] <= at), None)
            if needed <= wide and row is not None:
                placed.append(Label(said, at, row))
                taken[row] = at + needed
                worded = row < rows
                break
        if not worded:
            listed.append(f"{len(listed) + 1} {_when(band, language)}: {band.label}")
    return placed, listed


def _when(band: Band, language: Language) -> str:
    if band.last_day is None:
        return text("annotations.from", language, day=written_day(band.first_day, language))
    return days(band.first_day, band.last_day, language)
