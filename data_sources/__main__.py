"""The command line of the data sources: pull, watch, check, status, accept, erase, boundaries, demo."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from data_sources import inspection
from data_sources.boundaries import install
from data_sources.contracts import CONTRACTS
from data_sources.demo import DEMO_SETTINGS, demo_province, serve
from data_sources.erasure import Request, erase
from data_sources.ingest import PullReport, pull
from data_sources.locks import BusyError
from data_sources.messages import LANGUAGES, Message
from data_sources.refusal import Fault
from data_sources.reports import pull_lines, status_lines
from data_sources.settings import SettingError, Settings, load
from data_sources.watching import Watch, stopped_by_signals, watch_lock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EXIT_WRONG = 1
EXIT_USAGE = 2
EXIT_BUSY = 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 all well, 1 wrong data, 2 wrong settings, 3 busy."""
    options = _parser().parse_args(arguments)
    try:
        options.data.mkdir(parents=True, exist_ok=True)
        return int(options.run(options))
    except SettingError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except BusyError as error:
        print(error.text(options.language), file=sys.stderr)
        return EXIT_BUSY
    except Fault as error:
        print(error.text(options.language), file=sys.stderr)
        return EXIT_WRONG
    except (OSError, duckdb.IOException, duckdb.TransactionException) as error:
        # A full or read-only disk (also within a commit), or no more files to open: what was current before still is.
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        print(Message("command.system_refused", why=first_line).text(options.language), file=sys.stderr)
        return EXIT_WRONG


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, default=_environment_path("TOANCANH_CONFIG"), help="settings file")
    common.add_argument(
        "--data", type=Path, default=_environment_path("TOANCANH_DATA") or Path("var"), help="where the data lie"
    )
    common.add_argument("--json", action="store_true", help="one JSON document on standard output")
    common.add_argument("--language", choices=LANGUAGES, default="vi", help="of what is said about data; default vi")
    parser = argparse.ArgumentParser(prog="python -m data_sources", description=__doc__)
    commands = parser.add_subparsers(required=True)
    add = commands.add_parser("pull", parents=[common], help="pull the sources and publish a release")
    add.add_argument("--source", help="only the source of this name")
    add.add_argument("--until", type=_end_of_day, help="only what was issued until the end of this day")
    add.set_defaults(run=_pull)
    add = commands.add_parser("watch", parents=[common], help="pull each source at its own interval until stopped")
    add.set_defaults(run=_watch)
    add = commands.add_parser("check", parents=[common], help="what is wrong with a file, row by row")
    add.add_argument("file", type=Path)
    add.add_argument("--dataset", required=True, choices=sorted(CONTRACTS))
    add.set_defaults(run=_check)
    add = commands.add_parser("status", parents=[common], help="sources, ages, last errors, held batches, release")
    add.set_defaults(run=_status)
    add = commands.add_parser("accept", parents=[common], help="let a held delivery into the picture")
    add.add_argument("--source", required=True)
    add.add_argument("--delivery", required=True, help="its name, as `status` shows it")
    add.add_argument("--by", required=True, help="who decided")
    add.set_defaults(run=_accept)
    add = commands.add_parser("erase", parents=[common], help="remove a person, or everybody of long ago")
    whom = add.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="CODE", help="the code as the sources write it; - reads it from input")
    whom.add_argument("--older-than", type=_days, metavar="DAYS", help="everybody whose last event is older")
    add.add_argument("--reason", required=True, help="kept in the audit; must not say who it is")
    add.add_argument("--by", default=None, help="who decided; else the name of the user of this system")
    add.set_defaults(run=_erase)
    add = commands.add_parser("boundaries", parents=[common], help="replace the coarse outlines by real ones")
    add.add_argument("--from", dest="source", required=True, help="a GeoJSON file or URL")
    add.set_defaults(run=_boundaries)
    add = commands.add_parser("demo", parents=[common], help="serve the demonstration province on loopback")
    add.add_argument("--port", type=int, default=8510)
    add.set_defaults(run=_demo)
    return parser


def _environment_path(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def _days(text: str) -> int:
    days = int(text)
    if days < 1:
        raise argparse.ArgumentTypeError("at least 1 day")
    return days


def _end_of_day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), ZONE) - timedelta(microseconds=1)


