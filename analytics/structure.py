"""Who the confirmed cases are: kind of contact, occupation, symptoms, severity, age and sex."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.cube import day_number
from analytics.disclosure import Protected, total
from analytics.release import Release
from analytics.wording import Language, catalogue
from data_sources.contracts import CONTRACTS

DATASET = "cases"


@dataclass(frozen=True)
class Category:
    """One category of a distribution; `low` and `high` are equal where the count is exact."""

    category: str
    shown: str
    low: float
    high: float


@dataclass(frozen=True)
class Distribution:
    """A distribution over a period."""

    dimension: str
    first_day: date
    last_day: date
    """The days really covered: whole weeks where counts are protected by week."""
    categories: tuple[Category, ...]
    exact: bool
    withheld_weeks: int
    """Weeks left out because their exact total would give a small count away."""


def dimensions(release: Release) -> tuple[str, ...]:
    """The dimensions the release has a distribution of."""
    rows = release.cursor().execute("SELECT DISTINCT dimension FROM picture.structure ORDER BY dimension").fetchall()
    return tuple(dimension for (dimension,) in rows)


def distribution(
    release: Release, dimension: str, first_day: date, last_day: date, units: Iterable[str] | None = None
) -> Distribution:
    """How the confirmed cases of a period are distributed over a dimension, the largest category first.

    Analysts have exact counts by unit and day. The others have the whole province by ISO week under the small-number
    rule, so their period is widened to whole weeks, sums are intervals, and `units` does not narrow them.
    """
    if release.role == "analyst":
        return _exact(release, dimension, first_day, last_day, units)
    first_week = first_day - timedelta(days=first_day.weekday())
    last_week = last_day - timedelta(days=last_day.weekday())
    rows = (
        release.cursor()
        .execute(
            "SELECT category, shown, low, high, week FROM picture.structure"
            " WHERE dataset = ? AND dimension = ? AND week BETWEEN ? AND ?",
            [DATASET, dimension, first_week, last_week],
        )
        .fetchall()
    )
    counts: dict[str, list[Protected]] = {}
    for category, shown, low, high, _ in rows:
        counts.setdefault(category, []).append(Protected(shown, low, high))
    found = []
    for category, parts in counts.items():
        whole = parts[0] if len(parts) == 1 else total(parts)
        found.append(Category(category, whole.shown, whole.low, whole.high))
    with_cases = _weeks_with_cases(release, first_week, last_week)
    return Distribution(
        dimension,
        first_week,
        last_week + timedelta(days=6),
        _ordered(found),
        exact=False,
        withheld_weeks=len(with_cases - {week for *_, week in rows}),
    )


def _weeks_with_cases(release: Release, first_week: date, last_week: date) -> set[date]:
    """The Mondays of the weeks with a listed case anywhere in the province."""
    leaves = [leaf.code for leaf in release.units.leaves(release.province.code)]
    last = day_number(last_week + timedelta(days=6))
    daily = release.evaluation.cube.daily(("cases.f0", ""), leaves, day_number(first_week), last)
    weekly = np.nan_to_num(daily).sum(axis=0).reshape(-1, 7).sum(axis=1)
    return {first_week + timedelta(weeks=number) for number, cases in enumerate(weekly) if cases > 0}


def _exact(
    release: Release, dimension: str, first_day: date, last_day: date, units: Iterable[str] | None
) -> Distribution:
    codes = None if units is None else list(units)
    rows = (
        release.cursor()
        .execute(
            "SELECT category, CAST(sum(value) AS DOUBLE) FROM analysis.structure_exact"
            " WHERE dataset = $dataset AND dimension = $dimension AND day BETWEEN $first AND $last"
            " AND ($units::VARCHAR[] IS NULL OR unit IN (SELECT unnest($units::VARCHAR[]))) GROUP BY category",
            {"dataset": DATASET, "dimension": dimension, "first": first_day, "last": last_day, "units": codes},
        )
        .fetchall()
    )
    found = [Category(category, f"{count:.0f}", count, count) for category, count in rows]
    return Distribution(dimension, first_day, last_day, _ordered(found), exact=True, withheld_weeks=0)


def _ordered(categories: list[Category]) -> tuple[Category, ...]:
    return tuple(sorted(categories, key=lambda item: (-(item.low + item.high), item.category)))


def dimension_name(dimension: str, language: Language) -> str:
    """The name of a dimension: the contract's column, or the catalogue's word for a derived one."""
    names = {column.name: (column.vi, column.en) for column in CONTRACTS[DATASET].columns}
    key = f"indicators.dimension.{dimension}"
    if catalogue().has(key):
        return catalogue().text(key, language)
    vi, en = names.get(dimension, (dimension, dimension))
    return vi if language == "vi" else en


def category_name(dimension: str, category: str, language: Language) -> str:
    """The name of a category: the contract's choice, the catalogue's word, or the category itself (an age group)."""
    for column in CONTRACTS[DATASET].columns:
        for choice in column.choices if column.name == dimension else ():
            if choice.value == category:
                return choice.vi if language == "vi" else choice.en
    key = f"indicators.category.{category}"
    return catalogue().text(key, language) if catalogue().has(key) else category
