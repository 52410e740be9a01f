"""Blocks of the page Truyền thông và đường dây nóng: the common axis, what changed after, topics, rumours, sends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analytics import communication
from analytics.communication import AGE_BANDS_HOURS, SIDE_DAYS, Acted, Broadcast, Comparison, Rumour, Topic
from analytics.sampling import LEVEL_PERCENT
from pages.components import annotated, basis, blocks, cached, figures, markup, tables, text, theme_blocks
from pages.components import communication_timeline as timeline
from pages.components.communication_words import choice

if TYPE_CHECKING:
    import pandas as pd

    from pages.components.frame import View

DATASETS = ("hotline", "misinformation", "channel_posts", "broadcasts")
CALLS = ("hotline_calls", "hotline_answered_share", "misinformation_open")
"""Comments on these stand on the common axis."""
MOST_RUMOURS = 12
MOST_SENDS = 12

course = cached.per_release(communication.course)
posts = cached.per_release(communication.posts)
broadcasts = cached.per_release(communication.broadcasts)
comparisons = cached.per_release(communication.comparisons)
topics_of = cached.per_release(communication.calls_by_topic)
open_rumours = cached.per_release(communication.open_rumours)
acted_by_topic = cached.per_release(communication.acted_by_topic)
newest_bulletin = cached.per_release(communication.newest_bulletin)


def axis(view: View) -> str:
    """Calls, rumours, posts and broadcasts over one axis of the chosen period; what changed after a bulletin on top."""
    first, last = theme_blocks.period(view)
    known = course(view.release, view.selection.unit, first, last)
    told, sends = posts(view.release, first, last), broadcasts(view.release, first, last)
    marked = communication.lane_days(told, sends)
    found = {item.lane: item for item in comparisons(view.release, view.selection.unit, first, last)}
    title = finding(view, found.get("bulletin"))
    bands = annotated.bands(view, view.selection.unit, known.days, CALLS)
    rare = timeline.rare_lanes(known, marked)
    drawn = timeline.drawing(
        view, known, timeline.marks(view, told, sends), rare, (title, _rumours_said(view, known)), bands
    )
    drawn += annotated.listing(view, known.days, bands) + timeline.legend(view, known)
    what = [view.say("communication.association"), _overlap(view, found.get("bulletin"))]
    what.append(view.say("communication.what", place=view.place, days=text.days(first, last, view.language)))
    units = (view.say("communication.calls_measured_in"), view.say("communication.rumours_measured_in"))
    below = basis.line(view, datasets=DATASETS, measured_in=units)
    return markup.panel(title, " ".join(part for part in what if part), drawn, foot=_last_bulletin(view), below=below)


def _rumours_said(view: View, known: communication.Course) -> str:
    """How many items of misinformation were found in the period and are open at its end, as a sentence."""
    told = [value for value in known.found if value is not None]
    still = [value for value in known.open if value is not None]
    return view.say(
        "communication.rumours_alt",
        found=text.number(sum(told) if told else None, view.language),
        open=text.number(still[-1] if still else None, view.language),
    )


def finding(view: View, found: Comparison | None) -> str:
    """What changed in calls after a bulletin, in one sentence; that it is not known, and why, otherwise."""
    change = found.calls_change_percent if found else None
    if found is None or change is None:
        count = text.number(found.days if found else 0, view.language)
        return view.say("communication.finding.unknown", count=count, least=communication.LEAST_DAYS)
    key = "flat" if abs(change) < LEVEL_PERCENT else "up" if change > 0 else "down"
    return view.say(
        f"communication.finding.{key}",
        change=text.percent(abs(change), view.language, 0),
        count=text.number(found.days, view.language),
    )


def _overlap(view: View, found: Comparison | None) -> str:
    """That most bulletins follow one another within two days, where they do."""
    if found is None or found.calls_change_percent is None or 2 * found.close <= found.days:
        return ""
    return view.say("communication.overlap", close=found.close, count=found.days)


def _last_bulletin(view: View) -> str:
    newest = newest_bulletin(view.release, view.selection.day)
    if newest is None:
        return view.say("communication.no_bulletin")
    moment = communication.day_end(view.release, view.selection.day)
    return view.say(
        "communication.last_bulletin",
        time=text.moment(newest.published_at, view.language),
        age=text.duration(moment - newest.published_at, view.language),
        views=text.number(newest.views, view.language),
    )


def compared(view: View) -> str:
    """Two days after against two days before, for each kind of post and send; "" where the period has none."""
    first, last = theme_blocks.period(view)
    rows = comparisons(view.release, view.selection.unit, first, last)
    if not rows:
        return ""
    heads = [view.say(f"communication.compared.{name}") for name in ("lane", "days", "calls", "found", "close")]
    drawn = [
        [
            view.say(f"communication.lane.{row.lane}"),
            text.number(row.days, view.language),
            _or_unknown(view, text.percent(row.calls_change_percent, view.language, 0, sign=True)),
            _or_unknown(view, text.number(row.found_change, view.language, 1, sign=True)),
            text.number(row.close, view.language),
        ]
        for row in rows
    ]
    what = view.say("communication.compared.what", days=SIDE_DAYS, least=communication.LEAST_DAYS)
    foot = view.say("communication.compared.foot")
    return markup.panel(
        view.say("communication.compared.title"), what, tables.plain(heads, drawn, {1, 2, 3, 4}), foot=foot
    )


def _or_unknown(view: View, written: str) -> str:
    return view.say("communication.compared.unknown") if written == "–" else written


def topics(view: View) -> str:
    """Calls of the week by topic; "" where no topic is stated."""
    rows = topics_of(view.release, view.selection.unit, view.selection.day)
    whole = sum(row.calls or 0.0 for row in rows)
    if not whole:
        return ""
    title = view.say(
        "communication.topics.title",
        topic=choice(view, "hotline", "topic", rows[0].topic),
        share=text.percent(100 * (rows[0].calls or 0.0) / whole, view.language, 0),
    )
    heads = [view.say(f"communication.topics.{name}") for name in ("topic", "calls", "share", "before", "change")]
    day = view.selection.day
    what = view.say(
        "communication.topics.what",
        place=view.place,
        days=text.days(day - timedelta(days=communication.WEEK_DAYS - 1), day, view.language),
    )
    return markup.panel(title, what, tables.plain(heads, [_topic(view, row, whole) for row in rows], {1, 2, 3, 4}))


def _topic(view: View, row: Topic, whole: float) -> list[str]:
    change = 100 * (row.calls - row.before) / row.before if row.calls is not None and row.before else None
    return [
        choice(view, "hotline", "topic", row.topic),
        text.number(row.calls, view.language),
        text.percent(100 * (row.calls or 0.0) / whole, view.language, 0),
        text.number(row.before, view.language),
        text.percent(change, view.language, 0, sign=True),
    ]


def rumours(view: View) -> str:
    """The open items by age, and the oldest of them in a table; that there is none is said."""
    day = view.selection.day
    known, moment = open_rumours(view.release, day), communication.day_end(view.release, day)
    what = view.say("communication.open_items.what", moment=text.moment(moment, view.language))
    if not known:
        return markup.panel(view.say("communication.open_items.none"), what, "")
    title = view.say(
        "communication.open_items.title",
        count=text.number(len(known), view.language),
        age=text.duration(moment - known[0].found_at, view.language),
    )
    counts = communication.by_age(known, moment)
    names = [view.say(f"communication.age.under_{edge:.0f}") for edge in AGE_BANDS_HOURS]
    names.append(view.say("communication.age.over"))
    bars = markup.join(
        f'<span>{markup.escape(name)}</span><span class="tc-track" role="img" '
        f'aria-label="{markup.escape(name)}: {text.number(count, view.language)}">'
        f'<i style="width:{100 * count / max(counts):.0f}%"></i></span><span>{text.number(count, view.language)}</span>'
        for name, count in zip(names, counts, strict=True)
    )
    heads = [
        view.say(f"communication.open_items.{name}")
        for name in ("topic", "platform", "found", "age", "reach", "status")
    ]
    rows = [_rumour(view, item, moment - item.found_at) for item in known[:MOST_RUMOURS]]
    left = len(known) - MOST_RUMOURS
    foot = view.say("communication.open_items.left", count=text.number(left, view.language)) if left > 0 else ""
    body = f'<div class="tc-share"{figures.readable(title, (), view.language)}>{bars}</div>'
    body += tables.table(heads, rows, {3, 4})
    below = basis.line(view, datasets=("misinformation",), measured_in=(view.say("communication.rumours_measured_in"),))
    return markup.panel(title, what, body, foot=foot, below=below)


def _rumour(view: View, item: Rumour, age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    late = item.acted_at is None and hours >= AGE_BANDS_HOURS[0]
    words = choice(view, "misinformation", "status", item.status)
    status = blocks.state(words, "past" if late else "none")
    cells = [blocks.cell(markup.escape(choice(view, "misinformation", "topic", item.topic)))]
    cells.append(blocks.cell(markup.escape(choice(view, "misinformation", "platform", item.platform))))
    cells.append(blocks.cell(markup.escape(text.moment(item.found_at, view.language))))
    cells.append(blocks.cell(markup.escape(text.duration(age, view.language)), "is-figure"))
    cells.append(blocks.cell(text.number(item.reach, view.language), "is-figure"))
    return f"<tr>{markup.join([*cells, blocks.cell(status)])}</tr>"


def acted(view: View) -> str:
    """Hours from finding to the first action by topic, of the items acted on in the period; "" where none was."""
    first, last = theme_blocks.period(view)
    rows = acted_by_topic(view.release, first, last)
    if not rows:
        return ""
    count, in_time = sum(row.acted for row in rows), sum(row.acted_in_time for row in rows)
    share = text.percent(100 * in_time / count, view.language, 0)
    title = view.say("communication.acted.title", share=share, count=text.number(count, view.language))
    heads = [view.say(f"communication.acted.{name}") for name in ("topic", "count", "hours", "in_time")]
    what = view.say("communication.acted.what", days=text.days(first, last, view.language))
    return markup.panel(title, what, tables.plain(heads, [_acted(view, row) for row in rows], {1, 2, 3}))


def _acted(view: View, row: Acted) -> list[str]:
    return [
        choice(view, "misinformation", "topic", row.topic),
        text.number(row.acted, view.language),
        text.number(row.median_hours, view.language, 1),
        f"{row.acted_in_time}/{row.acted}",
    ]


def sends(view: View) -> str:
    """The calendar of sends of the period, the newest first; "" where nothing was sent."""
    first, last = theme_blocks.period(view)
    known = broadcasts(view.release, first, last)
    if not known:
        return ""
    newest = known[-1]
    title = view.say(
        "communication.sends.title",
        count=text.number(len(known), view.language),
        day=text.day(newest.started_at.date(), view.language),
    )
    heads = [
        view.say(f"communication.sends.{name}") for name in ("when", "kind", "audience", "sent", "delivered", "share")
    ]
    rows = [_send(view, item) for item in reversed(known[-MOST_SENDS:])]
    left = len(known) - MOST_SENDS
    foot = view.say("communication.sends.left", count=text.number(left, view.language)) if left > 0 else ""
    what = view.say("communication.sends.what", days=text.days(first, last, view.language))
    return markup.panel(title, what, tables.plain(heads, rows, {3, 4, 5}), foot=foot)


def _send(view: View, item: Broadcast) -> list[str]:
    return [
        text.moment(item.started_at, view.language),
        choice(view, "broadcasts", "kind", item.kind),
        choice(view, "broadcasts", "audience", item.audience),
        text.number(item.sent, view.language),
        text.number(item.delivered, view.language),
        text.percent(item.reach_percent, view.language),
    ]


def table(view: View) -> pd.DataFrame:
    """The axis as rows for a file: a day each with calls, answered, rumours, and how many posts and sends."""
    import pandas as pd

    first, last = theme_blocks.period(view)
    known = course(view.release, view.selection.unit, first, last)
    lanes = timeline.marks(view, posts(view.release, first, last), broadcasts(view.release, first, last))
    columns: dict[str, object] = {view.say("common.day"): known.days}
    for name, values in (
        ("calls", known.calls),
        ("answered", known.answered),
        ("found", known.found),
        ("open", known.open),
    ):
        columns[view.say(f"communication.{name}")] = values
    for lane in communication.LANES:
        days = [mark.begin.date() for mark in lanes if mark.lane == lane]
        columns[view.say(f"communication.lane.{lane}")] = [days.count(day) for day in known.days]
    columns[view.say("common.provisional")] = known.provisional
    return pd.DataFrame(columns)
