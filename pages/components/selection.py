"""What the reader chose: unit, period, day, language, theme and role, all in the address and nowhere else.

The address is the only memory. Every link of the product carries the whole choice (`Selection.href`), so a page
opened cold from a bookmark, a new tab or the Back button shows the same view. Values are taken from lists of what
is allowed; anything else falls back to the default and is said on the page.

    indicator = view.choice("indicator", allowed=INDICATORS, default="incidence_7d")    # a parameter of one page
    view.selection.href("map", indicator=indicator, unit="752")                         # a link that keeps the rest
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast
from urllib.parse import urlencode

import streamlit as st

from analytics.release import Release, Role
from analytics.wording import LANGUAGES, Language
from pages.components.theme import THEMES, Theme

PERIODS_DAYS = (14, 28, 60, 90, 180)
"""Days a curve shows: 14 is the incubation window of the 2021 rules, 28 the sparkline's; 60 shows a whole wave."""
DEFAULT_PERIOD_DAYS = 60
HOME = "overview"
"""The page at /; the default page of Streamlit has no address of its own."""
SHARED = ("unit", "period", "day", "lang", "theme", "role", "as_of")
MOST_OWN = 8
"""Parameters of a page's own that are carried along; no page has more."""
LONGEST_VALUE = 80
"""Characters of a value that are repeated back to the reader when it was not understood."""


@dataclass(frozen=True)
class Misread:
    """One value of the address that is not allowed, and what was taken instead."""

    name: str
    value: str


@dataclass
class Address:
    """The parameters of the address, read through lists of what is allowed."""

    given: Mapping[str, str]
    misread: list[Misread] = field(default_factory=list)

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """The value of `name` if it is one of `allowed`; `default`, with the misreading noted, otherwise."""
        value = self.given.get(name)
        if value is None or value in allowed:
            return default if value is None else value
        self._note(name, value)
        return default

    def day(self, name: str, first: date, last: date) -> date | None:
        """The day of `name` if it is an ISO date within the release's days; None otherwise."""
        value = self.given.get(name)
        if value is None:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or not first <= day <= last:
            self._note(name, value)
            return None
        return day

    def words(self, name: str) -> str:
        """Free text of the address, such as a search, cut to a length that can be shown."""
        return " ".join(self.given.get(name, "").split())[:LONGEST_VALUE]

    def refuse(self, name: str, value: str) -> None:
        """Note that the value is not allowed; it is said on the page."""
        self._note(name, value)

    def _note(self, name: str, value: str) -> None:
        short = value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
        self.misread.append(Misread(name, short))


@dataclass(frozen=True, kw_only=True)
class Selection:
    """One reader's choice on one page."""

    page: str
    unit: str
    whole: str
    """Code of the whole province, which needs no word in the address."""
    period_days: int
    day: date
    newest: bool
    """True where no day is named: the view then follows the newest day of every new release."""
    language: Language
    theme: Theme | None
    """None where the address names none: the browser's own preference holds."""
    role: Role
    role_named: bool = False
    as_of: str | None = None
    """The past release or moment that is read, as the address names it; None for the newest data."""
    own: tuple[tuple[str, str], ...] = ()
    """The page's own parameters: as given until the page has read them, as accepted from then on."""

    def parameters(self) -> dict[str, str]:
        """What must stand in the address for this choice; defaults are left out."""
        named = {
            "unit": self.unit if self.unit != self.whole else None,
            "period": str(self.period_days) if self.period_days != DEFAULT_PERIOD_DAYS else None,
            "day": None if self.newest else self.day.isoformat(),
            "lang": self.language if self.language != "vi" else None,
            "theme": self.theme,
            "role": self.role if self.role_named else None,
            "as_of": self.as_of,
        }
        return {name: value for name, value in named.items() if value}

    def href(self, page: str | None = None, **changes: str | None) -> str:
        """A relative address of `page` (or this one) with this choice, changed as said; None takes a parameter away.

        Own parameters of the page are kept on the same page and left behind on another.
        """
        wanted = page or self.page
        own = dict(self.own) if wanted == self.page else {}
        merged: dict[str, str | None] = {**self.parameters(), **own, **changes}
        if merged.get("unit") == self.whole:
            merged["unit"] = None
        query = urlencode({name: value for name, value in merged.items() if value})
        path = "./" if wanted == HOME else f"./{wanted}"
        return f"{path}?{query}" if query else path

    def with_own(self, name: str, value: str | None) -> Selection:
        """The same choice with a parameter of the page's own noted, or taken away."""
        rest = tuple((key, old) for key, old in self.own if key != name)
        return replace(self, own=(*rest, (name, value)) if value else rest)


def read(page: str, release: Release, roles: Collection[Role], address: Address, as_of: str | None = None) -> Selection:
    """The choice that the address names, checked against the release; `roles` are those this process may serve.

    `as_of` is what the address asks to be read, checked already.
    """
    whole = release.province.code
    units = [whole, *(unit.code for unit in release.units.reporting())]
    day = address.day("day", release.first_day, release.last_day)
    theme = address.choice("theme", THEMES, "")
    role = address.choice("role", roles, next(iter(roles)))
    return Selection(
        page=page,
        unit=address.choice("unit", units, whole),
        whole=whole,
        period_days=int(address.choice("period", [str(days) for days in PERIODS_DAYS], str(DEFAULT_PERIOD_DAYS))),
        day=day or release.last_day,
        newest=day is None,
        language=cast("Language", address.choice("lang", LANGUAGES, "vi")),
        theme=cast("Theme", theme) if theme else None,
        role=cast("Role", role),
        role_named=len(roles) > 1 and role != next(iter(roles)),
        as_of=as_of,
        own=tuple((name, value[:LONGEST_VALUE]) for name, value in address.given.items() if name not in SHARED)[
            :MOST_OWN
        ],
    )


def write(name: str, value: str | None) -> None:
    """Put one parameter into the address, or take it out; for the callbacks of widgets."""
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]
