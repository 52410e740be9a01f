"""Blocks of the page Xét nghiệm: the three questions answered in words, and positivity by target group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import sampling
from analytics.sampling import Answer, GroupPositivity
from data_sources.contracts import CONTRACTS
from pages.components import blocks, cached, markup, tables, text

if TYPE_CHECKING:
    from pages.components.frame import View

STATE = {"yes": "ok", "no": "past", "unknown": "none"}

answers = cached.per_release(sampling.answers)
positivity_by_group = cached.per_release(sampling.positivity_by_group)


def questions(view: View) -> str:
    """The three questions side by side, each with its verdict and the sentence that says why."""
    told = [_question(view, answer) for answer in answers(view.release, view.selection.unit, view.selection.day)]
    return f'<div class="tc-thirds tc-gap">{markup.join(told)}</div>'


def _question(view: View, answer: Answer) -> str:
    area = "verdict_positivity" if answer.question == "positivity" else "verdict"
    kind = answer.threshold.state if answer.threshold else STATE[answer.verdict]
    badge = blocks.state(view.say(f"testing.{area}.{answer.verdict}"), kind)
    said = [view.say(f"testing.answer.{answer.question}.{answer.sentence}", **_told(view, answer))]
    for extra in ("backlog", "hours"):
        if extra in answer.values:
            said.append(view.say(f"testing.answer.results.{extra}", **_told(view, answer)))
    body = f'<p class="tc-answer">{badge} {markup.escape(" ".join(said))}</p>'
    return markup.panel(view.say(f"testing.question.{answer.question}"), "", body)


def _told(view: View, answer: Answer) -> dict[str, str]:
    """The figures of a sentence as its reader writes them."""
    told = {}
    for name, value in answer.values.items():
        if name in ("change", "cases_change"):
            told[name] = text.percent(value, view.language, 0, sign=True)
        elif name == "share":
            told[name] = text.percent(value, view.language, 1)
        else:
            told[name] = text.number(value, view.language, 1 if name == "backlog_days" else 0)
    if answer.threshold:
        told["limit"] = answer.threshold.vi if view.language == "vi" else answer.threshold.en
    return told


def groups(view: View) -> str:
    """Positivity by target group and method; "" where no source states the groups."""
    day = view.selection.day
    rows = positivity_by_group(view.release, view.selection.unit, day)
    if not rows:
        return ""
    known = [row for row in rows if row.share is not None]
    title = view.say("testing.groups.none")
    if known:
        top = max(known, key=lambda row: row.share or 0.0)
        told = {"group": _word(view, "target_group", top.group), "method": _word(view, "method", top.method)}
        title = view.say("testing.groups.title", share=text.percent(top.share, view.language, 1), **told)
    columns = ("group", "method", "results", "positives", "share", "interval", "state")
    heads = [view.say(f"testing.groups.{name}") for name in columns]
    what = view.say("testing.groups.what", place=view.place, day=text.day(day, view.language))
    return markup.panel(title, what, tables.table(heads, [_row(view, row) for row in rows], {2, 3, 4, 5}))


def _row(view: View, row: GroupPositivity) -> str:
    numbers = [text.number(value, view.language, 0) for value in (row.results, row.positives)]
    share, span = "–", view.say("testing.groups.too_few")
    state = ""
    if row.share is not None:
        share = text.percent(row.share, view.language, 1)
        low, high = (text.number(edge, view.language, 1) for edge in (row.low, row.high))
        span = f"{low}–{high}"
        word = view.say("testing.groups.within")
        if row.threshold:
            word = row.threshold.vi if view.language == "vi" else row.threshold.en
        state = blocks.state(word, row.threshold.state if row.threshold else "ok")
    cells = [_word(view, "target_group", row.group), _word(view, "method", row.method)]
    drawn = [blocks.cell(markup.escape(cell)) for cell in cells]
    drawn += [blocks.cell(markup.escape(cell), "is-figure") for cell in (*numbers, share, span)]
    return f"<tr>{markup.join(drawn)}{blocks.cell(state)}</tr>"


def _word(view: View, column: str, value: str) -> str:
    choices = CONTRACTS["tests"].column(column).choices
    choice = next(item for item in choices if item.value == value)
    return choice.vi if view.language == "vi" else choice.en
