"""Words of the page Truyền thông: posts, campaigns, days and choices of the contracts in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.communication import Broadcast, Course, Post
from data_sources.contracts import CONTRACTS
from pages.components import text

if TYPE_CHECKING:
    from pages.components.frame import View


def choice(view: View, dataset: str, column: str, value: str | None) -> str:
    """What a contract calls one of its choices; a dash where none is stated."""
    for item in CONTRACTS[dataset].column(column).choices:
        if item.value == value:
            return item.vi if view.language == "vi" else item.en
    return "–"


def post(view: View, told: Post) -> str:
    """A post in words: its kind, when, and how many views."""
    return view.say(
        "communication.post",
        kind=choice(view, "channel_posts", "kind", told.kind),
        time=text.moment(told.published_at, view.language),
        views=text.number(told.views, view.language),
    )


def send(view: View, told: Broadcast) -> str:
    """A campaign in words: its kind and audience, when, and how many were reached."""
    return view.say(
        "communication.send",
        kind=choice(view, "broadcasts", "kind", told.kind),
        audience=choice(view, "broadcasts", "audience", told.audience),
        time=text.moment(told.started_at, view.language),
        delivered=text.number(told.delivered, view.language),
        share=text.percent(told.reach_percent, view.language),
    )


def day_of_calls(view: View, known: Course, place: int) -> str:
    """What stands under the pointer on a day of calls."""
    day, calls = text.day(known.days[place], view.language), known.calls[place]
    if calls is None:
        return view.say("communication.no_report", day=day)
    answered = known.answered[place]
    share = text.percent(100 * answered / calls if answered is not None and calls else None, view.language, 0)
    said = view.say("communication.day_calls", day=day, calls=text.number(calls, view.language), share=share)
    return f"{said} · {view.say('common.provisional')}" if known.provisional[place] else said


def day_of_rumours(view: View, known: Course, place: int) -> str:
    """What stands under the pointer on a day of rumours."""
    told = {name: text.number(values[place], view.language) for name, values in _rumours(known).items()}
    return view.say("communication.day_rumours", day=text.day(known.days[place], view.language), **told)


def _rumours(known: Course) -> dict[str, tuple[float | None, ...]]:
    return {"found": known.found, "open": known.open}
