"""How the days and times of a column are written: found out from all its values, and refused where it cannot be told.

A value such as 01/08/2021 says nothing of its order. Another of the same column may (13/08/2021), or the settings do;
if neither does, the column is refused: a wrong guess moves an epidemic by months.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import duckdb

from data_sources.messages import Message
from data_sources.readers.columns import CLEAR_MAJORITY, Column, literal, plain_text
from data_sources.refusal import Refused

ZONE = "Asia/Ho_Chi_Minh"
FIRST_SERIAL, LAST_SERIAL = 18_264, 73_050
"""Excel's numbers of 1/1/1950 and 31/12/2099: a day of birth or of a report lies between."""
FIRST_EPOCH, LAST_EPOCH = 315_532_800, 4_102_444_800
"""Seconds since 1970 of 1/1/1980 and 1/1/2100."""
LEAST_SWAPPED = 3
"""So many values on either side make the pattern of a wrong import, not chance."""

ISO = "%Y-%m-%d"
ISO_TIME = "%Y-%m-%dT%H:%M:%S"
ZONED = "%Y-%m-%dT%H:%M:%S%z"

Kind = Literal[
    "iso",
    "zoned",
    "four_digit_year",
    "two_digit_year",
    "compact",
    "serial",
    "words",
    "month_name",
    "epoch_ms",
    "epoch_s",
]
Order = Literal["dmy", "mdy"]

_TIME = r"\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp][Mm])?"
_AFTER = rf"(?:(?:\s*,\s*|\s+|T){_TIME})?"
_BEFORE = rf"(?:{_TIME}(?:\s*,)?\s+(?:[Nn]gày\s+)?)?"
_ISO_DAY = r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})"


_LOCAL_TIME = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_ZONED_TIME = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}(?::?\d{2})?)"


def _three(year: str) -> str:
    return rf"(?:\d{{1,2}}/\d{{1,2}}/{year}|\d{{1,2}}-\d{{1,2}}-{year}|\d{{1,2}}\.\d{{1,2}}\.{year})"


PATTERNS: dict[Kind, str] = {
    "iso": _ISO_DAY + _AFTER,
    "zoned": r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)",
    "four_digit_year": _BEFORE + _three(r"\d{4}") + _AFTER,
    "two_digit_year": _BEFORE + _three(r"\d{2}") + _AFTER,
    "compact": r"(?:19|20|21|22)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
    "serial": r"[1-7]\d{4}(?:\.\d+)?",
    "words": r"(?:[Nn]gày\s+)?\d{1,2}\s+[Tt]háng\s+\d{1,2}\s+[Nn]ăm\s+\d{4}",
    "month_name": r"(?i)(?:\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]\d{4}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}, ?\d{4})",
    "epoch_ms": r"\d{12,13}",
    "epoch_s": r"\d{9,10}",
}
_SHOWN: dict[Kind, str | Message] = {
    "iso": "yyyy-mm-dd",
    "zoned": "yyyy-mm-ddThh:mm±hh:mm",
    "compact": "yyyymmdd",
    "serial": Message("form_of.serial"),
    "words": "ngày d tháng m năm yyyy",
    "month_name": Message("form_of.month_name"),
    "epoch_ms": Message("form_of.epoch_ms"),
    "epoch_s": Message("form_of.epoch_s"),
}
_DIRECTIVES = {"%d": "dd", "%m": "mm", "%Y": "yyyy", "%y": "yy", "%H": "hh", "%M": "mm", "%S": "ss"}
_MONTH_NAMES = ("%d-%b-%Y", "%d %b %Y", "%d-%B-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d,%Y", "%B %d,%Y")


class AmbiguousDates(Refused):
    """A column whose days can be read in two ways, and nothing in it decides."""


