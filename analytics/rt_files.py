"""Rt from files: a CSV of daily cases and a serial interval, as `python -m analytics rt` reads them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import numpy as np

from analytics.rt import LEAST_CASES, Floats, reproduction_number, serial_interval
from data_sources.refusal import Refused


@dataclass(frozen=True)
class RtRow:
    """The estimate of one window."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("start", "end", "mean", "sd", "q025", "q50", "q975")

    start: date
    end: date
    mean: float
    sd: float
    q025: float
    q50: float
    q975: float
    enough_cases: bool
    """False below LEAST_CASES, where the estimate is too wide to be shown to anyone who decides by it."""

    def cells(self) -> list[str]:
        """The row as text, numbers in full precision."""
        numbers = (self.mean, self.sd, self.q025, self.q50, self.q975)
        return [self.start.isoformat(), self.end.isoformat(), *(repr(number) for number in numbers)]

    def as_json(self) -> dict[str, object]:
        """The row as JSON values."""
        return {
            **{"start": self.start.isoformat(), "end": self.end.isoformat(), "mean": self.mean, "sd": self.sd},
            **{"q025": self.q025, "q50": self.q50, "q975": self.q975, "enough_cases": self.enough_cases},
        }


def estimate_file(
    cases: Path, *, window: int = 7, mean: float | None = None, sd: float | None = None, weights: Path | None = None
) -> list[RtRow]:
    """Rt for every window of the daily cases in a CSV with the columns date and cases.

    The serial interval is a shifted gamma of `mean` and `sd` days, or the CSV `weights` with the columns s and w.
    Refused for a file that is missing, has other columns, skips a day, or holds something that is not a number.
    """
    first, counts = _daily_cases(cases)
    if weights is not None:
        interval = _weights(weights)
    elif mean is not None and sd is not None:
        interval = serial_interval(mean, sd, len(counts))
    else:
        raise ValueError("a serial interval is needed: its mean and sd, or its weights")
    found = reproduction_number(counts, interval, window)
    return [
        RtRow(
            start=first + timedelta(days=int(found.first[place])),
            end=first + timedelta(days=int(found.last[place])),
            mean=float(found.mean[place]),
            sd=float(found.sd[place]),
            q025=float(found.q025[place]),
            q50=float(found.q50[place]),
            q975=float(found.q975[place]),
            enough_cases=bool(found.cases[place] >= LEAST_CASES),
        )
        for place in range(len(found.mean))
    ]


def _daily_cases(path: Path) -> tuple[date, Floats]:
    rows = _rows(path, "date", "cases")
    days: list[date] = []
    counts: list[float] = []
    for number, (written, count) in rows:
        try:
            days.append(date.fromisoformat(written))
            counts.append(float(count))
        except ValueError:
            found = f"{written!r}, {count!r}"
            raise _refused(path, number, "a date as 2021-08-29 and a number of cases", found) from None
    for place, day in enumerate(days):
        expected = days[0] + timedelta(days=place)
        if day != expected:
            raise _refused(path, rows[place][0], f"one row a day in order, here {expected}", day.isoformat())
    return days[0], np.array(counts, dtype=np.float64)


def _weights(path: Path) -> Floats:
    rows = _rows(path, "s", "w")
    found: dict[int, float] = {}
    for number, (s, w) in rows:
        try:
            found[int(s)] = float(w)
        except ValueError:
            raise _refused(path, number, "a whole number of days and a probability", f"{s!r}, {w!r}") from None
    if min(found) < 0 or not all(0 <= weight <= 1 for weight in found.values()):
        raise _refused(path, rows[0][0], "days of 0 or more and probabilities between 0 and 1", "others")
    return np.array([found.get(s, 0.0) for s in range(max(found) + 1)], dtype=np.float64)


def _rows(path: Path, first: str, second: str) -> list[tuple[int, tuple[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = reader.fieldnames or []
            if first not in names or second not in names:
                raise _refused(path, 1, f"the columns {first} and {second}", ", ".join(names) or "nothing")
            rows = [(reader.line_num, (row[first] or "", row[second] or "")) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, 1, "a readable CSV file in UTF-8", type(error).__name__) from None
    if not rows:
        raise _refused(path, 2, "at least one row", "none")
    return rows


def _refused(path: Path, line: int, needed: str, found: str) -> Refused:
    return Refused(needed=needed, found=found, where=f"{path}, line {line}", remedy="Correct the file and try again.")
