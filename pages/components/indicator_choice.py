"""Choosing an indicator to compare units by, and saying what is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.findings import compared
from analytics.indicators import INDICATORS
from analytics.ranking import Ranking
from pages.components import cached

if TYPE_CHECKING:
    from pages.components.frame import View

USUAL = "incidence_7d"
"""What the province is compared by unless the reader chooses otherwise: cases over people, by week."""


def known(view: View) -> tuple[str, ...]:
    """The ids of the comparable indicators that have a figure for some unit on the chosen day."""
    return cached.indicators_with_values(view.release, view.selection.day)


def default(view: View) -> str:
    """The usual indicator, or the first that the release has figures of."""
    found = known(view)
    return USUAL if USUAL in found or not found else found[0]


def options(view: View) -> dict[str, str]:
    """Every comparable indicator by its name, those with figures first, the others marked."""
    found = known(view)
    rest = [name for name, item in INDICATORS.items() if item.comparable and name not in found]
    names = {name: INDICATORS[name].name(view.language) for name in found}
    return names | {name: view.say("frame.no_value", name=INDICATORS[name].name(view.language)) for name in rest}


def what(view: View, ranked: Ranking) -> str:
    """What is compared, in which unit of measurement, over which days, and how many units have a figure."""
    return compared(ranked, view.language)
