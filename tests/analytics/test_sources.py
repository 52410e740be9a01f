"""What a release says of its sources, and the calendar of measures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from analytics.policy_calendar import periods
from analytics.release import Release
from analytics.sources import completeness, held_batches, source_statuses
from data_sources.messages import Message
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]


def status(name: str, issued: str | None, every: int) -> tuple[object, ...]:
    when = None if issued is None else at(issued)
    return (name, name.title(), "tests", "http", when, date(2021, 8, 29), 100, 90, 10, None, None, every)


def made() -> SmallRelease:
    small = SmallRelease().unit("747").unit("752")
    small.insert("source_status", status("lab", "2021-08-29 17:00", 900), status("book", "2021-08-29 17:40", 900))
    small.insert("source_status", status("new", None, 900))
    small.insert(
        "set_aside_reason", ("lab", "day_unreadable", 3), ("lab", "unit_unknown", 7), ("lab", "flag:negative", 2)
    )
    small.insert("held_batch", ("lab", "a.csv", at("2021-08-28 10:00"), 10, "a third fewer rows"))
    small.insert("held_batch", ("lab", "b.csv", at("2021-08-29 10:00"), 0, "no rows"))
    small.insert(
        "completeness", ("tests", "positives", 80, 100), ("tests", "method", 100, 100), ("cases", "onset", 0, 0)
    )
    small.insert("format_note", ("lab", "windows-1258"))
    return small


def test_ages_reasons_and_notes_of_each_source(opened: Opened) -> None:
    release = opened(made())
    lab, book, new = source_statuses(release)
    assert (lab.source, lab.title, lab.age_hours, lab.freshness) == ("lab", "Lab", 1.0, "fresh")
    assert lab.late_after_seconds == 26 * 3600
    assert (book.freshness, new.freshness, new.age_hours) == ("fresh", "never", None)

    assert list(lab.reasons.items()) == [("unit_unknown", 7), ("day_unreadable", 3)]
    assert (lab.flags, lab.notes) == ({"negative": 2}, (Message("windows-1258"),))
    later = source_statuses(release, release.as_of + timedelta(hours=25, minutes=30))
    assert [item.freshness for item in later] == ["late", "fresh", "never"]
    assert later[0].age_hours == 26.5


def test_held_deliveries_and_completeness(opened: Opened) -> None:
    release = opened(made())
    assert [(item.delivery, item.rows) for item in held_batches(release)] == [("b.csv", 0), ("a.csv", 10)]
    found = {(item.dataset, item.field): item.share for item in completeness(release)}
    assert found == {("cases", "onset"): None, ("tests", "positives"): 80.0, ("tests", "method"): 100.0}


def test_measures_in_force_between_two_days(opened: Opened) -> None:
    small = SmallRelease().unit("747").unit("752")
    small.insert(
        "calendar",
        ("747", "directive_16", date(2021, 7, 14), date(2021, 9, 22), "Chỉ thị 16", "Directive 16", "8404/UBND-VP"),
        ("752", "directive_15", date(2021, 10, 1), None, "Chỉ thị 15", "Directive 15", "x"),
    )
    release = opened(small)
    assert [item.unit for item in periods(release)] == ["747", "752"]
    assert [item.unit for item in periods(release, first_day=date(2021, 9, 23))] == ["752"]
    assert [item.unit for item in periods(release, ["747", "752"], date(2021, 9, 22), date(2021, 9, 30))] == ["747"]
    assert periods(release, ["752"], last_day=date(2021, 9, 30)) == []
