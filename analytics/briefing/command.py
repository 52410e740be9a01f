"""`python -m analytics briefing`: a briefing or report as a file."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from analytics.briefing.files import Kind, Wanted, make
from analytics.briefing.pdf import fault_said
from analytics.release import AsOf, Release, data_directory, open_release
from analytics.wording import LANGUAGES

EXIT_WRONG = 1
EXIT_USAGE = 2
KIND_OF: dict[tuple[str | None, str], Kind] = {
    (None, ".pptx"): "pptx",
    (None, ".pdf"): "pdf",
    (None, ".xlsx"): "xlsx",
    ("daily", ".pdf"): "daily",
    ("ministry", ".xlsx"): "ministry",
    ("ministry", ".csv"): "ministry_csv",
}
"""By --report and the ending of --out."""


def add_arguments(
    add: argparse.ArgumentParser,
    moment: Callable[[str], AsOf],
    compare_config: Callable[[argparse.Namespace, Release], None],
) -> None:
    """The options of the command; `moment` reads a day or time, `compare_config` tells of another province."""
    add.add_argument("--out", type=Path, metavar="FILE", help=".pptx, .pdf or .xlsx; the file to write")
    said = "the daily report (.pdf) or the ministry's table (.xlsx, .csv)"
    add.add_argument("--report", choices=("daily", "ministry"), help=said)
    add.add_argument("--day", type=date.fromisoformat, help="the day of the picture; the newest one by default")
    add.add_argument("--as-of", type=moment, help="as it was known at the end of this day, or at this ISO time")
    add.add_argument("--since", type=date.fromisoformat, help="the day of the last meeting; the day before by default")
    add.add_argument("--slides", type=Path, metavar="FILE", help="a file of slides; the standard briefing by default")
    add.add_argument("--language", choices=LANGUAGES, default="vi")
    add.set_defaults(run=run, compare_config=compare_config)


def run(options: argparse.Namespace) -> int:
    """Write the file; 0 also where a slide has no data, which the slide and standard error say."""
    kind = KIND_OF.get((options.report, options.out.suffix.lower())) if options.out else None
    if kind is None:
        known = ", ".join(sorted({end for report, end in KIND_OF if report == options.report}))
        print(f"--out {options.out or 'is missing'}: needed a file that ends in {known}", file=sys.stderr)
        return EXIT_USAGE
    started = time.monotonic()
    release = open_release(data_directory(options.data), "briefing")
    try:
        options.compare_config(options, release)
        return _write(release, kind, options, started)
    finally:
        release.close()


def _write(release: Release, kind: Kind, options: argparse.Namespace, started: float) -> int:
    wanted = Wanted(options.day, options.language, options.as_of, options.since, options.slides)
    try:
        made = make(release, kind, wanted)
    except OSError as error:
        if options.slides is None:
            raise
        print(f"--slides {options.slides}: {error.strerror or error}", file=sys.stderr)
        return EXIT_USAGE
    faults = [fault_said(fault, options.language) for fault in made.faults]
    for said in (*(f"{options.slides or 'standard.toml'}: {fault}" for fault in faults), *made.missing):
        print(said, file=sys.stderr)
    try:
        write_whole(options.out, made.content)
    except OSError as error:
        print(f"--out {options.out}: not written, {error.strerror or error}", file=sys.stderr)
        return EXIT_WRONG
    told = {
        "file": str(options.out),
        "release": release.id,
        "as_of": release.moment(options.as_of).isoformat(),
        "day": (options.day or release.last_day).isoformat(),
        "bytes": len(made.content),
        "missing": list(made.missing),
        "faults": faults,
        "seconds": round(time.monotonic() - started, 2),
    }
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"{options.out}: release {release.id}, day {told['day']}, {told['seconds']} s", file=sys.stderr)
    return 0


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whatever happens in between. OSError where it cannot be written."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
