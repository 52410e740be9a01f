"""Derived ages against plain Python that looks through all rows for every question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources import ageing
from data_sources.ageing import add_ages
from data_sources.warehouse import connect
from tests.deliveries import ZONE

BEGIN = datetime(2021, 8, 1, tzinfo=ZONE)
LAST_DAY = date(2021, 8, 6)
UNITS = ("747", "752")
WHOLE = "77"


@dataclass(frozen=True)
class Version:
    """What was told of one request at one time."""

    item: int
    rank: int
    unit: str
    kind: str
    opened: datetime
    met: datetime | None
    cancelled: datetime | None
    issued: datetime
    until: datetime | None


@st.composite
def histories(draw: st.DrawFn) -> list[Version]:
    """A few requests and offers, each told up to four times, late, corrected, moved, reopened."""
    found = []
    for item in range(draw(st.integers(min_value=1, max_value=7))):
        opened = draw(st.integers(min_value=0, max_value=100))
        told = sorted(draw(st.sets(st.integers(min_value=opened, max_value=139), min_size=1, max_size=4)))
        unit, kind = draw(st.sampled_from(UNITS)), draw(st.sampled_from(("request", "request", "offer")))
        for place, hour in enumerate(told):
            if draw(st.integers(0, 9)) == 0:
                unit, kind = draw(st.sampled_from(UNITS)), draw(st.sampled_from(("request", "offer")))
            if draw(st.integers(0, 9)) == 0:
                opened = draw(st.integers(min_value=0, max_value=opened))
            ends = st.none() | st.integers(min_value=opened, max_value=hour)
            met, cancelled = draw(ends), draw(st.none() | ends)
            found.append(
                Version(
                    item=item,
                    rank=0 if unit == "747" else 1,
                    unit=unit,
                    kind=kind,
                    opened=BEGIN + timedelta(hours=opened),
                    met=None if met is None else BEGIN + timedelta(hours=met),
                    cancelled=None if cancelled is None else BEGIN + timedelta(hours=cancelled),
                    issued=BEGIN + timedelta(hours=hour),
                    until=BEGIN + timedelta(hours=told[place + 1]) if place + 1 < len(told) else None,
                )
            )
    return found


def connection(versions: list[Version]) -> duckdb.DuckDBPyConnection:
    """What the cube's builder has before ages are added."""
    con = connect()
    con.execute(
        "CREATE TEMP TABLE history (measure VARCHAR, stratum VARCHAR, unit VARCHAR, day DATE, rank INTEGER,"
        " issued TIMESTAMPTZ, value DOUBLE)"
    )
    con.execute("INSERT INTO history VALUES ('case_counts.cases', '', '747', ?, 0, ?, 1)", [LAST_DAY, BEGIN])
    con.execute(
        "CREATE TEMP TABLE version_aid (rank INTEGER, aid_id VARCHAR, unit VARCHAR, kind VARCHAR,"
        " opened_at TIMESTAMPTZ, met_at TIMESTAMPTZ, cancelled_at TIMESTAMPTZ, issued_at TIMESTAMPTZ,"
        " until_at TIMESTAMPTZ)"
    )
    if versions:
        names = ("rank", "item", "unit", "kind", "opened", "met", "cancelled", "issued", "until")
        types = ("INTEGER", "VARCHAR", "VARCHAR", "VARCHAR", *["TIMESTAMPTZ"] * 5)
        con.execute(
            "INSERT INTO version_aid SELECT " + ", ".join(f"unnest(?::{kind}[])" for kind in types),
            [[getattr(one, name) for one in versions] for name in names],
        )
    return con


History = dict[tuple[str, date], list[tuple[datetime, float | None]]]


def history(con: duckdb.DuckDBPyConnection, measure: str) -> History:
    """Every version of a measure, by unit and day, in order of issue."""
    found: History = {}
    rows = con.execute("SELECT unit, day, issued, value FROM history WHERE measure = ? ORDER BY issued", [measure])
    for unit, day, issued, value in rows.fetchall():
        found.setdefault((unit, day), []).append((issued, value))
    return found


def known_at(found: History, unit: str, day: date, moment: datetime) -> float | None:
    """The figure as a reader as of `moment` finds it."""
    told = [value for issued, value in found.get((unit, day), []) if issued <= moment]
    return told[-1] if told else None


def plainly(versions: list[Version], unit: str, day: date, moment: datetime) -> float | None:
    """The median age of the requests known at `moment` to have been open when `day` ended."""
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=ZONE)
    ages = []
    for one in versions:
        if one.kind != "request" or one.unit not in (UNITS if unit == WHOLE else (unit,)):
            continue
        if one.issued > moment or (one.until is not None and one.until <= moment):
            continue
        ends = [time for time in (one.met, one.cancelled) if time is not None]
        if one.opened < end and not any(time < end for time in ends):
            ages.append((end - one.opened).total_seconds() / 3600)
    return median(ages) if ages else None


