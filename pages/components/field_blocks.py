"""Blocks of Chất lượng báo cáo on the content of reports: every field over time, and whose rows were set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analytics import field_course
from analytics.field_course import OTHERS, FieldCourse, Rejected
from analytics.wording import inside
from data_sources.contracts import CONTRACTS
from data_sources.messages import reason_message
from pages.components import cached, downloads, markup, tables, text, theme_blocks
from pages.components.blocks import cell
from pages.components.source_tables import dataset_name, field_name

if TYPE_CHECKING:
    from pages.components.frame import View

STEPS = (95.0, 80.0, 50.0, 20.0)
"""Shares filled, in percent, below which a cell is a step darker: a twentieth, a fifth, half, four fifths missing."""
MOST_NAMED = 3

courses = cached.per_release(field_course.field_course)
told = cached.per_release(field_course.datasets_told)
rejected = cached.per_release(field_course.rejected_by_unit)


def datasets(view: View) -> dict[str, str]:
    """The forms with rows in the period, by their names, the least complete first."""
    first, last = theme_blocks.period(view)
    return {name: dataset_name(name, view.language) for name in told(view.release, view.selection.unit, first, last)}


def show(view: View, dataset: str) -> None:
    """Draw every field of a form over the chosen period, of the chosen unit, with the figures as files."""
    found = courses(view.release, dataset, view.selection.unit, *theme_blocks.period(view))
    if found is None:
        return
    markup.show(over_time(view, found))
    title = f"{view.say('quality.fields.file')}: {dataset_name(dataset, view.language)}"
    downloads.buttons(view, "quality_fields", title, lambda: fields_frame(view, found))


def over_time(view: View, found: FieldCourse) -> str:
    """A field a row, a day or a week a column, the share of rows that state it in each cell; the emptiest first."""
    partial = [name for name in found.stated if found.overall(name) != 100]
    names = {name: _named(view, found.dataset, name) for name in found.filled}
    title = view.say("quality.fields.title_full", form=inside(dataset_name(found.dataset, view.language)))
    if partial:
        share = _share(view, found.overall(partial[0]))
        title = view.say("quality.fields.title", field=names[partial[0]], share=share)
    heads = [view.say("quality.fields.field"), view.say("quality.fields.overall")]
    heads += [_head(view, found, place) for place in range(len(found.starts))]
    rows = []
    for name in found.stated:
        overall = cell(_share(view, found.overall(name)), "is-figure")
        cells = [_cell(view, found, names[name], name, place) for place in range(len(found.starts))]
        rows.append(f"<tr>{cell(markup.escape(names[name]))}{overall}{markup.join(cells)}</tr>")
    what = view.say(
        f"quality.fields.{'what_weeks' if found.by_week else 'what_days'}",
        form=dataset_name(found.dataset, view.language),
        place=view.place,
    )
    foot = []
    if found.never_stated:
        absent = text.listing([names[name] for name in found.never_stated], view.language)
        foot.append(view.say("quality.fields.absent", names=absent))
    if CONTRACTS[found.dataset].about_persons:
        foot.append(view.say("quality.fields.persons"))
    body = f'<div class="tc-heat">{tables.table(heads, rows, {1})}</div>'
    return markup.panel(title, what, body, foot=" ".join(foot))


def fields_frame(view: View, found: FieldCourse) -> pd.DataFrame:
    """The figures behind the table as a data frame for a file: one row a field and day or week."""
    keys = ("field", "from", "filled", "rows", "share")
    heads = [view.say(f"quality.fields.{key}") for key in keys]
    rows = [
        (_named(view, found.dataset, name), start, found.filled[name][place], owed, found.share(name, place))
        for name in found.filled
        for place, start in enumerate(found.starts)
        if (owed := found.rows[name][place])
    ]
    return pd.DataFrame(rows, columns=heads, dtype=object)


def set_aside(view: View) -> str:
    """Whose rows were set aside in the period, for which form and why; "" where none was."""
    unit = view.selection.unit
    found = [item for item in rejected(view.release, *theme_blocks.period(view)) if item.rows]
    found = [item for item in found if unit in (view.selection.whole, item.unit)]
    if not found:
        return ""
    total = sum(item.rows for item in found)
    title = view.say("quality.rejected.title_unknown", rows=text.number(total, view.language))
    if found[0].unit not in (None, OTHERS):
        most = text.number(found[0].rows, view.language)
        title = view.say("quality.rejected.title", unit=_unit(view, found[0]), rows=most)
    heads = [view.say("common.unit"), *(view.say(f"quality.rejected.{key}") for key in ("rows", "forms", "why"))]
    drawn = [
        [
            _unit(view, item),
            text.number(item.rows, view.language),
            _listed(view, {dataset_name(name, view.language): rows for name, rows in item.datasets.items()}),
            _listed(view, {reason_message(code).text(view.language): rows for code, rows in item.reasons.items()}),
        ]
        for item in found
    ]
    first, last = theme_blocks.period(view)
    what = view.say("quality.rejected.what", days=text.days(first, last, view.language))
    return markup.panel(title, what, tables.plain(heads, drawn, {1}), css="tc-wrapping")


def _unit(view: View, item: Rejected) -> str:
    if item.unit in (None, OTHERS):
        return view.say(f"quality.rejected.{item.unit or 'unknown'}")
    return view.release.units.get(item.unit).short_name


def _listed(view: View, counts: dict[str, int]) -> str:
    told = [f"{name} ({text.number(rows, view.language)})" for name, rows in list(counts.items())[:MOST_NAMED]]
    return ", ".join([*told, *(["…"] if len(counts) > MOST_NAMED else [])])


def _named(view: View, dataset: str, name: str) -> str:
    return field_name(dataset, name, view.language)


def _share(view: View, share: float | None) -> str:
    """A share as it is read: 99,96% of the rows is not 100%, and 0,04% is not 0."""
    if share is None:
        return "–"
    return text.percent(min(share, 99.9) if share < 100 else share, view.language, 0 if share in (0, 100) else 1)


def _head(view: View, found: FieldCourse, place: int) -> str:
    start = found.starts[place]
    if found.by_week or place == 0 or start.day == 1:
        return text.day(start, view.language, year=False)
    return str(start.day)


def _cell(view: View, found: FieldCourse, named: str, name: str, place: int) -> str:
    share = found.share(name, place)
    if share is None:
        return cell("")
    start = found.starts[place]
    said = view.say(
        "quality.fields.cell",
        field=named,
        day=text.day(start, view.language),
        filled=text.number(found.filled[name][place], view.language),
        rows=text.number(found.rows[name][place], view.language),
    )
    step = 0 if share == 100 else 1 + sum(share < limit for limit in STEPS)
    label = f'title="{markup.escape(said)}" aria-label="{markup.escape(said)}"'
    # Rounded down, so that only what is full says 100.
    return f'<td class="is-lack-{step}" {label}>{int(share)}</td>'
