"""Which rows of a delivery keep their contract, and what is wrong, row by row, with those that do not.

Everything is a set operation: the text table of a reader becomes one typed view, one scan finds the rows that
break a rule, and only those are looked at again to say which rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb

from data_sources.between_rows import (
    Totals,
    count_fallen,
    find_repeated,
    in_any_order,
    join_rows,
    judge_rows,
    set_repeated_aside,
    without,
)
from data_sources.contracts import Contract
from data_sources.contracts.model import Column
from data_sources.date_rules import day_bounds, is_bounded
from data_sources.erased_persons import leave_out
from data_sources.look_ups import choice_sql, day_sql, words_table
from data_sources.mapping import (
    Mapping,
    count_blanks,
    create_mapped,
    find_mapping,
    naming_columns,
    quoted,
    unpivot,
)
from data_sources.messages import Message
from data_sources.pseudonym import Key, pseudonym_sql
from data_sources.readers import Loaded
from data_sources.readers.formats import find_day_format, find_number_format, find_time_format
from data_sources.row_issue import count_misdated, issued_sql
from data_sources.row_units import Stretch, find_stretches, resolve_units
from data_sources.rules import Rule, range_rules, row_rules, said, set_aside, set_torn_aside
from data_sources.settings import SourceSettings
from data_sources.totals import reconcile
from data_sources.units import Register

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
THOUSAND = 1000
"""A longitude of 107.168 cannot be a hundred thousand: a column that ends below has no thousands to group."""

TRUE_WORDS = ("true", "1", "co", "x", "yes", "y", "dung")
FALSE_WORDS = ("false", "0", "khong", "no", "n", "sai")

TEMPORARY_TABLES = (
    "mapped_long", "unit_of", "typed_row", "judged", "suspect_row", "repeated_row", "looked_at", "suspect", "repeated",
    "set_aside_rows",
)  # fmt: skip
"""What the checks of one delivery leave behind for the store, and the next delivery begins without."""


@dataclass(frozen=True)
class Checked:
    """What the checks of one delivery found; the good rows lie in the temporary table `checked`."""

    rows_in: int
    rows_kept: int
    rows_set_aside: int
    reasons: dict[str, int]
    flags: dict[str, int]
    notes: tuple[Message, ...]
    newest_day: date | None


def check(
    con: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    staging: str,
    source: SourceSettings,
    contract: Contract,
    register: Register,
    parent: str | None,
    level: str,
    issued_at: datetime,
    key: Key,
) -> Checked:
    """The good rows in the temporary view `checked`, the others in `set_aside_rows`; Refused for an unusable batch."""
    for view in ("checked", "typed", "mapped"):
        con.execute(f"DROP VIEW IF EXISTS {view}")
    for table in TEMPORARY_TABLES:
        con.execute(f"DROP TABLE IF EXISTS {table}")
    mapping = find_mapping(loaded.columns, source, contract)
    create_mapped(con, staging, mapping, source, contract)
    table, contradicted = unpivot(con, "mapped", source, contract)
    notes = list(loaded.notes)
    if mapping.unused:
        notes.append(Message("note.unused_columns", columns=mapping.unused[:40]))
    for name, cells in count_blanks(con, staging, mapping, source).items():
        notes.append(Message("note.blanks_read", field=contract.field(name), cells=cells, text=source.blanks[name]))
    present = [column for column in contract.columns if _present(con, table, column.name)]
    reconcile(con, staging, mapping, present, source, notes)
    with naming_columns(mapping):
        stretch = find_stretches(con, table, present, source, register, parent, issued_at.astimezone(ZONE).date())
        resolve_units(con, table, present, register, parent, level, stretch, source.units)
        expressions, rules = _columns(con, table, present, source, contract, issued_at, notes)
    rules += row_rules(contract, present)
    typing = _typing(con, table, contract, expressions, mapping, issued_at, key, stretch)
    erased = _type(con, contract, present, typing, rules, key)
    totals = find_repeated(con, contract)
    with in_any_order(con, contract):
        _look_again(con, typing)
    set_aside(con, rules)
    set_repeated_aside(con, contract)
    totals.flags.update(count_misdated(con, table, has_own=mapping.issued is not None))
    if contradicted:
        totals.flags["parts_above_total"] = contradicted
    fallen = count_fallen(con, contract)
    if fallen:
        totals.flags["cumulative_fell"] = fallen
    con.execute(
        f"CREATE TEMP VIEW checked AS SELECT t.* FROM typed AS t {without(con, 'set_aside_rows', 'row', 'sheet')}"
    )
    return _summary(con, table, totals, notes, set_torn_aside(con, staging), erased)


def _present(con: duckdb.DuckDBPyConnection, table: str, name: str) -> bool:
    return any(row[0] == name for row in con.execute(f"DESCRIBE {table}").fetchall())


def _columns(
    con: duckdb.DuckDBPyConnection,
    table: str,
    present: list[Column],
    source: SourceSettings,
    contract: Contract,
    issued_at: datetime,
    notes: list[Message],
) -> tuple[dict[str, str], list[Rule]]:
    """SQL of each column's value, and the rules its text and value must keep."""
    expressions: dict[str, str] = {}
    rules: list[Rule] = []
    for column in present:
        text = f"m.{quoted(column.name)}"
        value = f"t.{quoted(column.name)}"
        raw = f"t.{quoted('_raw_' + column.name)}"
        hidden = column.personal or column.type == "person" or column.grid_degrees is not None
        found = "NULL" if hidden else raw
        field = contract.field(column.name)
        needed = Message("needed.text", field=field)
        if column.type == "unit":
            expressions[column.name] = "u.code"
            for reason, certainty in (
                ("unit_other_province", "other_province"),
                ("unit_doubtful", "doubtful"),
                ("unit_unknown", "unknown"),
            ):
                rules.append(Rule(reason, column.name, f"t._unit_certainty = '{certainty}'", raw, "t._unit_message"))
            if source.only_unit:
                only = Message("needed.unit_code", code=source.only_unit)
                other = f"{value} <> '{_escape(source.only_unit)}'"
                rules.append(Rule("unit_of_another", column.name, other, raw, said(only)))
        elif column.type == "day":
            shape = find_day_format(con, table, column.name, source.read.date_format)
            notes.append(Message("note.form", field=field, form=shape.description))
            shift = source.read.shift_days if column.name == "day" else 0
            expressions[column.name] = day_sql(con, table, column, shape, int(shift), text)
            needed = Message("needed.day", form=shape.description)
        elif column.type == "time":
            time_shape = find_time_format(con, table, column.name, source.read.date_format)
            notes.append(Message("note.form", field=field, form=time_shape.description))
            expressions[column.name] = time_shape.sql(text)
            needed = Message("needed.time", form=time_shape.description)
        elif column.type in ("integer", "number"):
            scale = source.scale.get(column.name)
            whole = column.type == "integer" and scale is None
            number = find_number_format(con, table, column.name, source.read.decimal, whole=whole)
            if column.type == "number" and column.maximum is not None and column.maximum < THOUSAND:
                number = number.below_a_thousand()
            notes.append(Message("note.form", field=field, form=number.description))
            plain_sql = number.integer_sql(text) if whole else number.number_sql(text)
            if scale is not None:
                plain_sql = f"({plain_sql}) * {float(scale)!r}"
                plain_sql = f"CAST(round({plain_sql}) AS BIGINT)" if column.type == "integer" else plain_sql
            if column.grid_degrees is not None:
                cell = repr(column.grid_degrees)
                plain_sql = f"round((floor(({plain_sql}) / {cell}) + 0.5) * {cell}, 5)"
            expressions[column.name] = plain_sql
            needed = Message("needed.integer") if column.type == "integer" else Message("needed.number")
            if whole and number.contradicted:
                needed = Message("needed.integer_as", form=number.whole_form)
            rules += range_rules(column, value, raw)
        elif column.type == "boolean":
            words = f"lower(strip_accents(replace(trim({text}), 'đ', 'd')))"
            expressions[column.name] = (
                f"CASE WHEN {words} IN {TRUE_WORDS} THEN TRUE WHEN {words} IN {FALSE_WORDS} THEN FALSE END"
            )
            needed = Message("needed.yes_or_no")
        elif column.type == "choice":
            expressions[column.name] = choice_sql(con, table, column, source)
            needed = Message("needed.choice", field=field)
        elif column.type == "person":
            expressions[column.name] = pseudonym_sql(f"trim({text})")
        else:
            expressions[column.name] = text
        if column.type in ("day", "time") and is_bounded(contract, column):
            broken, within = day_bounds(column, value)
            rules.append(Rule("day_out_of_range", column.name, broken, raw, within))
        if column.type != "unit":
            unreadable = "number_unreadable" if column.type in ("integer", "number") else f"{column.type}_unreadable"
            lost = f"{raw} IS NOT NULL AND {value} IS NULL"
            rules.append(Rule(unreadable, column.name, lost, found, said(needed)))
        if column.required:
            filled = Message("needed.filled", field=field)
            rules.append(Rule("missing_required", column.name, f"{raw} IS NULL", "NULL", said(filled)))
        if column.default is not None:
            expressions[column.name] = (
                f"CASE WHEN {text} IS NULL THEN '{_escape(column.default)}' ELSE {expressions[column.name]} END"
            )
    return expressions, rules


