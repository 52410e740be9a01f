"""Contacts not seen for three days, against a count person by person, now and as it was known earlier."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analytics.readings import read
from analytics.release import Release, open_release
from tests.deliveries import Installation, at, settings_of

FIRST, LAST = date(2021, 8, 1), date(2021, 8, 29)
UNITS = ("747", "748")
SOURCE = {
    "name": "contacts", "dataset": "contacts", "kind": "files", "path": "contacts/*.csv", "issued_column": "sent",
    "complete": False,
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One version of one contact."""

    unit: str
    named: date
    status: str
    ended: date | None
    seen: date | None
    sent: datetime


def histories() -> dict[str, list[Told]]:
    """Visits at odd distances, some reported days later, until the follow-up of two weeks ends; not all are ended."""
    rng = random.Random(3)
    found: dict[str, list[Told]] = {}
    for number in range(150):
        unit, named = rng.choice(UNITS), FIRST + timedelta(days=rng.randrange(16))
        versions = [Told(unit, named, "under_follow_up", None, None, evening(named))]
        seen, day = None, named
        while (day := day + timedelta(days=rng.choice((1, 2, 3, 4, 5, 7)))) <= named + timedelta(days=12):
            seen = day
            sent = max(evening(day + timedelta(days=rng.choice((0, 0, 2)))), versions[-1].sent + timedelta(hours=1))
            versions.append(Told(unit, named, "under_follow_up", None, seen, sent))
        ended = named + timedelta(days=14)
        if rng.random() < 0.8:
            status = rng.choice(("completed", "lost", "became_case"))
            last = ended if status == "completed" else seen
            versions.append(Told(unit, named, status, ended, last, evening(ended) + timedelta(hours=3)))
        found[f"TX-{number:03d}"] = [told for told in versions if told.sent.date() <= LAST]
    found["TX-900"] = [Told("747", LAST, "under_follow_up", None, LAST, evening(LAST))]
    found["TX-901"] = [Told("748", FIRST, "completed", None, FIRST, evening(FIRST))]
    return found


def evening(day: date) -> datetime:
    return at(f"{day} 18:00")


def expected(people: dict[str, list[Told]], unit: str, day: date, known: date) -> int:
    """Person by person: followed up at the end of `day`, and last seen by then more than three days before."""
    count = 0
    for versions in people.values():
        told = [version for version in versions if version.sent.date() <= known]
        if not told or told[-1].unit != unit or told[-1].named > day:
            continue
        last = told[-1]
        ended = last.ended or (last.named if last.status != "under_follow_up" else None)
        visits = [version.seen for version in told if version.seen is not None and version.seen <= day]
        count += bool(visits) and (ended is None or ended > day) and (day - max(visits)).days > 3
    return count


@pytest.fixture(scope="module")
def people() -> dict[str, list[Told]]:
    return histories()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, people: dict[str, list[Told]]) -> Iterator[Release]:
    folder: Path = tmp_path_factory.mktemp("unseen")
    made = Installation(folder / "var", settings_of(folder, SOURCE))
    lines = ["contact_code,unit,day,follow_up_status,ended_on,last_seen_day,sent"]
    for code, versions in people.items():
        for told in versions:
            days = ",".join(str(day) if day else "" for day in (told.ended, told.seen))
            lines.append(f"{code},{told.unit},{told.named},{told.status},{days},{told.sent.isoformat()}")
    made.deliver(("contacts", "\n".join(lines) + "\n", at("2021-08-29 19:00")), name="contacts.csv")
    made.build()
    opened = open_release(made.data, "leader")
    yield opened
    opened.close()


@pytest.mark.parametrize("unit", UNITS)
def test_who_is_out_of_sight_now_is_counted_person_by_person(
    release: Release, people: dict[str, list[Told]], unit: str
) -> None:
    assert release.last_day == LAST
    for back in range(22):
        day = LAST - timedelta(days=back)
        reading = read(release, ["contacts_unseen_3d"], [unit], day)["contacts_unseen_3d", unit]
        assert reading.value == expected(people, unit, day, LAST), day
    assert expected(people, unit, LAST, LAST) > 0


@pytest.mark.parametrize("unit", UNITS)
def test_and_as_it_was_known_on_an_earlier_evening(release: Release, people: dict[str, list[Told]], unit: str) -> None:
    later = []
    for back in range(5, 20):
        day = LAST - timedelta(days=back)
        reading = read(release, ["contacts_unseen_3d"], [unit], day, as_of=day)["contacts_unseen_3d", unit]
        assert reading.value == expected(people, unit, day, day), day
        later.append(expected(people, unit, day, day) - expected(people, unit, day, LAST))
    assert max(later) > 0, "some had been seen, which was not reported yet"


def test_the_share_is_of_those_followed_up(release: Release, people: dict[str, list[Told]]) -> None:
    open_still = sum(
        versions[-1].unit == "747" and (versions[-1].ended is None or versions[-1].ended > LAST)
        for versions in people.values()
    )
    reading = read(release, ["contacts_unseen_share"], ["747"], LAST)["contacts_unseen_share", "747"]
    assert reading.value == pytest.approx(100 * expected(people, "747", LAST, LAST) / open_still)
