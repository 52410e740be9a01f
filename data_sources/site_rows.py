"""Sites on the map: who is in each quarantine site, treatment facility and checkpoint, with small numbers protected.

A site's count of people is a finer cut than the district's, which is published exactly. So the sites of a district's
day are protected together: rounded, and withheld where the district's total would give one of them away, by itself
or with the flows from the days around (site_audit). A district with a single site shows no count by site: it is the
district's own. Beds and places are no people and stand as they are. Only the newest version is shown, and from the
time on at which the last of the district's sites reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import duckdb

from data_sources.checked_shares import add_checked_shares
from data_sources.contracts import CONTRACTS
from data_sources.cube import version_table
from data_sources.mapping import quoted
from data_sources.site_audit import SiteDay, withhold_told
from data_sources.structure import Cell, protect


@dataclass(frozen=True)
class SiteColumns:
    """What of a dataset with sites everyone may see by site."""

    people: str
    """The count of people that is protected."""
    facts: tuple[str, ...] = ()
    """Counts of things, shown as they are."""
    kind: str | None = None
    """The column by which totals of people are published besides the district's; groups are protected apart by it."""
    among: str | None = None
    """A count of people of whom `people` are a part: shown, protected too, where it tells nothing about the part."""
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    """Where people are those of the day before with who came and without who went: the columns of both."""
    went_too: tuple[str, ...] = ()
    """Of those who went, columns that not every form has: blank is none."""


SITE_DATASETS = {
    "quarantine_sites": SiteColumns(
        people="present", facts=("capacity",), kind="site_kind", came=("arrived",), went=("left",)
    ),
    "treatment": SiteColumns(
        people="in_treatment",
        facts=("beds", "icu_beds"),
        came=("admitted",),
        went=("discharged", "deaths"),
        went_too=("f0_transferred",),
    ),
    "declarations": SiteColumns(people="symptomatic", among="declarations"),
}
NOT_A_SITE = "all"


def site_column(dataset: str) -> str:
    """The column of a dataset that names the site."""
    return CONTRACTS[dataset].site or ""


Shown = tuple[str, str, str, date, str, str, float, float, datetime]


