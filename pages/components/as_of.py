"""Reading a page as of a past release or moment: the address, the release it opens, the chooser, and what is said.

`as_of` in the address is the id of a kept release, a day (its end in Asia/Ho_Chi_Minh) or an ISO time. Every link
carries it. A release that is no longer kept is read from the current one, as known at the time in its id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.release import TIME_ZONE, Release, moment, release_ids
from analytics.wording import Language
from data_sources.refusal import Refused
from pages.components import cached, markup, text
from pages.components.selection import Address, write

if TYPE_CHECKING:
    from pages.components.frame import View

PARAMETER = "as_of"
NEWEST = ""
PICKED = "pick_as_of_day"
MOST_DAYS = 7
"""Ends of days in the chooser; any other is picked in the calendar that appears with one of them."""
MOST_RELEASES = 5
"""Kept releases in the chooser: those of the last meetings; older ones are read by their day."""
NEWEST_ONLY = ("submit",)
"""Pages on which a past picture would mislead: a form is judged against what is known now."""
ID_TIME = re.compile(r"^(\d{8}T\d{6})-[0-9a-f]{12}$")
KEPT = {
    "cases": (("part_who", None), ("part_list", "analyst")),
    "trails": (("part_trails", None),),
    "sources": (("part_sources", None),),
    "quality": (("part_fields", None),),
    "care": (("part_sites", None),),
    "declarations": (("part_sites", None),),
}
"""What stands on a page without earlier versions, and the only role that sees it (None: all)."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `value` as it stands there."""

    value: str
    moment: datetime
    release_id: str | None = None
    """The release to open; None to read the current one as known at `moment`."""
    note: str = ""
    """The key of what must be said: that the release is gone, or cannot be read."""

    @property
    def day(self) -> date | None:
        """The day, where one is asked for and not a time or a release."""
        return self.moment.date() if re.fullmatch(r"\d{4}-\d\d-\d\d", self.value) else None

    def time(self, language: Language) -> str:
        """The moment as it is written for the reader."""
        return text.moment(self.moment, language)


def read(address: Address, data: Path, current: Release) -> Asked | None:
    """What the address asks for; None for the newest data, also where it cannot be understood, which is then noted."""
    value = address.given.get(PARAMETER)
    if not value:
        return None
    at = time_of(value)
    if at is None or at.date() < current.first_day or at.date() > current.as_of.date():
        address.refuse(PARAMETER, value)
        return None
    if not ID_TIME.match(value):
        return Asked(value, at)
    kept = value in release_ids(data)
    return Asked(value, at, value if kept else None, "" if kept else "as_of.gone")


def time_of(value: str) -> datetime | None:
    """A day's end, a time, or that of a release; None for anything else.

    A plus sign that the address turned into a space is one.
    """
    try:
        if named := ID_TIME.match(value):
            return datetime.strptime(named[1], "%Y%m%dT%H%M%S").replace(tzinfo=TIME_ZONE)
        if len(value) == len("2021-08-27"):
            return moment(date.fromisoformat(value))
        return moment(datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value))
    except ValueError:
        return None


def opened(data: Path, current: Release, asked: Asked) -> tuple[Release, Asked]:
    """The release to show, and what was really asked for: a release that cannot be read is read from the current."""
    if asked.release_id is not None:
        try:
            found = cached.release(data, current.role, asked.release_id)
        except Refused:
            asked = replace(asked, release_id=None, note="as_of.unread")
        else:
            # A release says itself when it is from; the time in its id is only as exact as a second.
            return found, replace(asked, moment=found.as_of)
    return cached.known_at(current, asked.moment), asked


def stamp(view: View, asked: Asked) -> str:
    """What the pill says, and the address it leads back to."""
    return view.say("as_of.stamp", time=asked.time(view.language))


def notes(view: View, asked: Asked) -> list[str]:
    """What must be said above a page that is read as of then."""
    time = asked.time(view.language)
    if view.selection.page in NEWEST_ONLY:
        return [view.say("as_of.newest_only", time=time)]
    said = [view.say(asked.note, id=asked.value, time=time)] if asked.note else []
    release = view.release
    if release.known is not None:
        if not release.evaluation.cube.shape.parts:
            said.append(view.say("as_of.nothing", time=time))
        kept = KEPT.get(view.selection.page, ())
        named = [view.say(f"as_of.{key}") for key, role in kept if role in (None, release.role)]
        if named:
            built = text.moment(release.built, view.language)
            said.append(view.say("as_of.kept", built=built, time=time, parts="; ".join(named)))
    return said


def menu(view: View, data: Path) -> str:
    """The chooser: the newest data, the last kept releases by their time, the ends of the last days."""
    current, language = view.current, view.language
    names = {NEWEST: view.say("as_of.newest")}
    for release_id in release_ids(data)[:MOST_RELEASES]:
        at = time_of(release_id)
        if at is not None:
            names[release_id] = view.say("as_of.release", time=text.moment(at, language))
    for back in range(1, MOST_DAYS + 1):
        day = current.as_of.date() - timedelta(days=back)
        if day >= current.first_day:
            names[day.isoformat()] = view.say("as_of.day_end", day=text.day(day, language))
    asked = view.asked
    if asked and asked.value not in names:
        key, when = ("day_end", text.day(asked.day, language)) if asked.day else ("time", asked.time(language))
        names[asked.value] = view.say(f"as_of.{key}", **{"day" if asked.day else "time": when})
    links = {name: view.selection.href(as_of=value or None, day=None) for value, name in names.items()}
    chosen = names[asked.value if asked else NEWEST]
    return markup.menu(view.say("as_of.choose", what=chosen), links, chosen)


def choose_day(view: View) -> None:
    """A calendar beside the filters while a day's end is read; any other day is picked here."""
    asked, current = view.asked, view.current
    if asked is None or asked.day is None:
        return
    st.session_state[PICKED] = asked.day
    st.date_input(
        view.say("as_of.choose_day"),
        min_value=current.first_day,
        max_value=current.as_of.date(),
        key=PICKED,
        format="DD/MM/YYYY",
        on_change=_picked,
        label_visibility="collapsed",
        width=140,
    )


def _picked() -> None:
    day = st.session_state[PICKED]
    write(PARAMETER, day.isoformat() if day else None)
    # A day that was looked at may lie after the moment; the newest one known then is shown instead.
    write("day", None)
