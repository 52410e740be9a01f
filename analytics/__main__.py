"""The command line of analytics: figures of a day, Rt of a file of cases, briefings and reports as files."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analytics.briefing import command as briefing
from analytics.briefing import kiosk
from analytics.figures_of_day import figures_of_day
from analytics.indicators import INDICATORS
from analytics.release import TIME_ZONE, AsOf, Release, data_directory, open_release
from analytics.rt_files import RtRow, estimate_file
from data_sources.refusal import Refused
from data_sources.settings import SettingError, load

EXIT_WRONG = 1
EXIT_USAGE = 2
TABLE = ("id", "unit", "value", "trend", "rank", "rank_of", "rank_national", "rank_national_of")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it could answer, 1 when the data do not allow it, 2 when it was asked wrongly."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except SettingError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except (Refused, ValueError) as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, default=_environment_path("TOANCANH_CONFIG"), help="settings file")
    common.add_argument(
        "--data", type=Path, default=_environment_path("TOANCANH_DATA") or Path("var"), help="where the data lie"
    )
    common.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__)
    commands = parser.add_subparsers(required=True)
    add = commands.add_parser("indicators", parents=[common], help="every indicator's value, trend, rank and quality")
    add.add_argument("--day", type=date.fromisoformat, help="the day of the picture; the newest one by default")
    add.add_argument("--unit", action="append", help="only this unit; may be given again")
    add.add_argument("--id", action="append", choices=list(INDICATORS), help="only this indicator; may be given again")
    add.add_argument("--as-of", type=_moment, help="as it was known at the end of this day, or at this ISO time")
    add.set_defaults(run=_indicators)
    add = commands.add_parser("rt", parents=[common], help="Rt of a series of daily cases (Cori et al. 2013)")
    add.add_argument("--cases", type=Path, required=True, help="CSV with the columns date, cases")
    add.add_argument("--si-mean", type=float, help="mean of the serial interval in days")
    add.add_argument("--si-sd", type=float, help="its standard deviation in days")
    add.add_argument("--si", type=Path, help="CSV with the columns s, w: the serial interval day by day")
    add.add_argument("--window", type=int, default=7, help="days of a window (7)")
    add.set_defaults(run=_rt)
    add = commands.add_parser("briefing", parents=[common], help="a briefing or report as a file")
    briefing.add_arguments(add, _moment, _compare_config)
    add = commands.add_parser("kiosk", parents=[common], help="a link that opens a wall screen until it expires")
    add.add_argument("--hours", type=float, default=kiosk.USUAL.total_seconds() / 3600, help="how long it opens (24)")
    add.add_argument("--server", default="http://127.0.0.1:8501", help="the address the screen reaches the app at")
    add.set_defaults(run=_kiosk)
    return parser


def _environment_path(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def _moment(text: str) -> AsOf:
    return date.fromisoformat(text) if len(text) == len("2021-08-29") else datetime.fromisoformat(text)


def _compare_config(options: argparse.Namespace, release: Release) -> None:
    """Say so where the settings are of another province than the release."""
    if options.config is None:
        return
    province = load(options.config).province
    if province.code != release.province.code:
        print(
            f"--config {options.config}: its province is {province.code} {province.name}, the release's is "
            f"{release.province.code} {release.province.name}; the release is shown",
            file=sys.stderr,
        )


def _indicators(options: argparse.Namespace) -> int:
    release = open_release(data_directory(options.data), "leader")
    _compare_config(options, release)
    unknown = [code for code in options.unit or () if code not in release.units]
    if unknown:
        known = ", ".join(release.units.codes[:20])
        print(f"--unit {', '.join(unknown)}: not a unit of the release; it has {known}", file=sys.stderr)
        return EXIT_USAGE
    day = options.day or release.last_day
    then = release if options.as_of is None else release.known_at(options.as_of)
    rows = figures_of_day(then, day, ids=options.id, units=options.unit)
    print(f"release {release.id}, as of {release.moment(options.as_of).isoformat()}, day {day}", file=sys.stderr)
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    print("\t".join((*TABLE, "reported")))
    for row in rows:
        quality = row["quality"]
        cells = ["" if row[name] is None else _plain(row[name]) for name in TABLE]
        print("\t".join([*cells, f"{quality['reported_units']}/{quality['expected_units']}"]))
    return 0


def _plain(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _kiosk(options: argparse.Namespace) -> int:
    if not options.hours > 0:
        print(f"--hours {options.hours}: needed a number above 0", file=sys.stderr)
        return EXIT_USAGE
    data, now = data_directory(options.data), datetime.now(UTC)
    try:
        token = kiosk.issue(data, now, timedelta(hours=options.hours))
    except OSError as error:
        print(f"{data}: the key of the links cannot be written there ({error.strerror})", file=sys.stderr)
        return EXIT_WRONG
    ends = kiosk.check(data, token, now).astimezone(TIME_ZONE)
    address = f"{options.server.rstrip('/')}/present/wall?key={token}"
    print(json.dumps({"address": address, "ends": ends.isoformat()}) if options.json else address)
    print(f"it opens the wall screen until {ends:%H:%M %d/%m/%Y}", file=sys.stderr)
    return 0


def _rt(options: argparse.Namespace) -> int:
    by_mean = options.si_mean is not None and options.si_sd is not None
    if by_mean == (options.si is not None):
        print("rt: give the serial interval either as --si-mean and --si-sd or as --si FILE", file=sys.stderr)
        return EXIT_USAGE
    rows = estimate_file(
        options.cases,
        window=options.window,
        mean=options.si_mean,
        sd=options.si_sd,
        weights=options.si,
    )
    few = [row.end.isoformat() for row in rows if not row.enough_cases]
    if few:
        print(
            f"{len(few)} windows have too few cases to rely on their estimate, ending {few[0]} to {few[-1]}",
            file=sys.stderr,
        )
    if options.json:
        print(json.dumps([row.as_json() for row in rows]))
        return 0
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(RtRow.COLUMNS)
    writer.writerows(row.cells() for row in rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
