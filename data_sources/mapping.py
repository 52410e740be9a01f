"""Their columns, words and layout turned into ours, by settings and by the contract's known headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from data_sources.contracts import Contract
from data_sources.contracts.model import Column
from data_sources.messages import Message
from data_sources.readers.formats import find_number_format
from data_sources.readers.layout import JOINT
from data_sources.refusal import Refused
from data_sources.settings import SourceSettings

MOST_FIGURES_NAMED = 8
NOT_A_LETTER = re.compile(r"[^a-z0-9+<>=]+")


@dataclass(frozen=True)
class Mapping:
    """Which of their columns stands for which of ours, and what of theirs is not used."""

    theirs: dict[str, str]
    constants: dict[str, str]
    unused: tuple[str | Message, ...]
    """As a message may say them."""
    issued: str | None
    unit_parent: str | None


def plain(text: str) -> str:
    """`text` without accents, case and punctuation, for comparing what people write: `Số ca` -> `so ca`."""
    folded = unicodedata.normalize("NFD", text.strip().lower().replace("đ", "d"))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return NOT_A_LETTER.sub(" ", letters).strip()


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def figures_of(contract: Contract) -> tuple[str, ...]:
    """The columns of which a row must fill at least one to be a report; none for a list, whose rows are events.

    A planned day is a report too, though nothing is counted yet.
    """
    told = ("integer", "number", "day", "time")
    if contract.line_list:
        return ()
    return tuple(
        item.name for item in contract.columns if item.type in told and item.name not in (*contract.key, "day")
    )


def _by_lowest(found: tuple[str, ...]) -> dict[str, str]:
    """Joined headers by what stands lowest, `Số ca / Tử vong` by `tu vong`, where only one column ends so."""
    lowest: dict[str, list[str]] = {}
    for header in found:
        if JOINT in header:
            lowest.setdefault(plain(header.rpartition(JOINT)[2]), []).append(header)
    return {name: headers[0] for name, headers in lowest.items() if len(headers) == 1}


def _said(found: tuple[str, ...], source: SourceSettings, contract: Contract) -> dict[str, str | Message]:
    """Their headers as messages, which everybody reads, may say them.

    In a list of persons a header that is no known name may be somebody's own: lists come without their header, and then
    the first person's row stands in its place. Such a header is told by its place.
    """
    if not contract.about_persons:
        return {header: header for header in found}
    names = [name for item in contract.columns for name in (item.name, item.vi, item.en, *item.headers)]
    declared = {*source.columns.values(), *source.where, source.issued_column}
    known = {plain(name) for name in names}
    return {
        header: header
        if header in declared or all(plain(part) in known for part in header.split(JOINT))
        else Message("part.column_at", place=place)
        for place, header in enumerate(found, start=1)
    }


def find_mapping(found: tuple[str, ...], source: SourceSettings, contract: Contract) -> Mapping:
    """Their columns by ours; Refused when a declared or required column is not there."""
    theirs: dict[str, str] = {}
    said = _said(found, source, contract)
    columns = tuple(said.values())[:30] or Message("part.no_columns")
    by_header = _by_lowest(found) | {plain(header): header for header in reversed(found)}
    for ours, header in source.columns.items():
        if header not in found:
            raise Refused("declared_column_missing", wanted=header, field=f"{contract.dataset}.{ours}", columns=columns)
        theirs[ours] = header
    claimed = set(theirs.values())
    if source.unpivot:
        claimed |= set(source.unpivot.columns.values()) | {source.unpivot.total or source.unpivot.value}
    for column in contract.columns:
        if column.name in theirs or column.name in source.constants or column.name in source.ignore:
            continue
        for name in (column.name, column.vi, column.en, *column.headers):
            header = by_header.get(plain(name), "")
            if header and header not in claimed:
                theirs[column.name] = header
                claimed.add(header)
                break
    made = {source.unpivot.into, source.unpivot.value} if source.unpivot else set()
    for column in contract.columns:
        available = column.name in theirs or column.name in source.constants or column.name in made
        if column.required and not available:
            field = contract.field(column.name)
            raise Refused("required_column_missing", field=field, name=column.name, columns=columns)
    told = figures_of(contract)
    if told and not any(name in theirs or name in source.constants or name in made for name in told):
        fields = [Message("part.column", field=contract.field(name)) for name in told[:MOST_FIGURES_NAMED]]
        raise Refused("no_figure_column", fields=fields, columns=columns)
    parent = theirs.pop("unit_parent", None)
    used = claimed | {parent, source.issued_column} | set(source.where)
    unused = tuple(said[header] for header in found if header not in used)
    if source.issued_column and source.issued_column not in found:
        raise Refused("issued_column_missing", wanted=source.issued_column, columns=columns)
    return Mapping(theirs, dict(source.constants), unused, source.issued_column, parent)


@contextmanager
def naming_columns(mapping: Mapping) -> Iterator[None]:
    """A refusal within, which names one of our columns, names it as the sender wrote it."""
    try:
        yield
    except Refused as refused:
        theirs = mapping.theirs.get(str(refused.message.values.get("column")))
        if theirs:
            refused.at(column=theirs)
        raise


def create_mapped(
    con: duckdb.DuckDBPyConnection, staging: str, mapping: Mapping, source: SourceSettings, contract: Contract
) -> None:
    """The temporary view `mapped`: their rows with our column names, all still text.

    Values from the settings stand in the temporary table `setting`, because a view cannot have bound parameters.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE setting (name VARCHAR, value VARCHAR)")
    settings = {
        f"constant:{name}": unicodedata.normalize("NFC", text.strip()) for name, text in mapping.constants.items()
    }
    settings |= {f"where:{theirs}": text for theirs, text in source.where.items()}
    settings |= {f"blank:{name}": unicodedata.normalize("NFC", text.strip()) for name, text in source.blanks.items()}
    if settings:
        con.execute(
            "INSERT INTO setting SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [list(settings), list(settings.values())],
        )

    select = ["_sheet", "_row"]
    for column in contract.columns:
        if column.name in mapping.theirs:
            written = quoted(mapping.theirs[column.name])
            if column.name in source.blanks:
                written = f"COALESCE({written}, {_setting('blank:' + column.name)})"
            select.append(f"{written} AS {quoted(column.name)}")
        elif column.name in mapping.constants:
            select.append(f"{_setting('constant:' + column.name)} AS {quoted(column.name)}")
    select.append(f"{quoted(mapping.issued)} AS _issued" if mapping.issued else "CAST(NULL AS VARCHAR) AS _issued")
    parent = quoted(mapping.unit_parent) if mapping.unit_parent else "CAST(NULL AS VARCHAR)"
    select.append(f"{parent} AS _unit_parent")
    extra = ""
    if source.unpivot:
        parts = [*source.unpivot.columns.values(), *([source.unpivot.total] if source.unpivot.total else [])]
        extra = "".join(f", {quoted(name)} AS {quoted('_their_' + name)}" for name in dict.fromkeys(parts))
    con.execute(f"CREATE TEMP VIEW mapped AS SELECT {', '.join(select)}{extra} FROM {staging} WHERE {_kept(source)}")


