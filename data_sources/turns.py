"""When each source was asked and is to be asked again: kept beside the releases, so that it survives a restart.

The watch writes it; `status` and the screens read it, to tell a source that has nothing new from one nobody asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from data_sources.pointer import replace_text

TURNS = "watch.json"
LOCK = "watch.lock"


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One source's place in the watch; all times are aware."""

    source: str
    next_due: datetime
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    """Attempts that failed since the last that did not."""
    error: str | None = None
    """A stored message: what went wrong at the last attempt."""


def read_turns(data: Path) -> dict[str, Turn]:
    """The turns by source; empty where no watch has run here, or its file cannot be read."""
    try:
        described = json.loads((data / TURNS).read_text(encoding="utf-8"))
        return {one["source"]: _turn(one) for one in described}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _turn(described: dict[str, str | int | None]) -> Turn:
    times = {
        name: None if described[name] is None else datetime.fromisoformat(str(described[name]))
        for name in ("next_due", "last_attempt", "last_success")
    }
    if times["next_due"] is None or any(moment is not None and moment.tzinfo is None for moment in times.values()):
        raise ValueError("a turn needs a time with its zone")
    error = described["error"]
    return Turn(
        source=str(described["source"]),
        next_due=times["next_due"],
        last_attempt=times["last_attempt"],
        last_success=times["last_success"],
        failures=int(described["failures"] or 0),
        error=None if error is None else str(error),
    )


def write_turns(data: Path, turns: Iterable[Turn]) -> None:
    """Keep the turns, whole or not at all, also without power."""
    described = [asdict(turn) for turn in turns]
    replace_text(data / TURNS, json.dumps(described, ensure_ascii=False, indent=1, default=datetime.isoformat))
