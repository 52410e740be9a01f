"""Blocks of the page Chất lượng báo cáo: who reported when, how complete, and where two systems disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics import duty
from analytics.duty import Agreement, Due, Punctuality
from data_sources.contracts import CONTRACTS
from pages.components import annotated, basis, blocks, cached, figures, markup, tables, text, theme_blocks

if TYPE_CHECKING:
    from pages.components.frame import View

MATRIX_DAYS = 28
"""Four weeks of cells fit a screen and show a unit's weekends."""
MOST_APART = 12
ORDER = ("missing", "late", "on_time", "not_due")
"""The worst first: a day with several forms is as good as its worst."""
COUNTED: tuple[Punctuality, ...] = ("on_time", "late", "missing")
SIGNS = {"on_time": "●", "late": "◐", "missing": "○", "not_due": "·"}

duties = cached.per_release(duty.duties)
agreements = cached.per_release(duty.agreements)
completeness_course = cached.per_release(duty.completeness_course)


def forms(view: View) -> dict[str, str]:
    """The forms that were ever due in the period, by their names."""
    first, last = theme_blocks.period(view)
    known = {item.form for item in duties(view.release, min(first, _first(view)), last)}
    choices = CONTRACTS["submissions"].column("form").choices
    return {item.value: item.vi if view.language == "vi" else item.en for item in choices if item.value in known}


def _first(view: View) -> date:
    return view.selection.day - timedelta(days=MATRIX_DAYS - 1)


def _listed(view: View, form: str | None) -> list[Due]:
    """The reports due in the matrix's days, of one form or all, of the chosen unit or all."""
    unit = view.selection.unit
    return [
        item
        for item in duties(view.release, _first(view), view.selection.day)
        if form in (None, item.form) and unit in (view.selection.whole, item.unit)
    ]


def matrix(view: View, form: str | None) -> str:
    """Units by days: on time, late, missing; "" where nothing was due."""
    due = _listed(view, form)
    if not due:
        return ""
    known = duty.known_at(view.release, view.selection.day)
    days = [_first(view) + timedelta(days=number) for number in range(MATRIX_DAYS)]
    cells: dict[tuple[str, date], list[str]] = {}
    for item in due:
        cells.setdefault((item.unit, item.day), []).append(item.punctuality(known))
    units = [unit for unit in view.release.units.reporting() if any(key[0] == unit.code for key in cells)]
    lacking = Counter({unit.short_name: _of(cells, unit.code).count("missing") for unit in units})
    worst, missing = lacking.most_common(1)[0]
    told = {"days": text.number(MATRIX_DAYS, view.language)}
    title = view.say("quality.matrix.title_none", **told)
    if missing:
        title = view.say("quality.matrix.title", unit=worst, missing=text.number(missing, view.language), **told)
    heads = [view.say("common.unit"), *(str(day.day) for day in days), view.say("quality.matrix.share")]
    rows = [_line(view, unit.code, unit.short_name, days, cells) for unit in units]
    what = view.say("quality.matrix.what", moment=text.moment(known, view.language))
    return markup.panel(title, what, f'<div class="tc-duty">{tables.table(heads, rows, {len(heads) - 1})}</div>')


def _of(cells: dict[tuple[str, date], list[str]], unit: str) -> list[str]:
    return [state for (code, _), states in cells.items() if code == unit for state in states]


def _line(view: View, unit: str, name: str, days: Sequence[date], cells: dict[tuple[str, date], list[str]]) -> str:
    drawn = []
    for day in days:
        states = cells.get((unit, day))
        if not states:
            drawn.append(blocks.cell(""))
            continue
        worst = min(states, key=ORDER.index)
        counts = Counter(states)
        told = ", ".join(f"{counts[kind]} {view.say(f'quality.matrix.{kind}')}" for kind in ORDER if counts[kind])
        said = view.say("quality.matrix.cell", unit=name, day=text.day(day, view.language), said=told)
        label = f'title="{markup.escape(said)}" aria-label="{markup.escape(said)}"'
        drawn.append(f'<td class="is-{worst.replace("_", "-")}" {label}>{SIGNS[worst]}</td>')
    every = [state for state in _of(cells, unit) if state != "not_due"]
    share = text.percent(100 * every.count("on_time") / len(every), view.language, 0) if every else "–"
    return f"<tr>{blocks.cell(markup.escape(name))}{markup.join(drawn)}{blocks.cell(share, 'is-figure')}</tr>"


