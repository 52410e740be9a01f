"""Calls, rumours, posts and broadcasts over one axis of days, one beneath the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from analytics.communication import LANES, Broadcast, Course, Lane, Post
from analytics.release import TIME_ZONE
from pages.components import communication_words, day_marks, figures, text
from pages.components.day_marks import Band
from pages.components.markup import escape, join

if TYPE_CHECKING:
    from pages.components.frame import View

RARE_SHARE = 0.25
"""A lane with marks on over a quarter of the days has no lines through the drawings above: they would be a grid."""
LANE_TALL = 10.0
HIT_DAYS = 0.5
"""Half a day on either side of a mark tells its words: a mark of 3 px is hard to point at."""
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Mark:
    """One post or campaign on the axis: when it began, until when it ran, and its words."""

    lane: Lane
    begin: datetime
    end: datetime | None
    words: str


def marks(view: View, posts: Iterable[Post], sends: Iterable[Broadcast]) -> list[Mark]:
    """What stands in the lanes: bulletins, flashes, messages to all, and ring-back tones with their length."""
    found = []
    for post in posts:
        if post.kind in ("bulletin", "flash"):
            lane: Lane = "bulletin" if post.kind == "bulletin" else "flash"
            found.append(Mark(lane, post.published_at, None, communication_words.post(view, post)))
    for send in sends:
        if send.kind in ("sms", "ringback"):
            lane = "sms" if send.kind == "sms" else "ringback"
            end = send.finished_at if lane == "ringback" else None
            found.append(Mark(lane, send.started_at, end, communication_words.send(view, send)))
    return found


def drawing(
    view: View, known: Course, told: Sequence[Mark], rare: Iterable[Lane], alts: tuple[str, str], bands: Sequence[Band]
) -> str:
    """The drawing: calls in columns, rumours beneath, then a lane for each kind of post and campaign.

    `rare` are the lanes whose marks go as lines through the drawings; `alts` what calls and rumours say; `bands` the
    measures, events and comments of these days.
    """
    through = set(rare)
    guides = join(
        f'<line class="tc-guide" x1="{x:.2f}" x2="{x:.2f}" y1="0" y2="{figures.TALL}"/>'
        for mark in told
        if mark.lane in through and _day_of(mark) >= known.days[0] and (x := _place(known, mark.begin)) >= 0
    )
    calls = f"<h3>{escape(view.say('communication.calls'))}</h3>"
    rumours = f"<h3>{escape(view.say('communication.rumours'))}</h3>"
    lanes = join(_lane(view, known, lane, [mark for mark in told if mark.lane == lane]) for lane in LANES)
    return (
        f'<div class="tc-shared">{calls}<div>{_calls(view, known, guides, alts[0], bands)}</div>'
        f'{rumours}<div class="is-low">{_rumours(view, known, guides, alts[1])}</div>'
        f'<div class="tc-lanes">{lanes}</div><div class="tc-lane-x">{_days(view, known)}</div></div>'
    )


def rare_lanes(known: Course, days: Mapping[Lane, Sequence[object]]) -> list[Lane]:
    """The lanes with marks on few of the days."""
    return [lane for lane in LANES if 0 < len(days[lane]) <= RARE_SHARE * len(known.days)]


def legend(view: View, known: Course) -> str:
    """The parts of the columns and the line with their names."""
    keys = [('<rect class="tc-part-2" width="18" height="12"/>', "answered")]
    keys.append(('<rect class="tc-part-4" width="18" height="12"/>', "not_answered"))
    if any(call is not None and known.answered[place] is None for place, call in enumerate(known.calls)):
        keys.append(('<rect class="tc-part-5" width="18" height="12"/>', "answer_unknown"))
    keys.append(('<rect class="tc-part-3" width="18" height="12"/>', "found"))
    keys.append(('<line class="tc-mean" x1="0" x2="18" y1="6" y2="6"/>', "open"))
    drawn = join(
        f'<span><svg viewBox="0 0 18 12" aria-hidden="true">{shape}</svg>'
        f"{escape(view.say(f'communication.{name}'))}</span>"
        for shape, name in keys
    )
    return f'<div class="tc-legend">{drawn}</div>'


def _calls(view: View, known: Course, guides: str, alt: str, bands: Sequence[Band]) -> str:
    ticks = figures.nice_ticks(max((value for value in known.calls if value is not None), default=0.0))
    top = ticks[-1] * figures.HEADROOM
    drawn = []
    for place, calls in enumerate(known.calls):
        answered = known.answered[place]
        if calls is None:
            drawn.append(_missing(place))
        elif answered is None:
            drawn.append(_bar(place, 0.0, calls, top, "tc-part-5", open_day=known.provisional[place]))
        else:
            drawn.append(_bar(place, 0.0, answered, top, "tc-part-2", open_day=known.provisional[place]))
            drawn.append(_bar(place, answered, calls - answered, top, "tc-part-4", open_day=known.provisional[place]))
    said = [
        " · ".join((communication_words.day_of_calls(view, known, place), *day_marks.on_day(bands, day, view.language)))
        for place, day in enumerate(known.days)
    ]
    shaded, marked = day_marks.drawn(known.days, bands, figures.TALL)
    body = join((shaded, figures.grid(ticks, top, len(known.days)), join(drawn), guides))
    return figures.chart(known.days, ticks, top, body, marked, view.language, alt, said=said)


def _rumours(view: View, known: Course, guides: str, alt: str) -> str:
    ticks = figures.nice_ticks(max((v for v in (*known.found, *known.open) if v is not None), default=0.0), 2)
    ticks = [tick for tick in ticks if tick == int(tick)]
    top = ticks[-1] * figures.HEADROOM
    drawn = [
        _missing(place) if found is None else _bar(place, 0.0, found, top, "tc-part-3")
        for place, found in enumerate(known.found)
    ]
    said = [communication_words.day_of_rumours(view, known, place) for place in range(len(known.days))]

    def y(value: float) -> float:
        return figures.TALL - value / top * figures.TALL

    line = join(figures.strokes(known.open, [False] * len(known.days), lambda place: place + 0.5, y, "tc-mean"))
    body = join((figures.grid(ticks, top, len(known.days)), join(drawn), guides, line))
    return figures.chart(known.days, ticks, top, body, "", view.language, alt, said=said)


def _lane(view: View, known: Course, lane: Lane, told: Sequence[Mark]) -> str:
    drawn = []
    for mark in told:
        x, words = _place(known, mark.begin), f"<title>{escape(mark.words)}</title>"
        if mark.end is not None:
            wide = max(_place(known, mark.end) - x, HIT_DAYS)
            drawn.append(
                f'<rect class="tc-span" x="{x:.2f}" width="{wide:.2f}" y="1" height="{LANE_TALL - 2}">{words}</rect>'
            )
        if _day_of(mark) >= known.days[0]:
            drawn.append(f'<line class="tc-tick" x1="{x:.2f}" x2="{x:.2f}" y1="0" y2="{LANE_TALL}"/>')
        if mark.end is None:
            drawn.append(
                f'<rect class="tc-hit" x="{x - HIT_DAYS:.2f}" width="{2 * HIT_DAYS}" y="0" height="{LANE_TALL}">'
                f"{words}</rect>"
            )
    name = view.say(f"communication.lane.{lane}")
    alt = view.say("communication.lane_alt", name=name, count=text.number(len(told), view.language))
    # An empty lane has nothing to go through: it says so, and is no stop for the keyboard.
    read = figures.readable(alt, (), view.language) if drawn else f' role="img" aria-label="{escape(alt)}"'
    return (
        f'<div class="tc-lane"{read}><span>{escape(name)}</span>'
        f'<svg viewBox="0 0 {len(known.days)} {LANE_TALL:.0f}" preserveAspectRatio="none">{join(drawn)}</svg></div>'
    )


def _days(view: View, known: Course) -> str:
    """The days under the lanes: a chart without a plot."""
    return figures.chart(known.days, [], 1.0, "", "", view.language, "")


def _day_of(mark: Mark) -> date:
    return mark.begin.astimezone(TIME_ZONE).date()


def _place(known: Course, moment: datetime) -> float:
    """Where a time lies on the axis, in days from its left end; what began earlier begins there."""
    start = datetime.combine(known.days[0], time.min, tzinfo=TIME_ZONE)
    return max((moment - start).total_seconds() / SECONDS_A_DAY, 0.0)


def _bar(place: int, below: float, value: float, top: float, css: str, *, open_day: bool = False) -> str:
    if value <= 0:
        return ""
    tall, base = value / top * figures.TALL, figures.TALL - below / top * figures.TALL
    marked = " is-open" if open_day else ""
    size = f'x="{place + 0.1:.1f}" width="0.8" y="{base - tall:.2f}" height="{tall:.2f}"'
    return f'<rect class="tc-stackbar {css}{marked}" {size}/>'


def _missing(place: int) -> str:
    return f'<rect class="tc-missing" x="{place + 0.1:.1f}" width="0.8" y="0" height="{figures.TALL}"/>'