def unpivot(con: duckdb.DuckDBPyConnection, table: str, source: SourceSettings, contract: Contract) -> tuple[str, int]:
    """The name of a table with one row for each part and one for the remainder, and how many totals contradicted.

    Where a total is published it is the authority: if the parts exceed it, or none is given, the whole total goes
    to the remainder and the parts of that row are dropped, which is counted; where it is blank there is no report.
    """
    rule = source.unpivot
    if rule is None:
        return table, 0
    con.execute(f"DROP TABLE IF EXISTS {table}_long")
    formats = {
        name: find_number_format(con, table, f"_their_{name}", source.read.decimal, whole=True)
        for name in [*rule.columns.values(), *([rule.total] if rule.total else [])]
    }
    part = {word: formats[name].integer_sql(quoted(f"_their_{name}")) for word, name in rule.columns.items()}
    total = formats[rule.total].integer_sql(quoted(f"_their_{rule.total}")) if rule.total else "NULL"
    parts = " + ".join(f"COALESCE({sql}, 0)" for sql in part.values())
    stated = " OR ".join(f"{sql} IS NOT NULL" for sql in part.values())
    con.execute(
        f"CREATE TEMP TABLE {table}_parts AS SELECT *, {total} AS _total, {parts} AS _parts, ({stated}) AS _stated"
        f" FROM {table}"
    )
    used = "_stated AND _parts <= _total" if rule.total else "_stated"
    others = [
        column.name
        for column in contract.columns
        if column.name not in (rule.into, rule.value) and _has(con, table, column.name)
    ]
    keys = [name for name in others if name in contract.key]
    rest = [name for name in others if name not in contract.key]

    def row(word: str, value: str, condition: str, *, with_rest: bool) -> str:
        columns = [quoted(name) for name in keys]
        columns += [quoted(name) if with_rest else f"CAST(NULL AS VARCHAR) AS {quoted(name)}" for name in rest]
        selected = ", ".join(["_sheet", "_row", "_issued", "_unit_parent", *columns])
        return (
            f"SELECT {selected}, '{word}' AS {quoted(rule.into)}, CAST({value} AS VARCHAR) AS {quoted(rule.value)}"
            f" FROM {table}_parts WHERE {condition}"
        )

    selects = [row(_word(word), sql, f"({used}) AND {sql} IS NOT NULL", with_rest=False) for word, sql in part.items()]
    remainder = f"CASE WHEN {used} THEN _total - _parts ELSE _total END"
    says_more = " OR ".join(["_total IS NOT NULL", f"NOT ({used})", *(f"{quoted(name)} IS NOT NULL" for name in rest)])
    selects.append(row(_word(rule.remainder), remainder, says_more, with_rest=True))
    con.execute(f"CREATE TEMP TABLE {table}_long AS {' UNION ALL '.join(selects)}")
    contradicted = con.execute(f"SELECT count(*) FROM {table}_parts WHERE _stated AND _parts > _total").fetchone()
    con.execute(f"DROP TABLE {table}_parts")
    return f"{table}_long", int(contradicted[0]) if contradicted else 0


