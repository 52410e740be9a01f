"""The rules of a level of risk, read from `assets/thresholds`: cut-points are data with a source, not code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "thresholds"


class RuleError(ValueError):
    """A file of rules is incomplete; raised at import, with the file and the key."""


@dataclass(frozen=True)
class Cuts:
    """Limits of community cases per 100,000 per week, in force from a day."""

    from_day: date
    per_100k_week: tuple[float, ...]


@dataclass(frozen=True)
class LevelRules:
    """How community incidence and first-dose coverage give a level."""

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

    def cuts_on(self, day: date) -> tuple[float, ...]:
        """The limits in force on `day`; days before the first rule are judged by it too, for comparison."""
        known = [item for item in self.cuts if item.from_day <= day]
        return (known[-1] if known else self.cuts[0]).per_100k_week

    def levels(self, incidence: Floats, coverage: Floats, day: date) -> Floats:
        """The level of each unit, from 1 to the number of classes; NaN where either figure is missing."""
        category = np.searchsorted(np.array(self.cuts_on(day)), np.nan_to_num(incidence), side="right")
        level = np.where(
            coverage >= self.coverage_percent,
            np.array(self.levels_covered)[category],
            np.array(self.levels_uncovered)[category],
        )
        return np.where(np.isnan(incidence) | np.isnan(coverage), np.nan, level)

    def next_limit(self, incidence: float, coverage: float, day: date) -> float | None:
        """The incidence from which the level is higher than now, or None at the highest."""
        table = self.levels_covered if coverage >= self.coverage_percent else self.levels_uncovered
        limits = self.cuts_on(day)
        category = int(np.searchsorted(np.array(limits), incidence, side="right"))
        for number in range(category, len(limits)):
            if table[number + 1] > table[category]:
                return limits[number]
        return None


def read_level_rules(path: Path) -> LevelRules:
    """The rules in a TOML file; RuleError names what is missing or contradictory."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        cuts = tuple(
            Cuts(item["from_day"], tuple(float(limit) for limit in item["per_100k_week"])) for item in table["cuts"]
        )
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
        )
    except KeyError as error:
        raise RuleError(f"{path.name}: the key {error} is missing") from None
    classes = len(rules.levels_covered)
    if len(rules.levels_uncovered) != classes or any(len(item.per_100k_week) != classes - 1 for item in rules.cuts):
        raise RuleError(f"{path.name}: {classes} classes need {classes - 1} limits in every [[cuts]] and a level each")
    return rules


RULES_4800 = read_level_rules(FOLDER / "decision_4800.toml")
