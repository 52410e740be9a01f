"""Small counts: below five they are not shown apart, and sums of protected counts keep their interval.

Counts of cases, tests and doses by district and day are published officially and shown exactly. Finer cuts (age,
sex, occupation, exposure) reach a release already protected, as texts that stand for an interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Below five a count can point to a person: national statistics offices' usual least cell, and the indicators' rule.
LEAST_COUNT = 5


@dataclass(frozen=True)
class Protected:
    """A count as it may be shown: a text and the interval it stands for."""

    shown: str
    low: float
    high: float

    @property
    def middle(self) -> float:
        """The middle of the interval, for the length of a bar."""
        return (self.low + self.high) / 2


def total(parts: Iterable[Protected]) -> Protected:
    """The sum of protected counts: an interval as wide as theirs together, shown as its two ends."""
    known = list(parts)
    low, high = sum(item.low for item in known), sum(item.high for item in known)
    return Protected(f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}", low, high)
