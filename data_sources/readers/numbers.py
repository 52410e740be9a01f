"""How the numbers of a column are written: 1.234,5 or 1,234.5, found out from all its values.

One value such as 1.234 may be 1234 or 1 and a bit. Others of the column decide; in a column of fractions where nothing
decides, the column is refused. In a column of whole numbers nearly every value decides by itself: 1,234 is grouped, for
it is no whole number otherwise, and 12,0 is not. There the way most values are written is that of the column, and each
value that contradicts it is set aside alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import duckdb

from data_sources.messages import Message
from data_sources.readers.columns import CLEAR_MAJORITY, Column, literal, plain_text
from data_sources.refusal import Refused

Mark = Literal[".", ","]
_SIGN = r"[+-]?\s?"
_END = r"\s?%?"
_PLAIN_BARE = r"[+-]?\d+"
_RAW = r"[!-~]*"
_SIMPLE = r"[-+0-9.,eE]*"
_KINDS: dict[str, str] = {
    "plain": rf"{_SIGN}\d+{_END}",
    "dot_zeros": rf"{_SIGN}[1-9]\d{{0,2}}\.000{_END}",
    "comma_zeros": rf"{_SIGN}[1-9]\d{{0,2}},000{_END}",
    "dot_three": rf"{_SIGN}[1-9]\d{{0,2}}\.\d{{3}}{_END}",
    "comma_three": rf"{_SIGN}[1-9]\d{{0,2}},\d{{3}}{_END}",
    "dot_groups": rf"{_SIGN}[1-9]\d{{0,2}}(?:\.\d{{3}}){{2,}}{_END}",
    "comma_groups": rf"{_SIGN}[1-9]\d{{0,2}}(?:,\d{{3}}){{2,}}{_END}",
    "dot_groups_comma": rf"{_SIGN}[1-9]\d{{0,2}}(?:\.\d{{3}})+,\d+{_END}",
    "comma_groups_dot": rf"{_SIGN}[1-9]\d{{0,2}}(?:,\d{{3}})+\.\d+{_END}",
    "dot_whole": rf"{_SIGN}\d+\.0*{_END}",
    "comma_whole": rf"{_SIGN}\d+,0*{_END}",
    "dot": rf"{_SIGN}(?:\d+\.\d*|\.\d+|\d+(?:\.\d+)?[eE][+-]?\d+){_END}",
    "comma": rf"{_SIGN}(?:\d+,\d*|,\d+|\d+,\d+[eE][+-]?\d+){_END}",
    "spaces": rf"{_SIGN}[1-9]\d{{0,2}}(?: \d{{3}})+{_END}",
    "spaces_dot": rf"{_SIGN}[1-9]\d{{0,2}}(?: \d{{3}})+\.\d+{_END}",
    "spaces_comma": rf"{_SIGN}[1-9]\d{{0,2}}(?: \d{{3}})+,\d+{_END}",
}
_DECIDE_DOT = ("dot", "dot_whole", "comma_groups", "comma_groups_dot", "spaces_dot")
_DECIDE_COMMA = ("comma", "comma_whole", "dot_groups", "dot_groups_comma", "spaces_comma")
WHOLE_MAJORITY = 2 / 3
"""In a column of whole numbers two values of three make a way of writing: the others are seen for what they are and set
aside one by one, so little can go wrong; with fewer nobody can say which of the two is the slip."""


class AmbiguousNumbers(Refused):
    """A column whose numbers can be read in two ways, and nothing in it decides."""


@dataclass(frozen=True)
class NumberFormat:
    """How a column's numbers are written; `decimal` is None where only whole numbers can be read for certain."""

    column: str
    decimal: Mark | None
    grouped_by: Mark | None
    bare: bool
    raw: bool
    simple: bool
    kinds: frozenset[str]
    evidence: str
    contradicted: bool = False
    """True where some values are written the other way and are set aside for it."""

    @property
    def description(self) -> Message:
        """The form as an example, as in `1.234,5`, or `1.234 = 1234` where whole numbers are the only reading."""
        if not self.kinds - {"other"}:
            return Message("form_of.none") if not self.kinds else Message("form_of.no_numbers")
        return Message("form_of.listed", forms=self._example())

    def _example(self) -> str:
        if self.decimal is None:
            return f"1{self.grouped_by}234 = 1234"
        grouping = _other(self.decimal)
        grouped = any(kind in self.kinds for kind in _GROUPED[grouping])
        spaced = any(kind.startswith("spaces") for kind in self.kinds)
        whole = f"1{grouping}234" if grouped else "1 234" if spaced else "1234"
        return (
            whole if self.kinds <= {"plain", "other", "spaces", *_WHOLE_GROUPS[grouping]} else f"{whole}{self.decimal}5"
        )

    @property
    def whole_form(self) -> Message:
        """How whole numbers are written here, as `1,234` or `1234,0`."""
        decimal = self.decimal or "."
        grouped = any(kind in self.kinds for kind in _GROUPED[_other(decimal)])
        return Message("form_of.listed", forms=f"1{_other(decimal)}234" if grouped else f"1234{decimal}0")

    def below_a_thousand(self) -> NumberFormat:
        """The form where every number is known to be below 1,000: what looks like thousands is then a decimal sign."""
        if self.decimal is not None or self.grouped_by is None:
            return self
        return replace(self, decimal=self.grouped_by, grouped_by=_other(self.grouped_by))

    def integer_sql(self, column: str) -> str:
        """SQL of type BIGINT over the quoted `column`; NULL where the text is not a whole number."""
        if self.bare:
            return f"TRY_CAST({column} AS BIGINT)"
        decimal = self.decimal or ("," if self.grouped_by == "." else ".")
        grouping = "," if decimal == "." else "."
        text = column if self.raw else plain_text(column)
        shape = rf"{_SIGN}(?:\d+|[1-9]\d{{0,2}}(?:[{grouping} ]\d{{3}})+)(?:[{decimal}]0*)?{_END}"
        digits = f"regexp_replace(split_part({text}, {literal(decimal)}, 1), '[^0-9-]', '', 'g')"
        # Most values are of one of the first two forms, which are cheaper to read than by the general one.
        grouped = rf"-?[1-9]\d{{0,2}}(?:[{grouping}]\d{{3}})+"
        return (
            f"CASE WHEN {_is_bare(column)} THEN TRY_CAST({column} AS BIGINT)"
            f" WHEN regexp_full_match({column}, {literal(grouped)})"
            f" THEN TRY_CAST(replace({column}, {literal(grouping)}, '') AS BIGINT)"
            f" WHEN regexp_full_match({text}, {literal(shape)}) THEN TRY_CAST({digits} AS BIGINT) END"
        )

    def number_sql(self, column: str) -> str:
        """SQL of type DOUBLE over the quoted `column`, a percent sign dropped; NULL where the text is not a number.

        Raises AmbiguousNumbers where 1.234 could be read in two ways and nothing in the column decides.
        """
        if self.bare or (self.simple and self.decimal == "." and self.kinds <= {"plain", *_DECIMALS["."]}):
            return f"TRY_CAST({column} AS DOUBLE)"
        if self.simple and self.decimal == "," and self.kinds <= {"plain", *_DECIMALS[","]}:
            return f"TRY_CAST(replace({column}, ',', '.') AS DOUBLE)"
        if self.decimal is None:
            other = "," if self.grouped_by == "." else "."
            raise AmbiguousNumbers("unclear_decimal", column=self.column, sign=self.grouped_by, other=other)
        grouping = "," if self.decimal == "." else "."
        text = column if self.raw else plain_text(column)
        whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:[{grouping} ]\d{{3}})+)"
        shape = rf"{_SIGN}(?:{whole}(?:[{self.decimal}]\d*)?|[{self.decimal}]\d+)(?:[eE][+-]?\d+)?{_END}"
        digits = f"replace(regexp_replace({text}, '[{grouping} %]', '', 'g'), {literal(self.decimal)}, '.')"
        usual = rf"-?(?:\d+|[1-9]\d{{0,2}}(?:[{grouping}]\d{{3}})+)(?:[{self.decimal}]\d+)?"
        usual_digits = f"replace(replace({column}, {literal(grouping)}, ''), {literal(self.decimal)}, '.')"
        return (
            f"CASE WHEN {_is_bare(column)} THEN TRY_CAST({column} AS DOUBLE)"
            f" WHEN regexp_full_match({column}, {literal(usual)}) THEN TRY_CAST({usual_digits} AS DOUBLE)"
            f" WHEN regexp_full_match({text}, {literal(shape)}) THEN TRY_CAST({digits} AS DOUBLE) END"
        )


