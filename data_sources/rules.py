"""The ways in which a row can break its contract, each an SQL condition with what was needed instead."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from data_sources.contracts import Contract
from data_sources.contracts.model import Column
from data_sources.mapping import quoted
from data_sources.messages import Message
from data_sources.readers.columns import literal


@dataclass(frozen=True)
class Rule:
    """One way in which a row can break its contract: SQL over a row `t` of what it says and of what it found.

    `needed` is SQL of a stored message; `reason` is its key in the messages' tables [reason] and [todo].
    """

    reason: str
    field: str
    broken: str
    found: str
    needed: str


def said(message: Message) -> str:
    """SQL of a message as it is stored."""
    return literal(message.stored())


def range_rules(column: Column, value: str, raw: str) -> list[Rule]:
    """A number below or above what its column may hold."""
    rules = []
    raw = raw if column.grid_degrees is None else "NULL"
    if column.minimum is not None:
        needed = said(Message("needed.at_least", least=column.minimum))
        rules.append(Rule("out_of_range", column.name, f"{value} < {column.minimum!r}", raw, needed))
    if column.maximum is not None:
        needed = said(Message("needed.at_most", most=column.maximum))
        rules.append(Rule("out_of_range", column.name, f"{value} > {column.maximum!r}", raw, needed))
    return rules


def row_rules(contract: Contract, present: list[Column]) -> list[Rule]:
    """Rules over several columns of a row: a part above its whole, and a row of figures that reports none."""
    names = {column.name for column in present}
    rules = []
    for part, whole in contract.not_above:
        if part in names and whole in names:
            broken = f"t.{quoted(part)} > t.{quoted(whole)}"
            found = f"t.{quoted(part)}::VARCHAR || ' > ' || t.{quoted(whole)}::VARCHAR"
            needed = Message("needed.not_above", part=contract.field(part), whole=contract.field(whole))
            rules.append(Rule("part_above_whole", part, broken, found, said(needed)))
    # A planned day is a report too, though nothing is counted yet.
    told = ("integer", "number", "day", "time")
    values = [column for column in present if column.type in told and column.name not in (*contract.key, "day")]
    if values and contract.measures and not contract.line_list:
        blank = " AND ".join(f"t.{quoted('_raw_' + column.name)} IS NULL" for column in values)
        rules.append(Rule("no_report", values[0].name, blank, "NULL", said(Message("needed.some_figure"))))
    return rules


def set_aside(con: duckdb.DuckDBPyConnection, rules: list[Rule]) -> None:
    """The temporary table `set_aside_rows`: one row for each rule that a row of `suspect` breaks.

    Each with the unit and the day the row is about, as far as they could be read.
    """
    con.execute(
        "CREATE TEMP TABLE set_aside_rows (sheet VARCHAR, row BIGINT, field VARCHAR, found VARCHAR, needed VARCHAR,"
        " unit VARCHAR, day DATE, reason VARCHAR)"
    )
    about = about_sql(con, "suspect")
    for rule in rules:
        con.execute(
            f"INSERT INTO set_aside_rows SELECT t._sheet, t._row, ?, CAST({rule.found} AS VARCHAR), {rule.needed},"
            f" {about}, ? FROM suspect AS t WHERE COALESCE({rule.broken}, FALSE)",
            [rule.field, rule.reason],
        )


def about_sql(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """SQL of the unit and the day of a row `t` of `table`; NULL for what its dataset does not say."""
    names = {row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()}
    unit = "t.unit" if "unit" in names else "CAST(NULL AS VARCHAR)"
    return f"{unit}, {'t.day' if 'day' in names else 'CAST(NULL AS DATE)'}"


def set_torn_aside(con: duckdb.DuckDBPyConnection, staging: str) -> int:
    """How many rows could not be cut into columns; they are set aside without their text, which may name a person."""
    con.execute(
        f"INSERT INTO set_aside_rows SELECT NULL, _row, NULL, NULL, needed, NULL, NULL, 'row_unreadable' FROM"
        f" {staging}_rejects"
    )
    row = con.execute(f"SELECT count(DISTINCT _row) FROM {staging}_rejects").fetchone()
    return int(row[0]) if row else 0
