"""Who the confirmed cases are, by week, with small numbers protected before anything leaves the warehouse.

The lattice is fixed: the whole province, one ISO week, one dimension at a time. Counts below SMALLEST_SHOWN are one
class ("<5", a 0 included), the others are rounded to the nearest multiple of it, and a week's distribution is
withheld when the exact weekly total, which is published, would give any cell away by subtraction. (Statistical
disclosure control by rounding and auditing of the feasible intervals: Hundepool et al., 2012, chapters 4 and 5.)
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from data_sources.contracts import CONTRACTS
from data_sources.cube import version_table

SMALLEST_SHOWN = 5
"""Counts of persons under five are not shown apart, the usual floor of health statistics offices."""

AGE_GROUPS = ((0, 11), (12, 17), (18, 49), (50, 64), (65, 120))
"""Primary school and below, pupils, working age, older working age, and the group of the coverage target."""

DIMENSIONS = {
    "exposure": "exposure",
    "occupation": "occupation",
    "sex": "sex",
    "severity": "severity",
    "symptoms": (
        "CASE WHEN symptoms IS NOT NULL OR onset IS NOT NULL THEN 'symptomatic'"
        " WHEN severity = 'asymptomatic' THEN 'asymptomatic' ELSE 'unknown' END"
    ),
    "age_group": "CASE "
    + " ".join(f"WHEN age <= {last} THEN '{first}-{last}'" for first, last in AGE_GROUPS[:-1])
    + f" WHEN age >= {AGE_GROUPS[-1][0]} THEN '{AGE_GROUPS[-1][0]}+' ELSE 'unknown' END",
}


@dataclass(frozen=True)
class Cell:
    """One category of a week's distribution as it may be shown: its text and the interval it stands for."""

    category: str
    shown: str
    low: int
    high: int


def protect(counts: dict[str, int]) -> list[Cell] | None:
    """The distribution as it may be shown, or None when the exact total would give a cell away."""
    cells = [_rounded(category, count) for category, count in sorted(counts.items())]
    total = sum(counts.values())
    low = sum(cell.low for cell in cells)
    high = sum(cell.high for cell in cells)
    for cell in cells:
        least = max(cell.low, total - (high - cell.high))
        most = min(cell.high, total - (low - cell.low))
        if least == most:
            return None
    return cells


def _rounded(category: str, count: int) -> Cell:
    if count < SMALLEST_SHOWN:
        return Cell(category, f"<{SMALLEST_SHOWN}", 0, SMALLEST_SHOWN - 1)
    half = SMALLEST_SHOWN // 2
    near = (count + half) // SMALLEST_SHOWN * SMALLEST_SHOWN
    # A reader knows the rule: what is shown as 5 is no 3 or 4, those would be "<5".
    return Cell(category, str(near), max(near - half, SMALLEST_SHOWN), near + half)


def build_structure(con: duckdb.DuckDBPyConnection, *, has_cases: bool) -> None:
    """Temporary tables `structure` (protected, province by week) and `structure_exact` (units by day)."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE structure (dataset VARCHAR, dimension VARCHAR, category VARCHAR, week DATE,"
        " shown VARCHAR, low DOUBLE, high DOUBLE)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE structure_exact (dataset VARCHAR, dimension VARCHAR, category VARCHAR,"
        " unit VARCHAR, day DATE, value BIGINT)"
    )
    if not has_cases:
        return
    table = version_table(CONTRACTS["cases"])
    for dimension, expression in DIMENSIONS.items():
        con.execute(
            f"INSERT INTO structure_exact SELECT 'cases', ?, {expression} AS category, unit, day, count(*) FROM {table}"
            " WHERE f_class = 'F0' AND until_at IS NULL GROUP BY ALL ORDER BY unit, day, category",
            [dimension],
        )
    rows = con.execute(
        "SELECT dimension, CAST(date_trunc('week', day) AS DATE) AS week, category, CAST(sum(value) AS BIGINT)"
        " FROM structure_exact GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    weeks: dict[tuple[str, object], dict[str, int]] = {}
    categories: dict[str, set[str]] = {}
    for dimension, week, category, count in rows:
        weeks.setdefault((dimension, week), {})[category] = count
        categories.setdefault(dimension, set()).add(category)
    shown = []
    for (dimension, week), counts in weeks.items():
        whole = {category: counts.get(category, 0) for category in categories[dimension]}
        for cell in protect(whole) or []:
            shown.append(("cases", dimension, cell.category, week, cell.shown, float(cell.low), float(cell.high)))
    if shown:
        con.execute(
            "INSERT INTO structure SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]),"
            " unnest(?::DATE[]), unnest(?::VARCHAR[]), unnest(?::DOUBLE[]), unnest(?::DOUBLE[])",
            [list(column) for column in zip(*shown, strict=True)],
        )
