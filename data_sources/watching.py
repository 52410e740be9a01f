"""The watch: one process that asks each source at its own interval and publishes one release for all due together."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from data_sources import inbox
from data_sources.ingest import PullReport, pull
from data_sources.locks import BusyError, held_lock
from data_sources.messages import Message
from data_sources.refusal import Fault
from data_sources.settings import SettingError, Settings, SourceSettings
from data_sources.turns import LOCK, Turn, read_turns, write_turns

JITTER = 0.05
"""An interval is this much shorter or longer by chance, so that provinces do not all ask a national system at once."""
TOGETHER = 2 * JITTER
"""A source is asked up to this part of its interval early when another one is due: sources of one interval stay
together through their jitter, and one release is built for them instead of one each."""
LONGEST_BACK_OFF = timedelta(hours=1)
"""A failing source is asked at half the pace each time, but hourly at least: nobody has to tell us that it is back."""
LEAST_PAUSE = timedelta(seconds=5)
"""Between the end of a pull and the next one, also where a source takes longer than its interval."""
LONGEST_NAP_SECONDS = 5.0
"""How long a form that was handed in waits for its pull at most."""
BUSY_NAP_SECONDS = 2.0
"""Between two looks at the lock while another pull is at work."""


class Pull(Protocol):
    """What asks sources and publishes; `data_sources.ingest.pull` outside of tests."""

    def __call__(
        self,
        settings: Settings,
        data: Path,
        *,
        received_at: datetime,
        only: Collection[str],
        stopping: Callable[[], bool],
    ) -> PullReport:
        """Ask the sources in `only`."""


def next_turn(
    turn: Turn, source: SourceSettings, asked_at: datetime, ended_at: datetime, error: Message | None, draw: float
) -> Turn:
    """The turn after an attempt: at the source's interval, or longer each time it fails; `draw` (0 to 1) is chance."""
    every = timedelta(seconds=source.every_seconds)
    failures = turn.failures + 1 if error else 0
    wait = min(every * 2 ** min(max(0, failures - 1), 20), max(every, LONGEST_BACK_OFF))
    wait *= 1 + JITTER * (2 * draw - 1)
    return replace(
        turn,
        next_due=max(asked_at + wait, ended_at + LEAST_PAUSE),
        last_attempt=asked_at,
        last_success=turn.last_success if error else asked_at,
        failures=failures,
        error=error.stored() if error else None,
    )


class Watch:
    """The watch of one data folder; use `run` under `watch_lock`."""

    def __init__(
        self,
        settings: Settings,
        data: Path,
        *,
        now: Callable[[], datetime],
        draw: Callable[[], float],
        nap: Callable[[float], bool],
        tell: Callable[[PullReport | Message], None],
        pull: Pull = pull,
    ) -> None:
        """Go on from the turns that were kept; `nap` waits for some seconds and is true when it is time to stop."""
        self._settings = settings
        self._data = data
        self._now, self._draw, self._nap, self._tell, self._pull = now, draw, nap, tell, pull
        self._sources = {source.name: source for source in settings.sources}
        kept, start = read_turns(data), now()
        self.turns = {name: kept.get(name) or Turn(source=name, next_due=start) for name in self._sources}

    def run(self) -> None:
        """Ask what is due until it is time to stop; no error of a source or of a pull ends it."""
        write_turns(self._data, self.turns.values())
        told_busy = False
        while not self._nap(0):
            names = self.due()
            if not names:
                self._nap(self._seconds_left())
                continue
            busy = self._ask(names)
            if busy is not None:
                if not told_busy:
                    self._tell(busy)
                self._nap(BUSY_NAP_SECONDS)
            told_busy = busy is not None

    def due(self) -> set[str]:
        """The sources to be asked now: those due, those almost due with them, and forms that were handed in."""
        now = self._now()
        forms = {inbox.source_name(one.dataset) for one in inbox.waiting(self._data)}
        overdue = {name for name in self.turns if self._left(name, now) <= timedelta()}
        if not overdue and not forms:
            return set()
        with_them = {name for name in self.turns if self._left(name, now) <= TOGETHER * self._every(name)}
        return overdue | with_them | forms

    def _every(self, name: str) -> timedelta:
        return timedelta(seconds=self._sources[name].every_seconds)

    def _left(self, name: str, now: datetime) -> timedelta:
        """The time until a source is due; none where the clock was set back, which must not silence it for years."""
        left = self.turns[name].next_due - now
        longest = max(self._every(name), LONGEST_BACK_OFF) * (1 + JITTER) + LEAST_PAUSE
        return timedelta() if left > longest else left

    def _seconds_left(self) -> float:
        now = self._now()
        left = min((self._left(name, now).total_seconds() for name in self.turns), default=LONGEST_NAP_SECONDS)
        return min(max(left, 0.0), LONGEST_NAP_SECONDS)

    def _ask(self, names: set[str]) -> Message | None:
        """One pull of these sources; what was said where another pull is at work, in which case they stay due."""
        asked_at = self._now()
        outcome: dict[str, Message | None]
        try:
            report = self._pull(
                self._settings, self._data, received_at=asked_at, only=names, stopping=lambda: self._nap(0)
            )
        except BusyError as error:
            return error.message
        except Exception as error:
            said = _safe(error)
            self._tell(said)
            outcome = dict.fromkeys(names & self.turns.keys(), said)
        else:
            self._tell(report)
            # A source that was not asked, because it was time to stop, is not in the report and stays due.
            outcome = {one.name: one.error for one in report.sources if one.name in self.turns}
        ended_at = self._now()
        for name, trouble in outcome.items():
            turn, source = self.turns[name], self._sources[name]
            self.turns[name] = next_turn(turn, source, asked_at, ended_at, trouble, self._draw())
        try:
            write_turns(self._data, self.turns.values())
        except OSError as error:
            self._tell(_safe(error))  # a full disk: the watch goes on, and is written down when there is room again
        return None


def _safe(error: Exception) -> Message:
    """What went wrong, without any value that was at hand: our own sentences whole, of others the kind and place."""
    if isinstance(error, Fault):
        return error.message
    if isinstance(error, SettingError):
        return Message(str(error))
    if isinstance(error, OSError) and error.strerror:
        return Message("command.system_said", why=error.strerror)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return Message(f"{type(error).__name__}{place}")


@contextmanager
def watch_lock(data: Path) -> Iterator[None]:
    """One watch a data folder; BusyError at once for a second."""
    with held_lock(data / LOCK, BusyError("watched", folder=str(data))):
        yield


@contextmanager
def stopped_by_signals() -> Iterator[Callable[[float], bool]]:
    """A nap that ends, and is true from then on, when SIGINT or SIGTERM comes; a second signal ends the process."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def asked_to_stop(number: int, _frame: object) -> None:
        stop.set()
        sys.stderr.write("stopping after the source that is being asked; once more to stop at once\n")
        for each in before:
            signal.signal(each, signal.SIG_DFL)

    for number in before:
        signal.signal(number, asked_to_stop)
    try:
        yield stop.wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
