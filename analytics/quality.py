"""What stands behind a figure: from how many units, how old, how complete, still filling up or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from analytics.cube import day_number
from analytics.indicators.model import Indicator
from analytics.reports import Reports


@dataclass(frozen=True)
class Quality:
    """Printed beside every figure."""

    reported_units: int
    """Units whose reports the figure is made of."""
    expected_units: int
    """Units that must report for it."""
    newest_report_age_hours: float | None
    """From the newest report of the needed dataset, about days up to the figure's, to the moment of the picture."""
    fields_complete_share: float | None
    """Filled fields over all fields of the needed datasets, in percent."""
    provisional: bool
    """True while the day is within the indicator's reporting delay of the picture's day."""
    reported_days: int
    """Days of the window reported, by the unit that reported fewest of them."""
    expected_days: int


def is_provisional(indicator: Indicator, day: date, moment: datetime) -> bool:
    """True where reports about `day` are still expected to come in at `moment`."""
    return day > moment.date() - timedelta(days=indicator.reporting_delay_days)


def age_hours(
    reports: Reports, datasets: Sequence[str], units: Collection[str], day: date, moment: datetime
) -> float | None:
    """Hours from the newest report about days up to `day` to `moment`; None where no report is known."""
    issued = reports.newest_issue(datasets, units, day_number(day))
    return None if issued is None else max(0.0, (moment.timestamp() - issued) / 3600)


def fields_complete(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """For each dataset: fields filled and fields in all, over the fields that its sources supply at all.

    A field that no row ever fills is not part of the feed; it would pull every share down by the same amount for ever.
    """
    rows = cursor.execute(
        "SELECT dataset, sum(filled)::BIGINT, sum(total)::BIGINT FROM picture.completeness"
        " WHERE filled > 0 GROUP BY dataset"
    ).fetchall()
    return {dataset: (filled, total) for dataset, filled, total in rows}


def complete_share(known: dict[str, tuple[int, int]], datasets: Sequence[str]) -> float | None:
    """Filled fields over all fields of `datasets`, in percent; None where none of them is known."""
    found = [known[dataset] for dataset in datasets if dataset in known]
    total = sum(item[1] for item in found)
    return 100 * sum(item[0] for item in found) / total if total else None
