"""The tables of Nguồn dữ liệu: sources with their state, deliveries held, reports owed, reasons, completeness."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from analytics.release import TIME_ZONE
from analytics.sources import FieldCompleteness, HeldBatch, SourceStatus
from analytics.submissions import Submission
from data_sources.contracts import CONTRACTS
from data_sources.messages import FLAG, Message, read_message, reason_message, todo_message
from pages.components import basis, markup, tables, text
from pages.components.blocks import cell, small, state
from pages.components.figures import readable
from pages.components.header import FRESH_DAYS
from pages.components.markup import escape, join

if TYPE_CHECKING:
    from pages.components.frame import View

KINDS = {"fresh": "ok", "late": "near", "ended": "near", "held": "near", "failed": "past", "never": "near"}
MOST_NAMED = 6
"""Units named as missing in one cell; the rest is counted."""
LOW_SHARE = 80.0
"""Percent of rows that state a field, below which its bar is amber: a fifth missing can turn a distribution round."""


def condition(status: SourceStatus) -> str:
    """failed, held, never, late, ended or fresh: the first that holds.

    `late` is about the duty to report and not about how often we ask: a source that is asked every five minutes and
    has nothing new is on time. `ended` is one that still delivers, but about days long past.
    """
    if status.error:
        return "failed"
    if status.held:
        return "held"
    if status.age_hours is None or status.last_issued is None:
        return "never"
    if status.freshness == "late":
        return "late"
    if status.dataset in CONTRACTS and CONTRACTS[status.dataset].late_after_hours is None:
        return "fresh"
    asked = (status.last_issued + timedelta(hours=status.age_hours)).astimezone(TIME_ZONE).date()
    return "ended" if status.newest_day and (asked - status.newest_day).days > FRESH_DAYS else "fresh"


def dataset_name(dataset: str, language: str) -> str:
    """The dataset as its contract calls it."""
    contract = CONTRACTS.get(dataset)
    return dataset if contract is None else contract.vi if language == "vi" else contract.en


def field_name(dataset: str, field: str, language: str) -> str:
    """The field as its contract calls it; the header itself where the contract has no such field."""
    columns = {column.name: column for column in CONTRACTS[dataset].columns} if dataset in CONTRACTS else {}
    return field if field not in columns else columns[field].vi if language == "vi" else columns[field].en


def sources(view: View, statuses: Sequence[SourceStatus]) -> str:
    """One row a source; those that need attention are amber, with what went wrong beneath their name."""
    keys = ("source", "state", "age", "newest_day", "rows_in", "rows_kept", "rows_aside")
    heads = [view.say(f"sources.{key}") for key in keys]
    return tables.table(heads, [_source(view, status) for status in statuses], {4, 5, 6})


def _source(view: View, status: SourceStatus) -> str:
    found = condition(status)
    kind = view.say(f"sources.kind_{status.kind}") if status.kind in ("files", "http", "sql") else status.kind
    told = f"{dataset_name(status.dataset, view.language)} · {kind}"
    wrong = status.error or status.held
    trouble = wrong.text(view.language) if wrong else ""
    age = text.age(status.age_hours, view.language) if status.last_issued else view.say("sources.never")
    since = text.moment(status.last_issued, view.language) if status.last_issued else ""
    aside = text.number(status.rows_set_aside, view.language)
    share = 100 * status.rows_set_aside / status.rows_in if status.rows_in and status.rows_set_aside else None
    cells = (
        cell(f"<b>{escape(status.title)}</b>{small(told)}{small(trouble)}", "is-wrapped"),
        cell(state(view.say(f"sources.is.{found}"), KINDS[found])),
        cell(f"{escape(age)}{small(since)}"),
        cell(escape(text.day(status.newest_day, view.language))),
        cell(text.number(status.rows_in, view.language), "is-figure"),
        cell(text.number(status.rows_kept, view.language), "is-figure"),
        cell(f"{aside}{small(text.percent(share, view.language) if share else '')}", "is-figure"),
    )
    return f"<tr{'' if found == 'fresh' else ' class=is-late'}>{join(cells)}</tr>"


def held(view: View, batches: Sequence[HeldBatch], titles: Mapping[str, str]) -> str:
    """Deliveries that are held, each with the reason and the command that lets it in."""
    heads = [view.say(f"sources.held.{key}") for key in ("batch", "issued", "rows", "why", "command")]
    rows = []
    for batch in batches:
        by = view.say("sources.held.by")
        command = (
            f"python -m data_sources accept --source {shlex.quote(batch.source)}"
            f" --delivery {shlex.quote(batch.delivery)} --by {shlex.quote(by)}"
        )
        cells = (
            cell(f"{escape(batch.delivery)}{small(titles.get(batch.source, batch.source))}", "is-wrapped"),
            cell(escape(text.moment(batch.issued, view.language))),
            cell(text.number(batch.rows, view.language), "is-figure"),
            cell(escape(batch.reason.text(view.language)), "is-wrapped"),
            cell(f"<code>{escape(command)}</code>", "is-wrapped is-wide"),
        )
        rows.append(f"<tr>{join(cells)}</tr>")
    return tables.table(heads, rows, {2})


def duty(view: View, sent: Sequence[Submission]) -> str:
    """For each dataset, how many units sent the day's report and who still owes it."""
    heads = [view.say(f"sources.duty.{key}") for key in ("dataset", "reported", "missing")]
    rows = []
    for item in sent:
        owed = [
            view.say(
                "sources.duty.unit_day",
                unit=view.release.units.get(one.unit).short_name,
                day=text.day(one.newest_day, view.language, year=one.newest_day.year != item.day.year),
            )
            for one in item.missing
        ]
        named = ", ".join(owed[:MOST_NAMED])
        if not item.reported:
            newest = max(one.newest_day for one in item.missing)
            named = view.say("sources.duty.nobody", day=text.day(newest, view.language))
        elif len(owed) > MOST_NAMED:
            named = f"{named} {view.say('sources.duty.more', count=len(owed) - MOST_NAMED)}"
        counted = view.say("common.reported_units", reported=len(item.reported), expected=item.expected)
        cells = (
            cell(escape(dataset_name(item.dataset, view.language)), "is-wrapped"),
            cell(escape(counted), "is-figure" + (" is-near" if owed else "")),
            cell(escape(named or "–"), "is-wrapped"),
        )
        rows.append(f"<tr>{join(cells)}</tr>")
    return tables.table(heads, rows, {1})


