"""The style of the blocks that only a page or two use, and small pieces of markup they share.

The frame's own rules are served to every page (assets/theme/frame.css); these come with the page that needs them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from zlib import crc32

from analytics.release import Release
from pages.components import text
from pages.components.frame import View
from pages.components.markup import escape, join, link, style
from pages.components.outlines import geometries
from pages.components.theme import ASSETS

STYLE_FILE = ASSETS / "theme" / "blocks.css"
ROWS_A_PAGE = 50
"""Two screens of a table: further down nobody reads, they filter."""


@cache
def _rules() -> str:
    """The rules on one line: a blank line would end the block and show the rest as text."""
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", STYLE_FILE.read_text(encoding="utf-8"), flags=re.DOTALL))


def show_style() -> None:
    """Send the rules; the first thing a page with such blocks does."""
    style(_rules())


def state(word: str, kind: str) -> str:
    """A state in a word; `kind` is past, near, ok or none."""
    return f'<span class="tc-state is-{escape(kind)}">{escape(word)}</span>'


def cell(inner: str, css: str = "") -> str:
    """A cell of a table around ready markup."""
    named = f' class="{escape(css)}"' if css else ""
    return f"<td{named}>{inner}</td>"


def small(words: str) -> str:
    """A second, smaller line; nothing for nothing."""
    return f"<small>{escape(words)}</small>" if words else ""


def has_boundaries(release: Release) -> bool:
    """True where any unit of the release has an outline."""
    return bool(geometries(release, tuple(unit.code for unit in release.units.reporting())))


def page_number(view: View, scope: Sequence[object], total: int) -> int:
    """The page of a long table that the address asks for, counted from 1.

    A page belongs to one choice of filters (`scope`): with another choice the table begins at its first page again.
    """
    number, _, mark = view.address.words("p").partition("-")
    last = max(1, -(-total // ROWS_A_PAGE))
    asked = int(number) if number.isascii() and number.isdigit() and mark == _mark(scope) else 1
    return min(max(asked, 1), last)


def pages(view: View, scope: Sequence[object], total: int) -> str:
    """Which rows are shown of how many, with links to the page before and after."""
    number = page_number(view, scope, total)
    first, last = (number - 1) * ROWS_A_PAGE + 1, min(number * ROWS_A_PAGE, total)
    shown = (text.number(part, view.language) for part in (min(first, total), last, total))
    said = view.say("blocks.rows", **dict(zip(("first", "last", "total"), shown, strict=True)))
    ways = []
    if number > 1:
        ways.append(link(view.selection.href(p=f"{number - 1}-{_mark(scope)}"), escape(view.say("blocks.page_before"))))
    if last < total:
        ways.append(link(view.selection.href(p=f"{number + 1}-{_mark(scope)}"), escape(view.say("blocks.page_after"))))
    return f'<div class="tc-pages"><span>{escape(said)}</span>{join(ways)}</div>'


def _mark(scope: Sequence[object]) -> str:
    return f"{crc32(repr(tuple(scope)).encode()):08x}"
