"""Where and who: the week's cases by place of detection, and distributions with protected counts as ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.structure import Distribution, category_name, dimension_name
from pages.components import basis, markup, tables, text
from pages.components.blocks import cell
from pages.components.figures import readable
from pages.components.markup import escape, join
from pages.components.stacked_curve import Detected, names

if TYPE_CHECKING:
    from pages.components.frame import View

WEEK = 7
ORDER = ("exposure", "occupation", "symptoms", "severity", "age_group", "sex")
"""Contact first: it is what a decision can change. A dimension this list does not know comes last."""
UNKNOWN = "unknown"


def week(view: View, data: Detected) -> str:
    """The last seven days' cases by place of detection beside the seven before."""
    told = names(view)
    now, before = _sum(data.total, 0), _sum(data.total, WEEK)
    first, last = data.days[-WEEK:][0], data.days[-1]
    sums = {name: (_sum(values, 0), _sum(values, WEEK)) for name, values in data.parts.items()}
    title = view.say("cases.week.title_none")
    if now:
        most = max(sums, key=lambda name: sums[name][0] or 0.0)
        share = text.percent(100 * (sums[most][0] or 0.0) / now, view.language, 0)
        title = view.say("cases.week.title", place_found=told[most], share=share)
    heads = [view.say(f"cases.week.{key}") for key in ("found_in", "now", "share", "before")]
    rows = [_row(view, told[name], *pair, now) for name, pair in sums.items()]
    rows.append(_row(view, view.say("cases.week.sum"), now, before, now, css=" class=is-sum"))
    what = view.say("cases.week.what", days=text.days(first, last, view.language))
    return markup.panel(title, what, tables.table(heads, rows, {1, 2, 3}))


def _sum(values: Sequence[float | None], back: int) -> float | None:
    """The sum of seven days ending `back` days before the last; None where none of them was reported."""
    end = len(values) - back
    present = [value for value in values[max(end - WEEK, 0) : max(end, 0)] if value is not None]
    return sum(present) if present else None


def _row(view: View, name: str, now: float | None, before: float | None, whole: float | None, css: str = "") -> str:
    share = 100 * now / whole if whole and now is not None else None
    cells = (
        cell(escape(name)),
        cell(text.number(now, view.language), "is-figure"),
        cell(text.percent(share, view.language, 0), "is-figure"),
        cell(text.number(before, view.language), "is-figure"),
    )
    return f"<tr{css}>{join(cells)}</tr>"


def who(view: View, found: Sequence[Distribution]) -> str:
    """Every distribution as bars: a solid part that is certain, a lighter part up to what the count may be."""
    known = sorted((one for one in found if one.categories), key=lambda one: _place(one.dimension))
    withheld = [one for one in found if one.withheld_weeks]
    if not known:
        remedy = "cases.who.empty_withheld" if withheld else "cases.who.empty_remedy"
        return markup.panel("", "", markup.empty(view.say("cases.who.empty"), view.say(remedy)), css="tc-gap")
    days = text.days(known[0].first_day, known[0].last_day, view.language)
    if known[0].exact:
        what, foot = view.say("cases.who.exact", place=view.place, days=days), []
    else:
        what = view.say("cases.who.protected", days=days)
        foot = [view.say("cases.who.only_whole")] if view.selection.unit != view.selection.whole else []
    foot += _withheld(view, sorted(withheld, key=lambda one: _place(one.dimension)))
    blocks = join(_block(view, one) for one in known)
    below = basis.line(view, datasets=("cases",), measured_in=(view.say("cases.who.measured_in"),))
    body = f'<div class="tc-dimensions">{blocks}</div>'
    return markup.panel(_title(view, known[0]), what, body, foot=" ".join(foot), css="tc-gap", below=below)


def _place(dimension: str) -> int:
    return ORDER.index(dimension) if dimension in ORDER else len(ORDER)


def _title(view: View, one: Distribution) -> str:
    """The most frequent category that says something; a plain title where only "not stated" is known."""
    stated = [item for item in one.categories if item.category != UNKNOWN and item.high > 0]
    if not stated:
        return view.say("cases.who.title_plain")
    name = category_name(one.dimension, stated[0].category, view.language)
    dimension = dimension_name(one.dimension, view.language)
    dimension = dimension if view.language == "vi" else dimension.lower()
    return view.say(
        "cases.who.title",
        dimension=dimension,
        category=name.lower(),
        count=_count(view, stated[0].low, stated[0].high, stated[0].shown),
    )


def _withheld(view: View, found: Sequence[Distribution]) -> list[str]:
    """How many weeks are left out, the dimensions with as many in one sentence."""
    by_weeks: dict[int, list[str]] = {}
    for one in found:
        by_weeks.setdefault(one.withheld_weeks, []).append(dimension_name(one.dimension, view.language))
    told = []
    for weeks, names_of in sorted(by_weeks.items()):
        key, counted = ("withheld_one", {}) if weeks == 1 else ("withheld", {"weeks": weeks})
        said = view.say(f"cases.who.{key}", **counted)
        told.append(view.say("cases.who.withheld_of", dimension=", ".join(names_of), said=said))
    return told


def _block(view: View, one: Distribution) -> str:
    longest = max((item.high for item in one.categories), default=0.0) or 1.0
    lines = []
    for item in one.categories:
        name = category_name(one.dimension, item.category, view.language)
        count = _count(view, item.low, item.high, item.shown)
        alt = escape(view.say("cases.who.bar_alt", category=name, count=count))
        spread = "" if one.exact else f'<i style="width:{100 * item.high / longest:.1f}%"></i>'
        bar = f'{spread}<u style="width:{100 * item.low / longest:.1f}%"></u>'
        track = f'<span class="tc-track" role="img" aria-label="{alt}">{bar}</span>'
        lines.append(f"<span>{escape(name)}</span>{track}<span>{escape(count)}</span>")
    heading = escape(dimension_name(one.dimension, view.language))
    read = readable(_title(view, one), (), view.language)
    return f'<div><h3>{heading}</h3><div class="tc-share"{read}>{join(lines)}</div></div>'


def _count(view: View, low: float, high: float, shown: str) -> str:
    """A count as it may be shown, its digits grouped as the reader writes them."""
    if shown.startswith("<"):
        return shown
    if low == high:
        return text.number(low, view.language)
    if "–" in shown:
        return f"{text.number(low, view.language)}–{text.number(high, view.language)}"
    return text.number(float(shown), view.language)
