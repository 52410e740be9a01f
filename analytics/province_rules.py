"""The level of a province from those of its districts, by the conditions in `assets/thresholds/decision_2686.toml`.

A condition is met, not met, or unknown. Districts whose level is not known count neither way: a condition is met
where the known ones suffice, and not met where even all the others could not meet it.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from analytics.risk_rules import FOLDER, PER_100K, SLACK, Floats, LevelName, RuleError, level_names

Kind = Literal["districts_percent", "districts_count", "new_f0", "communes_percent"]
WITHOUT_SOURCE: tuple[Kind, ...] = ("communes_percent",)
"""Conditions that no source decides: always unknown, and said to be so."""
PERCENT = 100.0


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One way to come to a level."""

    level: int
    kind: Kind
    limit: float
    above: bool
    """True where the figure must lie above the limit, False where the limit itself suffices."""
    district_level: int = 0
    """Districts at this level or above are counted; 0 for conditions that count none."""
    vi: str
    en: str

    def name(self, language: str) -> str:
        """What is compared with the limit, in `language`."""
        return self.vi if language == "vi" else self.en

    def reached_by(self, figure: float) -> bool:
        """True where `figure` meets the condition."""
        return figure > self.limit if self.above else figure >= self.limit

    def districts_needed(self, districts: int) -> int:
        """The least number of `districts` at the level that meets a condition about districts."""
        share = self.limit * districts / PERCENT if self.kind == "districts_percent" else self.limit
        return math.floor(share + SLACK) + 1 if self.above else math.ceil(share - SLACK)


@dataclass(frozen=True)
class Judged:
    """A condition with what was found."""

    condition: Condition
    met: bool | None
    """None where the figures at hand do not decide it."""
    figure: float | None
    """The figure that is compared with the limit: a percentage, a number of districts, or the incidence."""
    count: int | None = None
    """Districts at the level, where districts are counted."""
    of: int = 0
    """Districts in all."""


@dataclass(frozen=True)
class ProvinceRules:
    """The conditions of every level above the first."""

    name_vi: str
    name_en: str
    source: str
    note_vi: str
    note_en: str
    levels: tuple[LevelName, ...]
    conditions: tuple[Condition, ...]

    def judge(self, districts: Floats, incidence_14d: float) -> tuple[Judged, ...]:
        """Every condition, from the districts' levels (NaN is unknown) and the province's new F0 of 14 days."""
        known = sorted(districts[~np.isnan(districts)].tolist())
        unknown = len(districts) - len(known)
        return tuple(_judged(condition, known, unknown, incidence_14d) for condition in self.conditions)

    def level_of(self, judged: Sequence[Judged]) -> int | None:
        """The highest level with a condition that is met, 1 where none is; None where too much is unknown to say.

        A condition that no source could decide (communes) does not stand in the way of level 1.
        """
        met = [item.condition.level for item in judged if item.met]
        if met:
            return max(met)
        return None if any(item.met is None and item.condition.kind not in WITHOUT_SOURCE for item in judged) else 1

    def at_most(self, judged: Sequence[Judged]) -> int:
        """The level if every unknown condition were met, those without a source left out."""
        possible = [
            item.condition.level
            for item in judged
            if item.met or (item.met is None and item.condition.kind not in WITHOUT_SOURCE)
        ]
        return max(possible, default=1)

    def level(self, districts: Floats, incidence_14d: float) -> float:
        """The level as a number, NaN where it is not known."""
        level = self.level_of(self.judge(districts, incidence_14d))
        return np.nan if level is None else float(level)


def _judged(condition: Condition, known: list[float], unknown: int, incidence_14d: float) -> Judged:
    """One condition, from the levels of the districts where it is known, ascending."""
    if condition.kind in WITHOUT_SOURCE:
        return Judged(condition, None, None)
    if condition.kind == "new_f0":
        if math.isnan(incidence_14d):
            return Judged(condition, None, None)
        return Judged(condition, condition.reached_by(incidence_14d), float(incidence_14d))
    total = len(known) + unknown
    count = len(known) - bisect_left(known, condition.district_level)
    needed = condition.districts_needed(total)
    met = True if count >= needed and total else None if count + unknown >= needed else False
    share = condition.kind == "districts_percent"
    figure = None if unknown == total else PERCENT * count / total if share else float(count)
    return Judged(condition, met, figure, count, total)


def read_province_rules(path: Path) -> ProvinceRules:
    """The rules in a TOML file; RuleError names what is missing or contradictory."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        rules = ProvinceRules(
            name_vi=table["name"]["vi"],
            name_en=table["name"]["en"],
            source=table["source"],
            note_vi=table["note"]["vi"],
            note_en=table["note"]["en"],
            levels=level_names(table),
            conditions=tuple(
                Condition(
                    level=int(item["level"]),
                    kind=item["kind"],
                    limit=float(item["limit"]),
                    above=bool(item["above"]),
                    district_level=int(item.get("district_level", 0)),
                    vi=item["vi"],
                    en=item["en"],
                )
                for item in table["conditions"]
            ),
        )
    except KeyError as error:
        raise RuleError(f"{path.name}: the key {error} is missing") from None
    for condition in rules.conditions:
        if condition.kind not in get_args(Kind):
            raise RuleError(
                f"{path.name}: kind {condition.kind!r} is unknown; allowed are {', '.join(map(str, get_args(Kind)))}"
            )
        if condition.kind.startswith("districts") and not condition.district_level:
            raise RuleError(f"{path.name}: {condition.en!r} counts districts and needs a district_level")
        if not 1 < condition.level <= len(rules.levels):
            raise RuleError(f"{path.name}: {condition.en!r} has level {condition.level}; [[levels]] names 2 and above")
    return rules


def cases_to_exceed(condition: Condition, events: float, residents: float) -> int:
    """How many new F0 more bring the incidence past the condition's limit."""
    needed = condition.limit * residents / PER_100K - events
    return max(0, math.floor(needed + SLACK) + 1 if condition.above else math.ceil(needed - SLACK))


RULES_2686 = read_province_rules(FOLDER / "decision_2686.toml")
