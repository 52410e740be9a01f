"""What stands on an axis of days: the calendar and what people wrote, for the unit in sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from analytics.annotations import calendar_stretches, marks, release_names
from analytics.release import Release, open_release
from data_sources.annotations import Annotation, Kind
from tests.pages import outbreak

FIRST, LAST = date(2021, 8, 1), date(2021, 8, 29)
WRITTEN = datetime(2021, 8, 29, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    data = tmp_path_factory.mktemp("annotated")
    outbreak.release().write(data)
    opened = open_release(data, "leader")
    yield opened
    opened.close()


def note(kind: Kind, units: tuple[str, ...], first: int, last: int | None = None, indicator: str = "") -> Annotation:
    return Annotation(
        id=7,
        kind=kind,
        first_day=date(2021, 8, first),
        last_day=None if last is None else date(2021, 8, last),
        units=units,
        vi="Lời",
        indicator=indicator,
        author="leader",
        written=WRITTEN,
    )


def words(release: Release, unit: str, written: list[Annotation], indicators: tuple[str, ...] = ()) -> list[str]:
    found = marks(release, [], written, unit, FIRST, LAST, indicators)
    return [mark.words(release, "vi") for mark in found]


def test_a_unit_sees_its_own_and_what_holds_everywhere_and_no_other_units(release: Release) -> None:
    written = [note("measure", ("77",), 3), note("event", ("752",), 5, 5), note("event", ("747",), 6, 6)]
    assert words(release, "752", written) == ["Lời", "Lời"]
    assert words(release, "747", written) == ["Lời", "Lời"]
    assert words(release, "748", written) == ["Lời"]


def test_the_whole_sees_all_and_says_of_which_units(release: Release) -> None:
    every = tuple(outbreak.NAMES)
    written = [note("event", ("752",), 5, 5), note("measure", every[:5], 6), note("measure", every, 7)]
    assert words(release, "77", written) == ["Lời · Long Điền", "Lời · 5/8 đơn vị", "Lời"]


def test_only_what_touches_the_days_is_there(release: Release) -> None:
    july = Annotation(**{**note("measure", ("77",), 1).__dict__, "first_day": date(2021, 7, 1)})
    ended = Annotation(**{**july.__dict__, "last_day": date(2021, 7, 20)})
    event = Annotation(**{**july.__dict__, "kind": "event"})
    assert words(release, "77", [july]) == ["Lời"]  # it goes on
    assert words(release, "77", [ended, event]) == []


def test_a_comment_stands_at_its_figure_and_unit_alone(release: Release) -> None:
    written = [note("comment", ("752",), 9, 9, "incidence_7d")]
    assert words(release, "752", written, ("incidence_7d",)) == ["Lời"]
    assert words(release, "752", written, ("cases_new",)) == []
    assert words(release, "77", written, ("incidence_7d",)) == []


def test_the_calendar_comes_with_it_in_order_of_days(release: Release) -> None:
    calendar = calendar_stretches(release, "77", FIRST, LAST)
    assert calendar
    found = marks(release, calendar, [note("event", ("77",), 2, 2)], "77", FIRST, LAST)
    assert [mark.kind for mark in found][:2] == ["measure", "event"]
    assert found[0].number is None
    assert list(release_names(release)) == ["77", *sorted(outbreak.NAMES)]
