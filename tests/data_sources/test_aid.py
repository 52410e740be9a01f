"""Requests and offers from their bytes to the picture: open counts as known at any time, cells for places, no names."""

from __future__ import annotations

import struct
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.readings import history, read
from analytics.release import open_release
from data_sources import pointer
from data_sources.contracts import CONTRACTS
from data_sources.contracts.aid import GRID_DEGREES
from data_sources.ingest import pull
from tests.deliveries import RECEIVED, ZONE, Installation, at, drop, settings_of

COLUMNS = (
    *("aid_id", "account", "unit", "day", "kind", "category", "longitude", "latitude"),
    *("opened_at", "matched_at", "met_at", "cancelled_at", "name", "phone", "issued"),
)
HEADER = ",".join(COLUMNS) + "\n"
FIRST = date(2021, 8, 16)
SOURCE: dict[str, Any] = {
    "name": "zalo",
    "dataset": "aid",
    "kind": "files",
    "path": "drop/*.csv",
    "complete": False,
    "issued_column": "issued",
}


def line(**values: str) -> str:
    """One row of the file; what is not given is blank."""
    filled = {"unit": "752", "kind": "request", "category": "food", **values}
    filled.setdefault("day", filled["opened_at"][:10])
    return ",".join(filled.get(name, "") for name in COLUMNS) + "\n"


