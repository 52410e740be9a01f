"""What the rows of a delivery say together: the same key twice, and cumulative figures that fall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb
import numpy as np
from numpy.typing import NDArray

from data_sources.contracts import Contract
from data_sources.contracts.model import Column
from data_sources.mapping import quoted
from data_sources.messages import Message

PARTS = 4
"""In so many parts the hashes of keys are compared."""


@dataclass(frozen=True)
class Totals:
    """What is true of the good rows together."""

    newest_day: date | None
    flags: dict[str, int]


def judge_rows(con: duckdb.DuckDBPyConnection, contract: Contract, present: list[Column]) -> None:
    """The temporary table `judged`: for each row of `typed` its place, whether it breaks a rule, and a hash of its key.

    Also its day, and whether a count in it is a correction below 0: all that is asked again of ten million rows.
    """
    names = _names(con)
    counts = [quoted(column.name) for column in present if column.type == "integer" and (column.minimum or 0) < 0]
    negative = " OR ".join(f"{name} < 0" for name in counts) or "FALSE"
    with in_any_order(con, contract):
        con.execute(
            f"CREATE TEMP TABLE judged AS SELECT _sheet, _row, _broken, hash({_key(contract, names)}) AS key,"
            f" {'day' if 'day' in names else 'CAST(NULL AS DATE)'} AS day, {negative} AS negative FROM typed"
        )


def find_repeated(con: duckdb.DuckDBPyConnection, contract: Contract) -> Totals:
    """What the good rows say together, and the temporary table `repeated_row`: those whose key may be there twice."""
    con.execute("CREATE TEMP TABLE repeated_row (_sheet VARCHAR, _row BIGINT)")
    good = "FROM judged WHERE NOT _broken"
    counts = con.execute(f"SELECT max(day), count(*) FILTER (WHERE negative) {good}").fetchone()
    if counts is None:
        return Totals(None, {})
    again = [] if contract.repeatable else _found_again(con, f"SELECT key {good}")
    if again:
        con.execute(
            f"INSERT INTO repeated_row SELECT _sheet, _row {good} AND key IN (SELECT unnest(?::UBIGINT[]))", [again]
        )
    return Totals(counts[0], {"negative_correction": counts[1]} if counts[1] else {})


def set_repeated_aside(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Set repeated rows aside: the same again is kept once, the same key with other values not at all.

    They are found among the rows of `looked_at` that `repeated_row` lists.
    """
    names = _names(con)
    key = _key(contract, names)
    content = [quoted(column.name) for column in contract.columns if column.name in names]
    about = [name for name in ("unit", "day") if name in names]
    unit, day = (name if name in names else "NULL" for name in ("unit", "day"))
    con.execute(
        f"CREATE TEMP TABLE repeated AS SELECT {', '.join(['_sheet', '_row', *about])},"
        f" hash({', '.join(content)}) AS content,"
        f" count(*) OVER same AS n, min(content) OVER same AS low, max(content) OVER same AS high,"
        f" row_number() OVER (PARTITION BY {key} ORDER BY _sheet, _row) AS place"
        f" FROM looked_at AS t {join_rows('SEMI', 'repeated_row')}"
        f" WINDOW same AS (PARTITION BY {key}) QUALIFY n > 1"
    )
    needed = Message("needed.one_row_each", fields=[contract.field(name) for name in contract.key])
    con.execute(
        f"INSERT INTO set_aside_rows SELECT _sheet, _row, ?, NULL, ?, {unit}, {day},"
        " CASE WHEN low = high THEN 'duplicate' ELSE 'conflict' END FROM repeated WHERE low <> high OR place > 1",
        [contract.key[0], needed.stored()],
    )


def _found_again(con: duckdb.DuckDBPyConnection, hashes: str) -> list[int]:
    """The values of the column `key` of a query, which ends in its condition, that it holds more than once.

    Almost no key of a delivery is there twice, and only the rows of those (or that share a hash) are looked at again.
    Sorting ten million hashes takes 0.4 s and 80 MB, grouping by them in DuckDB 3 s and 200 MB; in parts 20 MB.
    """
    again: list[int] = []
    for part in range(PARTS):
        taken = con.execute(f"{hashes} AND key % {PARTS} = ?", [part]).fetchnumpy()["key"]
        found: NDArray[np.uint64] = np.asarray(taken, dtype=np.uint64)
        found.sort()
        again += np.unique(found[1:][found[1:] == found[:-1]]).tolist()
    return again


def _names(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {row[0] for row in con.execute("DESCRIBE typed").fetchall()}


def _key(contract: Contract, names: set[str]) -> str:
    return ", ".join([*(quoted(name) for name in contract.key if name in names), "issued_at"])


@contextmanager
def in_any_order(con: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[None]:
    """Rows may change places within, unless rows of one key are told apart by their order.

    Behind a join DuckDB writes rows in order on one core only.
    """
    con.execute(f"SET preserve_insertion_order = {contract.repeatable}")
    try:
        yield
    finally:
        con.execute("RESET preserve_insertion_order")


def count_fallen(con: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """How many rows have a cumulative figure below that of an earlier day of the same unit; kept and flagged."""
    names = _names(con)
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
    """The join that leaves out the rows of `table`; nothing at all when it is empty."""
    counted = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return join_rows("ANTI", table, row, sheet) if counted and counted[0] else ""


def join_rows(kind: Literal["ANTI", "SEMI"], table: str, row: str = "_row", sheet: str = "_sheet") -> str:
    """The join of `t` with the places of rows in `table`: without them (ANTI), or them alone (SEMI).

    Written as a join, because of NOT EXISTS over a view DuckDB 1.5 makes a join with all of its rows.
    """
    return f"{kind} JOIN {table} AS s ON s.{row} = t._row AND s.{sheet} IS NOT DISTINCT FROM t._sheet"
