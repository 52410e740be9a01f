"""The frame around every page: the release of this run, the reader's choice, the header, and the watch for news.

A page is one script in `pages/` and reads like a table of contents. Its first statement asks for the view; that
also hands control to app.py when a deep link has started the page's file alone:

    from pages.components import frame, markup

    view = frame.view("rankings")
    indicator = view.choice("indicator", allowed=INDICATORS, default="incidence_7d")    # the page's own parameter
    ranking = ranking_of(view.release, indicator, view.selection.day)                   # @cached.per_release
    if not ranking.rows:
        view.stop_empty("rankings.empty", "rankings.empty_remedy")                      # says what is missing, ends
    markup.show(markup.panel(title, what, tables.ranking(view, ranking)))

`view.release` is pinned for the whole run, so that no page mixes two releases. `view.say(key)` gives words in the
reader's language, `view.selection.href(...)` links that keep the reader's choice.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import NoReturn, get_args
from uuid import uuid4

import streamlit as st

from analytics.release import TIME_ZONE, Release, Role, current_id
from analytics.wording import Language
from data_sources.annotations import last_change
from data_sources.lateness import Signs, read_signs
from data_sources.refusal import Refused
from pages.components import as_of, cached, header, markup, text
from pages.components.choosing import pick
from pages.components.navigation import pages_of
from pages.components.selection import HOME, Address, Selection, read
from pages.components.theme import ASSETS

POLL_SECONDS = 2.0
"""A new release must be seen within 5 s; asking costs one read of a 40-byte file."""
WANTED = "wanted_page"
ROLES: tuple[Role, ...] = get_args(Role)
LOG = logging.getLogger(__name__)


class PageEnds(Exception):
    """Ends a page early; unlike `st.stop`, the frame goes on and draws what stands around the page."""


class View:
    """What a page works with: the pinned release, the reader's choice, words."""

    def __init__(
        self,
        release: Release,
        selection: Selection,
        address: Address,
        now: datetime | None = None,
        signs: Signs | None = None,
        asked: as_of.Asked | None = None,
        current: Release | None = None,
    ) -> None:
        self.release = release
        self.asked = asked
        """The past release or moment that is read; None for the newest data."""
        self.current = current or release
        """The current release, whatever is read."""
        self.selection = selection
        self.address = address
        self.now = now or release.as_of
        """The moment until which ages count."""
        self.signs = signs or Signs()
        self.used: tuple[str, ...] | None = None

    @property
    def language(self) -> Language:
        """Vi or en."""
        return self.selection.language

    @property
    def place(self) -> str:
        """The short name of the chosen unit."""
        if self.selection.unit == self.selection.whole:
            return self.release.province.short_name
        return self.release.units.get(self.selection.unit).short_name

    def say(self, key: str, **values: object) -> str:
        """The words of `key` ("area.name") in the reader's language."""
        return text.say(key, self.language, **values)

    def uses(self, datasets: tuple[str, ...]) -> None:
        """Say which datasets the page's figures come from, where that depends on what is chosen on it."""
        self.used = datasets

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """The page's own parameter `name`, one of `allowed`; links to the same page then keep it."""
        value = self.address.choice(name, allowed, default)
        self.selection = self.selection.with_own(name, value if value != default else None)
        return value

    def pick(self, name: str, options: Mapping[str, str], default: str, label: str, width: int | None = None) -> str:
        """The page's own parameter `name` with a list to pick it from (value: label); `label` is a key of the words."""
        value = self.choice(name, options, default)
        pick(name, options, value, default, self.say(label), width=width)
        return value

    def stop_empty(self, title: str, remedy: str, **values: object) -> NoReturn:
        """Show a designed empty state and end the page; the frame around it stays."""
        markup.show(markup.panel("", "", markup.empty(self.say(title, **values), self.say(remedy, **values))))
        raise PageEnds


_current: ContextVar[View | None] = ContextVar("view", default=None)


def data_folder() -> Path:
    """Where the releases lie: TOANCANH_DATA, or ./var."""
    return Path(os.environ.get("TOANCANH_DATA", "var"))


def process_role() -> str:
    """The role class this process was started for: TOANCANH_ROLE, or leader, the one that sees least."""
    role = os.environ.get("TOANCANH_ROLE", "leader")
    if role not in (*ROLES, "demo"):
        raise SystemExit(f"TOANCANH_ROLE = {role!r}: allowed are {', '.join((*ROLES, 'demo'))}")
    return role