def by_reason(statuses: Sequence[SourceStatus]) -> dict[str, dict[str, int]]:
    """Rows set aside for each reason and source, the most frequent reason first."""
    found: dict[str, dict[str, int]] = {}
    for status in statuses:
        for reason, rows in status.reasons.items():
            found.setdefault(reason, {})[status.title] = rows
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def reasons(view: View, statuses: Sequence[SourceStatus]) -> str:
    """Rows set aside by reason with what to do about each, then what was used but marked."""
    heads = [view.say(f"sources.aside.{key}") for key in ("reason", "todo", "rows")]
    rows = [
        _reason(view, reason_message(code), todo_message(code).text(view.language), by)
        for code, by in by_reason(statuses).items()
    ]
    marked: dict[str, dict[str, int]] = {}
    for status in statuses:
        for flag, count in status.flags.items():
            marked.setdefault(flag, {})[status.title] = count
    rows += [
        _reason(view, reason_message(FLAG + flag), view.say("sources.aside.marked"), by) for flag, by in marked.items()
    ]
    return tables.table(heads, rows, {2}) if rows else ""


def _reason(view: View, reason: Message, todo: str, by_source: Mapping[str, int]) -> str:
    name = reason.text(view.language)
    whence = small(view.say("sources.aside.sources", names=text.listing(list(by_source), view.language)))
    cells = (
        cell(f"{escape(name[:1].upper() + name[1:])}{whence}", "is-wrapped"),
        cell(escape(todo), "is-wrapped"),
        cell(text.number(sum(by_source.values()), view.language), "is-figure"),
    )
    return f"<tr>{join(cells)}</tr>"


def is_partial(field: FieldCompleteness) -> bool:
    """True for a field that some rows state and others do not; one that no row states is not offered by the source."""
    return bool(field.filled) and field.filled < field.total


def completeness(view: View, fields: Sequence[FieldCompleteness]) -> str:
    """A bar for each field that is not always stated, by dataset."""
    blocks = []
    for dataset in dict.fromkeys(field.dataset for field in fields):
        partial = [field for field in fields if field.dataset == dataset and is_partial(field)]
        if not partial:
            continue
        lines = join(_bar(view, field) for field in partial)
        name = dataset_name(dataset, view.language)
        read = readable(view.say("sources.filled.alt", name=name, count=len(partial)), (), view.language)
        blocks.append(f'<h3>{escape(name)}</h3><div class="tc-share"{read}>{lines}</div>')
    return join(blocks)


def _bar(view: View, field: FieldCompleteness) -> str:
    share = field.share or 0.0
    low = ' class="is-low"' if share < LOW_SHARE else ""
    name = escape(field_name(field.dataset, field.field, view.language))
    track = f'<span class="tc-track"><i{low} style="width:{share:.1f}%"></i></span>'
    return f"<span>{name}</span>{track}<span>{escape(text.percent(share, view.language))}</span>"


def formats(view: View, statuses: Sequence[SourceStatus]) -> str:
    """What the reader found out about each source's files, folded away."""
    items = []
    for status in statuses:
        notes = join(f"<li>{escape(note.text(view.language))}</li>" for note in status.notes)
        if notes:
            items.append(f"<details><summary>{escape(status.title)}</summary><ul>{notes}</ul></details>")
    return f'<div class="tc-formats">{join(items)}</div>'


