"""What a briefing says and shows, as records that every renderer draws: words written, numbers beside them.

A renderer adds no figure and no word of its own; what differs between a wall, a slide file and a sheet is only how
it is drawn. So the same figure reads the same on all of them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from analytics.figure_words import Judgement
from analytics.outlines import Outlines
from analytics.phrases import Severity
from analytics.readings import State
from analytics.wording import Language


@dataclass(frozen=True)
class Statement:
    """One sentence on a slide, how urgent it is, and the figure it rests on."""

    text: str
    severity: Severity = "information"
    indicator: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Tile:
    """One figure with its words; where it is missing `value` is None and `written` a dash."""

    indicator: str
    unit: str
    label: str
    value: float | None
    written: str
    measured_in: str
    """The unit of measurement; why there is no figure, where there is none."""
    state: State
    state_word: str
    """"" where the indicator has no threshold."""
    limit: str
    """The threshold that was passed or is next, by its name; "" where there is none."""
    change: str
    """The change in words with what it is against; "" where there is no figure."""
    trend: Literal["up", "down", "flat", "unknown"]
    judgement: Judgement
    quality: str
    recent: tuple[float | None, ...]
    """The last 28 days, for a sparkline."""
    provisional: tuple[bool, ...]


@dataclass(frozen=True)
class Tiles:
    """Figures side by side, at most eight."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class MapUnit:
    """One unit on the map: its class (`data-1` ... `data-5`, `zero`, `none`, `level-2`), name and written value."""

    code: str
    name: str
    step: str
    value: float | None
    written: str


@dataclass(frozen=True)
class Legend:
    """One class of a map with its words."""

    step: str
    label: str


@dataclass(frozen=True)
class Map:
    """Units by class, laid out as on every map of the product; without outlines `laid.units` is empty."""

    units: tuple[MapUnit, ...]
    legend: tuple[Legend, ...]
    laid: Outlines
    inset_notes: tuple[tuple[str, str], ...]
    """For each island unit in an inset: its code and how far from the coast it lies, in words."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its words, the number behind them where there is one, and whether it is past a threshold."""

    text: str
    value: float | None = None
    state: State = "none"
    judgement: Judgement = "none"


@dataclass(frozen=True)
class Table:
    """Rows under heads; `figures` are the columns that stand at the right. `bar` is the column drawn as bars too."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: tuple[int, ...]
    bar: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One line or row of columns of a curve: a value for each day, None is a gap."""

    name: str
    values: tuple[float | None, ...]
    drawn: Literal["columns", "line", "limit"] = "line"
    state: State = "none"
    """Of a limit: near or past."""


@dataclass(frozen=True)
class Band:
    """A measure or event shaded under a curve; an open end has no last day."""

    label: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Curve:
    """Lines over days; the last days that still fill up are marked."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]
    provisional: tuple[bool, ...]
    measured_in: str
    decimals: int
    bands: tuple[Band, ...] = ()
    note: str = ""


DIGITS = 12
"""Far more than any figure is written with, fewer than binary numbers hold."""
Block = Tiles | Map | Table | Curve


@dataclass(frozen=True)
class Note:
    """What stands behind the figures of a slide, for its speaker: name, definition, source, quality, caveat."""

    indicator: str
    name: str
    definition: str
    source: str
    quality: str
    caveat: str


@dataclass(frozen=True)
class Slide:
    """One slide: the finding as its title, what is shown beneath, at most two blocks, sentences beside them.

    Where the data are missing, `missing` says so, and what to do, in the slide's place; blocks are then empty.
    """

    id: str
    name: str
    """Its name in lists: Tình hình, Bản đồ."""
    title: str
    what: str
    blocks: tuple[Block, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[Note, ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Fault:
    """What could not be read in a briefing's file or address: where, what was found, what is needed."""

    line: int | None
    text: str


@dataclass(frozen=True)
class Briefing:
    """A briefing as it is projected, printed and sent: everything from one release, as known at one moment."""

    release_id: str
    title: str
    place: str
    day: date
    as_of: datetime
    history: bool
    """True where it shows what was known at an earlier moment than the release's."""
    stamp: str
    """Until when the figures reach, in words; stands on every slide."""
    demonstration: str
    """The word for generated data; "" for real ones."""
    language: Language
    slides: tuple[Slide, ...]
    faults: tuple[Fault, ...] = ()

    def figures(self) -> str:
        """Every word and number of the slides as JSON in a fixed order: the same picture gives the same bytes.

        Neither the release's id nor the outlines are part of it; they are not figures. Numbers have DIGITS digits: the
        last of a binary number depends on what else was added in the same sum.
        """
        told = [asdict(slide) for slide in self.slides]
        for slide in told:
            for block in slide["blocks"]:
                block.pop("laid", None)
        document = {"place": self.place, "day": self.day, "as_of": self.as_of, "language": self.language}
        written = _rounded({**document, "slides": told})
        return json.dumps(written, ensure_ascii=False, sort_keys=True, default=_plain)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> str:
    return str(value.isoformat())