def _escape(text: str) -> str:
    return text.replace("'", "''")


@dataclass(frozen=True)
class Typing:
    """SQL that reads mapped rows: our columns with their types, their text beside them, and the time of issue."""

    table: str
    select: str
    joins: str
    values: str
    """What is kept of a row that breaks no rule: its place, values, codes of persons as written, and time of issue."""

    def all_rows(self) -> str:
        """The query over every row."""
        return f"SELECT {self.select} FROM {self.table} AS m {self.joins}"

    def rows_in(self, listed: str) -> str:
        """The query over the rows whose places (_sheet, _row) stand in the table `listed`; they are found first."""
        rows = f"(SELECT * FROM {self.table} AS t {join_rows('SEMI', listed)})"
        return f"SELECT {self.select} FROM {rows} AS m {self.joins}"


def _typing(
    con: duckdb.DuckDBPyConnection,
    table: str,
    contract: Contract,
    expressions: dict[str, str],
    mapping: Mapping,
    issued_at: datetime,
    key: Key,
    stretch: Stretch,
) -> Typing:
    """How the rows of `table` are read; the words, units and time of issue it looks up lie in temporary tables."""
    inner, outer = key.pads()
    con.execute("CREATE OR REPLACE TEMP TABLE delivery AS SELECT ?::TIMESTAMPTZ AS issued_at, ?::BLOB AS inner_pad,"
                " ?::BLOB AS outer_pad", [issued_at, inner, outer])  # fmt: skip
    select, joins, values = [], [], []
    for column in contract.columns:
        name, raw = quoted(column.name), quoted("_raw_" + column.name)
        if column.name in expressions:
            select += [f"{expressions[column.name]} AS {name}", f"m.{name} AS {raw}"]
            values += [name, raw] if column.type == "person" else [name]
            words = words_table(column)
            if f"{words}.value" in expressions[column.name]:
                joins.append(f"LEFT JOIN {words} ON {words}.written = m.{name}")
        elif column.default is not None:
            select.append(f"'{_escape(column.default)}' AS {name}")
            values.append(name)
    if "unit" in expressions:
        joins.append(
            "LEFT JOIN unit_of AS u ON u.written = m.unit AND u.written_parent IS NOT DISTINCT FROM m._unit_parent"
            f" AND u.stretch = {stretch.sql}"
        )
        select += ["u.certainty AS _unit_certainty", "u.message AS _unit_message"]
    issued = issued_sql(con, table, has_own=mapping.issued is not None)
    select = ["m._sheet", "m._row", *select, f"{issued} AS issued_at", f"CAST({issued} AS DATE) AS _issued_day"]
    return Typing(table, ", ".join(select), " ".join(joins), ", ".join(["_sheet", "_row", *values, "issued_at"]))


