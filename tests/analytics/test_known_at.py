"""A release read as of a moment: what occurs at all, how far it reaches, what its own time is, and many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from analytics.duty import duties
from analytics.figures_of_day import figures_of_day
from analytics.policy_calendar import periods
from analytics.release import Release, moment
from analytics.sources import source_statuses
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
DAY = date(2021, 8, 20)


def made() -> SmallRelease:
    release = SmallRelease(as_of=at("2021-08-29 18:00"))
    for unit in ("752", "753"):
        release.unit(unit, population=9_000)
    release.observe("case_counts.cases", "752", date(2021, 8, 10), [4.0] * 20)
    release.observe("tests.positives", "753", date(2021, 8, 12), [2.0] * 3)
    return release


def withdrawn() -> SmallRelease:
    """The same with the positives of one unit taken back."""
    back = at("2021-08-18 09:00")
    return made().observe("tests.positives", "753", date(2021, 8, 12), [None] * 3, issued=back, withdrawn=True)


def test_what_was_withdrawn_by_then_does_not_occur_and_what_was_withdrawn_later_does(opened: Opened) -> None:
    whole = opened(withdrawn())
    before, after = whole.known_at(date(2021, 8, 17)), whole.known_at(DAY)
    assert ("tests.positives", "") in before.evaluation.cube.shape.parts
    assert before.evaluation.cube.shape.units_of["tests.positives"] == {"753"}
    assert ("tests.positives", "") not in after.evaluation.cube.shape.parts
    assert ("tests.positives", "") not in whole.evaluation.cube.shape.parts
    again = withdrawn()
    again.as_of = at("2021-08-29 19:00")
    again.observe("tests.positives", "753", date(2021, 8, 12), [7.0], issued=at("2021-08-19 09:00"))
    told = opened(again).known_at(DAY)
    assert ("tests.positives", "") in told.evaluation.cube.shape.parts


def test_its_time_is_the_newest_issue_and_its_last_day_the_last_one_told(opened: Opened) -> None:
    release = made()
    release.observe("contacts.named", "752", date(2021, 8, 26), [1.0], issued=at("2021-08-19 09:00"))
    release.observe("population.residents", "752", date(2019, 4, 1), [9_000.0])
    known = opened(release).known_at(DAY)
    assert (known.as_of, known.known, known.built) == (at("2021-08-20 17:00"), moment(DAY), at("2021-08-29 18:00"))
    assert (known.first_day, known.last_day, known.units.day) == (date(2021, 8, 10), DAY, DAY)
    assert known.id == known.known_at(date(2021, 9, 30)).id
    assert known.known_at(date(2021, 9, 30)) is known


def test_a_moment_after_the_newest_issue_is_the_release_itself(opened: Opened) -> None:
    release = opened(made())
    assert release.known_at(date(2021, 8, 30)) is release
    assert release.known is None
    assert release.built == release.as_of


def test_a_report_that_falls_due_is_no_issue_where_nobody_keeps_the_register(opened: Opened) -> None:
    due = made()
    due.observe("submissions.due", "752", DAY, [1.0], issued=at("2021-08-21 02:00"))
    assert opened(due).known_at(at("2021-08-21 03:00")).as_of == at("2021-08-20 17:00")
    kept = made()
    kept.observe("submissions.due", "752", DAY, [1.0], issued=at("2021-08-21 02:00"))
    noon = at("2021-08-29 17:00")
    row = ("duty", "Sổ theo dõi", "submissions", "files", noon, DAY, 9, 9, 0, None, None, 900)
    kept.as_of = at("2021-08-29 19:00")
    kept.insert("source_status", row)
    release = opened(kept)
    known = release.known_at(at("2021-08-21 03:00"))
    assert known.as_of == at("2021-08-21 02:00")
    # The sources stand as they stood when the release was built, and their ages with them.
    assert source_statuses(known) == source_statuses(release)
    assert duties(known, DAY, DAY) == []


def test_measures_that_began_later_are_not_known_nor_ends_that_came_later(opened: Opened) -> None:
    release = made()
    release.insert("calendar", ("77", "directive_16", date(2021, 7, 19), date(2021, 8, 25), "Chỉ thị 16", "16", "x"))
    release.insert("calendar", ("77", "directive_15", date(2021, 8, 26), None, "Chỉ thị 15", "15", "x"))
    whole = opened(release)
    assert [(one.measure, one.last_day) for one in periods(whole)] == [
        ("directive_16", date(2021, 8, 25)),
        ("directive_15", None),
    ]
    assert [(one.measure, one.last_day) for one in periods(whole.known_at(DAY))] == [("directive_16", None)]


def test_many_may_ask_one_past_moment_at_once(province: Release) -> None:
    alone = figures_of_day(province.known_at(DAY), DAY)
    shared = province.known_at(DAY)
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: figures_of_day(shared, DAY), range(4)))
    assert all(answer == alone for answer in answers)
