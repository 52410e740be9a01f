"""Reading, checking and storing vaccination rows, against DuckDB's bare read_csv into a table of a database file.

Both run in processes of their own, in turn, on the same file; a row in 250 breaks a rule or is there twice.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import duckdb

from benchmarks.measured import Figure, resident_megabytes
from benchmarks.sizes import Sizes

MOST_TIMES_BARE_READ = 3.0
MOST_MEGABYTES = 1000.0
ISSUED = datetime(2021, 12, 31, 18, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
KEY = "benchmark" * 8
DIRT_EVERY = 1000
"""In every thousand rows one number, one unit and one day cannot be used, and one row is there twice."""


@dataclass(frozen=True)
class Run:
    """One ingest or one bare read, as its own process measured it."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float
    rows: int
    set_aside: dict[str, int]


def run(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """The figures of the ingest."""
    file = place / "vaccination.csv"
    write_rows(file, sizes.rows)
    runs: dict[str, list[Run]] = {"ours": [], "file": [], "memory": []}
    for _ in range(sizes.repeats):
        for what, done in runs.items():
            done.append(in_own_process(what, file, place / what))
    ours, bare, memory = (runs[what] for what in ("ours", "file", "memory"))
    rows = f"{sizes.rows:,} rows read, checked, stored"
    yield Figure(
        what=rows,
        value=median(one.seconds for one in ours),
        measured_in="s",
        against="read_csv into a file",
        reference=median(one.seconds for one in bare),
        at_most=MOST_TIMES_BARE_READ,
    )
    yield Figure(
        what=f"{rows}: processor time",
        value=median(one.processor_seconds for one in ours),
        measured_in="s",
        against="read_csv into a file",
        reference=median(one.processor_seconds for one in bare),
        at_most=MOST_TIMES_BARE_READ,
    )
    yield Figure(
        what=rows,
        value=median(one.seconds for one in ours),
        measured_in="s",
        against="read_csv into memory",
        reference=median(one.seconds for one in memory),
    )
    yield Figure(
        what=f"{rows}: peak memory",
        value=max(one.peak_megabytes for one in ours),
        measured_in="MB",
        against="read_csv into a file",
        reference=max(one.peak_megabytes for one in bare),
        at_most=MOST_MEGABYTES,
        judged="value",
    )


def write_rows(file: Path, rows: int) -> None:
    """A CSV of doses by unit, day, dose, age group and lot, with the dirt of DIRT_EVERY."""
    con = duckdb.connect()
    con.execute(
        """
        COPY (
            SELECT
                CASE WHEN i % $every = 317 THEN 'Huyện Không Có' ELSE ['Thành phố Vũng Tàu', 'TP Bà Rịa', 'TX Phú Mỹ',
                    'H. Châu Đức', 'Huyện Xuyên Mộc', 'Long Điền', 'Đất Đỏ', 'Côn Đảo'][1 + j % 8] END AS "Đơn vị",
                CASE WHEN i % $every = 617 THEN DATE '2022-01-15'
                    ELSE DATE '2021-03-08' + ((j // 8) % 250)::INTEGER END::VARCHAR AS "Ngày",
                'Mũi ' || (1 + (j // 2000) % 2) AS "Mũi",
                ['12-17', '18-49', '50-64', 'Từ 65 tuổi'][1 + (j // 4000) % 4] AS "Nhóm tuổi",
                ['AstraZeneca', 'Pfizer', 'Moderna', 'Vero Cell'][1 + (j // 16000) % 4] || ' lô '
                    || lpad((j // 64000)::VARCHAR, 4, '0') AS "Vắc xin",
                CASE WHEN i % $every = 17 THEN 'chưa có' ELSE (hash(j) % 900)::VARCHAR END AS "Mũi đã tiêm",
                hash(j + 1) % 900 AS "Mũi đã nhập hệ thống",
                hash(j + 2) % 450 AS "Người tiêm mũi 1",
                hash(j + 3) % 450 AS "Người tiêm đủ liều"
            FROM (SELECT i, CASE WHEN i % $every = 917 THEN i - 1 ELSE i END AS j FROM range($rows) AS r(i))
        ) TO '"""
        + str(file).replace("'", "''")
        + "' (HEADER)",
        {"every": DIRT_EVERY, "rows": rows},
    )


def in_own_process(what: str, file: Path, folder: Path) -> Run:
    """One run of `what` in a new process and an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.ingest", what, str(file), str(folder)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TOANCANH_KEY": KEY.encode().hex()[:64]},
    )
    shutil.rmtree(folder)
    return Run(**json.loads(told.stdout))


def ours(file: Path, folder: Path) -> tuple[int, dict[str, int]]:
    """The product's way: load, check, store; rows and what was set aside."""
    from data_sources import readers
    from data_sources.checks import check
    from data_sources.connectors import Delivery
    from data_sources.contracts import CONTRACTS
    from data_sources.pseudonym import load_key
    from data_sources.settings import parse
    from data_sources.units import load_register
    from data_sources.warehouse import Warehouse

    source = {"name": "doses", "dataset": "vaccination", "kind": "files", "path": "drop/*.csv"}
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": [source]}, folder)
    one = settings.sources[0]
    register = load_register(settings)
    spooled = folder / "spooled.csv"
    spooled.hardlink_to(file)
    delivery = Delivery(
        source=one.name, name=file.name, path=spooled, sha256="0" * 64, issued_at=ISSUED, format="csv",
        declared_rows=None, state={},
    )  # fmt: skip
    contract = CONTRACTS[one.dataset]
    with Warehouse(folder, load_key()) as warehouse:
        loaded = readers.load(warehouse.con, spooled, "staging", one.read, "csv")
        checked = check(
            warehouse.con, loaded, "staging", one, contract, register, "77", "district", ISSUED, warehouse.key
        )  # fmt: skip
        warehouse.store(one, delivery, checked, None, ISSUED)
    return checked.rows_in, checked.reasons


def bare(file: Path, database: str) -> tuple[int, dict[str, int]]:
    """DuckDB's bare way: everything read and typed by itself, nothing checked."""
    con = duckdb.connect(database)
    con.execute("CREATE TABLE doses AS SELECT * FROM read_csv(?)", [str(file)])
    row = con.execute("SELECT count(*) FROM doses").fetchone()
    con.close()
    return (int(row[0]) if row else 0), {}


def main(what: str, file: Path, folder: Path) -> Run:
    """One run in this process."""
    if what == "ours":
        import data_sources.ingest  # noqa: F401  (what a server that pulls has imported long before)
    begun, worked = time.perf_counter(), time.process_time()
    if what == "ours":
        rows, set_aside = ours(file, folder)
    else:
        rows, set_aside = bare(file, str(folder / "bare.duckdb") if what == "file" else ":memory:")
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    return Run(seconds, processor, resident_megabytes("self", "VmHWM"), rows, set_aside)


if __name__ == "__main__":
    print(json.dumps(asdict(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))))
