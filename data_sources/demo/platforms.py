"""Which platform is live where: plans, starts, people trained and accounts in use, told every day by one office."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from data_sources.demo import health_books, places, published, relief, schooling, tracing
from data_sources.demo.clock import DAY_COUNT, at, days, index
from data_sources.demo.draws import FloatArray, IntArray, stream
from data_sources.demo.reporting import issued

TOLD_SINCE = date(2021, 8, 1)
FORM_HOURS = (16.8, 17.6)
EVERYWHERE = places.CODES
# Starts that are published stand in published.py; the others are the demonstration's own. By platform: unit, day.
STARTS: dict[str, dict[str, date]] = {
    "reporting": dict.fromkeys(EVERYWHERE, published.SOFTWARE_START),
    "vaccination": dict.fromkeys(EVERYWHERE, health_books.OPENED),
    "sampling": {
        **{unit: date(2021, 8, 16) for unit in published.SAMPLING_PILOTS},
        "754": date(2021, 10, 4),
        "752": date(2021, 10, 4),
        "753": date(2021, 10, 11),
        "750": date(2021, 10, 18),
        "751": date(2021, 10, 18),
    },
    "tracing": tracing.STARTS,
    "health_book": dict.fromkeys(EVERYWHERE, health_books.OPENED),
    "declaration": dict.fromkeys(EVERYWHERE, date(2021, 5, 10)),
    "checkin": {unit: date(2021, 6, 14) if unit in ("747", "748", "754") else date(2021, 9, 27) for unit in EVERYWHERE},
    "aid": {unit: relief.OPENED + timedelta(days=2 * number) for number, unit in enumerate(EVERYWHERE)},
    "schooling": dict.fromkeys(EVERYWHERE, schooling.SCHOOL_BEGAN),
}
# Plans that were not kept to the day: so many days before the start they were planned for. The sampling platform was
# planned for the island in December and has not started there.
SLIPPED_DAYS = {
    "sampling": (0, 0, 21, 21, 14, 14, 10, 0),
    "tracing": (0, 0, 7, 9, 0, 3, 0, 14),
    "checkin": (0, 0, 12, 12, 5, 5, 0, 20),
}
NEVER_STARTED = {("sampling", "755"): date(2021, 12, 13)}
# A plan is made this many days ahead; a platform is not in a unit's list before.
PLANNED_AHEAD_DAYS = 40

STAFF_PER_10K = {
    "reporting": 2.1,
    "vaccination": 3.0,
    "sampling": 2.6,
    "tracing": 2.2,
    "health_book": 1.0,
    "declaration": 1.2,
    "checkin": 1.6,
    "aid": 0.6,
    "schooling": 6.0,
}
TRAINING_DAYS_BEFORE, TRAINING_DAYS_AFTER = 12, 30
ACCOUNTS_PER_STAFF, ACTIVE_AFTER_DAYS = (0.75, 1.25), 9.0
LEAST_STAFF = 3


def rows(seed: int) -> pd.DataFrame:
    """Rows of `rollout`: every platform in every unit that has it in its plan, every day."""
    rng = stream(seed, "rollout")
    numbers = np.arange(index(TOLD_SINCE), DAY_COUNT, dtype=np.int64)
    told = at(numbers, rng.uniform(*FORM_HOURS, len(numbers)))
    parts = []
    for platform, starts in STARTS.items():
        slipped = SLIPPED_DAYS.get(platform, (0,) * places.UNIT_COUNT)
        for number, unit in enumerate(places.CODES):
            started = starts.get(unit)
            planned = NEVER_STARTED.get((platform, unit)) or (started and started - timedelta(days=slipped[number]))
            if planned is None:
                continue
            staff = max(LEAST_STAFF, places.RESIDENTS[number] / 1e4 * STAFF_PER_10K[platform] * rng.uniform(0.85, 1.15))
            per_staff = rng.uniform(*ACCOUNTS_PER_STAFF)
            since = numbers - index(started or planned)
            trained = np.floor(staff * _trained(since)).astype(np.int64)
            in_use = (since >= 0) & (started is not None)
            start = days(np.full(len(numbers), index(started or planned)))
            parts.append(
                pd.DataFrame(
                    {
                        "unit": unit,
                        "day": days(numbers),
                        "platform": platform,
                        "planned_on": days(np.full(len(numbers), index(planned))),
                        "started_on": np.where(in_use, start, np.datetime64("NaT", "D")),
                        "trained_staff": trained,
                        "active_accounts": np.floor(in_use * trained * per_staff * _taken_up(since)).astype(np.int64),
                        "issued_at": told,
                    }
                )[numbers >= index(planned) - PLANNED_AHEAD_DAYS]
            )
    return issued(pd.concat(parts, ignore_index=True).sort_values(["issued_at", "unit"], kind="stable"))


def _trained(since: IntArray) -> FloatArray:
    """The share of a platform's people trained, by days since its start."""
    span = TRAINING_DAYS_BEFORE + TRAINING_DAYS_AFTER
    share: FloatArray = np.clip((since + TRAINING_DAYS_BEFORE) / span, 0.0, 1.0) ** 0.7
    return share


def _taken_up(since: IntArray) -> FloatArray:
    """The share of a platform's accounts in use, by days since its start."""
    return np.asarray(1 - 0.5 ** ((np.maximum(since, 0) + 1) / ACTIVE_AFTER_DAYS), dtype=np.float64)