def _word(word: str) -> str:
    if not re.fullmatch(r"[\w+-]+", word):
        raise Refused("not_a_plain_word", setting="[source.unpivot.columns]", word=word)
    return word


def _has(con: duckdb.DuckDBPyConnection, table: str, name: str) -> bool:
    described = con.execute(f"DESCRIBE {table}").fetchall()
    return any(row[0] == name for row in described)


def _setting(name: str) -> str:
    """SQL of a value that stands in the temporary table `setting`."""
    return "(SELECT value FROM setting WHERE name = '" + name.replace("'", "''") + "')"


def _kept(source: SourceSettings) -> str:
    """The condition on the rows of theirs that are read."""
    conditions = ["_role = 'data'"]
    for theirs, text in source.where.items():
        conditions.append(
            f"{quoted(theirs)} IS NULL" if text == "" else f"{quoted(theirs)} = {_setting('where:' + theirs)}"
        )
    return " AND ".join(conditions)


def count_blanks(
    con: duckdb.DuckDBPyConnection, staging: str, mapping: Mapping, source: SourceSettings
) -> dict[str, int]:
    """For each column of ours that the settings fill where it is blank, how many cells of the rows were."""
    found = {}
    for name in source.blanks:
        if name in mapping.theirs:
            row = con.execute(
                f"SELECT count(*) FROM {staging} WHERE {_kept(source)} AND {quoted(mapping.theirs[name])} IS NULL"
            ).fetchone()
            found[name] = int(row[0]) if row else 0
    return found


ANY_OTHER_WORD = "*"
"""In [source.choices.COLUMN]: the value of every word that is not known; without it such a row is set aside."""


def choice_words(column: Column, source: SourceSettings) -> dict[str, str]:
    """Every known way of writing a value of a choice column, made plain, with the value it stands for."""
    words: dict[str, str] = {}
    for choice in column.choices:
        for written in (choice.value, choice.vi, choice.en, *choice.written_as):
            words.setdefault(plain(written), choice.value)
    for written, value in source.choices.get(column.name, {}).items():
        words[plain(written) if written != ANY_OTHER_WORD else ANY_OTHER_WORD] = value
    return words