@dataclass(frozen=True)
class DayFormat:
    """How a column's days are written: which forms occur, in which order day and month stand, and why.

    `direct` is the strptime pattern of a column in which every value has one plain form; `raw` is true where every
    value is written in ASCII.
    """

    kinds: tuple[Kind, ...]
    order: Order
    direct: str | None
    raw: bool
    declared: str | None
    evidence: str

    @property
    def description(self) -> Message:
        """The forms as patterns, as in `dd/mm/yyyy, Excel serial`."""
        if self.declared is not None:
            return Message("form_of.listed", forms=re.sub("%.", lambda m: _DIRECTIVES.get(m[0], m[0]), self.declared))
        first = "dd/mm" if self.order == "dmy" else "mm/dd"
        names = _SHOWN | {"four_digit_year": f"{first}/yyyy", "two_digit_year": f"{first}/yy"}
        forms = [names[kind] for kind in self.kinds]
        return Message("form_of.listed", forms=forms) if forms else Message("form_of.none")

    def sql(self, column: str) -> str:
        """SQL of type DATE over the quoted `column`; NULL where the text is not a day in one of the forms."""
        if self.direct in (ISO, ISO_TIME):
            return f"TRY_CAST({column} AS DATE)"
        if self.direct == ZONED:
            return f"CAST(timezone({literal(ZONE)}, TRY_CAST({column} AS TIMESTAMPTZ)) AS DATE)"
        if self.direct is not None:
            return f"CAST(try_strptime({column}, {literal(self.direct)}) AS DATE)"
        text = self.text(column)
        branches = [(kind, _local(kind, text, self.order, with_time=False)) for kind in self.kinds]
        if self.declared is not None:
            fixed = _declared_local(self.declared, text)
            return f"coalesce(CAST({fixed} AS DATE), {_cases(text, branches, 'DATE')})"
        return _cases(text, branches, "DATE")

    def text(self, column: str) -> str:
        """SQL of the text that is read: the column itself where all of it is plain already."""
        return column if self.raw else plain_text(column)


@dataclass(frozen=True)
class TimeFormat:
    """How a column's times are written; a time without a zone is a time in Vietnam."""

    days: DayFormat

    @property
    def description(self) -> Message:
        """The forms as patterns."""
        return self.days.description

    @property
    def evidence(self) -> str:
        """What decided the order of day and month."""
        return self.days.evidence

    def sql(self, column: str) -> str:
        """SQL of type TIMESTAMPTZ over the quoted `column`; NULL where the text is not a time in one of the forms."""
        if self.days.direct == ZONED:
            return f"TRY_CAST({column} AS TIMESTAMPTZ)"
        if self.days.direct == ISO_TIME:
            return f"timezone({literal(ZONE)}, TRY_CAST({column} AS TIMESTAMP))"
        text = self.days.text(column)
        branches = [(kind, _instant(kind, text, self.days.order)) for kind in self.days.kinds]
        cases = _cases(text, branches, "TIMESTAMPTZ")
        if self.days.declared is None:
            return cases
        return f"coalesce({_in_zone(_declared_local(self.days.declared, text), self.days.declared)}, {cases})"


def find_day_format(con: duckdb.DuckDBPyConnection, table: str, column: str, declared: str | None) -> DayFormat:
    """How the days of `column` are written; AmbiguousDates where the order of day and month cannot be told.

    `declared` is a strptime pattern, which is then the only reading besides ISO. Counts are made over distinct values.
    """
    cases = " ".join(
        f"WHEN regexp_full_match(v, {literal(pattern)}) THEN {literal(kind)}" for kind, pattern in PATTERNS.items()
    )
    parts = r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}(?:\D|$)"
    values = Column(con, table, column)
    clear = _one_clear_form(values) if declared is None else None
    if clear is not None:
        return clear
    rows = values.query(
        "kind, sum(n)::BIGINT,"
        " coalesce(sum(n) FILTER (a > 12 AND b <= 12), 0)::BIGINT,"
        " coalesce(sum(n) FILTER (b > 12 AND a <= 12), 0)::BIGINT,"
        " coalesce(sum(n) FILTER (a <= 12 AND b <= 12 AND a <> b), 0)::BIGINT,"
        " bool_and(regexp_full_match(v, '\\d{4}-\\d{2}-\\d{2}|\\d{1,2}/\\d{1,2}/\\d{4}')),"
        " coalesce(sum(n) FILTER (TRY_CAST(regexp_extract(v, '^\\d{4}-\\d{1,2}-(\\d{1,2})', 1) AS INTEGER) > 12), 0)"
        ", bool_and(raw)"
        f" FROM (SELECT v, n, raw, CASE {cases} ELSE 'other' END AS kind,"
        f" TRY_CAST(regexp_extract(v, {literal(parts)}, 1) AS INTEGER) AS a,"
        f" TRY_CAST(regexp_extract(v, {literal(parts)}, 2) AS INTEGER) AS b",
        group=") GROUP BY kind ORDER BY 2 DESC, 1",
        distinct=True,
    )
    found = {row[0]: _Count(*row[1:]) for row in rows}
    numeric = [found[kind] for kind in ("four_digit_year", "two_digit_year") if kind in found]
    raw = all(count.raw for count in found.values())
    kinds = tuple(kind for kind in PATTERNS if kind in found)
    only = kinds[0] if raw and len(found) == len(kinds) == 1 else None
    if declared is not None:
        only_iso: tuple[Kind, ...] = ("iso", "zoned")
        return DayFormat(
            kinds=only_iso,
            order="dmy",
            direct=ISO if only == "iso" and found["iso"].bare and declared == ISO else None,
            raw=raw,
            declared=declared,
            evidence="declared in the settings",
        )
    _refuse_swapped(found, numeric, column)
    order, evidence = _order(numeric, column)
    direct = None
    if only is not None and found[only].bare:
        direct = ISO if only == "iso" else "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    return DayFormat(kinds=kinds, order=order, direct=direct, raw=raw, declared=None, evidence=evidence)


