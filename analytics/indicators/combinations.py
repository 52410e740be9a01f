"""Values made of other indicators' values: days to a target, and the levels of risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.indicators.methods import Absence, Floats
from analytics.province_rules import RULES_2686, ProvinceRules
from analytics.risk_rules import RULES_4800, LevelRules


@dataclass(frozen=True)
class DaysToTarget:
    """How many days until the first input reaches a target at the pace of the second."""

    target_percent: float
    absence: Absence = "no_denominator"

    def combine(self, inputs: tuple[Floats, ...], days: tuple[date, ...], below: tuple[Floats, ...] = ()) -> Floats:
        """Days, 0 where the target is reached; NaN where the pace is 0 or less."""
        reached, pace = inputs
        missing = np.maximum(self.target_percent - reached, 0.0)
        ahead = np.divide(missing, pace, out=np.full(missing.shape, np.nan), where=pace > 0)
        return np.where(missing == 0, np.where(np.isnan(reached), np.nan, 0.0), ahead)


@dataclass(frozen=True)
class DaysToClear:
    """How many days until nothing is left of the first input at the pace of the second."""

    absence: Absence = "no_denominator"

    def combine(self, inputs: tuple[Floats, ...], days: tuple[date, ...], below: tuple[Floats, ...] = ()) -> Floats:
        """Days, 0 where nothing is left; NaN where the pace is 0 or less."""
        left, pace = inputs
        ahead = np.divide(left, pace, out=np.full(left.shape, np.nan), where=pace > 0)
        return np.where(left == 0, 0.0, ahead)


@dataclass(frozen=True)
class Level:
    """The level of risk from community cases per 100,000 per week and the coverage of adults and of older residents."""

    rules: LevelRules = RULES_4800
    absence: Absence = "no_data"

    def combine(self, inputs: tuple[Floats, ...], days: tuple[date, ...], below: tuple[Floats, ...] = ()) -> Floats:
        """Levels 1 to 4 as numbers; NaN where one of the first two inputs is missing."""
        incidence, coverage, older = inputs
        out = np.full(incidence.shape, np.nan)
        limits = [self.rules.cuts_on(day) for day in days]
        for cuts in dict.fromkeys(limits):
            columns = [column for column, of_day in enumerate(limits) if of_day == cuts]
            shares = coverage[:, columns], older[:, columns]
            out[:, columns] = self.rules.judge(incidence[:, columns], *shares, days[columns[0]])
        return out


@dataclass(frozen=True)
class ProvinceLevel:
    """The level of a province from the levels of its districts and its own new F0 of 14 days."""

    rules: ProvinceRules = RULES_2686
    absence: Absence = "no_data"

    def combine(self, inputs: tuple[Floats, ...], days: tuple[date, ...], below: tuple[Floats, ...] = ()) -> Floats:
        """Levels 1 to 4 as numbers; NaN where too little is known to say."""
        (incidence,), (districts,) = inputs, below
        levels = [self.rules.level(districts[:, column], incidence[0, column]) for column in range(len(days))]
        return np.array([levels])
