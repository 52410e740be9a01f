"""Counts over one text column of a table, for finding out how its values are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from data_sources.readers.names import quoted

CLEAR_MAJORITY = 0.95
"""Where values decide for two readings, one slip in twenty is a slip, more is two ways of writing in one column."""
_OTHER_DIGITS = "０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_ASCII_DIGITS = "0123456789" * 3
_SPACES = "\u00a0\u2007\u2009\u202f\u3000\t"
_MINUS = "\u2212\u2013\uff0d"
_POINTS = "\uff0e\uff0c\uff0f\uff1a\uff05"
_ASCII_POINTS = ".,/:%"


@dataclass(frozen=True)
class Column:
    """One column of text in a table; where the table has roles, only its rows of data count."""

    con: duckdb.DuckDBPyConnection
    table: str
    name: str

    def query(self, select: str, *, group: str = "", distinct: bool = False) -> list[tuple[Any, ...]]:
        """Rows of `select` over the column, called `v`, without blanks.

        Over distinct values `v` is plain text (`plain_text`), `n` their number, and `raw` true where nothing changed.
        """
        source = f"SELECT {quoted(self.name)} AS v FROM {quoted(self.table)} WHERE {quoted(self.name)} IS NOT NULL"
        if self._has_roles():
            source += " AND _role = 'data'"
        if distinct:
            counted = f"SELECT v, count(*) AS n FROM ({source}) GROUP BY v"
            source = f"SELECT {plain_text('v')} AS v, n, {plain_text('v')} = v AS raw FROM ({counted})"
        return self.con.execute(f"SELECT {select} FROM ({source}) {group}").fetchall()

    def _has_roles(self) -> bool:
        return any(row[0] == "_role" for row in self.con.execute(f"DESCRIBE {quoted(self.table)}").fetchall())


def plain_text(text: str) -> str:
    """SQL of a text with its digits, signs and spaces as in ASCII, without space around."""
    written = _OTHER_DIGITS + _SPACES + _MINUS + _POINTS
    plain = _ASCII_DIGITS + " " * len(_SPACES) + "-" * len(_MINUS) + _ASCII_POINTS
    return f"trim(translate({text}, '{written}', '{plain}'))"


def literal(text: str) -> str:
    """`text` as an SQL string; for patterns and formats that are constants or come from the settings."""
    return "'" + text.replace("'", "''") + "'"