def build_sites(con: duckdb.DuckDBPyConnection, present: list[str]) -> None:
    """Temporary tables `site` (where each stands), `site_count` (what is shown of each day) and `site_count_exact`."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE site (dataset VARCHAR, unit VARCHAR, site VARCHAR, kind VARCHAR,"
        " longitude DOUBLE, latitude DOUBLE)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE site_count (dataset VARCHAR, unit VARCHAR, site VARCHAR, day DATE,"
        " field VARCHAR, shown VARCHAR, low DOUBLE, high DOUBLE, issued TIMESTAMPTZ)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE site_count_exact (dataset VARCHAR, unit VARCHAR, site VARCHAR, day DATE,"
        " field VARCHAR, value BIGINT, issued TIMESTAMPTZ)"
    )
    for dataset, columns in SITE_DATASETS.items():
        if dataset not in present:
            continue
        table, site = version_table(CONTRACTS[dataset]), quoted(site_column(dataset))
        kind = quoted(columns.kind) if columns.kind else "''"
        con.execute(
            f"INSERT INTO site SELECT ?, unit, {site}, arg_max({kind}, issued_at),"
            f" arg_max(longitude, issued_at) FILTER (WHERE longitude IS NOT NULL),"
            f" arg_max(latitude, issued_at) FILTER (WHERE latitude IS NOT NULL)"
            f" FROM {table} WHERE until_at IS NULL AND {site} <> ? GROUP BY unit, {site} ORDER BY unit, {site}",
            [dataset, NOT_A_SITE],
        )
        _insert_facts(con, dataset, columns)
        _insert_people(con, dataset, columns)
        if dataset == "declarations":
            add_checked_shares(con)
        for column in CONTRACTS[dataset].columns:
            if column.type == "integer":
                con.execute(
                    f"INSERT INTO site_count_exact SELECT ?, unit, {site}, day, ?, {quoted(column.name)}, issued_at"
                    f" FROM {table} WHERE until_at IS NULL AND {site} <> ? AND {quoted(column.name)} IS NOT NULL"
                    f" ORDER BY day, unit, {site}",
                    [dataset, column.name, NOT_A_SITE],
                )


def _insert_facts(con: duckdb.DuckDBPyConnection, dataset: str, columns: SiteColumns) -> None:
    table, site = version_table(CONTRACTS[dataset]), quoted(site_column(dataset))
    for name in columns.facts:
        con.execute(
            f"INSERT INTO site_count SELECT ?, unit, site, day, ?, CAST(fact AS VARCHAR), fact, fact, whole_at FROM"
            f" (SELECT unit, {site} AS site, day, {quoted(name)} AS fact, max(issued_at) OVER (PARTITION BY unit, day)"
            f" AS whole_at FROM {table} WHERE until_at IS NULL) WHERE site <> ? AND fact IS NOT NULL"
            " ORDER BY unit, site, day",
            [dataset, name, NOT_A_SITE],
        )


def _insert_people(con: duckdb.DuckDBPyConnection, dataset: str, columns: SiteColumns) -> None:
    kind = quoted(columns.kind) if columns.kind else "''"
    among = quoted(columns.among) if columns.among else "NULL"
    site, people = quoted(site_column(dataset)), quoted(columns.people)
    flows = [" + ".join(map(quoted, names)) or "NULL" for names in (columns.came, columns.went)]
    flows[1] += "".join(f" + COALESCE({quoted(name)}, 0)" for name in columns.went_too)
    lists = ", ".join(f"list({sql} ORDER BY {site})" for sql in (site, people, among, *flows))
    rows = con.execute(
        f"WITH best AS (SELECT * FROM {version_table(CONTRACTS[dataset])} WHERE until_at IS NULL"
        " QUALIFY rank = min(rank) OVER (PARTITION BY unit, day))"
        f" SELECT unit, {kind}, day, max(issued_at), {lists} FROM best GROUP BY ALL HAVING count(*) > 1"
        " ORDER BY 1, 2, 3"
    ).fetchall()
    shown: list[Shown] = []
    for (unit, _), group in groupby(rows, key=lambda row: row[:2]):
        days = list(group)
        protected = [protect_group(_by_site(day[4], day[5]), _by_site(day[4], day[6])) for day in days]
        audited = [_site_day(cells, *pair) for (cells, _), pair in zip(protected, _pairs(days), strict=True)]
        if columns.came:
            withhold_told(audited)
        for row, (_, around), day in zip(days, protected, audited, strict=True):
            for field, cell in [*((columns.people, cell) for cell in day.cells), *((columns.among, c) for c in around)]:
                if field and cell.category != NOT_A_SITE:
                    interval = (float(cell.low), float(cell.high))
                    shown.append((dataset, unit, cell.category, row[2], field, cell.shown, *interval, row[3]))
    if shown:
        con.execute(
            "INSERT INTO site_count SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]),"
            " unnest(?::DATE[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::DOUBLE[]), unnest(?::DOUBLE[]),"
            " unnest(?::TIMESTAMPTZ[])",
            [list(column) for column in zip(*shown, strict=True)],
        )


Row = tuple[Any, ...]
"""Unit, kind, day, issue, and by site: names, people, those they are among, who came, who went."""


def _by_site(sites: list[str], values: list[int | None]) -> dict[str, int | None]:
    return dict(zip(sites, values, strict=True))


def _stated(sites: list[str], values: list[int | None]) -> dict[str, int]:
    return {site: value for site, value in zip(sites, values, strict=True) if value is not None}


def _pairs(days: list[Row]) -> Iterator[tuple[Row | None, Row]]:
    """Each day with the one before it, where that is the day before."""
    before: Row | None = None
    for day in days:
        yield (before if before is not None and before[2] + timedelta(days=1) == day[2] else None), day
        before = day


def _site_day(cells: list[Cell], before: Row | None, day: Row) -> SiteDay:
    """The day for the audit; flows that do not make up the people of every site bind no reader."""
    counts, came, went = (_stated(day[4], day[place]) for place in (5, 7, 8))
    yesterday = _stated(before[4], before[5]) if before else {}
    whole = bool(yesterday) and counts.keys() == yesterday.keys() == came.keys() == went.keys()
    if not whole or any(counts[site] != yesterday[site] + came[site] - went[site] for site in counts):
        return SiteDay(counts, cells)
    return SiteDay(counts, cells, sum(came.values()), sum(went.values()))


def protect_group(people: dict[str, int | None], among: dict[str, int | None]) -> tuple[list[Cell], list[Cell]]:
    """The cells of one district's sites and day that may be shown: the people, and those they are among.

    Both are empty where the people cannot be shown; a site without a count is left out of them.
    """
    cells = protect({site: count for site, count in people.items() if count is not None})
    if cells is None:
        return [], []
    around = protect({site: count for site, count in among.items() if count is not None}) or []
    highest = {cell.category: cell.high for cell in cells}
    # Where the whole may be smaller than the part may be, it would narrow the part.
    narrows = any(cell.low < highest.get(cell.category, 0) for cell in around)
    return cells, [] if narrows else around
