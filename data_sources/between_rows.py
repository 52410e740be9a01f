"""What the rows of a delivery say together: the same key twice, and cumulative figures that fall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from data_sources.contracts import Contract
from data_sources.contracts.model import Column
from data_sources.mapping import quoted


@dataclass(frozen=True)
class Totals:
    """What is true of the good rows together."""

    newest_day: date | None
    flags: dict[str, int]


def set_repeated_aside(con: duckdb.DuckDBPyConnection, contract: Contract, present: list[Column]) -> Totals:
    """Set repeated rows aside: the same again is kept once, the same key with other values not at all."""
    names = {row[0] for row in con.execute("DESCRIBE typed").fetchall()}
    key = ", ".join([*(quoted(name) for name in contract.key if name in names), "issued_at"])
    good = f"FROM typed AS t {without(con, 'suspect', '_row', '_sheet')}"
    correctable = [quoted(column.name) for column in present if column.type == "integer" and (column.minimum or 0) < 0]
    negative = " OR ".join(f"{name} < 0" for name in correctable) or "FALSE"
    counts = con.execute(
        f"SELECT {'max(day)' if 'day' in names else 'NULL'}, count(*) FILTER (WHERE {negative}) {good}"
    ).fetchone()
    if counts is None:
        return Totals(None, {})
    totals = Totals(counts[0], {"negative_correction": counts[1]} if counts[1] else {})
    if contract.repeatable:
        return totals
    # Almost no key is there twice: only the rows of those that are (or share a hash) are looked at again.
    con.execute(
        f"CREATE TEMP TABLE repeated_key AS SELECT key FROM (SELECT hash({key}) AS key {good})"
        " GROUP BY key HAVING count(*) > 1"
    )
    content = [quoted(column.name) for column in contract.columns if column.name in names]
    con.execute(
        f"CREATE TEMP TABLE repeated AS SELECT _sheet, _row, hash({', '.join(content)}) AS content,"
        f" count(*) OVER same AS n, min(content) OVER same AS low, max(content) OVER same AS high,"
        f" row_number() OVER (PARTITION BY {key} ORDER BY _sheet, _row) AS place"
        f" FROM (SELECT * {good}) WHERE hash({key}) IN (SELECT key FROM repeated_key)"
        f" WINDOW same AS (PARTITION BY {key}) QUALIFY n > 1"
    )
    named = ", ".join(contract.column(name).vi for name in contract.key)
    con.execute(
        "INSERT INTO set_aside_rows SELECT _sheet, _row, ?, NULL, ?,"
        " CASE WHEN low = high THEN 'duplicate' ELSE 'conflict' END FROM repeated WHERE low <> high OR place > 1",
        [contract.key[0], f"mỗi {named} một dòng"],
    )
    return totals


def count_fallen(con: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """How many rows have a cumulative figure below that of an earlier day of the same unit; kept and flagged."""
    names = {row[0] for row in con.execute("DESCRIBE typed").fetchall()}
    columns = [quoted(name) for name in contract.cumulative if name in names]
    if not columns:
        return 0
    same = ", ".join(quoted(name) for name in contract.key if name != "day" and name in names)
    fell = " OR ".join(f"COALESCE(max({name}) OVER earlier > {name}, FALSE)" for name in columns)
    row = con.execute(
        f"SELECT count(*) FROM (SELECT {fell} AS fell FROM typed WHERE day IS NOT NULL WINDOW earlier AS"
        f" (PARTITION BY {same} ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) WHERE fell"
    ).fetchone()
    return int(row[0]) if row else 0


def without(con: duckdb.DuckDBPyConnection, table: str, row: str, sheet: str) -> str:
    """The condition that leaves out the rows of `table`; nothing at all when it is empty, which spares a join."""
    counted = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    if not counted or not counted[0]:
        return ""
    same = f"s.{row} = t._row AND s.{sheet} IS NOT DISTINCT FROM t._sheet"
    return f"WHERE NOT EXISTS (SELECT 1 FROM {table} AS s WHERE {same})"
