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
ROOM_LINES = 23.0
"""Lines that fit beside the map on a screen of 1080 without scrolling; the decisions that do not open on demand."""
LETTERS_A_LINE = 36
EDGE_LINES = 1.9
"""What a decision's edges, its theme and the gap after it take."""
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
    room = ROOM_LINES - sum(_lines(sentence) + 0.4 for sentence in told) - 1.6 * bool(told)
    shown: list[Sentence] = []
    for sentence in open_now:
        room -= _lines(sentence) + EDGE_LINES
        if room < 0:
            break
        shown.append(sentence)
    rest = open_now[len(shown) :]
    for sentence in changed[LEAST_CHANGES:]:
        room -= _lines(sentence) + 0.4
        if room >= 0:
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


def _lines(sentence: Sentence) -> int:
    """Lines a sentence takes in the panel."""
    return -(-len(sentence.text) // LETTERS_A_LINE)


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
