"""The rules of a level of risk, read from `assets/thresholds`: cut-points are data with a source, not code."""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "thresholds"
PER_100K = 100_000
SLACK = 1e-9
"""Rounding of a limit times a population that is meant to be a whole number of cases."""


class RuleError(ValueError):
    """A file of rules is incomplete; raised at import, with the file and the key."""


@dataclass(frozen=True)
class LevelName:
    """A level in words, as they stand after its number."""

    vi: str
    en: str

    def name(self, language: str) -> str:
        """The words in `language` (vi or en)."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True)
class Cuts:
    """Limits of community cases per 100,000 per week, in force from a day."""

    from_day: date
    per_100k_week: tuple[float, ...]


@dataclass(frozen=True)
class OlderTarget:
    """The share of older residents that must be fully vaccinated, and what missing it costs."""

    percent: float
    raises_by: int
    spares_without_cases: bool
    """True where an area without a community case in the week keeps its level."""


@dataclass(frozen=True)
class LevelRules:
    """How community incidence, first-dose coverage and the older residents' coverage give a level."""

    name_vi: str
    name_en: str
    source: str
    note_vi: str
    note_en: str
    cuts: tuple[Cuts, ...]
    coverage_percent: float
    levels_covered: tuple[int, ...]
    """The level of each class of incidence where coverage reaches `coverage_percent`."""
    levels_uncovered: tuple[int, ...]
    """The same where it does not."""
    older: OlderTarget
    levels: tuple[LevelName, ...]

    def cuts_on(self, day: date) -> tuple[float, ...]:
        """The limits in force on `day`; days before the first rule are judged by it too, for comparison."""
        known = [item for item in self.cuts if item.from_day <= day]
        return (known[-1] if known else self.cuts[0]).per_100k_week

    def judge(self, incidence: Floats, coverage: Floats, older: Floats, day: date) -> Floats:
        """The level of each unit, from 1 to the number of levels; NaN where incidence or coverage is missing.

        Where the older residents' coverage is missing the level rests on the other two: it is not raised, and whoever
        shows it must say so (`analytics.risk.Outlook.older_met`).
        """
        known = np.where(np.isnan(incidence), 0.0, incidence)
        category = np.searchsorted(np.array(self.cuts_on(day)), known, side="right")
        level = np.where(
            coverage >= self.coverage_percent,
            np.array(self.levels_covered)[category],
            np.array(self.levels_uncovered)[category],
        )
        missed = older < self.older.percent
        if self.older.spares_without_cases:
            missed &= incidence > 0
        level = np.where(missed, np.minimum(level + self.older.raises_by, len(self.levels)), level)
        return np.where(np.isnan(incidence) | np.isnan(coverage), np.nan, level)

    def level(self, incidence: float, coverage: float, older: float | None, day: date) -> int:
        """The level of one unit whose incidence and coverage are known; `older` None is unknown.

        As `judge` says, without arrays: ten times as fast for one unit, and the way to the next level asks often.
        """
        levels = self.levels_covered if coverage >= self.coverage_percent else self.levels_uncovered
        level = levels[bisect_right(self.cuts_on(day), incidence)]
        missed = older is not None and older < self.older.percent
        if missed and (incidence > 0 or not self.older.spares_without_cases):
            return min(level + self.older.raises_by, len(self.levels))
        return level

    def level_at(self, events: float, residents: float, coverage: float, older: float | None, day: date) -> int:
        """The level of one unit with `events` community cases in the week."""
        return self.level(events * PER_100K / residents, coverage, older, day)

    def next_limit(self, incidence: float, coverage: float, older: float | None, day: date) -> float | None:
        """The incidence from which the level is higher than now, or None at the highest.

        0 where any case at all raises it: an area without cases is spared for its older residents.
        """
        now = self.level(incidence, coverage, older, day)
        if incidence == 0 and self.level(SLACK, coverage, older, day) > now:
            return 0.0
        higher = (limit for limit in self.cuts_on(day) if limit > incidence)
        return next((limit for limit in higher if self.level(limit, coverage, older, day) > now), None)

    def cases_to(
        self, level: int, events: float, residents: float, coverage: float, older: float | None, day: date
    ) -> int | None:
        """How many community cases more in the week give at least `level`: 0 where they are there, None where never."""
        limits = [math.ceil(limit * residents / PER_100K - events - SLACK) for limit in self.cuts_on(day)]
        for more in sorted({0, 1, *(number for number in limits if number > 0)}):
            if self.level_at(events + more, residents, coverage, older, day) >= level:
                return more
        return None


def level_names(table: dict[str, Any]) -> tuple[LevelName, ...]:
    """The levels that a file of rules names, the lowest first."""
    return tuple(LevelName(item["vi"], item["en"]) for item in table["levels"])


def read_level_rules(path: Path) -> LevelRules:
    """The rules in a TOML file; RuleError names what is missing or contradictory."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        cuts = tuple(
            Cuts(item["from_day"], tuple(float(limit) for limit in item["per_100k_week"])) for item in table["cuts"]
        )
        older = table["older"]
        rules = LevelRules(
            name_vi=table["name"]["vi"],
            name_en=table["name"]["en"],
            source=table["source"],
            note_vi=table["note"]["vi"],
            note_en=table["note"]["en"],
            cuts=tuple(sorted(cuts, key=lambda item: item.from_day)),
            coverage_percent=float(table["coverage"]["percent"]),
            levels_covered=tuple(table["coverage"]["levels_at_or_above"]),
            levels_uncovered=tuple(table["coverage"]["levels_below"]),
            older=OlderTarget(float(older["percent"]), int(older["raises_by"]), bool(older["spares_without_cases"])),
            levels=level_names(table),
        )
    except KeyError as error:
        raise RuleError(f"{path.name}: the key {error} is missing") from None
    classes = len(rules.levels_covered)
    if len(rules.levels_uncovered) != classes or any(len(item.per_100k_week) != classes - 1 for item in rules.cuts):
        raise RuleError(f"{path.name}: {classes} classes need {classes - 1} limits in every [[cuts]] and a level each")
    if not set(rules.levels_covered + rules.levels_uncovered) <= set(range(1, len(rules.levels) + 1)):
        raise RuleError(f"{path.name}: a class gives a level that [[levels]] does not name")
    return rules


RULES_4800 = read_level_rules(FOLDER / "decision_4800.toml")
