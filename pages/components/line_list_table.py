"""The pseudonymous line list as a table and as a file: codes in words, times short, nothing personal in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pandas as pd

from analytics.line_list import COLUMNS, MOST_ROWS, Listed, line_list
from analytics.release import Release
from analytics.wording import catalogue
from data_sources.contracts.cases import CASES
from pages.components import cached, tables, text
from pages.components.blocks import cell
from pages.components.markup import escape, join, link

if TYPE_CHECKING:
    from pages.components.frame import View

SHOWN = (
    "person", "f_class", "unit", "commune", "day", "detection", "onset", "result_at", "isolated_at", "outcome",
    "severity", "symptoms", "age", "sex", "occupation", "exposure", "source_person",
)  # fmt: skip
"""What fits beside each other; a file holds every column of the list."""
PEOPLE = ("person", "source_person")
CHOICES = {column.name: column.choices for column in CASES.columns if column.choices}


FClass = Literal["F0", "F1", "F2"]


class Filters(NamedTuple):
    """What of the list is wanted; None does not filter."""

    units: tuple[str, ...] | None
    first_day: date
    last_day: date
    f_class: FClass | None = None
    detection: str | None = None
    person: str | None = None


@cached.per_release
def listed(release: Release, wanted: Filters, offset: int, limit: int) -> Listed:
    """Some of the rows that match, and how many match in all."""
    return line_list(release, **wanted._asdict(), offset=offset, limit=limit)


def every_row(view: View, wanted: Filters, total: int) -> pd.DataFrame:
    """All rows that match, for a file; read a piece at a time and not kept."""
    starts = range(0, total, MOST_ROWS)
    parts = [line_list(view.release, **wanted._asdict(), offset=start, limit=MOST_ROWS).rows for start in starts]
    return file_rows(view, pd.concat(parts, ignore_index=True))


def head(view: View, column: str) -> str:
    """The header of a column: the contract's name for it."""
    key = f"cases.list.column_{column}"
    if catalogue().has(key):
        return view.say(key)
    declared = CASES.column(column)
    return declared.vi if view.language == "vi" else declared.en


def told(view: View, column: str, value: Any) -> object:
    """A value in words: choices and units by name, everything else as it is; None for a missing one."""
    if value is None or pd.isna(value):
        return None
    if column == "f_class":
        return value  # F0, F1 and F2 are what everyone says
    if column == "unit":
        return view.release.units.get(str(value)).short_name if str(value) in view.release.units else value
    for choice in CHOICES.get(column, ()):
        if choice.value == value:
            return choice.vi if view.language == "vi" else choice.en
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def table(view: View, rows: pd.DataFrame, trail_links: Mapping[str, str]) -> str:
    """The rows; a person with a trail has a link to it."""
    shown = [column for column in SHOWN if column in rows.columns and not rows[column].isna().all()]
    heads = [head(view, column) for column in shown]
    body = []
    for _, row in rows.iterrows():
        cells = [_cell(view, column, told(view, column, row[column])) for column in shown]
        if trail_links:
            address = trail_links.get(str(row["person"]))
            cells.append(cell(link(address, f"<u>{escape(view.say('cases.list.see_trail'))}</u>") if address else ""))
        body.append(f"<tr>{join(cells)}</tr>")
    if trail_links:
        heads.append(view.say("cases.list.column_trail"))
    return tables.table(heads, body, {place for place, column in enumerate(shown) if column == "age"})


def _cell(view: View, column: str, value: object) -> str:
    if value is None:
        return cell("–", "tc-soft")
    if column in PEOPLE:
        return cell(f"<code>{escape(value)}</code>")
    if isinstance(value, date):
        return cell(escape(text.day(value, view.language, year=False)))
    return cell(escape(value), "is-figure" if column == "age" else "")


def file_rows(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Every column of the list for a file, in words, with the headers of the table; days as days."""
    made = {}
    for column in COLUMNS:
        values = [told(view, column, value) for value in rows[column]]
        days = CASES.column(column).type == "day" if column not in PEOPLE else False
        made[head(view, column)] = pd.Series(
            [value.date() if days and isinstance(value, datetime) else value for value in values], dtype=object
        )
    return pd.DataFrame(made)
