"""The figures of a past moment are the same bytes from the release built then and from one built a year later.

The deliveries go through the whole ingest: later days, corrections and withdrawals of old days, new units, strata and
systems, a person who moved, rows that are set aside.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.briefing.since import since
from analytics.briefing.since_words import sentences
from analytics.figures_of_day import figures_of_day
from analytics.indicators import INDICATORS
from analytics.ranking import rank
from analytics.release import Release, moment, open_release
from analytics.sentences import changes, decisions, headline
from analytics.submissions import submissions
from data_sources.settings import Settings
from tests.deliveries import Installation, at, settings_of

FIRST, THEN = date(2021, 7, 19), date(2021, 8, 8)
UNITS = ("747", "748", "750", "752")
NEW_UNIT = "755"
SOURCES = (
    ("counts", "case_counts"),
    ("list", "cases"),
    ("labs", "tests"),
    ("doses", "vaccination"),
    ("centres", "quarantine_sites"),
    ("wards", "treatment"),
    ("lines", "hotline"),
    ("platforms", "rollout"),
)
Delivered = tuple[str, str, datetime]


def settings(folder: Path) -> Settings:
    return settings_of(
        folder,
        *(
            {"name": name, "dataset": dataset, "kind": "files", "path": f"{name}/*.csv", "complete": False}
            for name, dataset in SOURCES
        ),
    )


def table(head: str, rows: list[tuple[object, ...]]) -> str:
    return "\n".join([head, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]) + "\n"


def span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def told(first: date, last: date, units: tuple[str, ...], issued: datetime, seed: int) -> Iterator[Delivered]:
    """What the systems say of these days; another seed says something else of the same days."""
    draw = random.Random(seed)
    days = [(unit, day) for day in span(first, last) for unit in units]
    detections = ("community", "quarantine") if seed < 50 else ("community", "quarantine", "arrival")
    rows: list[tuple[object, ...]] = [
        (unit, day, place, draw.randrange(12), draw.choice((0, 0, 1))) for unit, day in days for place in detections
    ]
    yield "counts", table("unit,day,detection,cases,deaths", rows), issued
    rows = [
        (
            f"BRVT-{unit}{day:%m%d}{number}",
            unit,
            day,
            "F0" if number < 2 else "F1",
            "community",
            draw.choice(("Ho", None)),
        )
        for unit, day in days
        for number in range(draw.randrange(4))
    ]
    yield "list", table("case_code,unit,day,f_class,detection,symptoms", rows), issued
    rows = [
        (unit, day, method, "F1", 90, 80 + draw.randrange(9), draw.randrange(5))
        for unit, day in days
        for method in ("pcr", "rapid")
    ]
    yield "labs", table("unit,day,method,target_group,samples,results_returned,positives", rows), issued
    ages = ("18-49", "65+") if seed < 50 else ("12-17", "18-49", "65+")
    rows = [(unit, day, age, 400 + draw.randrange(90), 380, draw.randrange(300)) for unit, day in days for age in ages]
    yield "doses", table("unit,day,age_group,doses_given,doses_entered,people_first", rows), issued
    rows = [
        (unit, day, site, 60, 20 + draw.randrange(9), draw.randrange(5), 2) for unit, day in days for site in ("A", "B")
    ]
    yield "centres", table("unit,day,site,capacity,present,arrived,left", rows), issued
    rows = [(unit, day, 90, 30 + draw.randrange(9), draw.randrange(4)) for unit, day in days]
    yield "wards", table("unit,day,beds,in_treatment,severe", rows), issued


def until_then() -> list[Delivered]:
    """Three weeks: what came each week, a correction, and a row that no unit is known by."""
    weeks = [(FIRST + timedelta(days=7 * number), FIRST + timedelta(days=7 * number + 6)) for number in range(3)]
    found = [one for number, week in enumerate(weeks) for one in told(*week, UNITS, at(f"{week[1]}T18:00"), number)]
    corrected = told(date(2021, 7, 28), date(2021, 7, 30), UNITS[:2], at("2021-08-06T09:30"), 7)
    lost = ("counts", "unit,day,detection,cases,deaths\nNowhere,2021-08-01,community,3,0\n", at("2021-08-07T08:00"))
    return [*found, *corrected, lost]


def afterwards() -> list[Delivered]:
    """The year after: later days, corrections of old ones, a unit, strata and systems nobody had told of before."""
    found = [*told(date(2021, 8, 9), date(2021, 8, 22), (*UNITS, NEW_UNIT), at("2021-08-22T18:00"), 51)]
    for number, when in enumerate(("2021-08-09T00:05", "2021-09-15T10:00", "2022-07-20T10:00")):
        found += told(FIRST + timedelta(days=6 * number), date(2021, 8, 8), UNITS[number:], at(when), 60 + number)
    found += told(date(2021, 6, 1), date(2021, 6, 9), (*UNITS, NEW_UNIT), at("2021-10-01T10:00"), 70)
    calls = [(unit, day, 40 + place) for place, unit in enumerate(UNITS) for day in span(FIRST, date(2021, 8, 22))]
    found.append(("lines", table("unit,day,calls", list(calls)), at("2021-09-01T10:00")))
    live = [(unit, day, "tracing", FIRST, FIRST, 4) for unit in UNITS for day in (THEN, date(2021, 8, 20))]
    head = "unit,day,platform,planned_on,started_on,active_accounts"
    found.append(("platforms", table(head, list(live)), at("2021-09-02T10:00")))
    return found


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """The release built then, and the one built of everything."""
    opened = []
    for name, deliveries in (("then", until_then()), ("later", [*until_then(), *afterwards()])):
        folder = tmp_path_factory.mktemp(name)
        place = Installation(folder, settings(folder))
        for report in place.deliver(*deliveries):
            assert report.error is None
            assert report.held is None, report.held
        opened.append(open_release(folder, "analyst", place.build().release_id))
    return opened[0], opened[1]


def everything(release: Release) -> dict[str, Any]:
    """Every figure, rank and sentence of some days, as one document."""
    days = [THEN - timedelta(days=back) for back in (0, 1, 8, 15)]
    figures = {str(day): figures_of_day(release, day) for day in days}
    for rows in figures.values():
        for row in rows:
            # How many fields were filled is told of the newest rows only; as of then it is not known.
            del row["quality"]["fields_complete_share"]
    return {
        "as_of": release.as_of.isoformat(),
        "days": [str(release.first_day), str(release.last_day)],
        "figures": figures,
        "ranks": {
            name: [
                (row.unit, row.value, row.rank, row.rank_low, row.rank_high, row.previous_rank)
                for row in rank(release, name, THEN).rows
            ]
            for name, indicator in INDICATORS.items()
            if indicator.comparable
        },
        "said": {
            language: [item.text for part in (headline, decisions, changes) for item in part(release, THEN, language)]
            + [item.text for item in sentences(since(release, THEN), language)]
            for language in ("vi", "en")
        },
        "duty": [str(item) for item in submissions(release, THEN)],
    }


def written(release: Release) -> bytes:
    return json.dumps(everything(release), ensure_ascii=False, sort_keys=True).encode()


def test_a_year_of_deliveries_changes_no_byte_of_what_was_known_then(both: tuple[Release, Release]) -> None:
    then, later = both
    assert later.as_of > moment(date(2022, 7, 1))
    known = later.known_at(THEN)
    first, again = everything(then), everything(known)
    for part in first:
        assert first[part] == again[part], part
    assert written(then) == written(known)
    newest = everything(later)
    assert newest["said"] != first["said"]
    differing = sum(
        one != other
        for day, rows in first["figures"].items()
        for one, other in zip(rows, newest["figures"][day], strict=False)
    )
    assert differing > 200, "the year must have changed something for this to say anything"


@pytest.mark.parametrize("at_moment", [date(2021, 8, 1), at("2021-08-06T12:00"), at("2021-08-07T12:00")])
def test_any_earlier_moment_is_the_same_from_both(both: tuple[Release, Release], at_moment: date) -> None:
    then, later = (release.known_at(at_moment) for release in both)
    assert written(then) == written(later)


def test_a_moment_of_a_moment_is_the_earlier_one(both: tuple[Release, Release]) -> None:
    _, later = both
    assert written(later.known_at(THEN).known_at(date(2021, 8, 1))) == written(later.known_at(date(2021, 8, 1)))
    assert later.known_at(THEN).known_at(date(2022, 1, 1)).known == moment(THEN)
    assert later.known_at(THEN).built == later.as_of
