"""The form of a measure, an event or a comment, and what became of it; the table of what holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

import pandas as pd
import streamlit as st

from analytics.annotations import release_names
from analytics.indicators import INDICATORS
from analytics.policy_calendar import Period, periods
from data_sources.annotations import (
    KINDS,
    LONGEST,
    LONGEST_SOURCE,
    Annotation,
    Draft,
    Kind,
    every_annotation,
    withdraw,
    write,
)
from data_sources.refusal import Refused
from pages.components import annotated, cached, markup, tables, text
from pages.components.blocks import cell, small
from pages.components.markup import escape, join

if TYPE_CHECKING:
    from pages.components.frame import View

SAID = "tc_annotation_said"
"""What became of the last press of a button: (title, sentence); the sentence is empty where it went well."""
FIELDS = ("units", "indicator", "first", "last", "vi", "en", "source")


def _key(field: str, kind: Kind, edited: Annotation | None) -> str:
    return f"tc_annotation_{field}_{kind}_{edited.id if edited else 0}"


def form(view: View, kind: Kind, edited: Annotation | None) -> None:
    """The form; filled in with `edited`, which is withdrawn when the new one is saved, or with what a link pins to."""
    release, language = view.release, view.language
    units = release_names(release)
    whole = release.province.code
    pinned = view.choice("pin", tuple(INDICATORS), "")
    on = view.address.day("on", release.first_day, release.last_day) or view.selection.day

    def key(field: str) -> str:
        return _key(field, kind, edited)

    first_unit = edited.units[0] if edited and edited.units[0] in units else view.selection.unit
    with st.form(key("form"), clear_on_submit=False):
        if kind == "comment":
            left, right = st.columns([1, 2])
            left.selectbox(
                view.say("annotations.units"),
                list(units),
                index=list(units).index(first_unit),
                format_func=units.__getitem__,
                key=key("units"),
            )
            names = {name: item.name(language) for name, item in INDICATORS.items()}
            chosen = edited.indicator if edited else pinned
            right.selectbox(
                view.say("annotations.indicator"),
                list(names),
                index=list(names).index(chosen) if chosen in names else None,
                format_func=names.__getitem__,
                key=key("indicator"),
            )
            st.date_input(
                view.say("annotations.day"),
                edited.first_day if edited else on,
                key=key("first"),
                format="DD/MM/YYYY",
                width=220,
            )
        else:
            known = [unit for unit in edited.units if unit in units] if edited else [view.selection.unit]
            st.multiselect(
                view.say("annotations.units"),
                list(units),
                default=known or [whole],
                format_func=units.__getitem__,
                key=key("units"),
            )
            left, right = st.columns(2)
            begun = edited.first_day if edited else view.selection.day
            left.date_input(view.say("annotations.first_day"), begun, key=key("first"), format="DD/MM/YYYY")
            ended = edited.last_day if edited else None
            right.date_input(view.say("annotations.last_day"), ended, key=key("last"), format="DD/MM/YYYY")
        st.text_area(
            view.say("annotations.text_vi"),
            edited.vi if edited else "",
            max_chars=LONGEST[kind],
            key=key("vi"),
            height=80,
        )
        st.text_input(
            view.say("annotations.text_en"), edited.en if edited else "", max_chars=LONGEST[kind], key=key("en")
        )
        if kind != "comment":
            st.text_input(
                view.say("annotations.source_field"),
                edited.source if edited else "",
                max_chars=LONGEST_SOURCE,
                key=key("source"),
            )
        st.caption(view.say("annotations.form_what"))
        label = view.say("annotations.save")
        st.form_submit_button(label, type="primary", on_click=_save, args=(view, kind, edited))
    if edited:
        st.button(view.say("annotations.withdraw"), on_click=_withdraw, args=(view, edited), key=key("withdraw"))


def _save(view: View, kind: Kind, edited: Annotation | None) -> None:
    from pages.components.frame import data_folder

    if not annotated.may_write(view):
        return
    given = {field: st.session_state.get(_key(field, kind, edited)) for field in FIELDS}
    units = given["units"] if isinstance(given["units"], (list, tuple)) else [given["units"]]
    try:
        made = write(
            data_folder(),
            Draft(
                kind=kind,
                first_day=cast("date", given["first"]),
                last_day=cast("date | None", given["last"]),
                units=tuple(str(unit) for unit in units if unit),
                indicator=str(given["indicator"] or ""),
                vi=str(given["vi"] or ""),
                en=str(given["en"] or ""),
                source=str(given["source"] or ""),
                author=view.release.role,
            ),
            annotated.now(view),
            replaces=edited.id if edited else None,
        )
    except Refused as refused:
        st.session_state[SAID] = (view.say("annotations.not_saved"), refused.text(view.language))
        return
    for field in ("vi", "en", "source"):
        st.session_state.pop(_key(field, kind, edited), None)
    st.query_params.pop("edit", None)
    st.session_state[SAID] = (view.say("annotations.saved", number=made.id), "")


def _withdraw(view: View, record: Annotation) -> None:
    from pages.components.frame import data_folder

    if not annotated.may_write(view):
        return
    try:
        withdraw(data_folder(), record.id, view.release.role, annotated.now(view))
    except Refused as refused:
        st.session_state[SAID] = (view.say("annotations.not_saved"), refused.text(view.language))
        return
    st.query_params.pop("edit", None)
    st.session_state[SAID] = (view.say("annotations.gone", number=record.id), "")


def said() -> str:
    """What became of the last press, once; "" where nothing was pressed."""
    title, sentence = st.session_state.pop(SAID, ("", ""))
    if not title:
        return ""
    css = "tc-said is-refused" if sentence else "tc-said"
    return f'<p class="{css}" role="status"><b>{escape(title)}</b> {escape(sentence)}</p>'


def held(view: View, records: Sequence[Annotation]) -> str:
    """The table of what holds."""
    counts = {kind: text.number(sum(one.kind == kind for one in records), view.language) for kind in KINDS}
    title = view.say("annotations.title_none")
    if records:
        told = {f"{kind}s": count for kind, count in counts.items()}
        title = view.say("annotations.title", **told)
    what = view.say("annotations.what")
    at = annotated.moment(view)
    if at is not None:
        what = view.say("annotations.what_as_of", time=text.moment(at, view.language))
    if not records:
        remedy = "none_remedy" if annotated.may_write(view) else "none_remedy_reader"
        return markup.panel(title, what, markup.empty("", view.say(f"annotations.{remedy}")))
    heads = ["", *(view.say(f"annotations.{name}") for name in ("kind", "days", "about", "words", "source", "written"))]
    newest = sorted(records, key=lambda one: (one.first_day, one.id), reverse=True)
    return markup.panel(
        title, what, tables.table(heads, [_row(view, one) for one in newest], set()), css="tc-wrapping tc-noted"
    )


def _row(view: View, one: Annotation) -> str:
    by = f"{view.say(f'frame.role_{one.author}')}, {text.moment(one.written, view.language)}"
    cells = (
        cell(str(one.id), "tc-rank"),
        cell(escape(view.say(f"annotations.{one.kind}"))),
        cell(escape(_days(view, one.first_day, one.last_day))),
        cell(escape(_about(view, one.units)) + small(_indicator(view, one.indicator))),
        cell(f"{escape(one.vi)}{small(one.en)}", "is-wide"),
        cell(escape(one.source)),
        cell(escape(by)),
    )
    return f"<tr>{join(cells)}</tr>"


def _days(view: View, first: date, last: date | None) -> str:
    if last is None:
        return view.say("annotations.no_end", day=text.day(first, view.language))
    return text.day(first, view.language) if first == last else text.days(first, last, view.language)


def _about(view: View, units: Sequence[str]) -> str:
    names = release_names(view.release)
    return ", ".join(names.get(unit, unit) for unit in units)


def _indicator(view: View, indicator: str) -> str:
    return INDICATORS[indicator].name(view.language) if indicator in INDICATORS else indicator


def choices(view: View, records: Sequence[Annotation]) -> Mapping[str, str]:
    """The records to withdraw or change, by their number; none chosen first."""
    told = {"": view.say("annotations.withdraw_choose")}
    return told | {str(one.id): f"{one.id} · {view.say(f'annotations.{one.kind}')} · {one.vi[:60]}" for one in records}


def calendar(view: View) -> str:
    """The measures that came with the data, those of the same days together; "" where there are none."""
    together: dict[tuple[str, date, date | None, str], list[Period]] = {}
    for one in cached.per_release(periods)(view.release):
        name = one.vi if view.language == "vi" else one.en
        together.setdefault((name, one.first_day, one.last_day, one.source), []).append(one)
    if not together:
        return ""
    heads = [view.say(f"annotations.{name}") for name in ("measure", "days", "units", "source")]
    rows = [
        [name, _days(view, first, last), _about(view, [one.unit for one in found]), source]
        for (name, first, last, source), found in together.items()
    ]
    drawn = tables.plain(heads, rows, set())
    what = view.say("annotations.calendar_what")
    return markup.panel(view.say("annotations.calendar"), what, drawn, css="tc-wrapping tc-noted tc-gap")


def table(view: View) -> pd.DataFrame:
    """Every record for a file: on the newest picture also those that are withdrawn, with when."""
    from pages.components.frame import data_folder

    records = annotated.written(view).records if annotated.is_past(view) else tuple(every_annotation(data_folder()))
    rows = [
        {
            "": one.id,
            view.say("annotations.kind"): view.say(f"annotations.{one.kind}"),
            view.say("annotations.first_day"): one.first_day,
            view.say("annotations.last_day_file"): one.last_day,
            view.say("annotations.units"): _about(view, one.units),
            view.say("annotations.indicator"): _indicator(view, one.indicator),
            view.say("annotations.text_vi"): one.vi,
            view.say("annotations.text_en"): one.en,
            view.say("annotations.source"): one.source,
            view.say("annotations.written"): f"{view.say(f'frame.role_{one.author}')}",
            view.say("annotations.written_at"): one.written,
            view.say("annotations.withdrawn"): one.withdrawn,
        }
        for one in records
    ]
    return pd.DataFrame(rows)