def _one_clear_form(values: Column) -> DayFormat | None:
    """The form of a column of computers' times, of which nearly each is another: one look at each, not at its parts."""
    first = values.query("v", group="LIMIT 1")
    forms: tuple[tuple[Kind, str, str], ...] = (("zoned", _ZONED_TIME, ZONED), ("iso", _LOCAL_TIME, ISO_TIME))
    for kind, pattern, direct in forms:
        all_match = f"bool_and(regexp_full_match(v, {literal(pattern)}))"
        if first and re.fullmatch(pattern, first[0][0]) and values.query(all_match) == [(True,)]:
            evidence = "every value is written year first"
            return DayFormat(kinds=(kind,), order="dmy", direct=direct, raw=True, declared=None, evidence=evidence)
    return None


def find_time_format(con: duckdb.DuckDBPyConnection, table: str, column: str, declared: str | None) -> TimeFormat:
    """How the times of `column` are written; AmbiguousDates where the order of day and month cannot be told."""
    return TimeFormat(find_day_format(con, table, column, declared))


def time_sql(
    con: duckdb.DuckDBPyConnection, table: str, column: str, quoted_column: str, declared: str | None = None
) -> str:
    """SQL of type TIMESTAMPTZ for a column, in one step."""
    return find_time_format(con, table, column, declared).sql(quoted_column)


@dataclass(frozen=True)
class _Count:
    values: int
    day_first: int
    month_first: int
    either: int
    bare: bool
    over_twelve: int
    raw: bool


def _order(numeric: list[_Count], column: str) -> tuple[Order, str]:
    """The order of day and month, and what decided it."""
    day_first = sum(count.day_first for count in numeric)
    month_first = sum(count.month_first for count in numeric)
    either = sum(count.either for count in numeric)
    deciding = day_first + month_first
    if deciding and max(day_first, month_first) >= CLEAR_MAJORITY * deciding:
        order: Order = "dmy" if day_first > month_first else "mdy"
        return order, f"{max(day_first, month_first)} of {deciding} values with a number over 12 decide"
    if deciding:
        raise AmbiguousDates("two_date_orders", column=column, day_first=day_first, month_first=month_first)
    if either:
        raise AmbiguousDates("unclear_date_order", column=column, values=either)
    return "dmy", "no value depends on the order of day and month"


def _refuse_swapped(found: dict[str, _Count], numeric: list[_Count], column: str) -> None:
    """Refused when dates all lie in the first twelve days and texts all after: they were read month first.

    Excel with American settings turns a typed 01/08/2021 into 8 January and leaves 13/08/2021 as text.
    """
    dates = found.get("iso")
    texts = sum(count.values for count in numeric)
    if dates is None or dates.over_twelve or min(dates.values, texts) < LEAST_SWAPPED:
        return
    if sum(count.day_first for count in numeric) == texts:
        raise AmbiguousDates("swapped_dates", column=column, dates=dates.values, texts=texts)


