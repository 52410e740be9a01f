"""The blocks of a slide: figures, a map, a ranking, a course, each from one release as known at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics import figure_words
from analytics.annotations import Mark, calendar_stretches, marks
from analytics.briefing.model import Band, Cell, Curve, Legend, Line, Map, MapUnit, Note, Table, Tile, Tiles
from analytics.indicators import INDICATORS
from analytics.map_classes import NONE, classes, colour_name
from analytics.outlines import lay_out
from analytics.quality import is_provisional
from analytics.ranking import Ranked, Ranking
from analytics.readings import Reading, history, read
from analytics.release import Release
from analytics.sources import datasets_of
from analytics.wording import Language, age, listing, text
from analytics.wording import day as day_of
from data_sources.annotations import Annotation
from data_sources.contracts import CONTRACTS

RECENT_DAYS = 28
"""Four whole weeks, so that weekday effects balance (screens.md, Rules)."""
MOST_TILES = 8
"""The most figures that are taken in at one look (screens.md, Rules)."""
MOST_LINES = 4
"""More lines cannot be told apart on a projected slide."""
DAILY_OF = {"cases_new_7d_mean": "cases_new"}
"""Means that are drawn above the columns of the days they are the mean of."""


@dataclass(frozen=True)
class Asked:
    """What every block is asked about: the release, as it is or as it was known, the day and the language."""

    release: Release
    day: date
    language: Language
    written: tuple[Annotation, ...] = ()
    """The measures, events and comments that people added and that held then."""

    def say(self, key: str, **values: object) -> str:
        """Words of the catalogue."""
        return text(key, self.language, **values)

    def read(self, ids: Sequence[str], units: Sequence[str]) -> dict[tuple[str, str], Reading]:
        """The readings of the day."""
        return read(self.release, ids, units, self.day)

    def recent(self, name: str, unit: str, days: int = RECENT_DAYS) -> tuple[float | None, ...]:
        """The values of the last `days` days."""
        first = self.day - timedelta(days=days - 1)
        return tuple(history(self.release, name, (unit,), first, self.day)[unit])

    def provisional(self, name: str, days: int = RECENT_DAYS) -> tuple[bool, ...]:
        """Which of the last `days` days are still filling up."""
        moment = self.release.as_of
        span = (self.day - timedelta(days=back) for back in range(days - 1, -1, -1))
        return tuple(is_provisional(INDICATORS[name], one, moment) for one in span)

    def short_name(self, unit: str) -> str:
        """The short name of a unit."""
        return self.release.units.get(unit, self.day).short_name


def tile(asked: Asked, reading: Reading, *, named_unit: bool = False) -> Tile:
    """One figure; `named_unit` puts its unit's name into the label."""
    indicator, language = INDICATORS[reading.indicator], asked.language
    written, measured_in = figure_words.value_and_unit(reading, language)
    state = reading.state if reading.value is not None else "none"
    change = ""
    if reading.value is not None:
        change = figure_words.change(reading, language)
        if reading.trend in ("up", "down"):
            size = asked.say(f"briefing.{reading.trend}", size=change)
            key = "against_day" if indicator.compare_days == 1 else "against"
            change = asked.say(f"briefing.{key}", change=size, days=indicator.compare_days)
    label = indicator.name(language)
    return Tile(
        indicator=indicator.id,
        unit=reading.unit,
        label=f"{asked.short_name(reading.unit)}: {label}" if named_unit else label,
        value=reading.value,
        written=written,
        measured_in=measured_in,
        state=state,
        state_word="" if state == "none" else asked.say(f"indicators.state.{state}"),
        limit=figure_words.limit(reading, language),
        change=change,
        trend=reading.trend,
        judgement=figure_words.judgement(reading),
        quality=figure_words.quality(reading, language),
        recent=asked.recent(indicator.id, reading.unit),
        provisional=asked.provisional(indicator.id),
    )