def installation(folder: Path) -> Installation:
    return Installation(folder, settings_of(folder, SOURCE))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A request that is opened, taken up and met, one that is cancelled, one told two days late, and an offer."""
    made = installation(tmp_path_factory.mktemp("aid"))
    entry = {"aid_id": "A", "opened_at": "2021-08-16T08:00:00+07:00"}
    matched = {**entry, "matched_at": "2021-08-16T20:00:00+07:00"}
    rows = (
        line(**entry, issued="2021-08-16T08:01:00+07:00"),
        line(**matched, issued="2021-08-16T20:01:00+07:00"),
        line(**matched, met_at="2021-08-18T09:00:00+07:00", issued="2021-08-18T09:05:00+07:00"),
        line(aid_id="B", opened_at="2021-08-16T10:00:00+07:00", issued="2021-08-16T10:01:00+07:00"),
        line(
            aid_id="B",
            opened_at="2021-08-16T10:00:00+07:00",
            cancelled_at="2021-08-17T10:00:00+07:00",
            issued="2021-08-19T12:00:00+07:00",
        ),
        line(aid_id="C", opened_at="2021-08-17T10:00:00+07:00", issued="2021-08-19T12:00:00+07:00"),
        line(aid_id="D", opened_at="2021-08-17T11:00:00+07:00", kind="offer", issued="2021-08-17T11:01:00+07:00"),
        # Both met and cancelled: it ended once, when it was cancelled.
        line(
            aid_id="E",
            unit="747",
            opened_at="2021-08-16T06:00:00+07:00",
            cancelled_at="2021-08-17T06:00:00+07:00",
            met_at="2021-08-18T06:00:00+07:00",
            issued="2021-08-18T06:05:00+07:00",
        ),
    )
    made.deliver(("zalo", HEADER + "".join(rows), at("2021-08-20T00:00")), name="aid.csv")
    made.build()
    return made


def known(place: Installation, name: str, unit: str, day: str, as_of: str) -> float | None:
    release = open_release(place.data, "leader")
    reading = read(release, [name], [unit], date.fromisoformat(day), at(as_of))[name, unit]
    release.close()
    return reading.value


def test_open_is_opened_less_closed_as_it_was_known(place: Installation) -> None:
    assert known(place, "aid_open", "752", "2021-08-16", "2021-08-16T09:00") == 1
    assert known(place, "aid_open", "752", "2021-08-16", "2021-08-16T23:00") == 2
    # What was told on the 19th changes the 17th, as known from then on only.
    assert known(place, "aid_open", "752", "2021-08-17", "2021-08-19T11:59") == 2
    assert known(place, "aid_open", "752", "2021-08-17", "2021-08-19T12:00") == 2
    assert known(place, "aid_open", "752", "2021-08-18", "2021-08-18T23:00") == 1
    assert known(place, "aid_open", "752", "2021-08-18", "2021-08-19T23:00") == 1
    assert known(place, "aid_open", "747", "2021-08-19", "2021-08-19T23:00") == 0
    assert known(place, "aid_open", "77", "2021-08-17", "2021-08-19T23:00") == 2
    assert known(place, "aid_offers_open", "77", "2021-08-18", "2021-08-19T23:00") == 1
    assert known(place, "aid_requests_7d", "752", "2021-08-18", "2021-08-19T23:00") is None, "three days are no week"


def test_the_median_age_of_an_area_is_of_all_its_requests(place: Installation) -> None:
    assert known(place, "aid_age_p50_hours", "752", "2021-08-16", "2021-08-17T00:00") == 15
    assert known(place, "aid_age_p50_hours", "752", "2021-08-17", "2021-08-19T11:00") == 39
    assert known(place, "aid_age_p50_hours", "752", "2021-08-17", "2021-08-19T12:00") == 27
    assert known(place, "aid_age_p50_hours", "77", "2021-08-16", "2021-08-18T07:00") == 16
    assert known(place, "aid_age_p50_hours", "755", "2021-08-17", "2021-08-19T12:00") is None
    assert known(place, "aid_age_p50_hours", "747", "2021-08-17", "2021-08-19T12:00") is None, "nothing open, no age"


def test_rows_stand_in_the_picture_with_every_version(place: Installation) -> None:
    described = place.query("SELECT column_name FROM (DESCRIBE row_aid)")
    assert [name for (name,) in described] == [*CONTRACTS["aid"].shown, "issued", "until"]
    newest = place.query("SELECT aid_id, met_at IS NOT NULL FROM row_aid WHERE until IS NULL ORDER BY aid_id")
    assert newest == [("A", True), ("B", False), ("C", False), ("D", False), ("E", True)]
    as_of = at("2021-08-16T12:00")
    rows = place.query(
        "SELECT aid_id, matched_at IS NULL FROM row_aid WHERE issued <= ? AND (until IS NULL OR until > ?)"
        " ORDER BY aid_id",
        as_of,
        as_of,
    )
    assert rows == [("A", True), ("B", True)]


def test_an_impossible_course_or_day_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    made = installation(tmp_path)
    told = "2021-08-17T12:00:00+07:00"
    rows = (
        line(aid_id="A", opened_at="2021-08-17T08:00:00+07:00", issued=told),
        line(aid_id="B", opened_at="2021-08-17T08:00:00+07:00", met_at="2021-08-17T07:00:00+07:00", issued=told),
        line(aid_id="C", opened_at="2021-08-17T08:00:00+07:00", met_at="2201-08-17T09:00:00+07:00", issued=told),
        line(aid_id="D", opened_at="2021-08-17T08:00:00+07:00", kind="cho vay", issued=told),
        line(aid_id="E", opened_at="2021-08-17T08:00:00+07:00", longitude="10.4012a", issued=told),
    )
    (report,) = made.deliver(("zalo", HEADER + "".join(rows), at("2021-08-17T13:00")), name="aid.csv")
    assert report.rows_kept == 1
    assert report.reasons == {
        "part_above_whole": 1, "day_out_of_range": 1, "choice_unreadable": 1, "number_unreadable": 1,
    }  # fmt: skip
    made.build()
    found = made.query("SELECT field, found FROM set_aside WHERE reason = 'number_unreadable'", file="analysis.duckdb")
    assert found == [("longitude", None)], "a place is not told even where it cannot be read"
    assert made.query("SELECT max(day) FROM observation") == [(date(2021, 8, 17),)]


EXACT = {"longitude": 107.243187, "latitude": 10.401264}
SECRETS = ("Minh Họa Kín", "0900012345", "zl-7788")


def test_no_exact_place_and_no_identity_is_stored_in_the_open(tmp_path: Path) -> None:
    """Every byte and every value of every file of the data folder that is not encrypted."""
    named = dict(zip(("name", "phone", "account"), SECRETS, strict=True))
    text = HEADER + line(
        aid_id="A",
        opened_at="2021-08-17T08:00:00+07:00",
        **{name: str(value) for name, value in EXACT.items()},
        **named,
        issued="2021-08-17T08:10:00+07:00",
    )
    drop(tmp_path / "drop", "aid.csv", text, at("2021-08-17T09:00"))
    data = tmp_path / "var"
    report = pull(settings_of(tmp_path, SOURCE), data, received_at=RECEIVED)
    assert report.release is not None and report.sources[0].rows_kept == 1
    words = [*SECRETS, *(str(value) for value in EXACT.values())]
    patterns = [word.encode() for word in words] + [struct.pack("<d", value) for value in EXACT.values()]
    files = [path for path in data.rglob("*") if path.is_file()]
    assert any(path.suffix == ".aes" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not [pattern for pattern in patterns if pattern in content], path.name
    folder = pointer.release_folder(data, report.release)
    for path in (data / "warehouse.duckdb", folder / "picture.duckdb", folder / "analysis.duckdb"):
        for value in every_value(path):
            assert str(value) not in words
            if isinstance(value, float):
                assert all(abs(value - exact) > GRID_DEGREES / 100 for exact in EXACT.values())
    with duckdb.connect(str(folder / "picture.duckdb"), read_only=True) as con:
        assert con.execute("SELECT longitude, latitude FROM row_aid").fetchall() == [(107.24175, 10.40175)]


def every_value(path: Path) -> list[Any]:
    """Every value of every table of a file."""
    found: list[Any] = []
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            found += [value for row in con.execute(f'SELECT * FROM "{name}"').fetchall() for value in row]
    return found


def test_a_cell_s_middle_lies_within_its_cell_and_stays_there() -> None:
    """The middle of a cell is not moved when it is rounded again, so that a file of the app's own cells stays true."""
    con = duckdb.connect()
    cell = repr(GRID_DEGREES)
    sql = f"SELECT round((floor(? / {cell}) + 0.5) * {cell}, 5)"
    for value in (107.243187, 10.401264, 0.0, -0.001, 106.99999, 8.68):
        row = con.execute(sql, [value]).fetchone()
        assert row is not None
        assert abs(row[0] - value) <= GRID_DEGREES / 2 + 1e-5
        assert con.execute(sql, [row[0]]).fetchone() == row


