"""Blocks of the page Cách ly và điều trị: sites on the map and in a table, and who runs out first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import care
from analytics.care import FilledSite
from pages.components import basis, blocks, cached, markup, point_map, tables, text
from pages.components.point_map import Point

if TYPE_CHECKING:
    from pages.components.frame import View

SITE_DATASETS = ("quarantine_sites", "treatment")
MOST_SITES = 14
"""Rows of the table beside the map; the others are in the file and on the map."""
STATES = ("past", "near", "ok", "none")

filled_sites = cached.per_release(care.filled_sites)
running_out = cached.per_release(care.running_out)


def found(view: View) -> list[FilledSite]:
    """The sites of the chosen unit, or of all."""
    unit = view.selection.unit
    return filled_sites(view.release, view.selection.day, None if unit == view.selection.whole else (unit,))


def site_map(view: View) -> str:
    """The sites as discs; "" where no site is known."""
    known = found(view)
    if not known:
        return ""
    placed = [
        _point(view, item) for item in known if item.site.longitude is not None and item.site.latitude is not None
    ]
    title = _title(view, known)
    drawn = point_map.drawing(view, placed, alt=title)
    if not drawn:
        return ""
    keys = [(state, view.say(f"care.sites.{state}")) for state in STATES if any(item.state == state for item in known)]
    off = len(known) - len(placed) + point_map.off_the_map(view, placed)
    foot = view.say("care.sites.off", count=text.number(off, view.language)) if off else ""
    what = view.say(
        "care.sites.what", count=text.number(len(known), view.language), day=text.day(view.selection.day, view.language)
    )
    body = f'<div class="tc-map-room">{drawn}</div>{point_map.legend(keys)}'
    below = basis.line(view, datasets=SITE_DATASETS, measured_in=(view.say("care.sites.measured_in"),))
    return markup.panel(title, what, body, foot=foot, below=below)


def _point(view: View, item: FilledSite) -> Point:
    words = f"{item.site.site}: {_people(view, item)}/{_places(view, item)}, {_use(view, item)}"
    size = item.people.middle if item.people is not None else 0.0
    return Point(item.site.longitude or 0.0, item.site.latitude or 0.0, size, item.state, words)


def _title(view: View, known: list[FilledSite]) -> str:
    if known[0].use is None:
        return view.say("care.sites.title_none")
    return view.say("care.sites.title", site=known[0].site.site, share=_use(view, known[0]))


def site_table(view: View) -> str:
    """The fullest sites; "" where no site is known."""
    known = found(view)
    if not known:
        return ""
    heads = [view.say(f"care.sites.{name}") for name in ("site", "kind", "people", "capacity", "use")]
    heads.insert(1, view.say("common.unit"))
    rows = [_row(view, item) for item in known[:MOST_SITES]]
    foot = "" if view.release.role == "analyst" else view.say("care.sites.protected")
    day = text.day(view.selection.day, view.language)
    what = view.say("care.sites.what", count=text.number(len(known), view.language), day=day)
    return markup.panel(view.say("care.sites.title_none"), what, tables.table(heads, rows, {3, 4, 5}), foot=foot)


def _row(view: View, item: FilledSite) -> str:
    kind = view.say(f"care.sites.{'quarantine' if item.site.dataset == 'quarantine_sites' else 'treatment'}")
    cells = [item.site.site, view.release.units.get(item.site.unit).short_name, kind]
    drawn = [blocks.cell(markup.escape(cell)) for cell in cells]
    drawn += [blocks.cell(markup.escape(cell), "is-figure") for cell in (_people(view, item), _places(view, item))]
    drawn.append(blocks.cell(blocks.state(_use(view, item), item.state), "is-figure"))
    return f"<tr>{markup.join(drawn)}</tr>"


def _people(view: View, item: FilledSite) -> str:
    return item.people.shown if item.people is not None else view.say("care.sites.withheld")


def _places(view: View, item: FilledSite) -> str:
    return text.number(item.places, view.language, 0) if item.places is not None else "–"


def _use(view: View, item: FilledSite) -> str:
    return text.percent(item.use, view.language, 0) if item.use is not None else "–"


def run_out(view: View) -> str:
    """Which unit's beds or places run out first, and when; "" where nothing is known."""
    rows = running_out(view.release, view.selection.day)
    if not rows:
        return ""
    title = view.say("care.run_out.title_none")
    first = rows[0].first_days
    if first is not None:
        name = "beds" if rows[0].beds_days == first else "places"
        title = view.say(
            "care.run_out.title",
            unit=view.release.units.get(rows[0].unit).short_name,
            name=view.say(f"care.run_out.{name}").lower(),
            days=text.number(first, view.language, 0),
        )
    heads = [view.say("common.unit")]
    heads += [view.say(f"care.run_out.{name}") for name in ("beds_use", "beds_days", "places_use", "places_days")]
    drawn = [
        [
            view.release.units.get(row.unit).short_name,
            text.percent(row.beds_use, view.language, 0) if row.beds_use is not None else "–",
            _days(view, row.beds_days, row.beds_use),
            text.percent(row.places_use, view.language, 0) if row.places_use is not None else "–",
            _days(view, row.places_days, row.places_use),
        ]
        for row in rows
    ]
    what = view.say("care.run_out.what", day=text.day(view.selection.day, view.language))
    return markup.panel(title, what, tables.plain(heads, drawn, {1, 2, 3, 4}))


def _days(view: View, days: float | None, use: float | None) -> str:
    if days is not None:
        return view.say("care.run_out.days", days=text.number(days, view.language, 0))
    return view.say("care.run_out.no_day") if use is not None else "–"
