"""Values made of other indicators' values: days to a target, and the level of risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.indicators.methods import Absence, Floats
from analytics.risk_rules import RULES_4800, LevelRules


@dataclass(frozen=True)
class DaysToTarget:
    """How many days until the first input reaches a target at the pace of the second."""

    target_percent: float
    absence: Absence = "no_denominator"

    def combine(self, inputs: tuple[Floats, ...], days: tuple[date, ...]) -> Floats:
        """Days, 0 where the target is reached; NaN where the pace is 0 or less."""
        reached, pace = inputs
        missing = np.maximum(self.target_percent - reached, 0.0)
        ahead = np.divide(missing, pace, out=np.full(missing.shape, np.nan), where=pace > 0)
        return np.where(missing == 0, np.where(np.isnan(reached), np.nan, 0.0), ahead)


@dataclass(frozen=True)
class Level:
    """The level of risk from community cases per 100,000 per week and first-dose coverage."""

    rules: LevelRules = RULES_4800
    absence: Absence = "no_data"

    def combine(self, inputs: tuple[Floats, ...], days: tuple[date, ...]) -> Floats:
        """Levels 1 to 4 as numbers; NaN where either input is missing."""
        incidence, coverage = inputs
        out = np.full(incidence.shape, np.nan)
        for column, day in enumerate(days):
            out[:, column] = self.rules.levels(incidence[:, column], coverage[:, column], day)
        return out