def told_rows(view: View, rows: pd.DataFrame, titles: Mapping[str, str], datasets: Mapping[str, str]) -> pd.DataFrame:
    """Rows set aside with words for codes and the headers of the page, for the table and for the file alike."""
    named = rows.astype(object).assign(
        source=[titles.get(name, name) for name in rows["source"]],
        field=[
            field_name(datasets.get(source, ""), field, view.language)
            for source, field in zip(rows["source"], rows["field"], strict=True)
        ],
        needed=[read_message(needed).text(view.language) for needed in rows["needed"]],
        reason=[reason_message(code).text(view.language) for code in rows["reason"]],
    )
    return named.rename(columns={name: view.say(f"sources.rows.{name}") for name in named.columns})


def rows_table(view: View, told: pd.DataFrame) -> str:
    """The rows set aside as a table; an empty cell is a dash."""
    body = [["–" if pd.isna(value) else str(value) for value in row] for row in told.itertuples(index=False, name=None)]
    return tables.plain([str(name) for name in told.columns], body, {3})


def sources_panel(view: View, statuses: Sequence[SourceStatus], foot: str) -> str:
    """Every source, above it how many need attention and which."""
    wrong = [item.title for item in statuses if condition(item) != "fresh"]
    if wrong:
        names = text.listing(wrong, view.language)
        title = view.say("sources.some_wrong", wrong=len(wrong), count=len(statuses), names=names)
    else:
        came = text.number(sum(item.rows_in for item in statuses), view.language)
        aside = text.number(sum(item.rows_set_aside for item in statuses), view.language)
        key, counted = ("all_well_one", {}) if len(statuses) == 1 else ("all_well", {"count": len(statuses)})
        title = view.say(f"sources.{key}", rows=came, aside=aside, **counted)
    what = view.say("sources.what", moment=text.moment(view.release.built, view.language))
    return markup.panel(title, what, sources(view, statuses), foot=foot)


def held_panel(view: View, batches: Sequence[HeldBatch], titles: Mapping[str, str]) -> str:
    """The deliveries held; nothing where there is none."""
    if not batches:
        return ""
    one = len(batches) == 1
    title = view.say("sources.held.title_one") if one else view.say("sources.held.title", count=len(batches))
    return markup.panel(title, view.say("sources.held.what"), held(view, batches, titles), css="tc-gap")


def duty_panel(view: View, sent: Sequence[Submission], day: date) -> str:
    """Who has sent the reports about `day`, and who owes them."""
    if not sent:
        return _empty(view, "duty")
    # Where nobody has reported, the figures are not due yet or come from elsewhere: no unit is to be reminded.
    owing = {one.unit for item in sent if item.reported for one in item.missing}
    key = "title_all" if not owing else "title_one" if len(owing) == 1 else "title_some"
    counted = {"units": len(owing)} if len(owing) > 1 else {}
    title = view.say(f"sources.duty.{key}", day=text.day(day, view.language), **counted)
    return markup.panel(title, view.say("sources.duty.what"), duty(view, sent))


def reasons_panel(view: View, statuses: Sequence[SourceStatus]) -> str:
    """Why rows were set aside, and what to do about it."""
    known = by_reason(statuses)
    title = view.say("sources.aside.title_none")
    if known:
        total = text.number(sum(item.rows_set_aside for item in statuses), view.language)
        reason = reason_message(next(iter(known))).text(view.language)
        title = view.say("sources.aside.title", count=total, reason=reason)
    foot = "" if view.release.role == "analyst" or not known else view.say("sources.rows.analysts")
    return markup.panel(title, view.say("sources.aside.what"), reasons(view, statuses), foot=foot)


def completeness_panel(view: View, fields: Sequence[FieldCompleteness]) -> str:
    """How complete the declared fields are, the emptiest named."""
    known = [field for field in fields if field.total]
    if not known:
        return _empty(view, "filled")
    partial = sorted((field for field in known if is_partial(field)), key=lambda field: field.share or 0.0)
    absent = [field for field in known if not field.filled]
    title, foot = view.say("sources.filled.title_full"), []
    if partial:
        name = field_name(partial[0].dataset, partial[0].field, view.language)
        title = view.say("sources.filled.title", field=name, share=text.percent(partial[0].share, view.language))
        full = len(known) - len(partial) - len(absent)
        foot += [view.say("sources.filled.full", count=full)] if full else []
    if absent:
        names = [field_name(field.dataset, field.field, view.language) for field in absent]
        foot.append(view.say("sources.filled.absent", names=", ".join(names)))
    body = completeness(view, known)
    below = basis.line(view, datasets=tuple(field.dataset for field in partial), measured_in=("%",)) if partial else ""
    return markup.panel(title, view.say("sources.filled.what"), body, foot=" ".join(foot), below=below)


def formats_panel(view: View, statuses: Sequence[SourceStatus]) -> str:
    """What was found out about the formats; nothing where nothing had to be."""
    known = sum(bool(status.notes) for status in statuses)
    title = view.say("sources.formats.title_one") if known == 1 else view.say("sources.formats.title", count=known)
    return markup.panel(title, view.say("sources.formats.what"), formats(view, statuses)) if known else ""


def _empty(view: View, area: str) -> str:
    said = markup.empty(view.say(f"sources.{area}.empty"), view.say(f"sources.{area}.empty_remedy"))
    return markup.panel("", "", said)
