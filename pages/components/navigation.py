"""The pages and who sees them: one line for each. A new page is its script and its line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from analytics.release import Role

EVERYONE: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Entry:
    """One page: `pages/<name>.py`, its title `page_<name>` in assets/text/frame.toml, at /<name>; the first at /."""

    name: str
    roles: tuple[Role, ...] = EVERYONE


PAGES = (
    Entry("overview"),
    Entry("rankings"),
    Entry("map"),
    Entry("cases"),
    Entry("trails"),
    Entry("mobility"),
    Entry("sources"),
    Entry("catalogue"),
)


def pages_of(role: Role) -> tuple[Entry, ...]:
    """The pages `role` sees, in the order of the navigation; the overview first for everyone."""
    return tuple(entry for entry in PAGES if role in entry.roles)
