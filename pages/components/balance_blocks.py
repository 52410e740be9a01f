"""Occupancy against transfers: whether those present follow from the day before and from who came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import balance
from analytics.balance import Balance
from pages.components import cached, markup, tables, text
from pages.components.source_tables import dataset_name

if TYPE_CHECKING:
    from pages.components.frame import View

MOST_SHOWN = 12

balances = cached.per_release(balance.balances)


def occupancy(view: View) -> str:
    """The days that do not follow from the day before, furthest apart first; "" where nothing can be reckoned."""
    unit = view.selection.unit
    found = [item for item in balances(view.release, view.selection.day) if unit in (view.selection.whole, item.unit)]
    if not found:
        return ""
    told = {
        "days": text.number(balance.DAYS, view.language),
        "day": text.day(view.selection.day, view.language),
        "reckoned": text.number(len(found), view.language),
    }
    ranked = balance.most_apart(found)
    what = view.say("quality.balance.what", **told)
    if not ranked:
        return markup.panel(view.say("quality.balance.title_none", **told), what, "")
    worst, apart = ranked[0]
    named = view.release.units.get(worst).short_name
    title = view.say("quality.balance.title", unit=named, people=text.number(apart, view.language), **told)
    off = sorted((item for item in found if item.apart), key=lambda item: (-abs(item.apart), item.day, item.unit))
    keys = ("system", "day", "before", "came", "transferred", "left", "expected", "present", "apart")
    heads = [view.say("common.unit"), *(view.say(f"quality.balance.{key}") for key in keys)]
    rows = [_row(view, item) for item in off[:MOST_SHOWN]]
    more = len(off) - len(rows)
    foot = view.say("quality.balance.more", count=text.number(more, view.language)) if more else ""
    return markup.panel(title, what, tables.plain(heads, rows, set(range(2, 10))), foot=foot)


def _row(view: View, item: Balance) -> list[str]:
    numbers = (item.before, item.came, item.transferred, item.left, item.expected, item.present)
    place = view.release.units.get(item.unit).short_name
    sign = "+" if item.apart > 0 else ""
    return [
        f"{place}: {item.site}" if item.site else place,
        dataset_name(item.dataset, view.language),
        text.day(item.day, view.language, year=False),
        *(text.number(number, view.language) for number in numbers),
        f"{sign}{text.number(item.apart, view.language)}",
    ]
