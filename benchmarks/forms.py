"""Judging a form as it is handed in, against bare reading of the same file by openpyxl or pandas.

Each file has its own processes, one for us and one for the reference; time and memory are those of a process and its
children together, memory looked at every 20 ms. One row in 200 has a bad cell, so that the file with its marks is made
as well. Seconds grow with what else the machine does; the processor's seconds hardly do.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from benchmarks.measured import Figure, spread
from benchmarks.sizes import Sizes

MOST_SECONDS, MOST_SECONDS_LARGE = 1.0, 20.0
MOST_MEGABYTES_LARGE = 500.0
TIMES, TIMES_LARGE = 5, 2
BAD_EVERY = 200
DATASET = "vaccination"
UNITS = ("Thành phố Vũng Tàu", "TP Bà Rịa", "TX Phú Mỹ", "H. Châu Đức", "Huyện Xuyên Mộc", "Long Điền", "Đất Đỏ",
         "Côn Đảo")  # fmt: skip
DOSES, AGES = ("Mũi 1", "Mũi 2"), ("12-17", "18-49", "50-64", "Từ 65 tuổi")
HEADER = ("Đơn vị", "Ngày", "Mũi", "Nhóm tuổi", "Vắc xin", "Mũi đã tiêm", "Mũi đã nhập hệ thống", "Người tiêm mũi 1",
          "Người tiêm đủ liều")  # fmt: skip
FIRST_DAY, DAYS = date(2021, 3, 14), 280
ISSUED = datetime(2021, 12, 31, 18, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@dataclass(frozen=True)
class Runs:
    """What a process measured of itself in several runs."""

    seconds: list[float]
    processor_seconds: list[float]
    rows: int
    bad_cells: int


def run(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """The figures of a CSV and an XLSX form, small and large."""
    for rows, most, times in (
        (sizes.form_rows, MOST_SECONDS, TIMES),
        (sizes.large_form_rows, MOST_SECONDS_LARGE, TIMES_LARGE),
    ):
        for kind, write, reference in (("csv", write_csv, "pandas.read_csv"), ("xlsx", write_xlsx, "openpyxl")):
            file = place / f"{rows}.{kind}"
            write(file, rows)
            ours, peak = in_own_process("ours", file, times)
            bare, bare_peak = in_own_process("bare", file, times)
            assert (ours.rows, ours.bad_cells) == (bare.rows, rows // BAD_EVERY)
            what = f"a form of {rows:,} rows as {kind.upper()}"
            for named, taken, reference_taken in (
                ("read, judged, marked", ours.seconds, bare.seconds),
                ("processor time", ours.processor_seconds, bare.processor_seconds),
            ):
                yield spread(
                    f"{what}: {named}",
                    taken,
                    "s",
                    against=reference,
                    reference=median(reference_taken),
                    at_most=most,
                    judged="value",
                )
            yield Figure(
                what=f"{what}: peak memory",
                value=peak,
                measured_in="MB",
                against=reference,
                reference=bare_peak,
                at_most=MOST_MEGABYTES_LARGE,
                judged="value",
            )


def written(rows: int) -> Iterator[list[str | int | date]]:
    """The rows of the form, each of another key."""
    groups = [(dose, age) for dose in DOSES for age in AGES]
    for row in range(rows):
        unit, rest = UNITS[row % len(UNITS)], row // len(UNITS)
        (dose, age), rest = groups[rest % len(groups)], rest // len(groups)
        day, lot = FIRST_DAY + timedelta(days=rest % DAYS), rest // DAYS
        given: str | int = "chưa có" if row % BAD_EVERY == BAD_EVERY - 1 else row * 7919 % 900
        yield [unit, day, dose, age, f"Lô {lot:04}", given, row * 31 % 900, row * 17 % 450, row * 13 % 450]


def write_csv(file: Path, rows: int) -> None:
    """The form as people save it from a spreadsheet: UTF-8, days as 29/08/2021."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for row in written(rows):
            writer.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row])


def write_xlsx(file: Path, rows: int) -> None:
    """The form as a workbook with its title and stamp above the header, days as dates."""
    import xlsxwriter

    from data_sources.forms import FORMS

    book = xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Báo cáo")
    sheet.write(0, 0, FORMS[DATASET].contract.vi)
    sheet.write(1, 0, FORMS[DATASET].stamp(None))
    sheet.write_row(4, 0, HEADER)
    for number, row in enumerate(written(rows), start=5):
        sheet.write_row(number, 0, row)
    book.close()


def in_own_process(what: str, file: Path, times: int) -> tuple[Runs, float]:
    """The runs of a new process and the most memory that it and its children had at one time."""
    command = [sys.executable, "-m", "benchmarks.forms", what, str(file), str(times)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, memory_of_all(process.pid))
            time.sleep(0.02)
        told = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise RuntimeError(f"{what} of {file.name} ended with {process.returncode}")
    return Runs(**json.loads(told)), peak


def memory_of_all(process: int) -> float:
    """The memory of a process and its descendants now, in MB; 0 for one that ended.

    A page that several share counts in parts: a child just forked has all of its parent's until it begins a program.
    """
    try:
        children = [
            int(child)
            for thread in Path(f"/proc/{process}/task").iterdir()
            for child in (thread / "children").read_text(encoding="ascii").split()
        ]
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        own = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
        return own * 1024 / 1e6 + sum(map(memory_of_all, children))
    except OSError:
        return 0.0


def ours() -> Callable[[Path], tuple[int, int]]:
    """The product's way: what is right, wrong and doubtful, and the file with its marks; rows and bad cells."""
    import pandas  # noqa: F401  (what a server has imported long before)

    from data_sources.forms.judged import judge_form
    from data_sources.settings import parse
    from data_sources.units import load_register

    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}}, Path())
    register = load_register(settings)

    def judge(file: Path) -> tuple[int, int]:
        found = judge_form(
            file.read_bytes(), file.name, DATASET, register, settings.province, unit=None, issued_at=ISSUED
        )  # fmt: skip
        assert found.marked
        return found.rows_in, found.bad_cells_in_all

    return judge


def bare() -> Callable[[Path], tuple[int, int]]:
    """The bare way: every cell read and nothing asked of it; rows, and none that is known to be bad."""
    import openpyxl
    import pandas

    def read(file: Path) -> tuple[int, int]:
        if file.suffix == ".csv":
            return len(pandas.read_csv(file)), 0
        sheet = openpyxl.load_workbook(file, read_only=True).worksheets[0]
        rows = sum(1 for row in sheet.iter_rows(values_only=True) if isinstance(row[1], datetime))
        return rows, 0

    return read


def main(what: str, file: Path, times: int) -> Runs:
    """Several runs in this process."""
    work = ours() if what == "ours" else bare()
    seconds, processor_seconds = [], []
    for _ in range(times):
        begun, worked = time.perf_counter(), processor_time()
        rows, bad_cells = work(file)
        seconds.append(time.perf_counter() - begun)
        processor_seconds.append(processor_time() - worked)
    return Runs(seconds, processor_seconds, rows, bad_cells)


def processor_time() -> float:
    """The seconds that this process and its ended children have had a processor."""
    # Not os.times(): it counts in hundredths of a second, and a small reference takes less than one.
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    print(json.dumps(asdict(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))))
