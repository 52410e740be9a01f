"""Sentences written from data, as the reader meets them: the headline, what needs a decision, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.indicators import INDICATORS
from analytics.sentences import Sentence
from pages.components import markup

if TYPE_CHECKING:
    from pages.components.frame import View

CSS = {"past": "is-past", "near": "is-near", "information": "is-data"}
LINES = 6
"""Sentences that fit beside the map at 1080 lines without scrolling; decisions come first, the rest opens on demand."""
LEAST_CHANGES = 2


def headline(sentences: Sequence[Sentence]) -> str:
    """The situation in at most three sentences, the first in bold."""
    told = [markup.escape(sentence.text) for sentence in sentences]
    if not told:
        return ""
    return f'<p class="tc-lead"><b>{told[0]}</b> {" ".join(told[1:])}</p>'


def decisions(view: View, open_now: Sequence[Sentence], changed: Sequence[Sentence]) -> str:
    """The panel of what needs a decision, the most urgent first, and what changed since the day before."""
    told = min(len(changed), max(LEAST_CHANGES, LINES - len(open_now)))
    shown, rest = open_now[: LINES - told], open_now[LINES - told :]
    what, listed = "", markup.empty(view.say("frame.decisions_none"), view.say("frame.decisions_none_remedy"))
    if shown:
        what = view.say("frame.decisions_what", count=len(open_now))
        listed = markup.join(_decision(view, sentence) for sentence in shown)
    if rest:
        more = markup.escape(view.say("frame.decisions_more", count=len(rest)))
        others = markup.join(_decision(view, sentence) for sentence in rest)
        listed += f'<details class="tc-more"><summary>{more}</summary>{others}</details>'
    body = f'<div class="tc-decisions">{listed}</div>'
    if told:
        items = markup.join(f"<li>{markup.escape(sentence.text)}</li>" for sentence in changed[:told])
        head = f'<h3 class="tc-changed">{markup.escape(view.say("frame.changed"))}</h3>'
        body += f'{head}<ul class="tc-changes">{items}</ul>'
    return markup.panel(view.say("frame.decisions"), what, body, css="tc-decide")


def _decision(view: View, sentence: Sentence) -> str:
    """One sentence; it leads to the figure it rests on."""
    css = f"tc-decision {CSS[sentence.severity]}"
    if sentence.indicator is None:
        return f'<div class="{css}">{markup.escape(sentence.text)}</div>'
    theme = view.say(f"indicators.theme.{INDICATORS[sentence.indicator].theme}")
    inner = f"{markup.escape(sentence.text)}<small>{markup.escape(theme)}</small>"
    unit = sentence.unit or view.selection.unit
    return markup.link(view.selection.href("rankings", indicator=sentence.indicator, unit=unit), inner, css=css)
