"""What must be said of a series that is older than its unit: how its figures before a merger were put together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.release import Release
from analytics.unit_tree import Joint, Unit
from analytics.wording import Language, listing, text
from analytics.wording import day as written_day


def merger_notes(
    release: Release,
    indicator_ids: Iterable[str],
    units: Iterable[str],
    first_day: date,
    last_day: date,
    language: Language,
) -> list[str]:
    """A sentence for each joint that figures of `units` from `first_day` to `last_day` rest on; none where none does.

    Figures over a window of days, or since the start, rest on the days before the first that is shown too.
    """
    notes: list[str] = []
    for name in indicator_ids:
        indicator = INDICATORS[name]
        first = _reaches_to(release, indicator, first_day)
        for unit in units:
            if unit in release.units:
                joints = release.units.joints(unit, first, last_day)
                notes += [_said(release, indicator, joint, language) for joint in joints]
    return list(dict.fromkeys(notes))


def _reaches_to(release: Release, indicator: Indicator, first_day: date) -> date:
    """The earliest day a figure of `first_day` is made of."""
    if indicator.inputs:
        return min(_reaches_to(release, INDICATORS[name], first_day) for name in indicator.made_of)
    if indicator.window.days is None:
        return min(release.first_day, first_day)
    return first_day - timedelta(days=indicator.window.days - 1 + max(indicator.method.lags))


def _said(release: Release, indicator: Indicator, joint: Joint, language: Language) -> str:
    unit = release.units.get(joint.unit, joint.since)
    before = joint.before
    key = _kind(indicator, joint)
    if key == "divided":
        before = tuple(row for row in joint.before if row.successors != (joint.unit,))
    elif key == "reused":
        before = (release.units.get(joint.unit, joint.eve),)
    names = listing([_name(row, unit, language) for row in sorted(before, key=lambda row: row.code)], language)
    values = {"unit": unit.short_name, "day": written_day(joint.since, language), "units": names}
    return text(f"mergers.{key}", language, **values)


def _kind(indicator: Indicator, joint: Joint) -> str:
    """Which sentence tells how the figures before the joint came about."""
    if not joint.before:
        return "reused"
    if not joint.whole:
        return "divided"
    if len(joint.before) == 1:
        return "renamed"
    if indicator.inputs:
        return "combined"
    formula = indicator.formulas[0]
    if formula.numerator.kind == "published":
        return "published"
    return "sum" if formula.denominator is None else "ratio"


def _name(former: Unit, unit: Unit, language: Language) -> str:
    """The short name of what went into `unit`; its whole name, or that it is the former one, where they are alike."""
    if former.short_name != unit.short_name:
        return former.short_name
    if former.name != unit.name:
        return former.name
    return text("mergers.former", language, unit=former.short_name)
