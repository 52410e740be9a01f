"""Measures, events and comments on an axis of days: what people wrote, beside the calendar of measures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from analytics.policy_calendar import Stretch, periods, widely_in_force
from analytics.release import Release
from analytics.wording import Language, text
from data_sources.annotations import Annotation, Kind, held_annotations
from data_sources.refusal import Refused

MOST_NAMED = 2
"""Units named in the words of a mark; of more of them, how many of how many."""


@dataclass(frozen=True)
class Mark:
    """One thing on the axis, both days included; an open end has no last day."""

    kind: Kind
    vi: str
    en: str
    first_day: date
    last_day: date | None
    units: tuple[str, ...] = ()
    """The units it is about where it is not about all in sight, as far as they are known."""
    share: tuple[int, int] | None = None
    """In how many of the units in sight it holds, where not in all of them."""
    source: str = ""
    number: int | None = None
    """The record it comes from; None for the calendar that came with the data."""
    author: str = ""

    def words(self, release: Release, language: Language) -> str:
        """Its text, with the units where they are not all that is in sight."""
        told = self.vi if language == "vi" or not self.en else self.en
        if self.share is None:
            return told
        if self.units and len(self.units) <= MOST_NAMED:
            named = ", ".join(release.units.get(unit).short_name for unit in self.units)
            return f"{told} · {named}"
        return f"{told} · " + text("annotations.share", language, of=self.share[0], all=self.share[1])


def leaves_of(release: Release, unit: str, day: date) -> tuple[str, ...]:
    """The units that report within `unit`, or itself."""
    return tuple(leaf.code for leaf in release.units.leaves(unit, day)) or (unit,)


def calendar_stretches(release: Release, unit: str, first_day: date, last_day: date) -> list[Stretch]:
    """The measures of the calendar that were in force in at least half of `unit` between the two days."""
    leaves, whole = leaves_of(release, unit, last_day), release.province.code
    known = periods(release, (*leaves, whole), first_day, last_day)
    return widely_in_force(known, leaves, whole, first_day, last_day)


def marks(
    release: Release,
    calendar: Sequence[Stretch],
    written: Sequence[Annotation],
    unit: str,
    first_day: date,
    last_day: date,
    indicators: Collection[str] = (),
) -> list[Mark]:
    """What stands on the axis of `unit` between the two days, by its first day; measures before events and comments.

    Of what people wrote: measures and events of the unit, of what it lies in and of what lies in it, and the comments
    pinned to the unit and one of `indicators`. Units the release does not know are passed over.
    """
    leaves = leaves_of(release, unit, last_day)
    found = [
        Mark(
            "measure",
            one.vi,
            one.en,
            one.first_day,
            one.last_day,
            share=None if one.units == len(leaves) else (one.units, len(leaves)),
        )
        for one in calendar
    ]
    for note in written:
        if note.first_day > last_day or (note.last_day is not None and note.last_day < first_day):
            continue
        if note.kind == "comment":
            if note.indicator in indicators and unit in note.units:
                found.append(_mark(note))
            continue
        if note.kind == "event" and note.last_day is None and note.first_day < first_day:
            continue  # an event without an end is a day; a measure without one goes on
        if unit in note.units or any(_lies_in(release, unit, other) for other in note.units):
            found.append(_mark(note))
            continue
        here = tuple(other for other in note.units if other in leaves)
        if here:
            share = None if len(here) == len(leaves) else (len(here), len(leaves))
            found.append(_mark(note, here, share))
    order = {"measure": 0, "event": 1, "comment": 2}
    return sorted(found, key=lambda mark: (mark.first_day, order[mark.kind], mark.vi))


def _lies_in(release: Release, unit: str, other: str) -> bool:
    """True where `other` is an area that `unit` is part of."""
    if other == release.province.code:
        return True
    return other in release.units and any(leaf.code == unit for leaf in release.units.leaves(other))


def _mark(note: Annotation, units: tuple[str, ...] = (), share: tuple[int, int] | None = None) -> Mark:
    return Mark(
        note.kind,
        note.vi,
        note.en,
        note.first_day,
        note.last_day,
        units,
        share,
        note.source,
        note.id,
        note.author,
    )


def release_names(release: Release) -> dict[str, str]:
    """The units an annotation may be about, by their code: the whole first, then those that report."""
    names = {release.province.code: release.province.short_name}
    return names | {unit.code: unit.short_name for unit in release.units.reporting()}


def standing(
    data: Path | None, at: datetime | None, language: Language
) -> tuple[tuple[Annotation, ...], tuple[str, ...]]:
    """What people wrote as of `at` (None: now), and the sentence that says so where it cannot be read."""
    if data is None:
        return (), ()
    try:
        return tuple(held_annotations(data, at)), ()
    except Refused as refused:
        return (), (text("annotations.unread", language, why=refused.text(language)),)
