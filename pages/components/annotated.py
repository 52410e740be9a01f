"""What people wrote, on the pages: read once a run as of the view's moment, drawn on every axis of days."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from analytics.annotations import Mark, calendar_stretches, marks
from analytics.policy_calendar import Stretch
from analytics.release import TIME_ZONE, Release, Role
from data_sources.annotations import Annotation, held_annotations
from data_sources.refusal import Refused
from pages.components import cached, day_marks, text
from pages.components.day_marks import Band

if TYPE_CHECKING:
    from pages.components.frame import View

WRITERS: tuple[Role, ...] = ("leader", "analyst")
"""Who answers for measures and who explains figures; briefing screens and stewards read."""


@dataclass(frozen=True)
class Written:
    """The records that hold, or why they cannot be read."""

    records: tuple[Annotation, ...]
    refused: Refused | None = None


_read: WeakKeyDictionary[View, Written] = WeakKeyDictionary()


def moment(view: View) -> datetime | None:
    """The moment the view is read as of; None where it is the newest picture and follows what people write."""
    return view.asked.moment if view.asked else None


def is_past(view: View) -> bool:
    """True where the reader looks at the picture as it was known earlier."""
    return moment(view) is not None


def now(view: View) -> datetime:
    """The moment something is written; in the demonstration it is still the day of the demonstration."""
    return view.release.as_of + timedelta(minutes=1) if view.release.demonstration else datetime.now(TIME_ZONE)


def written(view: View) -> Written:
    """What people wrote, as of the view's moment; read once a run."""
    from pages.components.frame import data_folder

    found = _read.get(view)
    if found is None:
        try:
            found = Written(tuple(held_annotations(data_folder(), moment(view))))
        except Refused as refused:
            found = Written((), refused)
        _read[view] = found
    return found


def forget(view: View) -> None:
    """Read anew: something was just written."""
    _read.pop(view, None)


def problem(view: View) -> str:
    """The sentence for the top of the page where what people wrote cannot be read; "" where it can."""
    refused = written(view).refused
    return view.say("annotations.unread", why=refused.text(view.language)) if refused else ""


def may_write(view: View) -> bool:
    """True for a role that may write, on the newest picture."""
    return view.release.role in WRITERS and not is_past(view)


@cached.per_release
def _calendar(release: Release, unit: str, first: date, last: date) -> list[Stretch]:
    return calendar_stretches(release, unit, first, last)


def on_axis(view: View, unit: str, first: date, last: date, indicators: Collection[str] = ()) -> list[Mark]:
    """The measures, events and comments on an axis of `unit`; comments where they are about one of `indicators`."""
    calendar = _calendar(view.release, unit, first, last)
    return marks(view.release, calendar, written(view).records, unit, first, last, indicators)


def bands(view: View, unit: str, days: Sequence[date], indicators: Collection[str] = ()) -> list[Band]:
    """What a drawing over `days` takes as its marks."""
    return [band_of(view, mark) for mark in on_axis(view, unit, days[0], days[-1], indicators)]


def band_of(view: View, mark: Mark) -> Band:
    """A mark as it is drawn, in the reader's language."""
    source = view.say(f"frame.role_{mark.author}") if mark.kind == "comment" else mark.source
    return Band(mark.words(view.release, view.language), mark.first_day, mark.last_day, mark.kind, source)


def listing(view: View, days: Sequence[date], drawn: Sequence[Band], wide_px: float = day_marks.USUAL_PX) -> str:
    """The list under a drawing, with what had no room in it."""
    return day_marks.listing(days, drawn, view.language, wide_px)


def pin(view: View, indicator: str, unit: str, day: date) -> tuple[str, str]:
    """Where a comment is pinned to a figure and a day, and the words of that link; empty where nobody may here."""
    if not may_write(view):
        return "", ""
    where = {"kind": "comment", "pin": indicator, "on": day.isoformat()}
    place = view.release.units.get(unit).short_name if unit in view.release.units else view.release.province.short_name
    from analytics.indicators import INDICATORS

    label = view.say(
        "annotations.pin_label",
        indicator=INDICATORS[indicator].name(view.language),
        place=place,
        day=text.day(day, view.language),
    )
    whole = view.release.province.code
    return view.selection.href("annotations", unit=unit if unit != whole else None, **where), label