@dataclass(frozen=True)
class Told:
    """One entry as told at one hour."""

    item: int
    unit: str
    opened: int
    met: int | None
    cancelled: int | None
    hour: int


@st.composite
def courses(draw: st.DrawFn) -> list[Told]:
    found = []
    for item in range(draw(st.integers(min_value=4, max_value=14))):
        opened = draw(st.integers(0, 80))
        unit = draw(st.sampled_from(("747", "752", "755")))
        hours = sorted(draw(st.sets(st.integers(opened, 119), min_size=1, max_size=3)))
        for hour in hours:
            ends = st.none() | st.integers(opened, hour)
            found.append(Told(item, unit, opened, draw(ends), draw(ends), hour))
    return found


def moment(hour: int) -> datetime:
    return datetime.combine(FIRST, datetime.min.time(), tzinfo=ZONE) + timedelta(hours=hour)


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(courses())
def test_open_requests_of_every_day_as_of_every_day(told: list[Told]) -> None:
    """Whole: bytes, checks, cube, release, indicator; against counting the rows, and never below 0."""
    with tempfile.TemporaryDirectory() as folder:
        made = installation(Path(folder))
        rows = [
            line(
                aid_id=f"A{one.item}",
                unit=one.unit,
                opened_at=moment(one.opened).isoformat(),
                met_at="" if one.met is None else moment(one.met).isoformat(),
                cancelled_at="" if one.cancelled is None else moment(one.cancelled).isoformat(),
                issued=moment(one.hour).isoformat(),
            )
            for one in told
        ]
        made.deliver(("zalo", HEADER + "".join(rows), moment(120)), name="aid.csv")
        made.build()
        release = open_release(made.data, "leader")
        days = [FIRST + timedelta(days=number) for number in range(5)]
        for as_of in days:
            ends = moment(24 * ((as_of - FIRST).days + 1))
            units = ("747", "752", "755", "77")
            found = history(release, "aid_open", units, FIRST, as_of, as_of)
            for unit in units:
                for place, value in enumerate(found[unit]):
                    end = moment(24 * (place + 1))
                    assert (value or 0) == open_then(told, unit, end, ends), (unit, place, as_of)
                    assert value is None or value >= 0
        release.close()


def open_then(told: list[Told], unit: str, end: datetime, known_until: datetime) -> int:
    """Requests opened before `end` and not ended before it, by what was told before `known_until`."""
    newest: dict[int, Told] = {}
    for one in sorted(told, key=lambda one: one.hour):
        if moment(one.hour) < known_until:
            newest[one.item] = one
    return sum(
        one.unit == unit or unit == "77"
        for one in newest.values()
        if moment(one.opened) < end
        and not any(moment(hour) < end for hour in (one.met, one.cancelled) if hour is not None)
    )
