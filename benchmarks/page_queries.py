"""The questions of the pages at the size of a large epidemic, against the same questions as SQL on the rows.

The rows are generated into a warehouse and a release is built of them, in a process of its own; then the release is
opened as a server opens it and each question is asked about many days and units. Nothing is cached between questions.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import duckdb

from analytics.release import open_release
from benchmarks.briefing_files import files
from benchmarks.measured import Figure, p95, resident_megabytes, spread
from benchmarks.page_questions import QUESTIONS, Pages, Question, values
from benchmarks.province_rows import settings_for, store, write_raw
from benchmarks.sizes import Sizes
from data_sources.pseudonym import load_key
from data_sources.releases import build_release
from data_sources.units import load_register
from data_sources.warehouse import Warehouse

MOST_MILLISECONDS = 10.0
MOST_OF_TEN = 100.0
MOST_BUILDING_MEGABYTES = 2000.0
KEY = "0123456789abcdef" * 4
"""The generated province holds nobody; its pseudonyms need no secret."""


@dataclass(frozen=True)
class Build:
    """How long rows and release took, and the most memory."""

    rows_seconds: float
    stored_seconds: float
    release_seconds: float
    megabytes: float


def run(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """The figures of the build and of each question."""
    built = _build_in_own_process(sizes, place)
    about = f"{sizes.cases:,} rows of the line list, {sizes.doses:,} doses"
    yield Figure(
        what=f"{about}: the release built of the warehouse's rows",
        value=built.release_seconds,
        measured_in="s",
        against="the rows written by DuckDB",
        reference=built.rows_seconds,
    )
    yield Figure(
        what="generating, storing and building: peak memory", value=built.megabytes, measured_in="MB",
        at_most=MOST_BUILDING_MEGABYTES, judged="value",
    )  # fmt: skip
    yield from ask(sizes, place)
    yield from files(place / "data")


def _build_in_own_process(sizes: Sizes, place: Path) -> Build:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.page_queries", json.dumps(asdict(sizes)), str(place)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TOANCANH_KEY": KEY},
    )
    return Build(**json.loads(told.stdout))


def build(sizes: Sizes, place: Path) -> Build:
    """Write the rows, store them and build the release, in this process."""
    begun = time.perf_counter()
    write_raw(place / "raw.duckdb", sizes)
    written = time.perf_counter()
    settings = settings_for(place)
    with Warehouse(place / "data", load_key()) as warehouse:
        store(warehouse, settings, place / "raw.duckdb", sizes)
        stored = time.perf_counter()
        build_release(warehouse, settings, load_register(settings), None)
    ended = time.perf_counter()
    peak = resident_megabytes("self", "VmHWM")
    return Build(written - begun, stored - written, ended - stored, peak)


def ask(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """The figures of the questions."""
    begun = time.perf_counter()
    leader = open_release(place / "data", "leader")
    yield Figure(what="opening the release for leaders", value=time.perf_counter() - begun, measured_in="s")
    pages = Pages(leader, open_release(place / "data", "analyst"))
    chooser = random.Random(sizes.asked)
    asked = [(_some_day(chooser, pages.leader.first_day, pages.leader.last_day), chooser.choice(pages.units))
             for _ in range(sizes.asked)]  # fmt: skip
    raw = duckdb.connect(str(place / "raw.duckdb"), read_only=True)
    raw.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")

    ten, ten_of_rows = [0.0] * sizes.asked, 0.0
    for question in QUESTIONS:
        first = _milliseconds(question, pages, *asked[-1])
        gc.collect()
        times = [_milliseconds(question, pages, *about) for about in asked]
        reference = _of_rows(question, pages, raw, asked[: sizes.asked_of_rows])
        if question.among_ten:
            ten = [before + now for before, now in zip(ten, times, strict=True)]
            ten_of_rows += reference or 0.0
        if first > MOST_MILLISECONDS:
            yield Figure(what=f"{question.name}: the first time after opening", value=first, measured_in="ms")
        yield spread(
            question.name, times, "ms", against="SQL on the rows", reference=reference, at_most=MOST_MILLISECONDS,
            judged="p95",
        )  # fmt: skip
    raw.close()
    yield Figure(
        what="the ten questions, one after another", value=median(ten), measured_in="ms", p95=p95(ten),
        against="SQL on the rows", reference=ten_of_rows, at_most=MOST_OF_TEN, judged="p95",
    )  # fmt: skip
    yield Figure(
        what="memory of the process that answered, two roles open", value=resident_megabytes("self", "VmRSS"),
        measured_in="MB",
    )  # fmt: skip


def _some_day(chooser: random.Random, first: date, last: date) -> date:
    """A day in the later half of the data, when there is most to count."""
    days = (last - first).days
    return last - timedelta(days=chooser.randrange(max(1, days // 2)))


def _milliseconds(question: Question, pages: Pages, day: date, unit: str) -> float:
    begun = time.perf_counter()
    question.ask(pages, day, unit)
    return 1000 * (time.perf_counter() - begun)


def _of_rows(
    question: Question, pages: Pages, raw: duckdb.DuckDBPyConnection, asked: Sequence[tuple[date, str]]
) -> float | None:
    """Milliseconds of the question's statements; ValueError where their figures are not those of the answer."""
    times = []
    for day, unit in asked if question.rows else ():
        begun = time.perf_counter()
        told = []
        for statement in question.rows:
            known = {name: value for name, value in values(day, unit).items() if f"${name}" in statement}
            told.append(raw.execute(statement, known).fetchall())
        times.append(1000 * (time.perf_counter() - begun))
        if not question.is_same(pages, question.ask(pages, day, unit), told[0]):
            raise ValueError(f"{question.name}: about {unit} on {day} the rows say {told[0][:5]}")
    return median(times) if times else None


if __name__ == "__main__":
    print(json.dumps(asdict(build(Sizes(**json.loads(sys.argv[1])), Path(sys.argv[2])))))
