"""The pages' questions beside 2 million rows of aid and 2 million of the hotline, and without them.

A province is generated and a release built of it; then aid and hotline come as two files of CSV by an ordinary pull,
in a process of its own, and the next release has them. Every question of the pages is asked of both, those of the pages
of aid and communication of the second.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from analytics import aid, communication
from analytics.readings import read, series
from analytics.release import Release, open_release
from benchmarks.measured import Figure, resident_megabytes, spread
from benchmarks.page_questions import PERIOD_DAYS, QUESTIONS, Pages, Question, back
from benchmarks.province_rows import FIRST_DAY, UNITS, ZONE, settings_for, store, write_raw
from benchmarks.sizes import Sizes
from data_sources.ingest import pull
from data_sources.pseudonym import load_key
from data_sources.releases import build_release
from data_sources.settings import Settings, parse
from data_sources.units import load_register
from data_sources.warehouse import Warehouse

MOST_MILLISECONDS = 10.0
MOST_MEGABYTES = 2000.0
KEY = "0123456789abcdef" * 4
"""The generated province holds nobody; its pseudonyms need no secret."""
MOST_CASES, MOST_DOSES = 200_000, 500_000
"""The rows that aid and calls stand beside: enough for every question to have figures; page_queries has the rest."""
ISSUES_A_DAY = 14
"""The hotline tells the day's calls anew every hour from 8:00 to 21:00: rows of 2 million, a tenth of them newest."""

AID_TILES = (
    "aid_open", "aid_age_p50_hours", "aid_met_share", "aid_supply_over_demand", "aid_requests_7d", "aid_offers_7d",
    "aid_offers_open", "aid_open_per_100k",
)  # fmt: skip
CALL_TILES = ("hotline_calls", "hotline_answered_share", "hotline_waiting")
LIST_PAGE = 50

AID_ROWS = """
COPY (
    WITH entry AS (
        SELECT i, h, unit, kind, category, opened, cell,
            -- Half are met within ten hours, nine in ten within two days; one in a hundred never ends.
            CASE WHEN h // 101 % 100 > 0
                THEN opened + to_minutes((1 + 900 * -ln(1 - (h // 103 % 9999) / 10000.0))::BIGINT) END AS ended
        FROM (
            SELECT i, h, list_extract($units, 1 + (h % 31 % len($units))::INTEGER) AS unit, h // 7 % 97 AS cell,
                CASE WHEN h // 11 % 10 < 6 THEN 'request' ELSE 'offer' END AS kind,
                list_extract(['food', 'food', 'food', 'necessities', 'necessities', 'medicine', 'doctor',
                    'school_supplies', 'other'], 1 + (h // 13 % 9)::INTEGER) AS category,
                -- More of them late than early, by day and by night.
                $first + to_minutes((sqrt((i + 1) / ($entries + 1)) * $days * 1440)::BIGINT) AS opened
            FROM (SELECT i, (hash(i + 3) >> 8)::BIGINT AS h FROM range($entries) AS r(i))
        )
    ),
    told AS (
        SELECT *, ended IS NOT NULL AS closed FROM entry
        UNION ALL
        SELECT *, false FROM entry WHERE ended IS NOT NULL
    )
    SELECT
        printf('ZC-%08d', i) AS aid_id, printf('TK-%07d', h // 19 % ($entries // 2 + 1)) AS account, unit,
        opened::DATE AS day, kind, category,
        CASE WHEN h // 23 % 20 > 0 THEN 105.3 + (h % 31 % 6) * 0.1 + cell * 0.001 END AS longitude,
        CASE WHEN h // 23 % 20 > 0 THEN 20.7 + (h % 31 // 6) * 0.1 + (h // 29 % 97) * 0.001 END AS latitude,
        opened || '+07' AS opened_at,
        CASE WHEN closed AND h // 31 % 3 > 0 THEN (opened + (ended - opened) / 2) || '+07' END AS matched_at,
        CASE WHEN closed AND h // 37 % 8 > 0 THEN ended || '+07' END AS met_at,
        CASE WHEN closed AND h // 37 % 8 = 0 THEN ended || '+07' END AS cancelled_at,
        (CASE WHEN closed THEN ended ELSE opened END + INTERVAL 20 MINUTE) || '+07' AS issued_at
    FROM told
) TO '$file' (HEADER)
"""
"""Every entry is told when it opens and again when it has ended; one in twenty states no place."""

ROWS_AN_ENTRY = 1.99

