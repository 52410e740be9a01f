"""`python -m analytics briefing`: a briefing or report as a file, and the schedule that makes and delivers them."""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from analytics.briefing.declared import OWN_FILE
from analytics.briefing.delivery import Delivery
from analytics.briefing.files import Kind, Wanted, make, write_whole
from analytics.briefing.outbox import Outbox, Parcel, Way
from analytics.briefing.pdf import fault_said
from analytics.release import AsOf, Release, current_id, data_directory, open_release, release_ids
from analytics.wording import LANGUAGES, TIME_ZONE
from data_sources.locks import BusyError
from data_sources.settings import SettingError, Settings, load

EXIT_WRONG = 1
EXIT_USAGE = 2
EXIT_BUSY = 3
TOLD_DELIVERED = 10
"""Delivered briefings that the status tells, the newest last."""
RELEASE = re.compile(r"^\d{8}T\d{6}-")
RELEASE_TIME = "%Y%m%dT%H%M%S"
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
    said = "as known at the end of this day, or at this ISO time; or the id of a past release"
    add.add_argument("--as-of", type=lambda given: given if RELEASE.match(given) else moment(given), help=said)
    said = "the day of the last meeting, or the id of the release that was shown there; a week before by default"
    add.add_argument(
        "--since", type=lambda given: given if RELEASE.match(given) else date.fromisoformat(given), help=said
    )
    said = f"a file of slides; by default {OWN_FILE} beside the data, or the standard briefing"
    add.add_argument("--slides", type=Path, metavar="FILE", help=said)
    add.add_argument("--language", choices=LANGUAGES, default="vi")
    add.add_argument(
        "--schedule", action="store_true", help="make and deliver at the times of [briefing] until stopped"
    )
    add.add_argument("--once", action="store_true", help="make what is due, deliver what can be, and end")
    add.add_argument("--status", action="store_true", help="what waits in the outbox and why, what was delivered")
    add.add_argument("--send-again", metavar="TIME", help="send a mail again that the server may have accepted")
    add.set_defaults(run=run, compare_config=compare_config)


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 0 also where a slide has no data, which the slide and standard error say."""
    if options.status:
        return _status(Outbox(data_directory(options.data)), options)
    if options.schedule or options.once or options.send_again:
        return _deliver(options)
    kind = KIND_OF.get((options.report, options.out.suffix.lower())) if options.out else None
    if kind is None:
        known = ", ".join(sorted({end for report, end in KIND_OF if report == options.report}))
        print(f"--out {options.out or 'is missing'}: needed a file that ends in {known}", file=sys.stderr)
        return EXIT_USAGE
    started = time.monotonic()
    data = data_directory(options.data)
    current = current_id(data)
    release, as_of = _release_of(data, options.as_of, "--as-of")
    before: Release | None = None
    try:
        options.compare_config(options, release)
        if isinstance(options.since, str):
            before, then = _release_of(data, options.since, "--since")
            before = before if then is None else before.known_at(then)
        wanted = Wanted(
            options.day,
            options.language,
            as_of,
            None if before else options.since,
            before,
            options.slides,
            data,
            past=isinstance(options.as_of, str) and as_of is None and options.as_of != current,
        )
        if before is not None and before.as_of > wanted.of(release).as_of:
            said = f"--since {options.since}: needed a release before that of {wanted.of(release).as_of.isoformat()}"
            print(said, file=sys.stderr)
            return EXIT_USAGE
        return _write(release, kind, wanted, options, started)
    finally:
        release.close()
        if before is not None:
            before.close()


def _release_of(data: Path, given: AsOf | str, option: str) -> tuple[Release, AsOf]:
    """The release to open and the moment to read it as of: a kept one by its id, else the current one."""
    if not isinstance(given, str):
        return open_release(data, "briefing"), given
    if given in release_ids(data):
        return open_release(data, "briefing", given), None
    # Releases are kept for some days only; their versions are kept for good.
    print(f"{option} {given}: no longer kept; {current_id(data)} is read as known at its time", file=sys.stderr)
    time_of = datetime.strptime(given.partition("-")[0], RELEASE_TIME).replace(tzinfo=TIME_ZONE)
    return open_release(data, "briefing"), time_of


def _write(release: Release, kind: Kind, wanted: Wanted, options: argparse.Namespace, started: float) -> int:
    try:
        made = make(release, kind, wanted)
    except OSError as error:
        if options.slides is None:
            raise
        print(f"--slides {options.slides}: {error.strerror or error}", file=sys.stderr)
        return EXIT_USAGE
    faults = [fault_said(fault, options.language) for fault in made.faults]
    declared = options.slides or OWN_FILE
    for said in (*(f"{declared}: {fault}" for fault in faults), *made.missing):
        print(said, file=sys.stderr)
    try:
        write_whole(options.out, made.content)
    except OSError as error:
        print(f"--out {options.out}: not written, {error.strerror or error}", file=sys.stderr)
        return EXIT_WRONG
    told = {
        "file": str(options.out),
        "release": release.id,
        "as_of": made.known_at.isoformat(),
        "day": made.day.isoformat(),
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


def _deliver(options: argparse.Namespace) -> int:
    if options.config is None:
        raise SettingError("--config is missing: the table [briefing] of the settings says when and where to")
    settings: Settings = load(options.config)
    with _until_signal() as nap:
        delivery = Delivery(settings, options.data, now=lambda: datetime.now(TIME_ZONE), nap=nap, tell=_tell)
        try:
            with delivery.outbox.lock():
                if options.send_again and not delivery.send_again(options.send_again):
                    print(f"--send-again {options.send_again}: no mail of that time is in doubt", file=sys.stderr)
                    return EXIT_USAGE
                if options.schedule:
                    delivery.run()
                    return 0
                return 0 if delivery.step() else EXIT_WRONG
        except BusyError as error:
            print(error, file=sys.stderr)
            return EXIT_BUSY
        except OSError as error:
            print(f"{delivery.outbox.path}: {error.strerror or error}", file=sys.stderr)
            return EXIT_WRONG


def _tell(said: str) -> None:
    print(f"{datetime.now(TIME_ZONE):%Y-%m-%d %H:%M:%S} {said}", file=sys.stderr, flush=True)


@contextmanager
def _until_signal() -> Iterator[Callable[[float], bool]]:
    """A nap that ends early, and is true, once the process is asked to end."""
    stop = threading.Event()
    names = (signal.SIGTERM, signal.SIGINT)
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in names}
    try:
        yield stop.wait
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _status(outbox: Outbox, options: argparse.Namespace) -> int:
    """What waits and what was delivered; 1 where something was refused or is in doubt."""
    waiting = outbox.parcels()
    delivered = outbox.delivered(TOLD_DELIVERED)
    if options.json:
        told = [{**asdict(one), "mail": [asdict(way) for way in one.mail.values()]} for one in waiting]
        for one in told:
            del one["body"]
        document = {"at_work": outbox.at_work, "last": outbox.last(), "waiting": told, "delivered": delivered}
        print(json.dumps(document, ensure_ascii=False))
    else:
        print(f"{'at work' if outbox.at_work else 'not at work'}; newest made: {outbox.last() or 'none'}")
        for done in delivered:
            print(f"{done['slot']}\tdelivered {done['delivered_at']}\trelease {done['release']}")
        for parcel in waiting:
            for line in _lines(parcel):
                print(line)
    troubled = any(way.tries or way.progress in ("sending", "uncertain") for one in waiting for way in one.ways())
    return EXIT_WRONG if troubled else 0


def _lines(parcel: Parcel) -> Iterator[str]:
    ways: list[tuple[str, Way]] = [("folder", parcel.folder)] if parcel.folder else []
    ways += [(f"mail to {way.domain}", way) for way in parcel.mail.values()]
    for name, way in ways:
        again = f"; tried {way.tries} times, next {way.next_try}" if way.tries and way.progress == "pending" else ""
        yield f"{parcel.slot}\t{name}: {way.progress}{again}{f': {way.error}' if way.error else ''}"
    for kind, why in parcel.unmade.items():
        yield f"{parcel.slot}\t{kind} could not be made: {why}"
