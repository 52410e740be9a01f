"""The classes of a map: five steps of one hue with named cuts, one of its own for a reported 0 and one for no data."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analytics.indicators.model import Indicator
from analytics.palette import CLASSES
from analytics.risk_rules import LevelName
from analytics.wording import Language, number

ZERO = "zero"
NONE = "none"
LEVEL = "level-"
"""Begins the class of an official level, which its number follows."""


@dataclass(frozen=True)
class Classes:
    """Four or fewer rising limits between classes; a value at a limit belongs to the class above it."""

    cuts: tuple[float, ...]
    decimals: int
    has_zero: bool
    levels: tuple[LevelName, ...] = ()
    """The named levels of a figure that is a level: a class each, in the official colours."""

    def of(self, value: float | None) -> str:
        """The class of a value: zero, none, 1 ... 5, or a level; with fewer cuts the darker classes stay empty."""
        if value is None:
            return NONE
        if self.levels:
            return f"{LEVEL}{min(max(int(value), 1), len(self.levels))}"
        if self.has_zero and value == 0:
            return ZERO
        return str(1 + sum(value >= cut for cut in self.cuts))

    def named(self, say: Callable[..., str], language: Language) -> list[tuple[str, str]]:
        """Each class with its name, for the legend."""
        if self.levels:
            named = enumerate((level.name(language) for level in self.levels), start=1)
            return [(f"{LEVEL}{place}", f"{place} · {name}") for place, name in named]
        written = [number(cut, language, _places(cut)) for cut in self.cuts]
        names: list[tuple[str, str]] = [(ZERO, "0")] if self.has_zero else []
        if not self.cuts:
            return [*names, ("1", say("frame.class_any"))]
        names.append(("1", say("frame.class_below", cut=written[0])))
        for step, (low, high) in enumerate(itertools.pairwise(written), start=2):
            names.append((str(step), say("frame.class_between", low=low, high=high)))
        names.append((str(len(written) + 1), say("frame.class_from", cut=written[-1])))
        return names


def colour_name(step: str) -> str:
    """What the palette calls the fill of a class."""
    return {ZERO: "zero", NONE: "card"}.get(step, step if step.startswith(LEVEL) else f"data-{step}")


def classes(indicator: Indicator, values: Sequence[float | None]) -> Classes:
    """The indicator's own cuts where the record has them, else round numbers near the quintiles of `values`.

    A reported 0 has its class where the figure cannot be negative; a change of 0 is a value like another.
    """
    if indicator.levels:
        return Classes((), 0, False, indicator.levels)
    present = sorted(value for value in values if value is not None)
    has_zero = (not present or present[0] >= 0) and all(cut > 0 for cut in indicator.cuts)
    if indicator.cuts:
        return Classes(indicator.cuts, indicator.decimals, has_zero)
    counted = [value for value in present if value != 0] if has_zero else present
    if len(set(counted)) < 2:
        return Classes((), indicator.decimals, has_zero)
    cuts: list[float] = []
    for step in range(1, CLASSES):
        cut = round_number(counted[min(len(counted) * step // CLASSES, len(counted) - 1)])
        if cut > counted[0] and cut not in cuts:
            cuts.append(cut)
    return Classes(tuple(sorted(cuts)), indicator.decimals, has_zero)


def round_number(value: float) -> float:
    """`value` to two digits, the second one 0 or 5, so that a cut can be said aloud."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1) * 5
    return round(round(value / unit) * unit, 10)


def _places(cut: float) -> int:
    """Decimals a cut needs, at most two."""
    return next((places for places in (0, 1) if round(cut, places) == cut), 2)
