"""Communication on one time axis: calls, rumours, posts and broadcasts, and what changed in calls after a bulletin."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean, median
from typing import Any, Literal

from analytics.breakdown import by_stratum
from analytics.indicators import INDICATORS
from analytics.indicators.model import DAY, formulas, of
from analytics.quality import is_provisional
from analytics.readings import knowledge
from analytics.release import TIME_ZONE, AsOf, Release
from analytics.sql import query
from data_sources.contracts.misinformation import ACTED_IN_TIME_HOURS

SIDE_DAYS = 2
"""Days compared on either side of the day of a bulletin: the day itself is partly before and partly after it."""
LEAST_DAYS = 3
"""A median of fewer days with a bulletin is one of them, not a pattern."""
WEEK_DAYS = 7
AGE_BANDS_HOURS = (24.0, 72.0, 168.0)
"""A day, in which a rumour should be acted on; three days; a week."""
TABLES = ("row_channel_posts", "row_broadcasts", "row_misinformation")

Lane = Literal["bulletin", "flash", "sms", "ringback"]
LANES: tuple[Lane, ...] = ("bulletin", "flash", "sms", "ringback")
ALL_SUBSCRIBERS = "all_subscribers"

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Post:
    """One post of the official channel."""

    kind: str
    published_at: datetime
    views: int | None
    followers: int | None
    shares: int | None


@dataclass(frozen=True)
class Broadcast:
    """One campaign; `sent`, `delivered` and `failed` count messages, or subscribers of a ring-back tone."""

    kind: str
    audience: str
    started_at: datetime
    finished_at: datetime | None
    units_covered: int | None
    sent: int | None
    delivered: int | None
    failed: int | None

    @property
    def reach_percent(self) -> float | None:
        """Delivered over sent; None where either is not told."""
        return 100 * self.delivered / self.sent if self.sent and self.delivered is not None else None


@dataclass(frozen=True)
class Course:
    """Consecutive days: calls of a unit, and the province's rumours; None is a day without a report."""

    days: tuple[date, ...]
    calls: Values
    answered: Values
    found: Values
    open: Values
    provisional: tuple[bool, ...]
    """Days about which reports of calls are still expected."""


@dataclass(frozen=True)
class Comparison:
    """Calls and rumours in the two days after a post or send against the two before; medians over the days of it.

    `days` are the days that could be compared, `close` those of them with another one in the two days before. Medians
    are None below LEAST_DAYS. An association: whatever else changed in these days is in it.
    """

    lane: Lane
    days: int
    close: int
    calls_change_percent: float | None
    found_change: float | None
    """New items a day."""


@dataclass(frozen=True)
class Topic:
    """Calls on one topic: of the last seven days and of the seven before; None where nothing was reported."""

    topic: str
    calls: float | None
    before: float | None


@dataclass(frozen=True)
class Rumour:
    """One open item of misinformation."""

    topic: str
    platform: str
    found_at: datetime
    reach: int | None
    status: str
    acted_at: datetime | None


@dataclass(frozen=True)
class Acted:
    """The items of one topic first acted on in a period: how many, median hours from finding, and how many in time."""

    topic: str
    acted: int
    median_hours: float
    acted_in_time: int


def told(release: Release) -> bool:
    """True where the release has the rows of posts, broadcasts and rumours."""
    return all(release.has_table(name) for name in TABLES)


def day_end(release: Release, day: date, as_of: AsOf = None) -> datetime:
    """The end of `day`, or the moment of knowledge where that comes first: until then ages count."""
    return min(_start(day + timedelta(days=1)), release.moment(as_of))


def course(release: Release, unit: str, first: date, last: date, as_of: AsOf = None) -> Course:
    """Calls of `unit` and the province's rumours, day by day."""
    calls = INDICATORS["hotline_calls"]
    answered = dataclasses.replace(calls, formulas=formulas((of("hotline.answered"),)))
    found = dataclasses.replace(INDICATORS["misinformation_found_7d"], window=DAY)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    province = release.province.code
    asked = ((calls, unit), (answered, unit), (found, province), (INDICATORS["misinformation_open"], province))
    known = knowledge(release, [indicator for indicator, _ in asked], as_of)
    told_calls, told_answered, told_found, told_open = (
        _values(known.evaluation.values(indicator, [code], days).value[0]) for indicator, code in asked
    )
    open_days = tuple(is_provisional(calls, day, known.moment) for day in days)
    return Course(tuple(days), told_calls, told_answered, told_found, told_open, open_days)


def posts(release: Release, first: date, last: date, as_of: AsOf = None) -> list[Post]:
    """The channel's posts of these days, the oldest first."""
    return [Post(*row) for row in _rows(release, "channel_posts", first, last, as_of)]


def broadcasts(release: Release, first: date, last: date, as_of: AsOf = None) -> list[Broadcast]:
    """The campaigns that ran on these days, the first to begin first."""
    return [Broadcast(*row) for row in _rows(release, "broadcasts", first, last, as_of)]


def newest_bulletin(release: Release, day: date, as_of: AsOf = None) -> Post | None:
    """The newest bulletin until the end of `day`; None where there was none."""
    values = {"end": day_end(release, day, as_of), "known": release.moment(as_of)}
    row = release.cursor().execute(query("newest_bulletin"), values).fetchone()
    return Post(*row) if row else None


