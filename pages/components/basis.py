"""The last line of a panel with a drawing: what it is measured in, where its figures come from, and as of when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.indicators import INDICATORS
from analytics.sources import datasets_of
from data_sources.contracts import CONTRACTS
from pages.components import annotated, header, text
from pages.components.markup import escape, join, link

if TYPE_CHECKING:
    from pages.components.frame import View

MOST_SOURCES = 3
"""Sources named in the line; all of them stand under the pointer."""


def line(
    view: View,
    indicators: Sequence[str] = (),
    *,
    datasets: Sequence[str] = (),
    measured_in: Sequence[str] = (),
    unit: str | None = None,
    css: str = "",
) -> str:
    """The line for a drawing of `indicators`, or of `datasets` in units named by the caller.

    Those who may write get a link that pins a comment to the first indicator, `unit` and the chosen day.
    """
    told = [INDICATORS[name].measured_in(view.language) for name in indicators] + list(measured_in)
    asked = dict.fromkeys([*(name for item in indicators for name in datasets_of(item)), *datasets])
    named = sources(view, tuple(asked))
    few = ", ".join(named[:MOST_SOURCES])
    if len(named) > MOST_SOURCES:
        few = view.say("annotations.basis.more", sources=few, count=len(named) - MOST_SOURCES)
    units = view.say("annotations.basis.units", units=", ".join(dict.fromkeys(one for one in told if one)))
    origin = view.say("annotations.basis.sources", sources=few)
    at = view.release.as_of
    time = text.clock(at, view.language) if at.date() == view.selection.day else text.moment(at, view.language)
    as_of = view.say("annotations.basis.as_of", time=time)
    parts = [
        f'<span class="is-units">{escape(units)}</span>',
        f'<span class="is-source" title="{escape(", ".join(named))}">{escape(origin)}</span>',
        f'<span class="is-as-of">{escape(as_of)}</span>',
    ]
    if indicators:
        address, label = annotated.pin(view, indicators[0], unit or view.selection.unit, view.selection.day)
        parts += [link(address, escape(view.say("annotations.pin")), label=label)] if address else []
    return f'<p class="tc-basis {escape(css)}">{join(parts)}</p>'


def sources(view: View, datasets: Sequence[str]) -> list[str]:
    """The names of the sources of `datasets`; of the datasets themselves where the release does not say its sources."""
    found = [one.title or one.source for one in header.sources(view.release) if one.dataset in datasets]
    if not found:
        reported = {name for name, _ in view.release.reports.days}
        known = [CONTRACTS[name] for name in datasets if name in reported] or [CONTRACTS[name] for name in datasets]
        found = [one.vi if view.language == "vi" else one.en for one in known]
    return list(dict.fromkeys(found)) or [view.say("annotations.basis.none")]
