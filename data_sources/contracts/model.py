"""What a dataset's contract says: its columns, key, measures and which fields are personal.

A contract is declared once, in this package, and everything else reads it: the checks, the warehouse's
tables, the cube of a release, the forms and the catalogue. A contract that is half declared fails at
import with the name of what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["unit", "day", "time", "text", "code", "person", "integer", "number", "boolean", "choice"]
"""`person` is a code that names a person: it is replaced by a keyed pseudonym before anything is stored."""
MeasureKind = Literal["flow", "stock", "published"]

SQL_TYPES: dict[ColumnType, str] = {
    "unit": "VARCHAR",
    "day": "DATE",
    "time": "TIMESTAMPTZ",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "person": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "choice": "VARCHAR",
}


DAILY_DUTY_HOURS = 26
"""A system reports daily; a day and two hours without a newer delivery is past that duty."""


class ContractError(ValueError):
    """A contract is incomplete or contradicts itself; raised at import."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One allowed value of a `choice` column, with the words people write for it."""

    value: str
    vi: str
    en: str
    written_as: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """One field of a dataset."""

    name: str
    type: ColumnType
    vi: str
    en: str
    required: bool = False
    personal: bool = False
    measured_in: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    default: str | None = None
    headers: tuple[str, ...] = ()
    """Other headers that districts write above this column; compared without accents and case."""
    grid_degrees: float | None = None
    """For a coordinate that may be somebody's home: it becomes the middle of a cell of this grid as it is read."""
    ahead_days: int = 0
    """How far after the delivery a day may lie: none for what happened, some for a plan."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One additive (flow, stock) or merely published number that a row of the dataset contributes to the cube.

    `expression` is SQL over the row's columns and is NULL where the row says nothing. A flow is summed over
    days, a stock is the newest value of the day, a published ratio is shown at the unit that published it
    and never summed.
    """

    name: str
    kind: MeasureKind
    expression: str
    vi: str
    en: str
    dated_by: str = "day"
    """The day or time column whose day the number belongs to: a request is met on another day than it was opened."""
    dated_else: str | None = None
    """The column that gives the day where `dated_by` is blank; without it such a row adds nothing."""
    derived: bool = False
    """True for a figure that no single row states, such as a median age: computed from all rows as a release is built
    (data_sources/ageing.py, out_of_sight.py); its expression is NULL."""


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A dataset: what a row is, what it must hold, and what it adds to the cube."""

    dataset: str
    vi: str
    en: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    measures: tuple[Measure, ...]
    cuts: tuple[tuple[str, ...], ...] = ((),)
    """The fixed lattice of strata published for every measure; () is the total."""
    line_list: bool = False
    """True where a row is one event: a covered day without a row is then a reported 0."""
    joins: bool = False
    """True for a line list that units join one after another: a unit is covered from its own first row on."""
    repeatable: bool = False
    """True where the same row may truly happen twice, such as two visits on one day; such rows are all kept."""
    cumulative: tuple[str, ...] = ()
    """Columns that may never fall from one day to the next within a unit."""
    not_above: tuple[tuple[str, str], ...] = ()
    """Pairs (part, whole): a row in which part is larger than whole is set aside."""
    renewed_rarely: bool = False
    """True for registers, renewed by the year or when something changes: that nothing new comes is no sign."""
    site: str | None = None
    """The column that names a site. A unit's figure of a day is told when the last of its sites has reported: until
    then it would be too low, and its growth would tell each site's own figure."""
    shown: tuple[str, ...] = ()
    """Columns that stand row by row in everyone's picture, as the table `row_<dataset>`; empty for figures only."""
    example: dict[str, str]

    def __post_init__(self) -> None:
        """Refuse a contract that is half declared."""
        names = [column.name for column in self.columns]
        missing = [name for name in self.key if name not in names]
        if missing:
            raise ContractError(f"{self.dataset}: key columns {missing} are not declared")
        if len(set(names)) != len(names):
            raise ContractError(f"{self.dataset}: a column is declared twice")
        for column in self.columns:
            if not column.vi or not column.en:
                raise ContractError(f"{self.dataset}.{column.name}: needs a Vietnamese and an English name")
            if column.type == "choice" and not column.choices:
                raise ContractError(f"{self.dataset}.{column.name}: a choice column needs its choices")
            if column.required and column.name not in self.example:
                raise ContractError(f"{self.dataset}.{column.name}: the example row lacks this required column")
            if column.personal and column.name in self.key:
                raise ContractError(f"{self.dataset}.{column.name}: a personal field cannot be a key")
        used = [*(name for cut in self.cuts for name in cut), *(name for pair in self.not_above for name in pair)]
        used += [self.site] if self.site else []
        dated = [name for item in self.measures for name in (item.dated_by, item.dated_else) if name]
        for name in [*used, *self.shown, *dated]:
            if name not in names:
                raise ContractError(f"{self.dataset}: {name} is used but not declared")
        for name in self.shown:
            if self.column(name).personal or self.column(name).type == "person":
                raise ContractError(f"{self.dataset}.{name}: what names a person is not shown row by row")
        for name in dated:
            if self.column(name).type not in ("day", "time"):
                raise ContractError(f"{self.dataset}: {name} dates a measure and is neither a day nor a time")
        unknown = [name for name in self.example if name not in names]
        if unknown:
            raise ContractError(f"{self.dataset}: the example row has undeclared columns {unknown}")

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError with the known names otherwise."""
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(column.name for column in self.columns)
        raise KeyError(f"{self.dataset} has no column {name}; it has {known}")

    def field(self, name: str) -> str:
        """A column as messages name it: "dataset.column"."""
        return f"{self.dataset}.{self.column(name).name}"

    @property
    def late_after_hours(self) -> int | None:
        """How long after its newest delivery a source of it is late, where its settings do not say.

        None where silence is no sign: registers, and items that come when they happen. What is keyed by the day is a
        daily report.
        """
        return DAILY_DUTY_HOURS if "day" in self.key and not self.renewed_rarely else None

    @property
    def public_columns(self) -> tuple[Column, ...]:
        """The columns without personal data: the only ones the warehouse and the releases' tables hold."""
        return tuple(column for column in self.columns if not column.personal)

    @property
    def about_persons(self) -> bool:
        """True where a row is about a person, by name or by pseudonym."""
        return any(column.personal or column.type == "person" for column in self.columns)

    @property
    def personal_columns(self) -> tuple[Column, ...]:
        """The columns with personal data: they live in the encrypted registry only."""
        return tuple(column for column in self.columns if column.personal)
