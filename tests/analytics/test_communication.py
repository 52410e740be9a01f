"""Calls, rumours, posts and sends on one axis, and what changed after a bulletin, from rows worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.communication import (
    Comparison,
    Course,
    acted_by_topic,
    broadcasts,
    by_age,
    calls_by_topic,
    compare,
    comparisons,
    course,
    day_end,
    newest_bulletin,
    open_rumours,
    posts,
)
from analytics.release import Release, open_release
from data_sources.settings import parse
from tests.deliveries import Installation, at

DAY = date(2021, 8, 29)
BULLETINS = (date(2021, 8, 5), date(2021, 8, 12), date(2021, 8, 19))
"""A week apart: no other one lies within two days. The two days before hold 100 calls each, the two after 120."""


def calls_of(day: date) -> int:
    return 120 if any(0 < (day - bulletin).days <= 2 for bulletin in BULLETINS) else 100


def hotline_csv() -> str:
    """Thirty days of 747: a quarter of the calls about aid, nine in ten answered; nothing is told of the 24th."""
    lines = ["unit,day,topic,calls,answered"]
    for back in range(30):
        day = DAY - timedelta(days=back)
        if day != date(2021, 8, 24):
            aid = calls_of(day) // 4
            lines.append(f"747,{day},aid,{aid},{aid}")
            lines.append(f"747,{day},testing,{calls_of(day) - aid},{calls_of(day) * 9 // 10 - aid}")
    return "\n".join(lines) + "\n"


def posts_csv() -> str:
    lines = ["post_id,unit,day,kind,published_at,followers,views,shares"]
    lines += [f"B{day:%d},77,{day},bulletin,{day}T18:00:00+07:00,1000,400,5" for day in BULLETINS]
    lines.append("F27,77,2021-08-27,flash,2021-08-27T09:30:00+07:00,1000,,")
    return "\n".join(lines) + "\n"


SENDS = """message_id,unit,day,kind,audience,started_at,finished_at,units_covered,sent,delivered,failed
S1,77,2021-08-10,sms,all_subscribers,2021-08-10T08:00:00+07:00,2021-08-10T12:00:00+07:00,8,1000,900,100
S2,77,2021-08-20,sms,some_units,2021-08-20T08:00:00+07:00,,1,200,,
"""
RUMOURS = """item_id,unit,day,topic,platform,found_at,reach,status,acted_at,closed_at
T1,77,2021-08-02,vaccine,facebook,2021-08-02T08:00:00+07:00,500,answered,2021-08-02T18:00:00+07:00,
T2,77,2021-08-27,vaccine,zalo,2021-08-27T08:00:00+07:00,,new,,
T3,77,2021-08-29,figures,tiktok,2021-08-29T07:00:00+07:00,90,verified,2021-08-29T09:00:00+07:00,
T4,77,2021-08-03,vaccine,facebook,2021-08-03T08:00:00+07:00,10,closed,2021-08-05T08:00:00+07:00,2021-08-06T08:00:00+07:00
"""
FED: dict[str, Callable[[], str]] = {
    "hotline": hotline_csv,
    "channel_posts": posts_csv,
    "broadcasts": lambda: SENDS,
    "misinformation": lambda: RUMOURS,
}


def write(folder: Path) -> Path:
    """A data folder with what is above, told on the evening of the 29th."""
    named = [
        {"name": name, "dataset": name, "kind": "files", "path": f"{name}/*.csv"}
        | ({} if name == "hotline" else {"unit_level": "province"})
        for name in FED
    ]
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": named}, folder)
    installed = Installation(folder / "var", settings)
    for name, content in FED.items():
        installed.deliver((name, content(), at("2021-08-29T20:00")), name=f"{name}.csv")
    installed.build()
    return folder / "var"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("communication"))


@pytest.fixture(scope="module")
def release(data: Path) -> Iterator[Release]:
    opened = open_release(data, "leader")
    yield opened
    opened.close()


def test_calls_and_rumours_lie_on_the_same_days_and_a_silent_day_is_a_gap(release: Release) -> None:
    found = course(release, "77", date(2021, 8, 23), DAY)
    assert found.calls == (100, None, 100, 100, 100, 100, 100)
    assert found.answered == (90, None, 90, 90, 90, 90, 90)
    assert found.found == (0, 0, 0, 0, 1, 0, 1)
    assert found.open == (1, 1, 1, 1, 2, 2, 3)
    assert found.provisional[-1]


def test_calls_after_bulletins_are_a_fifth_above_those_before(release: Release) -> None:
    (bulletins,) = (row for row in comparisons(release, "77", date(2021, 8, 1), DAY) if row.lane == "bulletin")
    assert bulletins == Comparison("bulletin", 3, 0, 20.0, 0.0)


def test_fewer_than_three_days_are_not_a_pattern(release: Release) -> None:
    found = {row.lane: row for row in comparisons(release, "77", date(2021, 8, 8), DAY)}
    assert (found["bulletin"].days, found["bulletin"].calls_change_percent) == (2, None)
    # The 26th and 25th are told, the 28th is, the 29th may still grow: the flash cannot be compared.
    assert found["flash"].days == 0


def test_a_day_beside_another_one_is_counted_as_overlapping() -> None:
    days = tuple(date(2021, 8, 1) + timedelta(days=number) for number in range(8))
    calls = (10.0, 20.0, 99.0, 30.0, 40.0, 50.0, 60.0, 70.0)
    known = Course(days, calls, calls, (0.0,) * 8, (0.0,) * 8, (False,) * 8)
    found = compare(known, "bulletin", [days[2], days[3], days[4]], days)
    # (30 + 40) / (10 + 20), (40 + 50) / (20 + 99), (50 + 60) / (99 + 30): the middle one is -14.7%.
    assert found.close == 3
    assert found.calls_change_percent == pytest.approx(100 * (110 / 129 - 1))


def test_posts_and_sends_of_the_period_with_what_was_told_of_them(release: Release) -> None:
    told = posts(release, date(2021, 8, 12), DAY)
    assert [(post.kind, post.published_at.date().day, post.views) for post in told] == [
        ("bulletin", 12, 400),
        ("bulletin", 19, 400),
        ("flash", 27, None),
    ]
    whole, part = broadcasts(release, date(2021, 8, 1), DAY)
    assert whole.reach_percent == pytest.approx(90.0)
    assert part.reach_percent is None
    newest = newest_bulletin(release, date(2021, 8, 18))
    assert newest is not None
    assert newest.published_at == at("2021-08-12T18:00")
    assert newest_bulletin(release, date(2021, 8, 4)) is None


def test_open_rumours_are_those_found_and_not_closed_by_then_the_oldest_first(release: Release) -> None:
    known = open_rumours(release, DAY)
    assert [item.topic for item in known] == ["vaccine", "vaccine", "figures"]
    # 27.5 days, 60 hours and 13 hours at the time of the release, 20:00.
    assert by_age(known, day_end(release, DAY)) == (1, 1, 0, 1)
    assert [item.found_at.day for item in open_rumours(release, date(2021, 8, 5))] == [2, 3]
    assert open_rumours(release, DAY, as_of=date(2021, 8, 28)) == []


def test_hours_to_action_are_a_median_by_topic_of_what_was_acted_on_in_the_period(release: Release) -> None:
    vaccine, figures = acted_by_topic(release, date(2021, 8, 1), DAY)
    assert (vaccine.topic, vaccine.acted, vaccine.median_hours, vaccine.acted_in_time) == ("vaccine", 2, 29.0, 1)
    assert (figures.topic, figures.acted, figures.median_hours, figures.acted_in_time) == ("figures", 1, 2.0, 1)


def test_topics_of_a_week_against_the_week_before(release: Release) -> None:
    found = calls_by_topic(release, "77", DAY)
    # Six days told in the last week; in the week before, two days follow the bulletin of the 19th.
    assert [(row.topic, row.calls, row.before) for row in found] == [
        ("testing", 6 * 75, 5 * 75 + 2 * 90),
        ("aid", 6 * 25, 5 * 25 + 2 * 30),
    ]
