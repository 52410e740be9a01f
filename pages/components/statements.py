"""Sentences written from data, as the reader meets them: the headline, what needs a decision, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from analytics.indicators import INDICATORS
from analytics.sentences import Sentence
from pages.components import markup

if TYPE_CHECKING:
    from pages.components.frame import View

CSS = {"past": "is-past", "near": "is-near", "information": "is-data"}
ROOM_PIXELS = 485.0
"""Height of the panel's body on a screen of 1080; the decisions that do not fit open on demand."""
DECISION_PIXELS, CHANGE_PIXELS = (23.0, 46.0), (21.6, 8.0)
"""A line of it, and what its edges, its theme and the gap after it take; of a decision and of a change."""
MORE_PIXELS, HEAD_PIXELS = 36.0, 39.0
"""The line that opens the other decisions, and the head of what changed."""
LETTERS_A_LINE = 40
LEAST_CHANGES = 2


def headline(view: View, sentences: Sequence[Sentence], badge: str = "") -> str:
    """The situation in at most three sentences, the first in bold, after the `badge` of its level.

    Each leads to the figure it rests on.
    """
    told = [_linked(view, sentence, markup.escape(sentence.text)) for sentence in sentences]
    if not told:
        return ""
    return f'<p class="tc-lead">{badge}<b>{told[0]}</b> {" ".join(told[1:])}</p>'


def decisions(view: View, open_now: Sequence[Sentence], changed: Sequence[Sentence]) -> str:
    """The panel of what needs a decision, the most urgent first, and what changed since the day before."""
    told = changed[:LEAST_CHANGES]
    room = ROOM_PIXELS - sum(_tall(one, *CHANGE_PIXELS) for one in told) - (HEAD_PIXELS if told else 0.0)
    count = len(open_now)
    while count and room < _all_tall(open_now[:count]) + (MORE_PIXELS if count < len(open_now) else 0.0):
        count -= 1
    shown, rest = open_now[:count], open_now[count:]
    room -= _all_tall(shown) + (MORE_PIXELS if rest else 0.0)
    for sentence in changed[LEAST_CHANGES:]:
        room -= _tall(sentence, *CHANGE_PIXELS)
        if room < 0:
            break
        told = [*told, sentence]
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
        items = markup.join(f"<li>{_linked(view, sentence, markup.escape(sentence.text))}</li>" for sentence in told)
        head = f'<h3 class="tc-changed">{markup.escape(view.say("frame.changed"))}</h3>'
        body += f'{head}<ul class="tc-changes">{items}</ul>'
    return markup.panel(view.say("frame.decisions"), what, body, css="tc-decide")


def _all_tall(sentences: Sequence[Sentence]) -> float:
    return sum(_tall(one, *DECISION_PIXELS) for one in sentences)


def _tall(sentence: Sentence, line: float, edges: float) -> float:
    """Pixels a sentence takes in the panel, its words not broken."""
    return len(wrap(sentence.text, LETTERS_A_LINE)) * line + edges


def _decision(view: View, sentence: Sentence) -> str:
    """One sentence; it leads to the figure it rests on."""
    css = f"tc-decision {CSS[sentence.severity]}"
    if sentence.indicator is None:
        return f'<div class="{css}">{markup.escape(sentence.text)}</div>'
    theme = view.say(f"indicators.theme.{INDICATORS[sentence.indicator].theme}")
    inner = f"{markup.escape(sentence.text)}<small>{markup.escape(theme)}</small>"
    return _linked(view, sentence, inner, css=css)


def _linked(view: View, sentence: Sentence, inner: str, css: str = "") -> str:
    """What a sentence says as a link to its figure among the other units; unlinked where it rests on none."""
    if sentence.indicator is None:
        return inner
    unit = sentence.unit or view.selection.unit
    indicator = INDICATORS[sentence.indicator].ranked_by
    return markup.link(view.selection.href("rankings", indicator=indicator, unit=unit), inner, css=css)
