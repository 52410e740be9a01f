"""What a briefing is compared with: the day of the last meeting, or the release that was on the wall then.

`since` in the address is a day (the picture as known at its end), an ISO time, or the id of a kept release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.briefing.since import MEETING_DAYS
from analytics.release import Release, release_ids
from analytics.wording import Language
from pages.components import as_of, text
from pages.components.choosing import pick, pick_day
from pages.components.selection import Address

if TYPE_CHECKING:
    from pages.components.frame import View

PARAMETER = "since"
BY_DAY = ""


@dataclass(frozen=True)
class LastMeeting:
    """The day, or the release, and what must be said of it; nothing of these is a week before."""

    day: date | None = None
    before: Release | None = None
    note: str = ""


def read(value: str, release: Release, data: Path, language: Language) -> LastMeeting:
    """What `value` asks `release` to be compared with; a release that is gone is read from this one, which is said."""
    if not value:
        return LastMeeting()
    asked = as_of.read(Address({as_of.PARAMETER: value}), data, release)
    if asked is None or (asked.day is None and asked.moment > release.as_of):
        return LastMeeting(note=text.say("briefing.show.since_misread", language, value=value))
    if asked.day is not None:
        return LastMeeting(day=asked.day)
    before, asked = as_of.opened(data, release, asked)
    note = text.say(asked.note, language, id=asked.value, time=asked.time(language)) if asked.note else ""
    return LastMeeting(before=before, note=note)


def choose(view: View, data: Path) -> None:
    """The release or the day of the last meeting; only the day where no other release is kept."""
    release, address = view.release, view.address
    asked = address.given.get(PARAMETER, "")
    kept = release_ids(data)
    names = {BY_DAY: view.say("briefing.page.since_day")}
    for release_id in kept[: as_of.MOST_RELEASES + 1]:
        at = as_of.time_of(release_id)
        if at is not None and release_id != release.id and at <= release.as_of:
            names[release_id] = view.say("briefing.page.since_release", time=text.moment(at, view.language))
    if asked not in names and asked in kept and (at := as_of.time_of(asked)) is not None:
        names[asked] = view.say("briefing.page.since_release", time=text.moment(at, view.language))
    chosen = asked if asked in names else BY_DAY
    if len(names) > 1:
        label = view.say("briefing.page.since_what")
        pick(PARAMETER, names, chosen, BY_DAY, label, width=290, key="pick_since_release")
    if chosen == BY_DAY:
        newest, first = view.selection.day, release.first_day
        current = address.day(PARAMETER, first, newest) or max(newest - timedelta(days=MEETING_DAYS), first)
        pick_day(PARAMETER, current, first, newest, view.say("briefing.page.since"), width=170)