@contextmanager
def _settings(options: argparse.Namespace) -> Iterator[Settings]:
    """The settings file's settings; without one, the demonstration province's, served while they are used."""
    if options.config is not None:
        yield load(options.config)
        return
    with demo_province(options.data / "demo"):
        yield load(DEMO_SETTINGS)


def _pull(options: argparse.Namespace) -> int:
    with _settings(options) as settings:
        names = [source.name for source in settings.sources]
        if options.source is not None and options.source not in names:
            raise SettingError(f"--source {options.source}: allowed are {', '.join(names)}")
        only = None if options.source is None else {options.source}
        report = pull(settings, options.data, received_at=datetime.now(UTC), until=options.until, only=only)
    _tell(options, report)
    return EXIT_WRONG if report.release is None or report.failed else 0


def _tell(options: argparse.Namespace, report: PullReport | Message) -> None:
    """What a pull did on standard output, as text or as a line of JSON; a message on standard error."""
    if isinstance(report, Message):
        print(report.text(options.language), file=sys.stderr, flush=True)
    elif options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False), flush=True)
    else:
        if report.refused:
            why = Message("command.not_built", why=report.refused)
            print(why.text(options.language), file=sys.stderr, flush=True)
        print("\n".join(pull_lines(report, options.language)), flush=True)


def _watch(options: argparse.Namespace) -> int:
    with watch_lock(options.data), stopped_by_signals() as nap, _settings(options) as settings:
        if not settings.sources:
            raise SettingError("[[source]] is missing: there is nothing to watch")
        begun = Message("command.watching", sources=len(settings.sources), folder=str(options.data))
        print(begun.text(options.language), file=sys.stderr)
        Watch(
            settings,
            options.data,
            now=lambda: datetime.now(UTC),
            draw=random.random,
            nap=nap,
            tell=lambda report: _tell(options, report),
        ).run()
    return 0


def _check(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = inspection.check_file(options.file, options.dataset, options.config, Path(folder))
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, default=str))
    else:
        print("\n".join(found.lines(options.language)))
    return EXIT_WRONG if found.wrong else 0


def _status(options: argparse.Namespace) -> int:
    status = inspection.status(options.data, datetime.now(UTC))
    if options.json:
        print(json.dumps(status, ensure_ascii=False, default=_as_json))
    else:
        print("\n".join(status_lines(status, options.language)))
    return 0


def _as_json(value: object) -> object:
    return value.told() if isinstance(value, Message) else str(value)


def _accept(options: argparse.Namespace) -> int:
    accepted = inspection.accept(options.data, options.source, options.delivery, options.by)
    print(Message("command.accepted", deliveries=accepted).text(options.language), file=sys.stderr)
    return 0 if accepted else EXIT_WRONG


def _erase(options: argparse.Namespace) -> int:
    settings = load(options.config or DEMO_SETTINGS)
    person = sys.stdin.readline().strip() if options.person == "-" else options.person
    request = Request(
        reason=options.reason, by=options.by or getpass.getuser(), person=person, older_than_days=options.older_than
    )
    purged = erase(settings, options.data, request, now=datetime.now(UTC))
    if options.json:
        print(json.dumps(asdict(purged)))
    else:
        print(
            f"{purged.rows:,} rows and {purged.identities:,} identities removed; archived deliveries: "
            f"{purged.copies_without_rows:,} written again without them, {purged.copies_removed:,} removed; "
            f"{purged.releases:,} older releases removed; release {purged.release}\n"
            "Restart the app, which may hold the release of before open, and remove backups made before today."
        )
    return 0


def _boundaries(options: argparse.Namespace) -> int:
    settings = load(options.config or DEMO_SETTINGS)
    installed = install(options.source, settings, options.data)
    for finding in installed.findings:
        print(finding, file=sys.stderr)
    print(f"boundaries of {len(installed.units)} units installed; the next pull uses them", file=sys.stderr)
    return 0


def _demo(options: argparse.Namespace) -> int:
    serve(options.port, options.data / "demo")
    return 0


if __name__ == "__main__":
    sys.exit(main())
