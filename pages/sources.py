"""Nguồn dữ liệu: how old each source is, what came, what was set aside and why, what is held, who owes a report."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from analytics.release import Release
from analytics.set_aside import MOST_ROWS, SetAside, set_aside
from analytics.sources import SourceStatus, completeness, held_batches, source_statuses
from analytics.submissions import submissions
from data_sources.messages import reason_message
from pages.components import blocks, cached, downloads, frame, markup, same_person_table, source_tables, text

view = frame.view("sources")
release, selection = view.release, view.selection
ALL = "all"


@cached.per_release
def rows_of(release: Release, asked: tuple[str | None, str | None], offset: int, limit: int) -> SetAside:
    """Some of the rows set aside, by source and reason."""
    return set_aside(release, source=asked[0], reason=asked[1], offset=offset, limit=limit)


@cached.per_release
def statuses_at(release: Release, moment: str, issued: tuple[tuple[str, str], ...]) -> list[SourceStatus]:
    """Every source, its age counted until `moment` from its newest issue, which may be newer than the release."""
    later = {name: datetime.fromisoformat(at) for name, at in issued}
    return source_statuses(release, datetime.fromisoformat(moment), later)


def rows() -> None:
    """The rows set aside, for analysts: a page at a time, and all of them as a file."""
    with st.container(key="tc_picks", horizontal=True):
        titled = {ALL: view.say("sources.rows.all_sources")}
        titled |= {item.source: item.title for item in statuses if item.rows_set_aside}
        source = view.pick("source", titled, ALL, "sources.rows.pick_source", width=300)
        named = {ALL: view.say("sources.rows.all_reasons")}
        named |= {code: reason_message(code).text(view.language) for code in source_tables.by_reason(statuses)}
        reason = view.pick("reason", named, ALL, "sources.rows.pick_reason", width=300)
    asked = (None if source == ALL else source, None if reason == ALL else reason)
    total = rows_of(release, asked, 0, blocks.ROWS_A_PAGE).total
    if not total:
        view.stop_empty("sources.rows.empty", "sources.rows.empty_remedy")
    page = blocks.page_number(view, asked, total)
    shown = rows_of(release, asked, (page - 1) * blocks.ROWS_A_PAGE, blocks.ROWS_A_PAGE).rows
    datasets = {item.source: item.dataset for item in statuses}

    def everything() -> pd.DataFrame:
        parts = [
            set_aside(release, source=asked[0], reason=asked[1], offset=start, limit=MOST_ROWS).rows
            for start in range(0, total, MOST_ROWS)
        ]
        return source_tables.told_rows(view, pd.concat(parts, ignore_index=True), titles, datasets)

    title = view.say("sources.rows.title", total=text.number(total, view.language))
    table = source_tables.rows_table(view, source_tables.told_rows(view, shown, titles, datasets))
    body = table + blocks.pages(view, asked, total)
    markup.show(markup.panel(title, view.say("sources.rows.what"), body))
    downloads.buttons(view, view.say("sources.rows.file"), title, everything)


blocks.show_style()
issued = tuple((name, at.isoformat()) for name, at in view.signs.issued.items())
statuses = statuses_at(release, view.now.isoformat(timespec="minutes"), issued)
if not statuses:
    view.stop_empty("sources.empty", "sources.empty_remedy")
titles = {item.source: item.title for item in statuses}
whole = selection.unit == selection.whole
sent = cached.per_release(submissions)(release, selection.day, None if whole else (selection.unit,))
markup.show(
    source_tables.sources_panel(view, statuses, "" if whole else view.say("sources.scope")),
    source_tables.held_panel(view, cached.per_release(held_batches)(release), titles),
    '<div class="tc-halves tc-gap"><div class="tc-stack">',
    source_tables.duty_panel(view, sent, selection.day),
    source_tables.completeness_panel(view, cached.per_release(completeness)(release)),
    '</div><div class="tc-stack">',
    source_tables.reasons_panel(view, statuses),
    source_tables.formats_panel(view, statuses),
    "</div></div>",
)
if release.role == "analyst" and any(same_person_table.FLAG in item.flags for item in statuses):
    same_person_table.show(view)
if release.role == "analyst" and any(item.rows_set_aside for item in statuses):
    rows()
