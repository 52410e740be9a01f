"""Each kind of file of a briefing from a release that is opened for it, as the command and the schedule make them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from analytics.briefing.files import KINDS, Wanted, make
from analytics.release import open_release
from benchmarks.measured import Figure, spread

TIMES = 3
MOST_SECONDS = 5.0


def files(data: Path) -> Iterator[Figure]:
    """The figures of each kind; `data` holds a release."""
    for kind in KINDS:
        taken = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            release = open_release(data, "briefing")
            made = make(release, kind, Wanted(data=data))
            release.close()
            taken.append(time.perf_counter() - begun)
        what = f"a briefing's {kind} of {len(made.content) / 1000:,.0f} kB, its release opened for it"
        yield spread(what, taken, "s", at_most=MOST_SECONDS, judged="p95")
