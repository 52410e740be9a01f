"""The one amber line above a page about the sources it uses that are late: which, since when, and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from analytics.sources import SourceStatus, late
from data_sources.lateness import Late
from pages.components import text
from pages.components.navigation import PAGES

if TYPE_CHECKING:
    from pages.components.frame import View

MOST_NAMED = 3


def used(view: View) -> tuple[str, ...] | None:
    """The datasets of the page: as its choice tells, or as the navigation declares; None for all."""
    if view.used is not None:
        return view.used
    return next((entry.datasets for entry in PAGES if entry.name == view.selection.page), None)


def late_here(view: View, statuses: Sequence[SourceStatus]) -> list[Late]:
    """The sources of this page that are late now (in the demonstration: when its release was made)."""
    return late(statuses, view.signs, view.now, used(view))


def sentence(view: View, found: Sequence[Late]) -> str:
    """The line; sources that are late for one reason since one minute are named together."""
    groups: dict[tuple[str, str, int], list[str]] = {}
    for one in found:
        since = text.moment(one.since, view.language)
        groups.setdefault((one.why, since, one.allowance_seconds), []).append(one.title or one.source)
    told = []
    for (why, since, seconds), titles in groups.items():
        names = text.listing(titles, view.language)
        if len(titles) > MOST_NAMED:
            rest = len(titles) - MOST_NAMED
            names = view.say("frame.late_more", names=", ".join(titles[:MOST_NAMED]), count=rest)
        allowed = text.duration(timedelta(seconds=seconds), view.language)
        told.append(view.say(f"frame.late_{why}", names=names, since=since, allowed=allowed))
    return view.say("frame.late", list="; ".join(told))