_WHOLE_GROUPS: dict[Mark, set[str]] = {
    ".": {"dot_zeros", "dot_three", "dot_groups"},
    ",": {"comma_zeros", "comma_three", "comma_groups"},
}
_DECIMALS: dict[Mark, tuple[str, ...]] = {
    ".": ("dot", "dot_whole", "dot_zeros", "dot_three"),
    ",": ("comma", "comma_whole", "comma_zeros", "comma_three"),
}
_GROUPED: dict[Mark, tuple[str, ...]] = {
    ".": ("dot_zeros", "dot_three", "dot_groups", "dot_groups_comma"),
    ",": ("comma_zeros", "comma_three", "comma_groups", "comma_groups_dot"),
}


def find_number_format(
    con: duckdb.DuckDBPyConnection,
    table: str,
    column: str,
    declared: Literal[",", "."] | None,
    *,
    whole: bool = False,
) -> NumberFormat:
    """How the numbers of `column` are written; AmbiguousNumbers where its values decide for both signs at once.

    `whole` says that the column holds whole numbers. A declared decimal sign is taken as it is. Values that fit no
    form are left to the checks, which set them aside.
    """
    text = Column(con, table, column)
    values, bare, raw, simple = text.query(
        f"count(*), count(*) FILTER ({_is_bare('v')}),"
        f" bool_and(CASE WHEN {_is_bare('v')} THEN TRUE"
        f" ELSE regexp_full_match(v, {literal(_RAW)}) END),"
        f" bool_and(CASE WHEN {_is_bare('v')} THEN TRUE"
        f" ELSE regexp_full_match(v, {literal(_SIMPLE)}) END)"
    )[0]

    def read(decimal: Mark | None, grouped_by: Mark | None, evidence: str, *, both: bool = False) -> NumberFormat:
        return NumberFormat(column, decimal, grouped_by, values == bare, bool(raw), bool(simple), kinds, evidence, both)

    if values == bare:
        kinds = frozenset({"plain"} if values else ())
        return read(declared or ".", None, "all are whole numbers without grouping")
    counts = _counts(text, bare, raw=bool(raw))
    kinds = frozenset(counts)
    if declared is not None:
        return read(declared, _other(declared), "declared in the settings")
    dot = sum(counts.get(kind, 0) for kind in _DECIDE_DOT)
    comma = sum(counts.get(kind, 0) for kind in _DECIDE_COMMA)
    after_dot = sum(counts.get(kind, 0) for kind in ("dot_zeros", "dot_three"))
    after_comma = sum(counts.get(kind, 0) for kind in ("comma_zeros", "comma_three"))
    if dot or comma or (after_dot and after_comma):
        if whole:
            dot, comma = dot + _grouped(counts, ","), comma + _grouped(counts, ".")
        most = max(dot, comma)
        if not most or most < (WHOLE_MAJORITY if whole else CLEAR_MAJORITY) * (dot + comma):
            raise _two_signs(column, dot or after_dot, comma or after_comma)
        decimal: Mark = "." if dot > comma else ","
        return read(decimal, _other(decimal), f"{most} values decide", both=bool(dot and comma))
    if after_dot:
        return read(None, ".", f"{after_dot} values such as 1.234, and no other sign")
    if after_comma:
        return read(None, ",", f"{after_comma} values such as 1,234, and no other sign")
    return read(".", ",", "no value has a decimal sign")


