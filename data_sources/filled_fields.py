"""How complete each field is: rows that state it over rows that should, by unit and day, and over everything.

That a field of a person's row is blank may say something of that person, as of symptoms. So of rows about persons the
parts are ISO weeks of a unit with LEAST_ROWS of them or more, and what is told are multiples of SMALLEST_SHOWN, as of
everything else about persons; an area's figure is the sum of its parts, so nothing comes back by subtraction. Personal
fields are counted within the encrypted store of identities; nothing but how many there are leaves it.
"""

from __future__ import annotations

import duckdb

from data_sources.contracts import CONTRACTS, Contract
from data_sources.cube import version_table
from data_sources.erased_persons import person_columns
from data_sources.mapping import quoted
from data_sources.settings import Settings
from data_sources.structure import SMALLEST_SHOWN

NOT_STATED = ("unknown", "all")
"""Defaults that say nothing: a field that holds one of them is not filled in."""
LEAST_ROWS = 4 * SMALLEST_SHOWN
"""Of rows about persons in a part: of fewer, a count rounded to fives says too little."""
ROUNDED = f"{SMALLEST_SHOWN} * CAST(round(filled / {SMALLEST_SHOWN}.0) AS BIGINT)"
OWN = "(unit IS NULL OR unit NOT IN (SELECT code FROM unit WHERE level = 'province' AND level <> ? AND code <> ?))"
"""The other provinces of the national figures report to somebody else."""
LEAST = f"WHERE n0 >= {LEAST_ROWS}"
MOST_ASTRAY = SMALLEST_SHOWN // 2
"""How far a rounded count may lie off; one so near to all of the rows is shown as all."""

SCHEMA = """
CREATE OR REPLACE TEMP TABLE completeness (dataset VARCHAR, field VARCHAR, filled BIGINT, total BIGINT);
CREATE OR REPLACE TEMP TABLE field_filled (dataset VARCHAR, field VARCHAR, unit VARCHAR, day DATE, filled BIGINT,
    rows BIGINT);
"""


def build_filled_fields(
    con: duckdb.DuckDBPyConnection, settings: Settings, present: list[str], identities: str | None
) -> None:
    """Temporary tables `completeness` and `field_filled` of the newest rows of the datasets `present`.

    `identities` is the catalogue name of the store of identities; without it personal fields are not told.
    """
    con.execute(SCHEMA)
    for dataset in present:
        contract = CONTRACTS[dataset]
        names = _count(con, settings, contract, identities)
        filled = ", ".join(f"f{place}" for place in range(len(names)))
        owed = ", ".join(f"n{place}" for place in range(len(names)))
        told = f"unnest(?::VARCHAR[]) AS field, unnest([{filled}]) AS filled, unnest([{owed}]) AS rows"
        con.execute(
            "INSERT INTO completeness SELECT ?, field, sum(filled), sum(rows) FROM"
            f" (SELECT {told} FROM filled_part) GROUP BY field ORDER BY list_position(?::VARCHAR[], field)",
            [dataset, names, names],
        )
        shown, enough = "filled", ""
        if contract.about_persons:
            shown, enough = f"CASE WHEN rows - {ROUNDED} <= {MOST_ASTRAY} THEN rows ELSE {ROUNDED} END", LEAST
        con.execute(
            f"INSERT INTO field_filled SELECT ?, field, unit, day, {shown} AS filled, rows FROM"
            f" (SELECT unit, day, {told} FROM filled_part {enough}) WHERE day IS NOT NULL AND {OWN} ORDER BY ALL",
            [dataset, names, settings.province.level, settings.province.code],
        )


def _count(con: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract, identities: str | None) -> list[str]:
    """The fields counted, into the temporary table `filled_part`, by unit and day.

    For the field at place i, `f<i>` is the number of rows that state it and `n<i>` of those that should.
    """
    names: list[str] = []
    counts: list[str] = []
    values: list[str] = []
    for column in contract.public_columns:
        name, place = quoted(column.name), len(names)
        stated = f"{name} IS NOT NULL"
        if column.default in NOT_STATED:
            stated, values = f"{stated} AND {name} <> ?", [*values, column.default]
        owed, more = _owed(settings, contract, column.name)
        counts.append(f"count(*) FILTER (WHERE {stated}) AS f{place}, count(*) {owed} AS n{place}")
        values += more
        names.append(column.name)
    joined = ""
    about = person_columns(contract).about
    if identities and about and contract.personal_columns:
        fields = ", ".join(
            f"bool_or({quoted(column.name)} IS NOT NULL) AS {quoted(column.name)}"
            for column in contract.personal_columns
        )
        joined = (
            f"LEFT JOIN (SELECT person, {fields} FROM {identities}.identity WHERE content IN (SELECT a.content"
            f" FROM accepted AS a JOIN content AS c ON c.content = a.content WHERE c.dataset = '{contract.dataset}')"
            f" GROUP BY person) AS known ON known.person = t.{quoted(about[0])}"
        )
        for column in contract.personal_columns:
            counts.append(
                f"count(*) FILTER (WHERE known.{quoted(column.name)}) AS f{len(names)}, count(*) AS n{len(names)}"
            )
            names.append(column.name)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE filled_part AS SELECT {_unit(contract)} AS unit, {_day(contract)} AS day,"
        f" {', '.join(counts)} FROM {version_table(contract)} AS t {joined} WHERE until_at IS NULL GROUP BY 1, 2",
        values,
    )
    return names


def _owed(settings: Settings, contract: Contract, name: str) -> tuple[str, list[str]]:
    """The filter of the rows that could state a field, with its values.

    Of a row that was split into parts only the remainder carries what is said once for all of them.
    """
    rules = [source.unpivot for source in settings.sources if source.dataset == contract.dataset and source.unpivot]
    if not rules or name in contract.key or name in {rule.value for rule in rules}:
        return "", []
    parts = [(rule.into, word) for rule in rules for word in rule.columns]
    split = " OR ".join(f"{quoted(into)} = ?" for into, _ in parts)
    return f"FILTER (WHERE {quoted(name)} IS NOT NULL OR NOT ({split}))", [word for _, word in parts]


def _unit(contract: Contract) -> str:
    return "t.unit" if any(column.name == "unit" for column in contract.columns) else "CAST(NULL AS VARCHAR)"


def _day(contract: Contract) -> str:
    """SQL of the day a row is about, or of the Monday of its week where rows are about persons."""
    names = [column.name for column in contract.columns if column.name == "day"]
    names += [column.name for column in contract.columns if column.type == "time"]
    day = f"CAST(t.{quoted(names[0])} AS DATE)" if names else "CAST(NULL AS DATE)"
    return f"CAST(date_trunc('week', {day}) AS DATE)" if contract.about_persons else day