def by_form(view: View) -> str:
    """Each form: due, on time, late, missing, fields filled, rows rejected; the worst first."""
    due = _listed(view, None)
    if not due:
        return ""
    known = duty.known_at(view.release, view.selection.day)
    names, rows = forms(view), []
    for form, name in names.items():
        mine = [item for item in due if item.form == form]
        states = Counter(item.punctuality(known) for item in mine)
        counted = sum(states[kind] for kind in COUNTED)
        if not counted:
            continue
        fields = sum(item.required_fields or 0 for item in mine)
        filled = sum(item.required_filled or 0 for item in mine)
        rejected = sum(item.rows_rejected or 0 for item in mine)
        rows.append((100 * states["on_time"] / counted, name, states, counted, fields, filled, rejected))
    if not rows:
        return ""
    rows.sort(key=lambda row: (row[0], row[1]))
    share = text.percent(rows[0][0], view.language, 0)
    title = view.say("quality.forms.title", form=rows[0][1], share=share)
    columns = ("form", "due", "on_time", "late", "missing", "filled", "rejected")
    heads = [view.say(f"quality.forms.{name}") for name in columns]
    drawn = [
        [
            name,
            *(text.number(count, view.language) for count in (counted, *(states[kind] for kind in COUNTED))),
            text.percent(100 * filled / fields, view.language, 1) if fields else "–",
            text.number(rejected, view.language),
        ]
        for _, name, states, counted, fields, filled, rejected in rows
    ]
    day = text.day(view.selection.day, view.language)
    what = view.say("quality.forms.what", place=view.place, days=MATRIX_DAYS, day=day)
    return markup.panel(title, what, tables.plain(heads, drawn, {1, 2, 3, 4, 5, 6}))


def completeness(view: View) -> str:
    """The share of required fields filled, a line for each form; "" where nobody says it."""
    first, last = theme_blocks.period(view)
    found = completeness_course(view.release, view.selection.unit, first, last)
    if not found:
        return ""
    names, days = forms(view), figures.day_range(first, last)
    # The forms that were ever incomplete: the others would lie on one line at 100.
    lines = [
        figures.Line(names.get(form, form), values, css=f"is-{place % 4}")
        for place, (form, values) in enumerate(found.items())
        if any(value is not None and value < 100 for value in values)
    ][:4] or [figures.Line("", next(iter(found.values())))]
    told = [(value, day, form) for form, values in found.items() for day, value in zip(days, values, strict=True)]
    value, day, form = min((one for one in told if one[0] is not None), default=(100.0, last, ""))
    title = view.say("quality.course.title_full")
    if value is not None and value < 100:
        said = {"share": text.percent(value, view.language), "day": text.day(day, view.language)}
        title = view.say("quality.course.title", form=names.get(form, form), **said)
    marked = annotated.bands(view, view.selection.unit, days)
    chart = figures.lines(
        days, lines, [False] * len(days), language=view.language, alt=title, decimals=1, from_zero=False, bands=marked
    )
    chart += annotated.listing(view, days, marked)
    what = view.say("quality.course.what", place=view.place)
    below = basis.line(view, datasets=tuple(found), measured_in=("%",))
    return markup.panel(title, what, chart, css="tc-high", below=below)


def disagreements(view: View) -> str:
    """Where two systems that must agree do not, the largest difference first; "" where nothing can be compared."""
    found = agreements(view.release, view.selection.day)
    if not found:
        return ""
    unit = view.selection.unit
    apart = [item for item in found if item.agrees is False and unit in (view.selection.whole, item.unit)]
    apart.sort(key=lambda item: (-abs((item.first or 0) - (item.second or 0)), item.unit))
    what = view.say("quality.agree.what", day=text.day(view.selection.day, view.language))
    if not apart:
        return markup.panel(view.say("quality.agree.title_none"), what, "")
    heads = [view.say("quality.agree.pair"), view.say("common.unit")]
    heads += [view.say(f"quality.agree.{name}") for name in ("first", "second", "apart")]
    rows = [_apart(view, item) for item in apart[:MOST_APART]]
    title = view.say("quality.agree.title", count=text.number(len(apart), view.language))
    return markup.panel(title, what, tables.plain(heads, rows, {2, 3, 4}))


def _apart(view: View, item: Agreement) -> list[str]:
    first, second = item.first or 0.0, item.second or 0.0
    numbers = [text.number(value, view.language, 0) for value in (first, second, first - second)]
    return [view.say(f"quality.agree.{item.pair}"), view.release.units.get(item.unit).short_name, *numbers]