def _type(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    present: list[Column],
    typing: Typing,
    rules: list[Rule],
    key: Key,
) -> int:
    """`typed`, the values of every row, `judged`, what is asked of each again, and `suspect_row`, where rules break.

    Values are cheaper read again from the text than written down, but for pseudonyms, which are dear to compute.
    """
    broken = f"COALESCE({' OR '.join(f'({rule.broken})' for rule in rules)}, FALSE)"
    values = f"SELECT {typing.values}, {broken} AS _broken FROM ({typing.all_rows()}) AS t"
    erased = 0
    if any(column.type == "person" for column in contract.columns):
        with in_any_order(con, contract):
            con.execute(f"CREATE TEMP TABLE typed_row AS {values}")
        erased = leave_out(con, contract, key)
        values = "SELECT * FROM typed_row"
    con.execute(f"CREATE TEMP VIEW typed AS {values}")
    judge_rows(con, contract, present)
    con.execute("CREATE TEMP TABLE suspect_row AS SELECT _sheet, _row FROM judged WHERE _broken")
    if typing.table.endswith("_long"):
        # Of a row that was split into several, none is kept when one breaks a rule.
        con.execute(
            "UPDATE judged SET _broken = TRUE FROM suspect_row AS s"
            " WHERE s._row = judged._row AND s._sheet IS NOT DISTINCT FROM judged._sheet AND NOT _broken"
        )
    return erased


def _look_again(con: duckdb.DuckDBPyConnection, typing: Typing) -> None:
    """`looked_at`, the rows that break a rule or may be there twice, in one pass over all; `suspect`, the former."""
    both = "(SELECT _sheet, _row FROM suspect_row UNION ALL SELECT _sheet, _row FROM repeated_row)"
    con.execute(f"CREATE TEMP TABLE looked_at AS {typing.rows_in(both)}")
    con.execute(f"CREATE TEMP TABLE suspect AS SELECT * FROM looked_at AS t {join_rows('SEMI', 'suspect_row')}")


def _summary(
    con: duckdb.DuckDBPyConnection, table: str, totals: Totals, notes: list[Message], torn: int, erased: int
) -> Checked:
    """How many rows came, were kept and were set aside; a row counts once, under the first rule it broke."""
    distinct = "DISTINCT _sheet, _row" if table.endswith("_long") else "_row"
    came = con.execute(f"SELECT count(*) FROM (SELECT {distinct} FROM mapped)").fetchone()
    reasons = con.execute(
        "SELECT reason, count(*) FROM (SELECT sheet, row, first(reason ORDER BY rowid) AS reason FROM set_aside_rows"
        " GROUP BY sheet, row) GROUP BY reason ORDER BY 2 DESC, 1"
    ).fetchall()
    rows_in = (int(came[0]) if came else 0) + torn
    reasons += [("erased", erased)] if erased else []
    aside = sum(rows for _, rows in reasons)
    return Checked(rows_in, rows_in - aside, aside, dict(reasons), totals.flags, tuple(notes), totals.newest_day)
