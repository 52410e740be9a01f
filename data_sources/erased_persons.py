"""Persons who were erased: known by a keyed mark alone, and left out of whatever is delivered afterwards.

A mark is a keyed digest of the pseudonym, so neither the code nor the pseudonym of an erased person stands anywhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from data_sources.contracts import Contract
from data_sources.mapping import find_mapping, quoted
from data_sources.pseudonym import PSEUDONYM_LETTERS, Key, digest_sql
from data_sources.refusal import Refused
from data_sources.settings import SourceSettings

SCHEMA = "CREATE TABLE IF NOT EXISTS erased (mark VARCHAR PRIMARY KEY)"


@dataclass(frozen=True)
class PersonColumns:
    """The columns of a dataset that name persons: those the row is about, and those that only refer to another."""

    about: tuple[str, ...]
    references: tuple[str, ...]


def person_columns(contract: Contract) -> PersonColumns:
    """The person columns of a contract: a row is about the persons in its key, or else about the first one."""
    named = [column.name for column in contract.columns if column.type == "person"]
    about = tuple(name for name in named if name in contract.key) or tuple(named[:1])
    return PersonColumns(about, tuple(name for name in named if name not in about))


def any_erased(con: duckdb.DuckDBPyConnection) -> bool:
    """True when the warehouse that `con` is connected to has marks of erased persons."""
    known = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'erased' AND NOT temporary").fetchone()
    if not known or not known[0]:
        return False
    row = con.execute("SELECT count(*) FROM erased").fetchone()
    return bool(row and row[0])


def mark_sql(con: duckdb.DuckDBPyConnection, key: Key, person_sql: str) -> str:
    """SQL of the mark of a pseudonym; lays the key's pads into a temporary table of `con`."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE mark_pads AS SELECT ?::BLOB AS inner_pad, ?::BLOB AS outer_pad",
        list(key.pads("erased")),
    )
    return digest_sql(person_sql, "mark_pads")


def leave_out(con: duckdb.DuckDBPyConnection, contract: Contract, key: Key) -> int:
    """How many rows of the temporary table `typed_row` were about erased persons; they are gone from it.

    Where another person's row refers to one of them, the reference is blank.
    """
    if not any_erased(con):
        return 0
    there = {row[0] for row in con.execute("DESCRIBE typed_row").fetchall()}
    columns = person_columns(contract)
    about = [name for name in columns.about if name in there]
    references = [name for name in columns.references if name in there]
    if not about:
        return 0
    named = " UNION ".join(f"SELECT {quoted(name)} AS person FROM typed_row" for name in [*about, *references])
    mark = mark_sql(con, key, "person")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE erased_here AS SELECT person FROM ({named})"
        f" WHERE {mark} IN (SELECT mark FROM erased)"
    )
    of_erased = " OR ".join(f"{quoted(name)} IN (SELECT person FROM erased_here)" for name in about)
    gone = con.execute(f"DELETE FROM typed_row WHERE {of_erased}").fetchone()
    for name in references:
        con.execute(
            f"UPDATE typed_row SET {quoted(name)} = NULL, {quoted('_raw_' + name)} = NULL"
            f" WHERE {quoted(name)} IN (SELECT person FROM erased_here)"
        )
    con.execute("DROP TABLE erased_here")
    return int(gone[0]) if gone else 0


def written_columns(
    columns: Collection[str], source: SourceSettings | None, contract: Contract | None
) -> PersonColumns | None:
    """Which of their columns name persons; None where that cannot be told, so that any of them may."""
    if source is None or contract is None:
        return None
    try:
        theirs = find_mapping(tuple(columns), source, contract).theirs
    except Refused:
        return None
    ours = person_columns(contract)
    about = tuple(theirs[name] for name in ours.about if name in theirs)
    return PersonColumns(about, tuple(theirs[name] for name in ours.references if name in theirs)) if about else None


def create_rows_to_keep(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Collection[str],
    persons: PersonColumns | None,
    key: Key,
    marks: str = "erased",
) -> bool:
    """The temporary view `rows_to_keep` of a table of text without erased persons; False where none of them is in it.

    Where it cannot be told which columns name persons, a row with an erased person's code in any cell goes.
    """
    about = persons.about if persons else tuple(columns)
    references = persons.references if persons else ()
    mark = mark_sql(con, key, "person")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE code_pads AS SELECT ?::BLOB AS inner_pad, ?::BLOB AS outer_pad", key.pads()
    )
    person = digest_sql("trim(code)", "code_pads", PSEUDONYM_LETTERS)
    cells = " UNION ".join(f"SELECT {quoted(name)} AS code FROM {table}" for name in [*about, *references])
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE erased_code AS SELECT code FROM"
        f" (SELECT code, {person} AS person FROM ({cells}) WHERE code IS NOT NULL)"
        f" WHERE {mark} IN (SELECT mark FROM {marks})"
    )
    found = con.execute("SELECT count(*) FROM erased_code").fetchone()
    erased = "IN (SELECT code FROM erased_code)"
    blanked = ", ".join(
        f"CASE WHEN {quoted(name)} {erased} THEN NULL ELSE {quoted(name)} END AS {quoted(name)}" for name in references
    )
    kept = " AND ".join(f"COALESCE({quoted(name)} NOT {erased}, TRUE)" for name in about)
    replaced = f" REPLACE ({blanked})" if blanked else ""
    con.execute(f"CREATE OR REPLACE TEMP VIEW rows_to_keep AS SELECT *{replaced} FROM {table} WHERE {kept}")
    return bool(found and found[0])
