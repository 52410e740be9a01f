"""Biện pháp và sự kiện: what people add to the picture, who may; what holds, what was withdrawn, and the calendar."""

from __future__ import annotations

from typing import cast

import streamlit as st

from data_sources.annotations import KINDS, Kind
from pages.components import annotated, annotation_form, blocks, downloads, frame, markup

view = frame.view("annotations")
blocks.show_style()
found = annotated.written(view)
told = annotation_form.said()
if told:
    markup.show(told)
if annotated.may_write(view) and not found.refused:
    with st.container(key="tc_picks", horizontal=True, vertical_alignment="bottom"):
        kinds: dict[str, str] = {kind: view.say(f"annotations.{kind}") for kind in KINDS}
        kind = cast("Kind", view.pick("kind", kinds, "measure", "annotations.kind", width=200))
        numbers = annotation_form.choices(view, found.records)
        chosen = view.pick("edit", numbers, "", "annotations.withdraw_label", width=420)
    edited = next((one for one in found.records if str(one.id) == chosen), None)
    left, right = st.columns([1, 1.9], gap="small")
    with left, st.container(key="tc_annotation"):
        title = view.say("annotations.form_edit", number=edited.id) if edited else view.say("annotations.form")
        markup.show(f"<h2>{markup.escape(title)}</h2>")
        annotation_form.form(view, edited.kind if edited else kind, edited)
    with right:
        markup.show(annotation_form.held(view, found.records), annotation_form.calendar(view))
else:
    if annotated.is_past(view):
        st.caption(view.say("annotations.past_only"))
    markup.show(annotation_form.held(view, found.records), annotation_form.calendar(view))
if not found.refused:
    title = view.say("frame.page_annotations")
    downloads.buttons(view, "annotations", title, lambda: annotation_form.table(view))