def _grouped(counts: dict[str, int], mark: Mark) -> int:
    """How many values of a column of whole numbers can only be grouped by `mark`: as a fraction 1.234 is none.

    None where true fractions such as 0.5 with the same mark are more than a slip: the column is not of whole numbers.
    """
    sign = "dot" if mark == "." else "comma"
    three, fractions = counts.get(f"{sign}_three", 0), counts.get(sign, 0)
    return three if three >= CLEAR_MAJORITY * (three + fractions) else 0


def _counts(text: Column, bare: int, *, raw: bool) -> dict[str, int]:
    """How many values there are of each kind, of which so many are `bare`."""
    value = "v" if raw else plain_text("v")
    cases = " ".join(
        f"WHEN regexp_full_match({value}, {literal(shape)}) THEN {literal(kind)}" for kind, shape in _KINDS.items()
    )
    # Most values of most columns are bare: the dozen forms are compared with the others only.
    kinds = text.query(
        f"CASE {cases} ELSE 'other' END AS kind, count(*)", group=f"WHERE NOT {_is_bare('v')} GROUP BY 1"
    )
    counts = {str(kind): int(number) for kind, number in kinds}
    return {**counts, "plain": counts.get("plain", 0) + bare} if bare else counts


def _is_bare(column: str) -> str:
    return f"regexp_full_match({column}, {literal(_PLAIN_BARE)})"


def _other(mark: Mark) -> Mark:
    return "," if mark == "." else "."


def _two_signs(column: str, dot: int, comma: int) -> AmbiguousNumbers:
    return AmbiguousNumbers("two_decimal_signs", column=column, dot=dot, comma=comma)
