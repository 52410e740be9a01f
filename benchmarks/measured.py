"""Measured figures: medians, 95th percentiles, ratios, and whether a target is met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Literal

Judged = Literal["value", "p95", "ratio"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of a report; `value` is a median where there were several runs."""

    what: str
    value: float
    measured_in: str
    p95: float | None = None
    against: str = ""
    """The reference of the same run, in words."""
    reference: float | None = None
    at_most: float | None = None
    """The target; without one the figure only informs."""
    judged: Judged = "ratio"

    @property
    def ratio(self) -> float | None:
        """The value over its reference; None without one."""
        return self.value / self.reference if self.reference else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        found = {"value": self.value, "p95": self.p95, "ratio": self.ratio}[self.judged]
        return None if self.at_most is None or found is None else found <= self.at_most

    def line(self) -> str:
        """The figure as a row of a Markdown table."""
        against = f"{self.against} {self.reference:,.4g} {self.measured_in}" if self.reference is not None else "–"
        target = f"{self.judged} ≤ {self.at_most:g}" if self.at_most is not None else "–"
        said = {True: "met", False: "missed", None: "–"}[self.met]
        p95 = f"{self.p95:,.4g}" if self.p95 is not None else "–"
        ratio = f"{self.ratio:.3g}" if self.ratio is not None else "–"
        row = [self.what, f"{self.value:,.4g} {self.measured_in}", p95, against, ratio, target, said]
        return f"| {' | '.join(row)} |"


HEAD = "| what | median | p95 | reference | ratio | target | |\n|---|---|---|---|---|---|---|"


def p95(values: Sequence[float]) -> float:
    """The smallest of `values` that 95 in 100 do not exceed."""
    return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)]


def spread(what: str, values: Sequence[float], measured_in: str, **more: object) -> Figure:
    """The figure of several runs."""
    return Figure(what=what, value=median(values), measured_in=measured_in, p95=p95(values), **more)  # type: ignore[arg-type]


def resident_megabytes(process: int | Literal["self"], field: Literal["VmRSS", "VmHWM"]) -> float:
    """The memory a process has resident now (VmRSS) or had at its peak (VmHWM), in MB of 1,000,000 bytes.

    The peak is that of the program itself; ru_maxrss would count the parent it was forked from.
    """
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"/proc/{process}/status has no {field}")