def areas(code: str) -> tuple[str, ...]:
    return (code, WHOLE)


@settings(max_examples=80)
@given(histories())
def test_the_median_age_of_open_requests_as_of_any_time(versions: list[Version]) -> None:
    con = connection(versions)
    add_ages(con, ["aid"], areas)
    told = history(con, "aid.open_age_p50_hours")
    moments = sorted({one.issued for one in versions} | {one.issued - timedelta(seconds=1) for one in versions})
    moments.append(BEGIN + timedelta(days=30))
    day = BEGIN.date()
    while day <= LAST_DAY:
        begins = datetime.combine(day, datetime.min.time(), tzinfo=ZONE)
        for moment in (moment for moment in (begins, *moments) if moment >= begins):
            for unit in (*UNITS, WHOLE):
                found = known_at(told, unit, day, moment)
                expected = plainly(versions, unit, day, moment)
                assert found == (None if expected is None else pytest.approx(expected, abs=1e-3)), (unit, day, moment)
        day += timedelta(days=1)
    assert con.execute("SELECT max(day) FROM history").fetchall() == [(LAST_DAY,)]
    con.close()


def posts(con: duckdb.DuckDBPyConnection, *rows: tuple[str, str, str, str, str | None]) -> None:
    con.execute(
        "CREATE TEMP TABLE version_channel_posts (rank INTEGER, post_id VARCHAR, unit VARCHAR, kind VARCHAR,"
        " published_at TIMESTAMPTZ, issued_at TIMESTAMPTZ, until_at TIMESTAMPTZ)"
    )
    for post, kind, published, issued, until in rows:
        con.execute(
            "INSERT INTO version_channel_posts SELECT 0, ?, '77', ?, ?::TIMESTAMPTZ, ?::TIMESTAMPTZ, ?::TIMESTAMPTZ",
            [post, kind, published, issued, until],
        )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_the_age_of_the_newest_bulletin_grows_until_the_next_one() -> None:
    con = connection([])
    posts(
        con,
        ("a", "bulletin", "2021-08-01T18:00:00+07", "2021-08-01T18:05:00+07", None),
        ("b", "flash", "2021-08-02T09:00:00+07", "2021-08-02T09:05:00+07", None),
        # Told two days late, and by then corrected from a flash to a bulletin.
        ("c", "flash", "2021-08-03T06:00:00+07", "2021-08-03T06:10:00+07", "2021-08-05T10:00:00+07"),
        ("c", "bulletin", "2021-08-03T06:00:00+07", "2021-08-05T10:00:00+07", None),
    )
    add_ages(con, ["channel_posts"], lambda code: (code,))
    told = history(con, "channel_posts.bulletin_age_hours")

    def age(day: str, moment: str) -> float | None:
        return known_at(told, "77", date.fromisoformat(day), at(moment))

    assert age("2021-08-01", "2021-08-01T18:04:59") is None
    assert age("2021-08-01", "2021-08-01T18:05:00") == 6
    assert age("2021-08-02", "2021-08-02T00:00:00") == 30
    assert age("2021-08-03", "2021-08-04T12:00:00") == 54
    assert age("2021-08-03", "2021-08-05T09:59:59") == 54
    assert age("2021-08-03", "2021-08-05T10:00:00") == 18
    assert age("2021-08-02", "2021-08-06T10:00:00") == 30
    assert age("2021-08-06", "2021-08-06T23:00:00") == 90
    con.close()


def test_a_busy_day_keeps_a_version_of_every_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit versions are thinned, but the last word of each day stays exact."""
    monkeypatch.setattr(ageing, "MOST_VERSIONS", 10)
    versions = [
        Version(number, 0, "747", "request", BEGIN + timedelta(minutes=number), None, None, issued, None)
        for number in range(90)
        for issued in (BEGIN + timedelta(minutes=number, seconds=30),)
    ]
    con = connection(versions)
    add_ages(con, ["aid"], areas)
    kept: list[tuple[Any, ...]] = con.execute(
        "SELECT issued, value FROM history WHERE measure = 'aid.open_age_p50_hours' AND unit = '747' AND day = ?"
        " ORDER BY issued",
        [BEGIN.date()],
    ).fetchall()
    assert len(kept) == 18
    assert [issued.minute % 5 for issued, _ in kept] == [4] * 18
    for issued, value in kept:
        assert value == pytest.approx(plainly(versions, "747", BEGIN.date(), issued), abs=1e-3)
    con.close()
