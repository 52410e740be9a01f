"""Every figure of a day as plain values, in the shape `python -m analytics indicators --json` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.ranking import provinces, ranks
from analytics.readings import Reading, read
from analytics.release import AsOf, Release


def figures_of_day(
    release: Release,
    day: date,
    *,
    ids: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    as_of: AsOf = None,
) -> list[dict[str, Any]]:
    """One dictionary for each indicator and unit: value, counts, trend, ranks and quality; None where there is none.

    By default every indicator, for the province and the units that report to it. `rank` is among the units of the
    province, `rank_national` among the provinces of the country that have a value. KeyError for an unknown id.
    """
    leaves = [leaf.code for leaf in release.units.leaves(release.province.code, day)]
    siblings = provinces(release, day)
    wanted = list(units) if units is not None else list(dict.fromkeys([release.province.code, *leaves]))
    names = list(ids) if ids is not None else list(INDICATORS)
    readings = read(release, names, [*wanted, *leaves, *siblings], day, as_of)
    rows: list[dict[str, Any]] = []
    for name in names:
        indicator = INDICATORS[name]
        local = _ranks(indicator, {unit: readings[name, unit] for unit in leaves if unit != release.province.code})
        national = _ranks(indicator, {unit: readings[name, unit] for unit in siblings})
        rows.extend(_figure(readings[name, unit], local, national) for unit in wanted)
    return rows


def _ranks(indicator: Indicator, readings: Mapping[str, Reading]) -> dict[str, int]:
    """Ranks of the units that have a value; none where units must not be compared or there is nobody to compare to."""
    present = {unit: reading.value for unit, reading in readings.items() if reading.value is not None}
    return ranks(indicator, present) if indicator.comparable and len(present) > 1 else {}


def _figure(reading: Reading, local: Mapping[str, int], national: Mapping[str, int]) -> dict[str, Any]:
    unit, quality = reading.unit, reading.quality
    return {
        "id": reading.indicator,
        "unit": unit,
        "day": reading.day.isoformat(),
        "value": reading.value,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "trend": reading.trend,
        "rank": local.get(unit),
        "rank_of": len(local) if unit in local else None,
        "rank_national": national.get(unit),
        "rank_national_of": len(national) if unit in national else None,
        "quality": {
            "reported_units": quality.reported_units,
            "expected_units": quality.expected_units,
            "newest_report_age_hours": quality.newest_report_age_hours,
            "fields_complete_share": quality.fields_complete_share,
            "provisional": quality.provisional,
        },
    }