CALL_ROWS = """
COPY (
    SELECT unit, ($first + to_days(d))::DATE AS day, topic, whole * part // $issues AS calls,
        whole * part // $issues * 9 // 10 AS answered, 20 + h // 41 % 40 AS waiting_seconds_p50,
        80 + h // 43 % 90 AS waiting_seconds_p90, whole * part // $issues * 9 // 10 // 4 AS passed_on_for_aid,
        ($first + to_days(d) + to_hours(7 + part)) || '+07' AS issued_at
    FROM (
        SELECT unit, d, topic, hash(unit, d, topic) >> 8 AS h, (20 + h % 300)::BIGINT AS whole
        FROM (SELECT unnest($units) AS unit),
            (SELECT unnest(['symptoms', 'testing', 'vaccination', 'quarantine', 'travel', 'aid', 'report', 'other'])
                AS topic),
            (SELECT (unnest(range($days)))::INTEGER AS d)
    ), (SELECT unnest(range(1, $issues + 1)) AS part)
    ORDER BY part, d, unit, topic
    LIMIT $rows
) TO '$file' (HEADER)
"""

Ask = Callable[[Release, date, str], Any]


@dataclass(frozen=True)
class Run:
    """The pull of both files and the release of it, as its own process measured it."""

    seconds: float
    megabytes: float
    aid: int
    calls: int


def _drawn(names: Sequence[str], release: Release, day: date, unit: str) -> Any:
    return [series(release, name, (release.province.code,), back(day, PERIOD_DAYS), day) for name in names]


def _read(names: Sequence[str], release: Release, day: date, unit: str) -> Any:
    return read(release, names, (unit, release.province.code), day)


OWN: dict[str, Ask] = {
    "aid: tiles of the province and a unit": partial(_read, AID_TILES),
    "aid: places of what is open, the whole province": lambda release, day, unit: aid.places(release, day),
    "aid: places of open food": lambda release, day, unit: aid.places(release, day, None, "food"),
    "aid: the oldest 50 open requests": lambda release, day, unit: aid.open_requests(release, day),
    "aid: the oldest 50 of a unit": lambda release, day, unit: aid.open_requests(release, day, (unit,)),
    "aid: how long requests wait, by category": lambda release, day, unit: aid.waits(release, day),
    "aid: supply over demand of every unit and category": lambda release, day, unit: aid.supplies(
        release, day, (*UNITS, release.province.code)
    ),
    "aid: 60 days of open requests and offers": partial(_drawn, ("aid_open", "aid_offers_open")),
    "communication: tiles of the province and a unit": partial(_read, CALL_TILES),
    "communication: calls and rumours, 60 days": lambda release, day, unit: communication.course(
        release, release.province.code, back(day, PERIOD_DAYS), day
    ),
    "communication: calls by topic": lambda release, day, unit: communication.calls_by_topic(
        release, release.province.code, day
    ),
}
"""What a reader asks on the pages of aid and communication."""