def _cases(text: str, branches: Iterable[tuple[Kind, str]], kind_of_value: str) -> str:
    whens = " ".join(
        f"WHEN regexp_full_match({text}, {literal(PATTERNS[kind])}) THEN CAST({value} AS {kind_of_value})"
        for kind, value in branches
    )
    return f"CASE {whens} END" if whens else f"CAST(NULL AS {kind_of_value})"


def _formats(patterns: Iterable[str]) -> str:
    return "[" + ", ".join(literal(pattern) for pattern in patterns) + "]"


def _local(kind: Kind, text: str, order: Order, *, with_time: bool) -> str:
    """SQL of a local TIMESTAMP (or a DATE) for one form."""
    if kind in ("zoned", "epoch_ms", "epoch_s", "serial") and not with_time:
        return f"timezone({literal(ZONE)}, {_instant(kind, text, order)})" if kind != "serial" else _serial(text)
    if kind == "compact":
        return f"try_strptime({text}, '%Y%m%d')"
    if kind == "words":
        numbers = f"regexp_extract_all({text}, '\\d+')"
        return f"try_strptime(array_to_string({numbers}, '/'), '%d/%m/%Y')"
    if kind == "month_name":
        return f"try_strptime({text}, {_formats(_MONTH_NAMES)})"
    if kind == "serial":
        return _serial(text)
    digits = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}" if kind == "iso" else r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    day = f"replace(replace(regexp_extract({text}, {literal(digits)}), '/', '-'), '.', '-')"
    year = "%y" if kind == "two_digit_year" else "%Y"
    pattern = "%Y-%m-%d" if kind == "iso" else f"%d-%m-{year}" if order == "dmy" else f"%m-%d-{year}"
    if not with_time:
        return f"try_strptime({day}, {literal(pattern)})"
    clock = f"replace(regexp_extract({text}, {literal(_TIME)}), 'h', ':')"
    times = [f"{pattern} {time}" for time in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")]
    return f"try_strptime(trim({day} || ' ' || {clock}), {_formats([*times, pattern])})"


def _serial(text: str) -> str:
    """SQL of a local TIMESTAMP from Excel's number of days; NULL outside the plausible range."""
    number = f"TRY_CAST({text} AS DOUBLE)"
    seconds = f"CAST(round({number} * 86400) AS BIGINT)"
    moment = f"TIMESTAMP '1899-12-30' + to_seconds({seconds})"
    return f"CASE WHEN {number} BETWEEN {FIRST_SERIAL} AND {LAST_SERIAL} THEN {moment} END"


def _instant(kind: Kind, text: str, order: Order) -> str:
    """SQL of a TIMESTAMPTZ for one form."""
    if kind == "zoned":
        # DuckDB wants the seconds and no space before the zone.
        joined = f"regexp_replace({text}, '\\s+(Z|[+-])', '\\1')"
        whole = f"regexp_replace({joined}, '([ T]\\d{{2}}:\\d{{2}})(Z|[+-])', '\\1:00\\2')"
        return f"coalesce(TRY_CAST({text} AS TIMESTAMPTZ), TRY_CAST({whole} AS TIMESTAMPTZ))"
    if kind in ("epoch_ms", "epoch_s"):
        seconds = f"(TRY_CAST({text} AS DOUBLE) / {1000 if kind == 'epoch_ms' else 1})"
        return f"CASE WHEN {seconds} BETWEEN {FIRST_EPOCH} AND {LAST_EPOCH} THEN to_timestamp({seconds}) END"
    return f"timezone({literal(ZONE)}, CAST({_local(kind, text, order, with_time=True)} AS TIMESTAMP))"


def _declared_local(declared: str, text: str) -> str:
    """SQL of the time that a declared pattern reads, with or without a time of day behind it."""
    patterns = [declared]
    if "%H" not in declared and "%I" not in declared:
        patterns += [f"{declared} %H:%M:%S", f"{declared} %H:%M"]
    return f"try_strptime({text}, {_formats(patterns)})"


def _in_zone(value: str, declared: str) -> str:
    return value if "%z" in declared.lower() else f"timezone({literal(ZONE)}, CAST({value} AS TIMESTAMP))"
