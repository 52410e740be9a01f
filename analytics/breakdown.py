"""A figure by the strata of its dataset: cases by place of detection, positivity by target group."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd

from analytics.indicators import INDICATORS
from analytics.indicators.model import Formula, Indicator, Part, Term
from analytics.quality import is_provisional
from analytics.readings import knowledge
from analytics.release import AsOf, Release
from data_sources.contracts import CONTRACTS
from data_sources.contracts.model import Choice


def strata(indicator_id: str, column: str) -> tuple[Choice, ...]:
    """The choices of `column` the indicator can be broken down by; KeyError where its dataset is not cut that way."""
    for dataset in INDICATORS[indicator_id].datasets:
        if (column,) in CONTRACTS[dataset].cuts:
            return CONTRACTS[dataset].column(column).choices
    raise KeyError(f"{indicator_id} is not published by {column}")


def by_stratum(
    release: Release,
    indicator_id: str,
    column: str,
    unit: str,
    first_day: date,
    last_day: date,
    as_of: AsOf = None,
) -> pd.DataFrame:
    """The indicator of `unit` for each choice of `column` and day: stratum, day, value, provisional.

    Choices that never occur are left out; a missing figure is NaN. KeyError where the dataset is not cut that way.
    """
    days = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
    choices = _choices(indicator_id, column)
    known = knowledge(release, choices.values(), as_of)
    occurring = known.evaluation.cube.shape.parts
    found = {
        value: known.evaluation.values(narrowed, [unit], days, intervals=False).value[0]
        for value, narrowed in choices.items()
        if any(part in occurring for part in _parts(narrowed))
    }
    if not found:
        return pd.DataFrame(columns=["stratum", "day", "value", "provisional"])
    provisional = [is_provisional(INDICATORS[indicator_id], day, known.moment) for day in days]
    return pd.DataFrame(
        {
            "stratum": np.repeat(np.array(list(found), dtype=object), len(days)),
            "day": np.tile(np.array(days, dtype="datetime64[ns]"), len(found)),
            "value": np.concatenate(list(found.values())),
            "provisional": np.tile(np.array(provisional, dtype=bool), len(found)),
        }
    )


@cache
def _choices(indicator_id: str, column: str) -> dict[str, Indicator]:
    """The indicator narrowed to each choice of `column`."""
    base = INDICATORS[indicator_id]
    return {
        choice.value: dataclasses.replace(base, formulas=_narrowed(base, column, choice.value), least_denominator=0.0)
        for choice in strata(indicator_id, column)
    }


def _narrowed(indicator: Indicator, column: str, value: str) -> tuple[Formula, ...]:
    """The formulas about one stratum: what is subtracted for the total falls away, other datasets stay whole."""

    def narrow(term: Term) -> Term:
        if (column,) not in CONTRACTS[term.parts[0].dataset].cuts:
            return term
        added = tuple(Part(part.measure, f"{column}={value}", part.sign) for part in term.parts if not part.optional)
        return dataclasses.replace(term, parts=added)

    return tuple(
        Formula(narrow(formula.numerator), narrow(formula.denominator) if formula.denominator else None, formula.scale)
        for formula in indicator.formulas
        if (column,) in CONTRACTS[formula.numerator.parts[0].dataset].cuts
    )


def _parts(indicator: Indicator) -> list[tuple[str, str]]:
    return [(part.measure, part.stratum) for formula in indicator.formulas for part in formula.numerator.parts]
