"""What a form would change if it were handed in: the figures of its units and days now, and with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np

from analytics.cube import Part, day_number
from analytics.evaluation import Evaluation
from analytics.indicators import INDICATORS
from analytics.release import Release
from data_sources.contracts import CONTRACTS, Contract
from data_sources.forms.judged import Judgement, Said
from data_sources.settings import Level, ProvinceSettings, Settings, UnitSettings, load
from data_sources.units import Register, load_register

SUM_OF_GROUPS = "=all"
MOST_INDICATORS = 6
"""A preview is looked at, not studied: the indicators of the form's dataset that change most."""


@dataclass(frozen=True)
class Office:
    """What a form is judged by: the register of units and the province that reports."""

    register: Register
    province: ProvinceSettings


@dataclass(frozen=True)
class Changed:
    """One reported figure of a unit's day: what stands now, and what the form says."""

    measure: str
    """dataset.measure"""
    unit: str
    day: date
    now: float | None
    then: float


@dataclass(frozen=True)
class Moved:
    """One indicator of a unit: its value now, and with the form."""

    indicator: str
    unit: str
    day: date
    now: float | None
    then: float | None


@dataclass(frozen=True)
class Effect:
    """All that a form would change; `exact` is False where it adds to rows that only the warehouse knows one by one."""

    exact: bool
    changed: tuple[Changed, ...]
    moved: tuple[Moved, ...]


def office(release: Release, config: Path | None) -> Office:
    """The register and province of the settings file; the national register for the release's province without one.

    SettingError for wrong settings, or for a province with a register of its own whose settings are not named.
    """
    if config is not None:
        settings = load(config)
    else:
        level = cast("Level", release.level)
        province = ProvinceSettings(code=release.province.code, name=release.province.name, level=level)
        settings = Settings(province=province, units=UnitSettings(), sources=(), directory=Path())
    return Office(load_register(settings), settings.province)


def is_exact(judged: Judgement) -> bool:
    """True where the figures of a release tell every row of the form apart, so that a preview can replace them."""
    contract = CONTRACTS[judged.dataset]
    told_apart = set(contract.key) - {"unit", "day"} <= set(_finest(contract))
    return not contract.line_list and told_apart and not any(SUM_OF_GROUPS in one.stratum for one in judged.said)


def _finest(contract: Contract) -> tuple[str, ...]:
    return max(contract.cuts, key=lambda cut: len(cut))


def effect(release: Release, judged: Judgement) -> Effect:
    """What the good rows of a judged form would change in `release`, most changed first."""
    exact = is_exact(judged)
    totals = _totals(release, judged) if exact else {}
    changed = []
    for one in _whole(judged.said) if not exact else ():
        changed.append(_changed(release, judged.dataset, one, one.value))
    for (measure, unit, day), value in totals.items():
        changed.append(_changed(release, judged.dataset, Said(measure, unit, day, value, ""), value))
    differing = [one for one in changed if one.now != one.then or not exact]
    differing.sort(key=lambda one: (-abs(one.then - (one.now or 0.0)), one.unit, one.measure))
    return Effect(exact, tuple(differing), _moved(release, judged, totals) if exact else ())


def _whole(said: Iterable[Said]) -> list[Said]:
    """The sums over all strata: one for each measure, unit and day."""
    sums: dict[tuple[str, str, date], float] = {}
    for one in said:
        key = (one.measure, one.unit, one.day)
        sums[key] = sums.get(key, 0.0) + one.value
    return [Said(measure, unit, day, value, "") for (measure, unit, day), value in sums.items()]


def _totals(release: Release, judged: Judgement) -> dict[tuple[str, str, date], float]:
    """The new total of each measure, unit and day: what stands, less the strata the form replaces, plus the form's."""
    totals: dict[tuple[str, str, date], float] = {}
    for one in judged.said:
        key = (one.measure, one.unit, one.day)
        part = f"{judged.dataset}.{one.measure}"
        before = totals.get(key)
        if before is None:
            before = _value(release, (part, ""), one.unit, one.day) or 0.0
        replaced = before if not one.stratum else _value(release, (part, one.stratum), one.unit, one.day) or 0.0
        totals[key] = before - replaced + one.value
    return totals


def _value(release: Release, part: Part, unit: str, day: date) -> float | None:
    number = day_number(day)
    value = float(release.evaluation.cube.daily(part, [unit], number, number)[0, 0])
    return None if np.isnan(value) else value


def _changed(release: Release, dataset: str, one: Said, then: float) -> Changed:
    measure = f"{dataset}.{one.measure}"
    return Changed(measure, one.unit, one.day, _value(release, (measure, ""), one.unit, one.day), then)


def _moved(release: Release, judged: Judgement, totals: dict[tuple[str, str, date], float]) -> tuple[Moved, ...]:
    """The indicators over the dataset, on the form's newest day, for its units and the whole province."""
    days = [day for _, _, day in totals]
    if not days:
        return ()
    day = max(days)
    values: dict[Part, dict[tuple[str, date], float]] = {}
    for (measure, unit, on), value in totals.items():
        values.setdefault((f"{judged.dataset}.{measure}", ""), {})[unit, on] = value
    for one in judged.said:
        if one.stratum:
            values.setdefault((f"{judged.dataset}.{one.measure}", one.stratum), {})[one.unit, one.day] = one.value
    with_form = Evaluation(release.evaluation.cube.replaced(values), release.units)
    units = list(dict.fromkeys([*(unit for _, unit, _ in totals), release.province.code]))
    moved = []
    for indicator in INDICATORS.values():
        if judged.dataset not in indicator.datasets:
            continue
        before = release.evaluation.values(indicator, units, [day]).value[:, 0]
        after = with_form.values(indicator, units, [day]).value[:, 0]
        for place, unit in enumerate(units):
            old, new = _or_none(before[place]), _or_none(after[place])
            if old != new:
                moved.append(Moved(indicator.id, unit, day, old, new))
    return tuple(sorted(moved, key=_by_size)[: MOST_INDICATORS * len(units)])


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _by_size(one: Moved) -> tuple[float, str, str]:
    """Most changed first, in shares of what stood there; figures that appear or vanish before all."""
    share = 1e9 if one.now is None or one.then is None else abs(one.then - one.now) / max(abs(one.now), 1e-9)
    return (-share, one.indicator, one.unit)