def roles_served(release: Release) -> tuple[Role, ...]:
    """The roles a reader may take here: the process's own, or all of them in the demonstration, the least first."""
    role = process_role()
    if role != "demo":
        return tuple(known for known in ROLES if known == role)
    return ROLES if release.demonstration else ROLES[:1]


def present(release: Release) -> tuple[datetime, Signs]:
    """The moment until which ages count, and the signs of life since the release.

    Generated data end where they were made to end: in the demonstration that is the release's own time.
    """
    if release.demonstration:
        return release.as_of, Signs()
    return max(release.as_of, datetime.now(TIME_ZONE)), read_signs(data_folder())


def view(page: str) -> View:
    """The view of this run; where the page's file was started alone, control goes to app.py, which comes back."""
    found = _current.get()
    if found is None:
        st.session_state[WANTED] = page
        st.switch_page("app.py", query_params=st.query_params.to_dict())
    return found


def run() -> None:
    """One run of the app: pin the release, read the choice, navigate, draw."""
    st.set_page_config(page_title="Toàn cảnh", page_icon=str(ASSETS / "theme" / "icon.svg"), layout="wide")
    pinned = current_id(data_folder())
    try:
        least = cached.release(data_folder(), ROLES[0], pinned) if pinned else None
    except Refused as refused:
        _without_release("frame.broken_release", refused.text("vi"), pinned)
        return
    if least is None or pinned is None:
        _without_release("frame.no_release", text.say("frame.no_release_remedy", "vi"), None)
        return
    roles = roles_served(least)
    address = Address(st.query_params.to_dict())
    role = address.choice("role", roles, roles[0])
    release = cached.release(data_folder(), role, pinned)  # type: ignore[arg-type]
    language: Language = "en" if address.given.get("lang") == "en" else "vi"
    scripts = {
        entry.name: st.Page(
            f"pages/{entry.name}.py",
            title=text.say(f"frame.page_{entry.name}", language),
            url_path=entry.name,
            default=entry.name == HOME,
        )
        for entry in pages_of(release.role)
    }
    current = st.navigation(list(scripts.values()), position="hidden")
    wanted = st.session_state.pop(WANTED, None)
    if wanted in scripts and scripts[wanted] is not current:
        st.switch_page(scripts[wanted], query_params=st.query_params.to_dict())
    address.misread.clear()
    page = current.url_path or HOME
    asked, newest = as_of.read(address, data_folder(), release), release
    if asked is not None and page not in as_of.NEWEST_ONLY:
        release, asked = as_of.opened(data_folder(), newest, asked)
    selection = read(page, release, roles, address, asked.value if asked else None)
    past = asked is not None and page not in as_of.NEWEST_ONLY
    # A past picture has the ages it had then.
    now, signs = (release.built, Signs()) if past else present(release)
    _draw(View(release, selection, address, now, signs, asked, newest), current, pinned, roles)


def _draw(view: View, current: st.Page, pinned: str, roles: tuple[Role, ...]) -> None:
    """Header, page, footer; the watch for a newer release comes first so that a failing page still renews itself."""
    token = _current.set(view)
    try:
        header.bar(view, roles, data_folder())
        header.line(view)
        notes = st.container(key="tc_notes")
        if view.asked is None:  # a past picture stays as it is, whatever comes
            _watch(str(data_folder()), pinned, last_change(data_folder()))
        try:
            with suppress(PageEnds):
                current.run()
        finally:  # a page that stopped early, or failed, still has its notes and its footer
            with notes:
                header.notes(view)
            header.footer(view)
    finally:
        _current.reset(token)


@st.fragment(run_every=POLL_SECONDS)
def _watch(data: str, pinned: str | None, written: int) -> None:
    """Rerun the app when there is another release, or somebody wrote a measure, an event or a comment; else never."""
    if current_id(Path(data)) != pinned or last_change(Path(data)) != written:
        st.rerun()


def _without_release(title: str, remedy: str, pinned: str | None) -> None:
    st.navigation([st.Page(lambda: None, title="Toàn cảnh", url_path=HOME)], position="hidden")
    markup.show(markup.panel("", "", markup.empty(text.say(title, "vi"), remedy)))
    _watch(str(data_folder()), pinned, last_change(data_folder()))


def on_script_error(error: Exception) -> bool:
    """Show a page that failed as a designed state; what happened goes to the log under a code, never to the browser."""
    code = uuid4().hex[:8]
    LOG.error("page failed, code %s", code, exc_info=error)
    language: Language = "en" if st.query_params.get("lang") == "en" else "vi"
    body = markup.empty(
        text.say("frame.page_failed", language), text.say("frame.page_failed_remedy", language, code=code)
    )
    markup.show(markup.panel("", "", body))
    return True
