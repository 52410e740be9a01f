"""Columns of few distinct texts: each text is read once, into a temporary table that the rows look it up in."""

from __future__ import annotations

import duckdb

from data_sources.contracts.model import Column
from data_sources.mapping import ANY_OTHER_WORD, choice_words, plain, quoted
from data_sources.readers.formats import DayFormat
from data_sources.settings import SourceSettings

MOST_DAYS_LOOKED_UP = 100_000
"""Texts of days with a time of day in them may all differ; a century has 37,000 days, each written in a few ways."""


def choice_sql(con: duckdb.DuckDBPyConnection, table: str, column: Column, source: SourceSettings) -> str:
    """A look-up in a table of the distinct words of this column; an unknown word has no value and is set aside."""
    words = choice_words(column, source)
    name = quoted(column.name)
    written = [
        row[0] for row in con.execute(f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL").fetchall()
    ]
    found = [(word, words.get(plain(word), words.get(ANY_OTHER_WORD))) for word in written]
    pairs = [(word, value) for word, value in found if value is not None]
    con.execute(f"CREATE OR REPLACE TEMP TABLE {words_table(column)} (written VARCHAR, value VARCHAR)")
    con.execute(
        f"INSERT INTO {words_table(column)} SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
    )
    return f"{words_table(column)}.value"


def day_sql(con: duckdb.DuckDBPyConnection, table: str, column: Column, shape: DayFormat, shift: int, text: str) -> str:
    """A look-up in a table of the distinct texts of this column, where they are few and not all of one plain form.

    Ten million rows are about a few hundred days, and to read a mixed form takes longer than to look it up.
    """
    name, words = quoted(column.name), words_table(column)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {words} (written VARCHAR, value DATE)")
    if shape.direct is None:
        con.execute(
            f"INSERT INTO {words} SELECT written, CAST({shape.sql('written')} + {shift} AS DATE)"
            f" FROM (SELECT DISTINCT {name} AS written FROM {table} WHERE {name} IS NOT NULL LIMIT ?)",
            [MOST_DAYS_LOOKED_UP],
        )
    counted = con.execute(f"SELECT count(*) FROM {words}").fetchone()
    if counted and 0 < counted[0] < MOST_DAYS_LOOKED_UP:
        return f"{words}.value"
    con.execute(f"DELETE FROM {words}")
    return f"CAST({shape.sql(text)} + {shift} AS DATE)"


def words_table(column: Column) -> str:
    """The name of the look-up table (written, value) of a column."""
    return quoted(f"words_{column.name}")
