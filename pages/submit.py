"""Nộp báo cáo: choose a form, drop the file, see at once what is right, wrong and doubtful, preview, hand in."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from analytics.handing_in import effect
from analytics.release import TIME_ZONE
from data_sources import inbox
from data_sources.forms import FORMS
from data_sources.forms.template import Place, template
from data_sources.refusal import Refused
from pages.components import blocks, form_report, frame, markup
from pages.components.downloads import XLSX

view = frame.view("submit")
release, selection = view.release, view.selection
unit = None if selection.unit == selection.whole else selection.unit
# In the demonstration it is still the day of the demonstration.
now = release.as_of + timedelta(minutes=1) if release.demonstration else datetime.now(TIME_ZONE)
blocks.show_style()


def choose() -> str:
    """The form, its template, and for whom it is handed in."""
    with st.container(key="tc_picks", horizontal=True, vertical_alignment="bottom"):
        names = {name: form.contract.vi if view.language == "vi" else form.contract.en for name, form in FORMS.items()}
        chosen = view.pick("form", names, next(iter(FORMS)), "submit.form", width=340)
        wanted = [item for item in release.units.reporting() if unit in (None, item.code)]
        places = [Place(item.code, item.name) for item in wanted]
        st.download_button(
            view.say("submit.template"),
            lambda: template(FORMS[chosen], places, selection.day, unit),
            f"{chosen}_{unit or selection.whole}_{selection.day:%Y%m%d}.xlsx",
            XLSX,
            on_click="ignore",
        )
    markup.show(markup.soft(view.say("submit.for_unit", unit=view.place) if unit else view.say("submit.for_all")))
    return chosen


def hand_in(dataset: str, file: str, content: bytes, names: dict[str, str], rows: int, wrong: int) -> None:
    """The sender's office and the button; then the receipt, or why there is none."""
    by = st.text_input(
        view.say("submit.by"),
        max_chars=80,
        help=view.say("submit.by_remedy"),
        key="tc_by",
        live=True,
        width=form_report.FIELD_PIXELS,
    )
    label = view.say("submit.hand_in_rest" if wrong else "submit.hand_in", rows=rows)
    if not st.button(label, type="primary", disabled=not (by or "").strip(), key="tc_hand_in"):
        return
    try:
        receipt = inbox.submit(
            frame.data_folder(),
            dataset=dataset,
            file=file,
            content=content,
            unit=unit,
            by=(by or "").strip(),
            received_at=now,
            units=names,
        )
    except Refused as refused:
        markup.show(form_report.not_received(view, refused))
        return
    markup.show(form_report.receipt(view, receipt))


dataset = choose()
form_report.name_file_field(view)
uploaded = st.file_uploader(view.say("submit.file"), type=["xlsx", "csv", "json", "txt"], key="tc_form")
if uploaded is None:
    markup.show(
        markup.panel(
            view.say("submit.waiting_title"), view.say("submit.waiting_what"), form_report.asked_for(view, dataset)
        )
    )
else:
    content = uploaded.getvalue()
    names = form_report.decided(content, dataset, unit)
    judged = form_report.judged(view, content, uploaded.name, dataset, unit, names, now)
    markup.show(form_report.verdict(view, judged))
    if form_report.doubts(view, content, dataset, unit, judged):
        form_report.choose_names(view, content, dataset, unit)
    if judged.bad_cells:
        markup.show(form_report.bad_cells(view, judged))
    if judged.marked:
        st.download_button(
            view.say("submit.marked"), judged.marked, f"{dataset}_danh_dau.xlsx", XLSX, on_click="ignore"
        )
    if judged.rows_kept:
        markup.show(form_report.changes(view, effect(release, judged)))
        hand_in(dataset, uploaded.name, content, names, judged.rows_kept, judged.rows_wrong)
markup.show(form_report.history(view, inbox.submissions(frame.data_folder(), most=20), unit))