def tiles(asked: Asked, ids: Sequence[str], units: Sequence[str], most: int = MOST_TILES) -> Tiles | None:
    """The figures of `ids` for `units` that are known, the first `most`; None where none is."""
    readings = asked.read(ids, units)
    known = [readings[name, unit] for unit in units for name in ids if readings[name, unit].value is not None]
    drawn = tuple(tile(asked, reading, named_unit=len(units) > 1) for reading in known[:most])
    return Tiles(drawn) if drawn else None


def district_map(asked: Asked, ranked: Ranking) -> Map:
    """The units of a ranking by class, those without a figure with their own."""
    indicator = INDICATORS[ranked.indicator]
    readings = {row.unit: row.reading for row in ranked.rows} | {item.unit: item for item in ranked.not_reported}
    steps = classes(indicator, [reading.value for reading in readings.values()])
    named = steps.named(asked.say, asked.language)
    if ranked.not_reported:
        named.append((NONE, asked.say("frame.class_none")))
    laid = lay_out(asked.release, tuple(readings))
    return Map(
        units=tuple(
            MapUnit(
                unit,
                asked.short_name(unit),
                _step(steps.of(reading.value)),
                reading.value,
                figure_words.figure(reading.value, indicator, asked.language),
            )
            for unit, reading in readings.items()
        ),
        legend=tuple(Legend(_step(step), name) for step, name in named),
        laid=laid,
        inset_notes=tuple((inset.code, asked.say("frame.from_coast", km=inset.distance_km)) for inset in laid.insets),
    )


def _step(step: str) -> str:
    return NONE if step == NONE else colour_name(step)


def ranking_table(asked: Asked, ranked: Ranking, beside: Sequence[str] = ()) -> Table:
    """The units in order with value, change and rank before, their whole area last; `beside` are more figures."""
    indicator = INDICATORS[ranked.indicator]
    units = [row.unit for row in ranked.rows]
    parent = ranked.parent_reading
    whole = [parent.unit] if parent is not None and parent.value is not None else []
    others = asked.read(beside, [*units, *whole]) if beside else {}
    heads = (
        "",
        asked.say("common.unit"),
        indicator.measured_in(asked.language),
        asked.say("briefing.change"),
        asked.say("briefing.rank_change"),
        *(INDICATORS[name].name(asked.language) for name in beside),
    )
    rows = [_row(asked, row, beside, others) for row in ranked.rows]
    if parent is not None and whole:
        name = asked.say("briefing.province_row", place=asked.short_name(parent.unit))
        rows.append(
            (
                Cell(""),
                Cell(name),
                _value(asked, parent),
                _change(asked, parent),
                Cell(""),
                *(_value(asked, others[item, parent.unit]) for item in beside),
            )
        )
    silent = [asked.short_name(item.unit) for item in ranked.not_reported]
    note = ""
    if silent:
        note = asked.say("briefing.not_reported", units=listing(silent, asked.language, most=len(silent)))
    return Table(heads, tuple(rows), figures=(0, 2, *range(3, 5 + len(beside))), bar=2, note=note)


def _row(
    asked: Asked, row: Ranked, beside: Sequence[str], others: Mapping[tuple[str, str], Reading]
) -> tuple[Cell, ...]:
    before = row.previous_rank
    return (
        Cell(str(row.rank), float(row.rank)),
        Cell(row.name),
        _value(asked, row.reading),
        _change(asked, row.reading),
        Cell("" if before is None else str(before), None if before is None else float(before)),
        *(_value(asked, others[name, row.unit]) for name in beside),
    )


def _value(asked: Asked, reading: Reading) -> Cell:
    indicator = INDICATORS[reading.indicator]
    if reading.value is None:
        return Cell(asked.say(f"indicators.absence.{reading.absence or 'no_data'}"))
    return Cell(figure_words.figure(reading.value, indicator, asked.language), reading.value, reading.state)


def _change(asked: Asked, reading: Reading) -> Cell:
    if reading.value is None:
        return Cell("")
    said = figure_words.change(reading, asked.language)
    if reading.trend in ("up", "down"):
        said = asked.say(f"briefing.{reading.trend}", size=said)
    return Cell(said, reading.change, judgement=figure_words.judgement(reading))


