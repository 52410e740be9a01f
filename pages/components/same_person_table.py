"""Pairs of persons whom two units may have reported under two codes, for analysts: pseudonyms, units and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics.release import Release
from analytics.same_person import COLUMNS, possible_same_person
from pages.components import cached, downloads, markup, tables, text

if TYPE_CHECKING:
    from pages.components.frame import View

FLAG = "possibly_same_person"
MOST_SHOWN = 50
"""More than anybody calls two districts about in a day; the file holds every pair."""


@cached.per_release
def pairs_of(release: Release) -> pd.DataFrame:
    """Every pair, the newest first."""
    return possible_same_person(release)


def show(view: View) -> None:
    """The newest pairs with what to do about them, and all of them as a file."""
    pairs = pairs_of(view.release)
    heads = [view.say(f"sources.same_person.{name}") for name in COLUMNS]
    body = [
        [_told(view, name, value) for name, value in zip(COLUMNS, row, strict=True)]
        for row in pairs.head(MOST_SHOWN).itertuples(index=False, name=None)
    ]
    title = view.say("sources.same_person.title", pairs=text.number(len(pairs), view.language))
    markup.show(markup.panel(title, view.say("sources.same_person.what"), tables.plain(heads, body, set())))

    def everything() -> pd.DataFrame:
        told = {
            head: [_told(view, name, value) for value in pairs[name]] for head, name in zip(heads, COLUMNS, strict=True)
        }
        return pd.DataFrame(told)

    downloads.buttons(view, view.say("sources.same_person.file"), title, everything)


def _told(view: View, name: str, value: object) -> str:
    if name.endswith("unit"):
        return view.release.units.get(str(value)).short_name if str(value) in view.release.units else str(value)
    if isinstance(value, pd.Timestamp):
        return text.day(value.date(), view.language)
    return str(value)
