"""Blocks of the page Kết nối cứu trợ: the map, open requests, a request's nearest offers, categories and the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from analytics import aid
from analytics.aid import Offer, Place, Request, Supply, Wait
from analytics.communication import day_end
from analytics.indicators.aid import LEAST_REQUESTS
from data_sources.contracts import CONTRACTS
from data_sources.contracts.aid import GRID_DEGREES
from pages.components import basis, blocks, cached, markup, point_map, tables, text
from pages.components.point_map import Point

if TYPE_CHECKING:
    import pandas as pd

    from pages.components.frame import View

EVERY = "all"
WITHIN_KM = 1.0
"""Places are cells of 500 m: two of them within a kilometre may be next door or ten minutes apart."""
GRID_KM = 0.5
"""A cell of the grid, as its contract says."""
MOST_IN_FILE = 20_000
CHOICES = CONTRACTS["aid"].column("category").choices
CSS = {"request": "kind-0", "offer": "kind-1"}
ASIDE = {"request": -0.2, "offer": 0.2}
"""Parts of a cell by which the two kinds stand apart, so that neither hides the other."""

places_of = cached.per_release(aid.places)
requests_of = cached.per_release(aid.open_requests)
request_of = cached.per_release(aid.open_request)
offers_of = cached.per_release(aid.nearest_offers)
waits_of = cached.per_release(aid.waits)
supplies_of = cached.per_release(aid.supplies)


def categories(view: View) -> dict[str, str]:
    """What can be picked: every category, or one of those of the contract."""
    named = {choice.value: choice.vi if view.language == "vi" else choice.en for choice in CHOICES}
    return {EVERY: view.say("aid.every"), **named}


def scope(view: View, category: str) -> tuple[aid.Units, str | None]:
    """The units and the category that a question is about; None is every one."""
    unit = view.selection.unit
    codes = None
    if unit != view.selection.whole:
        codes = (
            unit,
            *(leaf.code for leaf in view.release.units.leaves(unit, view.selection.day) if leaf.code != unit),
        )
    return codes, None if category == EVERY else category


def point_drawing(view: View, category: str) -> str:
    """Open requests and offers as discs; "" without outlines."""
    found = places_of(view.release, view.selection.day, *scope(view, category))
    counts = {kind: sum(place.entries for place in found if place.kind == kind) for kind in aid.KINDS}
    told = {kind: text.number(count, view.language) for kind, count in counts.items()}
    title = view.say("aid.map.title", requests=told["request"], offers=told["offer"])
    points = [_point(view, place) for place in found if place.longitude is not None]
    drawn = point_map.drawing(view, points, alt=title)
    if not drawn:
        return ""
    off = sum(place.entries for place in found if place.longitude is None)
    beyond = point_map.off_the_map(view, points)
    keys = [(CSS[kind], view.say(f"aid.map.{kind}")) for kind in aid.KINDS]
    foot = [view.say("aid.map.off", count=text.number(off, view.language))] if off else []
    foot += [view.say("aid.map.beyond", count=text.number(beyond, view.language))] if beyond else []
    wide = max((place.wide_degrees for place in found), default=0.0) / GRID_DEGREES * GRID_KM
    what = view.say(
        "aid.map.what",
        scope=_scope_words(view, category),
        moment=_until(view),
        km=text.number(wide, view.language, 0 if wide >= 1 else 1),
    )
    body = f'<div class="tc-map-room">{drawn}</div>{point_map.legend(keys)}'
    below = basis.line(view, datasets=("aid",), measured_in=(view.say("aid.map.measured_in"),))
    return markup.panel(title, what, body, foot=" ".join(foot), below=below)


def _point(view: View, place: Place) -> Point:
    words = f"{view.say(f'aid.map.{place.kind}')}: {text.number(place.entries, view.language)}"
    longitude = (place.longitude or 0.0) + ASIDE[place.kind] * place.wide_degrees
    return Point(longitude, place.latitude or 0.0, place.entries, CSS[place.kind], words)


def request_list(view: View, category: str, chosen: Request | None) -> str:
    """The open requests, the oldest first, each a link to its nearest offers."""
    units, one = scope(view, category)
    waiting = waits_of(view.release, view.selection.day, units)
    total = sum(row.requests for row in waiting if one in (None, row.category))
    what = view.say("aid.list.what", scope=_scope_words(view, category), moment=_until(view))
    if not total:
        return markup.panel(view.say("aid.list.none"), what, "")
    mark = (view.release.id, view.selection.day.isoformat(), view.selection.unit, category)
    number = blocks.page_number(view, mark, total)
    rows = requests_of(
        view.release, view.selection.day, units, one, (number - 1) * blocks.ROWS_A_PAGE, blocks.ROWS_A_PAGE
    )
    oldest = max((row.oldest_hours or 0.0 for row in waiting if one in (None, row.category)), default=0.0)
    title = view.say("aid.list.title", age=_lasted(view, oldest))
    heads = [view.say(f"aid.list.{name}") for name in ("id", "category", "unit", "age", "state")]
    table = tables.table(heads, [_request(view, row, chosen) for row in rows], {3})
    body = f'<div class="tc-steps">{table}</div>{blocks.pages(view, mark, total)}'
    return markup.panel(title, what, body, foot=view.say("aid.list.foot"))


def _request(view: View, row: Request, chosen: Request | None) -> str:
    marked = " class=is-chosen" if chosen is not None and chosen.aid_id == row.aid_id else ""
    label = view.say("aid.list.open", id=row.aid_id)
    link = markup.link(view.selection.href(request=row.aid_id), markup.escape(row.aid_id), label=label)
    cells = [blocks.cell(link, "tc-name"), blocks.cell(markup.escape(_category(view, row.category)))]
    cells.append(blocks.cell(markup.escape(_unit(view, row.unit))))
    cells.append(blocks.cell(markup.escape(_age(view, row)), "is-figure"))
    word = view.say("aid.matched" if row.matched else "aid.unmatched")
    cells.append(blocks.cell(blocks.state(word, "none" if row.matched else "near")))
    return f"<tr{marked}>{markup.join(cells)}</tr>"


def nearest(view: View, asked: str, chosen: Request | None) -> str:
    """The nearest open offers of the chosen request; "" where none is chosen, said where it is no longer open."""
    if not asked:
        return ""
    back = markup.link(view.selection.href(request=None), markup.escape(view.say("aid.nearest.back")))
    foot = f'<div class="tc-pages">{back}</div>'
    if chosen is None:
        body = markup.empty(view.say("aid.nearest.gone", id=asked), view.say("aid.nearest.gone_remedy")) + foot
        return markup.panel("", "", body)
    offers = offers_of(view.release, view.selection.day, chosen.aid_id)
    told = {"id": chosen.aid_id, "category": _category(view, chosen.category), "unit": _unit(view, chosen.unit)}
    what = view.say("aid.nearest.what", age=_age(view, chosen), **told)
    if not offers:
        return markup.panel(view.say("aid.nearest.none", category=told["category"]), what, foot)
    key = "title" if offers[0].distance_km is not None else "title_no_place"
    title = view.say(f"aid.nearest.{key}", distance=distance(view, offers[0]), unit=_unit(view, offers[0].unit))
    heads = [view.say(f"aid.nearest.{name}") for name in ("offer", "unit", "distance", "age", "state")]
    table = tables.plain(heads, [_offer(view, row) for row in offers], {2, 3})
    return markup.panel(title, what, table + foot, foot=view.say("aid.nearest.foot"))


def _offer(view: View, row: Offer) -> list[str]:
    lasted = (day_end(view.release, view.selection.day) - row.opened_at).total_seconds() / 3600
    word = view.say("aid.offer_matched" if row.matched else "aid.offer_free")
    return [row.aid_id, _unit(view, row.unit), distance(view, row), _lasted(view, lasted), word]


def distance(view: View, row: Offer) -> str:
    """A distance in whole kilometres, which is all that cells of 500 m can say; within one there are no differences."""
    if row.distance_km is None:
        return view.say("aid.nearest.unknown")
    if row.distance_km <= WITHIN_KM:
        return view.say("aid.nearest.within")
    return view.say("aid.nearest.km", km=text.number(row.distance_km, view.language, 0))


def by_category(view: View) -> str:
    """Open requests and offers by category with how long the requests have waited; "" where nothing is open."""
    units, _ = scope(view, EVERY)
    rows = waits_of(view.release, view.selection.day, units)
    asked = [row for row in rows if row.median_hours is not None]
    if not rows:
        return ""
    title = view.say("aid.categories.title_none")
    if asked:
        slowest = max(asked, key=lambda row: row.median_hours or 0.0)
        name, age = _category(view, slowest.category), _lasted(view, slowest.median_hours)
        title = view.say("aid.categories.title", category=name, age=age)
    heads = [view.say(f"aid.categories.{name}") for name in ("category", "requests", "offers", "median", "oldest")]
    what = view.say("aid.categories.what", place=view.place, moment=_until(view))
    return markup.panel(title, what, tables.plain(heads, [_wait(view, row) for row in rows], {1, 2, 3, 4}))


def _wait(view: View, row: Wait) -> list[str]:
    counts = [text.number(count, view.language) for count in (row.requests, row.offers)]
    return [_category(view, row.category), *counts, _lasted(view, row.median_hours), _lasted(view, row.oldest_hours)]


def matrix(view: View) -> str:
    """Offers over requests by unit and category, in numbers and in a word; "" where no unit tells anything."""
    province = view.release.province.code
    units = (*(unit.code for unit in view.release.units.reporting() if unit.code != province), province)
    cells = supplies_of(view.release, view.selection.day, units)
    known = [cell for cell in cells if cell.requests is not None]
    if not known:
        return ""
    named = list(dict.fromkeys(cell.category for cell in cells))
    table = {(cell.unit, cell.category): cell for cell in cells}
    heads = [view.say("common.unit"), *(_category(view, name) for name in named)]
    rows = [_units_row(view, unit, [table[unit, name] for name in named], unit == province) for unit in units]
    what = view.say("aid.matrix.what", day=text.day(view.selection.day, view.language), least=LEAST_REQUESTS)
    return markup.panel(_shortest(view, known, province), what, tables.table(heads, rows, set()), css="tc-gap")


def _units_row(view: View, unit: str, cells: Sequence[Supply], whole: bool) -> str:
    drawn = [blocks.cell(f"<b>{markup.escape(_unit(view, unit))}</b>")]
    drawn += [blocks.cell(_supply(view, cell)) for cell in cells]
    marked = " class=is-sum" if whole else " class=is-chosen" if unit == view.selection.unit else ""
    return f"<tr{marked}>{markup.join(drawn)}</tr>"


def _supply(view: View, cell: Supply) -> str:
    if cell.requests is None or cell.offers is None:
        return markup.escape(view.say("indicators.absence.no_data"))
    numbers = f"{text.number(cell.offers, view.language)} / {text.number(cell.requests, view.language)}"
    if cell.ratio is None:
        word = view.say("aid.matrix.few" if cell.requests else "aid.matrix.nobody")
        return f"{markup.escape(numbers)}{blocks.small(word)}"
    return f"{blocks.state(numbers, cell.state)}{blocks.small(view.say(f'aid.matrix.{cell.state}'))}"


def _shortest(view: View, known: Sequence[Supply], province: str) -> str:
    """Where offers fall shortest of requests, as a sentence."""
    short = [
        cell for cell in known if cell.unit != province and cell.ratio is not None and cell.state in ("past", "near")
    ]
    if not short:
        return view.say("aid.matrix.title_none")
    worst = min(short, key=lambda cell: (cell.ratio or 0.0, -(cell.requests or 0.0)))
    return view.say(
        "aid.matrix.title",
        category=_category(view, worst.category),
        unit=_unit(view, worst.unit),
        offers=text.number(worst.offers, view.language),
        requests=text.number(worst.requests, view.language),
    )


def table(view: View, category: str) -> pd.DataFrame:
    """The open requests as rows for a file, the oldest first; nothing in them names anybody."""
    import pandas as pd

    rows = requests_of(view.release, view.selection.day, *scope(view, category), 0, MOST_IN_FILE)
    columns = {
        "id": [row.aid_id for row in rows],
        "category": [_category(view, row.category) for row in rows],
        "unit": [_unit(view, row.unit) for row in rows],
        "opened": [row.opened_at.replace(tzinfo=None) for row in rows],
        "state": [view.say("aid.matched" if row.matched else "aid.unmatched") for row in rows],
        "longitude": [row.longitude for row in rows],
        "latitude": [row.latitude for row in rows],
    }
    return pd.DataFrame({view.say(f"aid.list.{name}"): values for name, values in columns.items()})


def _category(view: View, value: str) -> str:
    return categories(view).get(value, "–")


def _unit(view: View, code: str) -> str:
    return view.release.units.get(code).short_name if code in view.release.units else code


def _age(view: View, row: Request) -> str:
    return _lasted(view, (day_end(view.release, view.selection.day) - row.opened_at).total_seconds() / 3600)


def _lasted(view: View, hours: float | None) -> str:
    return "–" if hours is None else text.duration(timedelta(hours=hours), view.language)


def _until(view: View) -> str:
    return text.moment(day_end(view.release, view.selection.day), view.language)


def _scope_words(view: View, category: str) -> str:
    return view.place if category == EVERY else f"{view.place}, {_category(view, category)}"