def course(asked: Asked, ids: Sequence[str], units: Sequence[str], days: int) -> Curve | None:
    """The course of an indicator, of several that share its unit of measurement, or of one for several units.

    None where no day has a figure.
    """
    lead = INDICATORS[ids[0]]
    span = tuple(asked.day - timedelta(days=back) for back in range(days - 1, -1, -1))
    lines: list[Line] = []
    if len(units) > 1:
        lines = [Line(asked.short_name(unit), asked.recent(lead.id, unit, days)) for unit in units[:MOST_LINES]]
    else:
        daily = DAILY_OF.get(lead.id)
        if daily is not None:
            lines.append(Line(asked.say("briefing.daily"), asked.recent(daily, units[0], days), drawn="columns"))
        same = [name for name in ids if INDICATORS[name].measured_in_en == lead.measured_in_en][:MOST_LINES]
        lines += [Line(INDICATORS[name].name(asked.language), asked.recent(name, units[0], days)) for name in same]
    lines = [line for line in lines if any(value is not None for value in line.values)]
    if not lines:
        return None
    highest = max(value for line in lines for value in line.values if value is not None)
    for limit in lead.thresholds:
        # A limit far above everything drawn would press the course to the ground.
        if limit.at <= 2 * highest or limit == lead.worsening_thresholds[0]:
            name = limit.vi if asked.language == "vi" else limit.en
            lines.append(Line(name, (limit.at,) * days, drawn="limit", state=limit.state))
    provisional = asked.provisional(lead.id, days)
    found = _marks(asked, ids, units[0], span[0])
    return Curve(
        days=span,
        lines=tuple(lines),
        provisional=provisional,
        measured_in=lead.measured_in(asked.language),
        decimals=lead.decimals,
        bands=tuple(
            Band(mark.words(asked.release, asked.language), mark.first_day, _end(mark))
            for mark in found
            if mark.kind != "comment"
        ),
        note=_curve_note(asked, sum(provisional), found),
    )


def _end(mark: Mark) -> date | None:
    """The last day that is shaded: a measure without an end goes on, an event without one is a day."""
    return mark.first_day if mark.kind == "event" and mark.last_day is None else mark.last_day


def _marks(asked: Asked, ids: Sequence[str], unit: str, first: date) -> list[Mark]:
    """The measures, events and comments on the axis of a unit."""
    calendar = calendar_stretches(asked.release, unit, first, asked.day)
    return marks(asked.release, calendar, asked.written, unit, first, asked.day, ids)


def _curve_note(asked: Asked, late: int, found: Sequence[Mark]) -> str:
    """What must be known of the last days, and what people wrote to the figure."""
    key = "provisional_day" if late == 1 else "provisional"
    told = [asked.say(f"briefing.{key}", days=late)] if late else []
    for mark in found:
        if mark.kind == "comment":
            words = mark.words(asked.release, asked.language)
            told.append(asked.say("briefing.comment", day=day_of(mark.first_day, asked.language), words=words))
    return " ".join(told)


def note(asked: Asked, reading: Reading) -> Note:
    """What the speaker must know of a figure: definition, source, quality, caveat."""
    indicator, language = INDICATORS[reading.indicator], asked.language
    told = reading.quality
    names = [_dataset_name(name, language) for name in datasets_of(indicator.id)]
    quality = asked.say(
        "briefing.quality",
        reported=told.reported_units,
        expected=told.expected_units,
        age=age(told.newest_report_age_hours, language),
    )
    if told.provisional and reading.value is not None:
        quality = asked.say("briefing.quality_provisional", quality=quality)
    return Note(
        indicator=indicator.id,
        name=indicator.name(language),
        definition=indicator.definition(language),
        source=asked.say(
            "briefing.source", rule=indicator.source, datasets=listing(names, language, most=len(names) or 1)
        ),
        quality=quality,
        caveat=indicator.caveat(language),
    )


def _dataset_name(name: str, language: Language) -> str:
    contract = CONTRACTS[name]
    return contract.vi if language == "vi" else contract.en