def open_rumours(release: Release, day: date, as_of: AsOf = None) -> list[Rumour]:
    """The items found and not closed at the end of `day`, the oldest first."""
    values = {"end": day_end(release, day, as_of), "known": release.moment(as_of)}
    return [Rumour(*row) for row in release.cursor().execute(query("rumours_open"), values).fetchall()]


def acted_by_topic(release: Release, first: date, last: date, as_of: AsOf = None) -> list[Acted]:
    """The items first acted on in these days by topic, most first."""
    return [
        Acted(*row) for row in _rows(release, "rumours_acted", first, last, as_of, in_time=float(ACTED_IN_TIME_HOURS))
    ]


def by_age(rumours: Iterable[Rumour], moment: datetime) -> tuple[int, ...]:
    """How many items are younger than each of AGE_BANDS_HOURS, a band each, and how many are older."""
    counts = [0] * (len(AGE_BANDS_HOURS) + 1)
    for item in rumours:
        hours = (moment - item.found_at).total_seconds() / 3600
        counts[sum(hours >= edge for edge in AGE_BANDS_HOURS)] += 1
    return tuple(counts)


def calls_by_topic(release: Release, unit: str, day: date, as_of: AsOf = None) -> list[Topic]:
    """Calls of `unit` by topic in the week up to `day` and the week before, most first; empty where none is stated."""
    frame = by_stratum(release, "hotline_calls", "topic", unit, day - timedelta(days=2 * WEEK_DAYS - 1), day, as_of)
    rows = []
    for topic, values in frame.groupby("stratum", sort=False)["value"]:
        before, now = (part.dropna() for part in (values.iloc[:WEEK_DAYS], values.iloc[WEEK_DAYS:]))
        if len(now):
            rows.append(Topic(str(topic), float(now.sum()), float(before.sum()) if len(before) else None))
    return sorted(rows, key=lambda row: (-(row.calls or 0.0), row.topic))


def comparisons(release: Release, unit: str, first: date, last: date, as_of: AsOf = None) -> list[Comparison]:
    """What changed after bulletins, flashes, messages to all and ring-back tones of these days.

    Days on either side may lie outside the period, but not after the last day whose calls are all told.
    """
    earlier = first - timedelta(days=SIDE_DAYS)
    known = course(release, unit, earlier, last, as_of)
    marked = lane_days(posts(release, earlier, last, as_of), broadcasts(release, earlier, last, as_of))
    inside = {lane: [day for day in days if day >= first] for lane, days in marked.items()}
    return [compare(known, lane, inside[lane], marked[lane]) for lane in LANES if inside[lane]]


def lane_days(told_posts: Iterable[Post], sends: Iterable[Broadcast]) -> dict[Lane, list[date]]:
    """The days with a mark in each lane, each once; only sends to all subscribers can move the whole province."""
    found: dict[Lane, set[date]] = {lane: set() for lane in LANES}
    for post in told_posts:
        if post.kind in ("bulletin", "flash"):
            found["bulletin" if post.kind == "bulletin" else "flash"].add(_day(post.published_at))
    for send in sends:
        if send.kind in ("sms", "ringback") and send.audience == ALL_SUBSCRIBERS:
            found["sms" if send.kind == "sms" else "ringback"].add(_day(send.started_at))
    return {lane: sorted(days) for lane, days in found.items()}


def compare(known: Course, lane: Lane, days: Sequence[date], marked: Iterable[date]) -> Comparison:
    """The medians over `days` of calls (percent) and new rumours (items a day), two days after against two before."""
    every = set(marked)
    calls, found, used, close = [], [], 0, 0
    for day in days:
        sides = _sides(known, known.calls, day)
        if sides is None or not sides[0]:
            continue
        used += 1
        close += any(day - timedelta(days=back) in every for back in range(1, SIDE_DAYS + 1))
        calls.append(100 * (sides[1] - sides[0]) / sides[0])
        rumours = _sides(known, known.found, day)
        if rumours is not None:
            found.append(rumours[1] - rumours[0])
    changes = (median(part) if len(part) >= LEAST_DAYS else None for part in (calls, found))
    return Comparison(lane, used, close, *changes)


def _sides(known: Course, values: Values, day: date) -> tuple[float, float] | None:
    """The daily means before and after `day`; None where a day is missing or not all told."""
    at = (day - known.days[0]).days
    places = [range(at - SIDE_DAYS, at), range(at + 1, at + SIDE_DAYS + 1)]
    if at - SIDE_DAYS < 0 or at + SIDE_DAYS >= len(values) or known.provisional[at + SIDE_DAYS]:
        return None
    parts = [[value for place in side if (value := values[place]) is not None] for side in places]
    return (fmean(parts[0]), fmean(parts[1])) if all(len(part) == SIDE_DAYS for part in parts) else None


def _rows(release: Release, name: str, first: date, last: date, as_of: AsOf, **more: float) -> list[tuple[Any, ...]]:
    values = {"begin": _start(first), "end": day_end(release, last, as_of), "known": release.moment(as_of), **more}
    return release.cursor().execute(query(name), values).fetchall()


def _values(row: Iterable[float]) -> Values:
    return tuple(None if value != value else float(value) for value in row)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=TIME_ZONE)


def _day(moment: datetime) -> date:
    return moment.astimezone(TIME_ZONE).date()
