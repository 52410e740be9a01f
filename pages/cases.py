"""Ca bệnh: the curve by place of detection, who the cases are, and for analysts the pseudonymous line list."""

from __future__ import annotations

from datetime import timedelta
from typing import cast, get_args

import streamlit as st

from analytics.structure import dimensions, distribution
from data_sources.contracts.common import DETECTIONS
from pages.components import (
    blocks,
    cached,
    cards,
    downloads,
    frame,
    line_list_table,
    markup,
    stacked_curve,
    text,
    trail_choice,
    who_table,
)
from pages.components.recent import recent_of

view = frame.view("cases")
release, selection = view.release, view.selection
unit, day = selection.unit, selection.day
# Days before the first of the release are not days without a report.
first = max(day - timedelta(days=selection.period_days - 1), min(release.first_day, day))
units = None if unit == selection.whole else (unit,)
ALL = "all"
BESIDE = ("incidence_7d", "f1_per_f0", "case_fatality", "cases_new", "incidence_14d")
MOST_BESIDE = 2
"""What fits beside the curve; the first two that this release knows."""


def wanted() -> line_list_table.Filters:
    """The filters of the line list: the shared ones, class, place of detection, and a person."""
    with st.container(key="tc_picks", horizontal=True):
        classes = get_args(line_list_table.FClass)
        named = {ALL: view.say("cases.list.all_classes")} | {name: name for name in classes}
        f_class = view.pick("class", named, ALL, "cases.list.f_class", width=200)
        places = {ALL: view.say("cases.list.all_detections")}
        places |= {choice.value: choice.vi if view.language == "vi" else choice.en for choice in DETECTIONS}
        found_in = view.pick("detection", places, ALL, "cases.list.detection", width=260)
        # Only in the session: a pseudonym in the address would stay in histories and logs.
        label = view.say("cases.list.person")
        person = st.text_input(
            label, key="person", max_chars=12, placeholder=label, label_visibility="collapsed", width=380
        )
    return line_list_table.Filters(
        units=units,
        first_day=first,
        last_day=day,
        f_class=None if f_class == ALL else cast("line_list_table.FClass", f_class),
        detection=None if found_in == ALL else found_in,
        person=person.strip().lower() or None,
    )


def people() -> None:
    """The line list, for analysts: a page at a time, and all of it as a file."""
    asked = wanted()
    total = line_list_table.listed(release, asked, 0, blocks.ROWS_A_PAGE).total
    if not total:
        view.stop_empty("cases.list.empty", "cases.list.empty_remedy")
    page = blocks.page_number(view, (asked,), total)
    rows = line_list_table.listed(release, asked, (page - 1) * blocks.ROWS_A_PAGE, blocks.ROWS_A_PAGE).rows
    table = line_list_table.table(view, rows, trail_choice.links(view)) + blocks.pages(view, (asked,), total)
    title = view.say("cases.list.title", total=text.number(total, view.language))
    what = view.say("cases.list.what", place=view.place, days=text.days(first, day, view.language))
    markup.show(markup.panel(title, what, table, css="tc-list"))
    downloads.buttons(view, view.say("cases.list.file"), title, lambda: line_list_table.every_row(view, asked, total))


blocks.show_style()
data = stacked_curve.detected(release, unit, first, day)
found = [
    cached.per_release(distribution)(release, name, first, day, units)
    for name in cached.per_release(dimensions)(release)
]
curve = stacked_curve.panel(view, data)
readings = cached.readings(release, BESIDE, (unit,), day)
known = [name for name in BESIDE if readings[name, unit].value is not None][:MOST_BESIDE]
tiles = [cards.tile(view, readings[name, unit], *recent_of(release, name, (unit,), day)[unit]) for name in known]
where = who_table.week(view, data) if data.parts else ""
markup.show(
    f'<div class="tc-pair is-even">{curve}<div class="tc-stack">{where}{markup.join(tiles)}</div></div>',
    who_table.who(view, found),
)
if any(value is not None for value in data.total):
    title = stacked_curve.what(view, data)
    downloads.buttons(view, view.say("cases.file_curve"), title, lambda: stacked_curve.table(view, data))
if release.role == "analyst":
    if not found:
        view.stop_empty("cases.list.no_list", "cases.list.no_list_remedy")
    people()