def run(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """The figures of the pull and of each question."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.aid_queries", "province", json.dumps(asdict(sizes)), str(place)],
        check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "TOANCANH_KEY": KEY},
    )  # fmt: skip
    without = Path(json.loads(told.stdout)["without"])
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.aid_queries", "pull", json.dumps(asdict(sizes)), str(place)],
        check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "TOANCANH_KEY": KEY},
    )  # fmt: skip
    done = Run(**json.loads(told.stdout))
    about = f"{done.aid:,} rows of aid and {done.calls:,} of the hotline"
    yield Figure(what=f"{about} pulled from files, and the release of it", value=done.seconds, measured_in="s")
    yield Figure(
        what=f"{about}: peak memory", value=done.megabytes, measured_in="MB", at_most=MOST_MEGABYTES, judged="value"
    )
    yield from ask(sizes, place / "data", without.name)


def ask(sizes: Sizes, data: Path, without: str) -> Iterator[Figure]:
    """The figures of the questions: of the release `without` aid and calls, and of the newest."""
    chooser = random.Random(sizes.asked)
    before = Pages(open_release(data, "leader", without), open_release(data, "analyst", without))
    after = Pages(open_release(data, "leader"), open_release(data, "analyst"))
    last = before.leader.last_day
    about = [
        (date.fromordinal(last.toordinal() - chooser.randrange(max(1, sizes.days // 2))), chooser.choice(UNITS))
        for _ in range(sizes.asked)
    ]
    for question in QUESTIONS:
        reference = _times(partial(_of_pages, question, before), about)
        times = _times(partial(_of_pages, question, after), about)
        yield _judged(question.name, times, against="without them", reference=median(reference))
    release = after.leader
    chosen = {day: aid.open_requests(release, day, most=LIST_PAGE)[-1].aid_id for day, _ in about}

    def nearest(asked: Release, day: date, unit: str) -> list[aid.Offer]:
        return aid.nearest_offers(asked, day, chosen[day])

    for name, own in {**OWN, "aid: nearest offers of a request": nearest}.items():
        begun = time.perf_counter()
        own(release, *about[0])
        first = 1000 * (time.perf_counter() - begun)
        if first > MOST_MILLISECONDS:
            yield Figure(what=f"{name}: the first time after opening", value=first, measured_in="ms")
        yield _judged(name, _times(partial(own, release), about))
    begun = time.perf_counter()
    read(release, AID_TILES, (release.province.code,), last, datetime.combine(last, datetime.min.time(), tzinfo=ZONE))
    yield Figure(
        what="aid: tiles as known the day before, the first time after opening", value=time.perf_counter() - begun,
        measured_in="s",
    )  # fmt: skip
    yield Figure(
        what="memory of the process that answered, two releases and roles open",
        value=resident_megabytes("self", "VmRSS"), measured_in="MB",
    )  # fmt: skip


def _of_pages(question: Question, pages: Pages, day: date, unit: str) -> Any:
    return question.ask(pages, day, unit)


def _judged(name: str, times: Sequence[float], **more: object) -> Figure:
    return spread(name, times, "ms", at_most=MOST_MILLISECONDS, judged="p95", **more)


def _times(asked: Callable[[date, str], Any], about: Sequence[tuple[date, str]]) -> list[float]:
    """Milliseconds of each, after the first that reads what all of them share."""
    asked(*about[-1])
    gc.collect()
    times = []
    for day, unit in about:
        begun = time.perf_counter()
        asked(day, unit)
        times.append(1000 * (time.perf_counter() - begun))
    return times


def write_rows(folder: Path, sizes: Sizes) -> None:
    """The two files, as the application and the hotline would export them."""
    folder.mkdir(parents=True)
    con = duckdb.connect(config={"memory_limit": "600MB", "temp_directory": str(folder / "spill")})
    first = datetime.combine(FIRST_DAY, datetime.min.time())
    shared = {"units": list(UNITS), "first": first, "days": sizes.days}
    con.execute(
        AID_ROWS.replace("$file", str(folder / "aid.csv")), {**shared, "entries": round(sizes.aid / ROWS_AN_ENTRY)}
    )
    con.execute(
        CALL_ROWS.replace("$file", str(folder / "hotline.csv")), {**shared, "rows": sizes.calls, "issues": ISSUES_A_DAY}
    )
    con.close()


def settings_of(place: Path) -> Settings:
    """The generated province with two more sources, each with its own time of issue."""
    sources = [
        {"name": name, "dataset": name, "kind": "files", "path": f"drop/{name}.csv", "complete": False,
         "issued_column": "issued_at"}
        for name in ("aid", "hotline")
    ]  # fmt: skip
    base = settings_for(place)
    document = {"province": {"code": base.province.code, "name": base.province.name}, "source": sources}
    return replace(base, sources=(*base.sources, *parse(document, place).sources))


def province(sizes: Sizes, place: Path) -> dict[str, str]:
    """Build the release without aid and calls, in this process; its folder."""
    small = replace(sizes, cases=min(sizes.cases, MOST_CASES), doses=min(sizes.doses, MOST_DOSES))
    write_raw(place / "raw.duckdb", small)
    settings = settings_for(place)
    with Warehouse(place / "data", load_key()) as warehouse:
        store(warehouse, settings, place / "raw.duckdb", small)
        built = build_release(warehouse, settings, load_register(settings), None)
    write_rows(place / "drop", sizes)
    return {"without": built.release_id}


def pulled(sizes: Sizes, place: Path) -> Run:
    """Pull both files and build the release, in this process; ValueError where rows were lost."""
    settings = settings_of(place)
    begun = time.perf_counter()
    report = pull(settings, place / "data", received_at=datetime(2026, 1, 5, 12, tzinfo=ZONE), only=("aid", "hotline"))
    seconds = time.perf_counter() - begun
    kept = {source.name: source.rows_kept for source in report.sources}
    if report.failed or any(source.rows_set_aside for source in report.sources) or kept["hotline"] != sizes.calls:
        raise ValueError(json.dumps(report.as_json(), ensure_ascii=False))
    return Run(seconds, resident_megabytes("self", "VmHWM"), kept["aid"], kept["hotline"])


if __name__ == "__main__":
    given, where = Sizes(**json.loads(sys.argv[2])), Path(sys.argv[3])
    print(json.dumps(province(given, where) if sys.argv[1] == "province" else asdict(pulled(given, where))))
