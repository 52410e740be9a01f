"""Which trails are looked at: numbers in the address that hold for one release and one role, and for nothing else.

A coarse trail's number changes with every release, so that nobody can be followed from one to the next; an analyst's
trails bear pseudonyms, which do not belong into an address, a history or a log. So the address holds numbers and a
mark of the release they count in: `trails=3f2a9c.5.12`. With another release the mark no longer fits, the choice is
dropped and the reader is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from analytics.release import Release
from analytics.trails import Trail, is_exact, trails
from pages.components import cached, text
from pages.components.selection import write

if TYPE_CHECKING:
    from pages.components.frame import View

PARAMETER = "trails"
MOST_CHOSEN = 4
"""Lines that can be told apart on one map by weight and dash."""
MOST_OFFERED = 400
"""Entries of the list, the newest first; a longer one is narrowed by unit and period."""


@cached.per_release
def numbered(release: Release) -> dict[int, Trail]:
    """Every trail by its number: a coarse one's own, an exact one's place in the order of pseudonyms."""
    found = trails(release)
    if is_exact(release):
        return dict(enumerate(sorted(found, key=lambda trail: trail.id), start=1))
    return {int(trail.id): trail for trail in sorted(found, key=lambda trail: int(trail.id))}


@cached.per_release
def offered(release: Release, unit: str | None, first_day: date, last_day: date) -> tuple[int, ...]:
    """Numbers of the trails of people of `unit` with a point between the days, the newest first."""
    numbers = {trail.id: number for number, trail in numbered(release).items()}
    return tuple(numbers[trail.id] for trail in trails(release, None if unit is None else [unit], first_day, last_day))


def mark(release: Release) -> str:
    """What ties numbers to a release and to the kind of trails a role sees."""
    return f"{crc32(f'{release.id}|{is_exact(release)}'.encode()):08x}"


def address(release: Release, numbers: Sequence[int]) -> str:
    """The value of the parameter for some trails."""
    return ".".join([mark(release), *map(str, numbers)])


def read(view: View, default: Sequence[int]) -> tuple[list[int], bool]:
    """The numbers chosen, at most MOST_CHOSEN; and True where the address names trails that hold no longer."""
    given = view.address.words(PARAMETER)
    if not given:
        return list(default), False
    found, *rest = given.split(".")
    known = numbered(view.release)
    numbers = [int(part) for part in dict.fromkeys(rest) if part.isascii() and part.isdigit() and int(part) in known]
    if found != mark(view.release) or not numbers:
        return list(default), True
    chosen = numbers[:MOST_CHOSEN]
    view.selection = view.selection.with_own(PARAMETER, address(view.release, chosen))
    return chosen, False


def pick(view: View, options: Mapping[int, str], chosen: Sequence[int], label: str) -> None:
    """A list to choose one or several from; what is chosen is written to the address."""
    key = f"pick_{PARAMETER}"
    st.session_state[key] = list(chosen)
    st.multiselect(
        label,
        list(options),
        format_func=lambda number: options.get(number, str(number)),
        key=key,
        max_selections=MOST_CHOSEN,
        placeholder=label,
        on_change=_picked,
        args=(key, mark(view.release)),
        label_visibility="collapsed",
    )


def _picked(key: str, found: str) -> None:
    numbers = st.session_state[key]
    write(PARAMETER, ".".join([found, *map(str, numbers)]) if numbers else None)


def name(view: View, number: int, trail: Trail) -> str:
    """What a trail is called: its number for everyone, the pseudonym for analysts."""
    return shown_name(view, number, trail.id)


def shown_name(view: View, number: int, trail_id: str) -> str:
    """The same, of a trail known by its id."""
    return view.say("trails.name", number=trail_id if is_exact(view.release) else number)


def home(view: View, trail: Trail) -> str:
    """Where the person lives, as far as the role may know: commune and unit."""
    units = view.release.units
    unit = units.get(trail.unit).short_name if trail.unit and trail.unit in units else ""
    return ", ".join(part for part in (trail.commune, unit) if part) or view.say("trails.no_home")


def described(view: View, number: int, trail: Trail) -> str:
    """A trail in the list: name, home, days, points."""
    days = text.days(trail.first_at.date(), trail.last_at.date(), view.language)
    shown = {"name": name(view, number, trail), "home": home(view, trail), "days": days, "points": trail.points}
    return view.say("trails.described", **shown)


def href(view: View, numbers: Sequence[int]) -> str:
    """The trails page with these trails chosen and the rest of the reader's choice kept."""
    return view.selection.href("trails", **{PARAMETER: address(view.release, numbers)})


def links(view: View) -> dict[str, str]:
    """For each person with a trail, the address of it."""
    return {trail.id: href(view, [number]) for number, trail in numbered(view.release).items()}
