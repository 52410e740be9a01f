"""Every indicator of the product, in one explicit registry; a new theme is one module and one line here."""

from __future__ import annotations

from analytics.indicators.aid import AID
from analytics.indicators.cases import CASES
from analytics.indicators.communication import COMMUNICATION
from analytics.indicators.declarations import DECLARATIONS
from analytics.indicators.duty import DUTY
from analytics.indicators.follow_up import FOLLOW_UP
from analytics.indicators.mobility import MOBILITY
from analytics.indicators.model import Indicator, IndicatorError
from analytics.indicators.outcomes import OUTCOMES
from analytics.indicators.quarantine import QUARANTINE
from analytics.indicators.risk import RISK
from analytics.indicators.rollout import ROLLOUT
from analytics.indicators.rumours import RUMOURS
from analytics.indicators.schooling import SCHOOLING
from analytics.indicators.supply import SUPPLY
from analytics.indicators.testing import TESTING
from analytics.indicators.tracing import TRACING
from analytics.indicators.treatment import TREATMENT
from analytics.indicators.vaccination import VACCINATION


def registry(*themes: tuple[Indicator, ...]) -> dict[str, Indicator]:
    """The records by id, in order of declaration; IndicatorError for an id used twice or an unknown input."""
    known: dict[str, Indicator] = {}
    for indicator in (item for theme in themes for item in theme):
        if indicator.id in known:
            raise IndicatorError(f"{indicator.id}: declared twice")
        known[indicator.id] = indicator
    for indicator in known.values():
        for name in (*indicator.inputs, *indicator.optional_inputs):
            if name not in known or known[name].inputs:
                raise IndicatorError(f"{indicator.id}: its input {name!r} is not an indicator with formulas")
        for name in indicator.leaf_inputs:
            if name not in known or known[name].leaf_inputs:
                raise IndicatorError(f"{indicator.id}: {name!r} is not an indicator that units below have")
    return known


INDICATORS = registry(
    CASES,
    OUTCOMES,
    RISK,
    TESTING,
    QUARANTINE,
    VACCINATION,
    TRACING,
    MOBILITY,
    TREATMENT,
    DECLARATIONS,
    FOLLOW_UP,
    SUPPLY,
    DUTY,
    COMMUNICATION,
    RUMOURS,
    AID,
    SCHOOLING,
    ROLLOUT,
)

__all__ = ["INDICATORS", "Indicator", "IndicatorError"]
