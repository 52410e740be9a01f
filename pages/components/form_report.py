"""What the page Nộp báo cáo says of a form: verdict, bad cells, doubtful names, changes, receipt."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.handing_in import Changed, Effect, Moved, office
from analytics.indicators import INDICATORS
from data_sources.contracts import CONTRACTS
from data_sources.forms import FORMS
from data_sources.forms.judged import DoubtfulName, Judgement, judge_form
from data_sources.inbox import Submission
from data_sources.messages import reason_message
from data_sources.refusal import Refused
from pages.components import markup, tables, text

if TYPE_CHECKING:
    from pages.components.frame import View

MOST_CELLS = 100
"""Who has more to mend mends the file, where all of them are marked."""
MOST_CHANGES = 12
MOST_NAMES = 12
FIELD_PIXELS = 460
NAMES, DOUBTS, JUDGED = "tc_names", "tc_doubts", "tc_judged"
CONFIG = "TOANCANH_CONFIG"
"""The settings file of the installation; needed only where the units are not those of the national register."""


def _key(content: bytes, dataset: str, unit: str | None) -> str:
    return f"{hashlib.sha256(content).hexdigest()} {dataset} {unit}"


def decided(content: bytes, dataset: str, unit: str | None) -> dict[str, str]:
    """What this sender has chosen for the doubtful names of this file: as written = code."""
    chosen: dict[str, str] = st.session_state.get(NAMES, {}).get(_key(content, dataset, unit), {})
    return dict(chosen)


def judged(
    view: View, content: bytes, name: str, dataset: str, unit: str | None, names: dict[str, str], now: datetime
) -> Judgement:
    """The judgement of the file; kept for the session, never in a cache that others share, for it may name people."""
    key = (_key(content, dataset, unit), tuple(sorted(names.items())), view.release.id)
    known = st.session_state.get(JUDGED)
    if known is None or known[0] != key:
        config = os.environ.get(CONFIG)
        here = office(view.release, Path(config) if config else None)
        found = judge_form(content, name, dataset, here.register, here.province, unit=unit, units=names, issued_at=now)
        st.session_state[JUDGED] = known = (key, found)
    verdict: Judgement = known[1]
    return verdict


def doubts(view: View, content: bytes, dataset: str, unit: str | None, found: Judgement) -> tuple[DoubtfulName, ...]:
    """The names this file left in doubt when it was first read: those already chosen stay on the page."""
    key = _key(content, dataset, unit)
    known = st.session_state.get(DOUBTS)
    if known is None or known[0] != key:
        st.session_state[DOUBTS] = known = (key, found.doubtful[:MOST_NAMES])
    listed: tuple[DoubtfulName, ...] = known[1]
    return listed


def choose_names(view: View, content: bytes, dataset: str, unit: str | None) -> None:
    """A list for each doubtful name: the nearest units first, then all others, or to leave its rows aside."""
    key = _key(content, dataset, unit)
    listed: tuple[DoubtfulName, ...] = st.session_state[DOUBTS][1]
    units = {item.code: item.name for item in view.release.units.reporting()}
    markup.show(
        markup.panel(
            view.say("submit.doubtful_title", names=text.number(len(listed), view.language)),
            view.say("submit.doubtful_what"),
            "",
        )
    )
    for place, name in enumerate(listed):
        near = {code: units[code] for code, _ in name.guesses if code in units}
        options: dict[str, str] = {"": view.say("submit.leave_aside")} | near | units
        widget = f"tc_name_{place}_{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        st.selectbox(
            view.say(
                "submit.doubtful_name", written=markup.literal(name.written), rows=text.number(name.rows, view.language)
            ),
            list(options),
            format_func=options.__getitem__,
            key=widget,
            on_change=_decide,
            args=(key, name.written, widget),
            width=FIELD_PIXELS,
        )


def name_file_field(view: View) -> None:
    """The words of Streamlit's file field in the reader's language; its own are English alone (blocks.css)."""
    limit = view.say("submit.file_limit", megabytes=st.get_option("server.maxUploadSize"))
    words = {"choose-file": view.say("submit.choose_file"), "file-limit": limit}
    told = "".join(f"--tc-{name}: {json.dumps(said, ensure_ascii=False)};" for name, said in words.items())
    markup.style(f":root {{ {told} }}")


def _decide(key: str, written: str, widget: str) -> None:
    everything = dict(st.session_state.get(NAMES, {}))
    mine = {name: code for name, code in everything.get(key, {}).items() if name != written}
    if st.session_state[widget]:
        mine[written] = str(st.session_state[widget])
    st.session_state[NAMES] = {key: mine}


def asked_for(view: View, dataset: str) -> str:
    """The columns of the form and what each takes."""
    rows = []
    for column in FORMS[dataset].columns:
        name = column.vi if view.language == "vi" else column.en
        words = [choice.vi if view.language == "vi" else choice.en for choice in column.choices]
        rows.append([f"{name} *" if column.required else name, ", ".join(words) or column.measured_in])
    return tables.plain([view.say("submit.column"), view.say("submit.needed")], rows, set())


def verdict(view: View, found: Judgement) -> str:
    """The answer in one line, and how the file was read."""
    if found.refused is not None:
        return markup.panel(view.say("submit.refused"), "", refusal(view, found.refused))
    counts = {
        name: text.number(value, view.language)
        for name, value in (("kept", found.rows_kept), ("wrong", found.rows_wrong), ("rows", found.rows_in))
    }
    filled = found.rows_in - found.rows_blank
    key = "some_wrong" if found.rows_wrong else "all_good"
    if not found.rows_kept:
        key = "none_good"
    told = []
    if found.rows_blank:
        told.append(view.say("submit.blank_rows", rows=text.number(found.rows_blank, view.language)))
    counts["rows"] = text.number(filled, view.language)
    if found.notes:
        told.append(view.say("submit.read_as", notes="; ".join(note.text(view.language) for note in found.notes)))
    return markup.panel(view.say(f"submit.{key}", **counts), " ".join(told), "")


def refusal(view: View, refused: Refused) -> str:
    """Why a file or form is not taken, and what to do."""
    return markup.empty(refused.text(view.language), "")


def bad_cells(view: View, found: Judgement) -> str:
    """The cells to mend, each by sheet, row and column."""
    heads = [view.say(f"submit.{name}") for name in ("sheet", "row", "column", "found", "needed")]
    rows = []
    for cell in found.bad_cells[:MOST_CELLS]:
        personal = CONTRACTS[found.dataset].personal_columns
        hidden = any(cell.header == column.vi for column in personal)
        shown = cell.found if cell.found is not None else view.say(f"submit.{'hidden' if hidden else 'blank'}_cell")
        column = f"{cell.letter} · {cell.header}" if cell.letter else cell.header
        reason, needed = reason_message(cell.reason).text(view.language), cell.needed.text(view.language)
        rows.append([cell.sheet or "–", text.number(cell.row, view.language), column, shown, f"{needed} ({reason})"])
    what = view.say("submit.wrong_what")
    if found.bad_cells_in_all > MOST_CELLS:
        what += " " + view.say("submit.wrong_more", shown=MOST_CELLS)
    title = view.say("submit.wrong_title", cells=text.number(found.bad_cells_in_all, view.language))
    return markup.panel(title, what, tables.plain(heads, rows, {1}))


def changes(view: View, found: Effect) -> str:
    """What the picture would say with this form."""
    if not found.changed:
        return markup.panel(view.say("submit.effect_none"), view.say("submit.effect_what"), "")
    heads = [view.say(f"submit.{name}") for name in ("measure", "day", "now", "then" if found.exact else "in_form")]
    heads.insert(1, view.say("common.unit"))
    rows = [_changed(view, one) for one in found.changed[:MOST_CHANGES]]
    body = tables.plain(heads, rows, {3, 4})
    if found.moved:
        heads = [view.say("submit.moved"), *heads[1:]]
        body += tables.plain(heads, [_moved(view, one) for one in found.moved[:MOST_CHANGES]], {3, 4})
    more = len(found.changed) - MOST_CHANGES
    foot = view.say("submit.effect_more", count=text.number(more, view.language)) if more > 0 else ""
    title = view.say("submit.effect_title", count=text.number(len(found.changed), view.language))
    return markup.panel(title, view.say("submit.effect_what" if found.exact else "submit.effect_adds"), body, foot=foot)


def _changed(view: View, one: Changed) -> list[str]:
    dataset, _, short = one.measure.partition(".")
    measure = next(item for item in CONTRACTS[dataset].measures if item.name == short)
    name = measure.vi if view.language == "vi" else measure.en
    numbers = [text.number(value, view.language, 0) if value is not None else "–" for value in (one.now, one.then)]
    return [name, _unit(view, one.unit), text.day(one.day, view.language), *numbers]


def _moved(view: View, one: Moved) -> list[str]:
    indicator = INDICATORS[one.indicator]
    values = [
        text.figure_with_unit(value, indicator, view.language) if value is not None else "–"
        for value in (one.now, one.then)
    ]
    return [indicator.name(view.language), _unit(view, one.unit), text.day(one.day, view.language), *values]


def _unit(view: View, code: str) -> str:
    known = view.release.units
    return known.get(code).short_name if code in known else code


def receipt(view: View, one: Submission) -> str:
    """That the form is safely kept, under which number, and what happens next."""
    told = view.say(
        "submit.receipt_what",
        file=one.file,
        form=_form(view, one.dataset),
        unit=_unit(view, one.unit) if one.unit else view.say("submit.whole"),
        time=text.moment(one.received_at, view.language),
    )
    return markup.panel(view.say("submit.receipt_title", id=one.id), told, "", css="is-within")


def not_received(view: View, refused: Refused) -> str:
    """Why a form could not be kept."""
    return markup.panel(view.say("submit.not_received"), "", refusal(view, refused))


def history(view: View, submitted: Sequence[Submission], unit: str | None) -> str:
    """What was handed in lately for the unit (or anywhere), and what became of it."""
    mine = [one for one in submitted if unit in (None, one.unit)]
    if not mine:
        return markup.panel(view.say("submit.history_title"), view.say("submit.history_none"), "", css="tc-gap")
    heads = [view.say("submit.time"), view.say("submit.form"), view.say("common.unit"), view.say("submit.outcome")]
    rows = [
        [
            text.moment(one.received_at, view.language),
            _form(view, one.dataset),
            _unit(view, one.unit) if one.unit else view.say("submit.whole"),
            _outcome(view, one),
        ]
        for one in mine
    ]
    return markup.panel(view.say("submit.history_title"), "", tables.plain(heads, rows, set()), css="tc-gap")


def _form(view: View, dataset: str) -> str:
    contract = CONTRACTS[dataset]
    return contract.vi if view.language == "vi" else contract.en


def _outcome(view: View, one: Submission) -> str:
    if one.outcome is None:
        return view.say("submit.outcome_waiting")
    if one.held:
        return view.say("submit.outcome_held", why=one.held.text(view.language))
    kept, rows = (text.number(one.outcome[name], view.language) for name in ("rows_kept", "rows_in"))
    return view.say("submit.outcome_kept", kept=kept, rows=rows)
