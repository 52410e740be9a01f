"""Text messages and ring-back tones: the automatic sends to every subscriber, and those to single districts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places, tracing
from data_sources.demo.clock import at, days, durations, index
from data_sources.demo.draws import stream
from data_sources.demo.reporting import issued
from data_sources.demo.telecom import SUBSCRIBERS_PER_RESIDENT

# How many there were each month is published; the days within a month are the demonstration's own.
SENDS_TO_ALL = (
    date(2021, 8, 3),
    date(2021, 8, 11),
    date(2021, 8, 19),
    date(2021, 8, 26),
    date(2021, 9, 10),
    date(2021, 10, 12),
    date(2021, 11, 15),
    date(2021, 12, 17),
)
CLOSED_ON = {"747": date(2021, 7, 13), "754": date(2021, 7, 18), "748": date(2021, 7, 18), "752": date(2021, 7, 18)}
# A tone plays for a month to those who call a subscriber; most operators took part.
TONES_BEGAN = tuple(date(2021, month, 1) for month in range(7, 13))
TONE_DAYS, TONE_SHARE = 28, 0.86
DELIVERED_SHARE, DELIVERED_SD = 0.953, 0.008
MESSAGES_AN_HOUR = 118_000.0
TOLD_AFTER_HOURS, TOLD_HALFWAY = (0.4, 0.9), 0.5


@dataclass(frozen=True)
class Campaign:
    """One campaign before it is drawn: what, when, and the districts it goes to."""

    message_id: str
    kind: str
    day: date
    units: tuple[str, ...]


def campaigns() -> tuple[Campaign, ...]:
    """Every campaign in order of its day."""
    every = places.CODES
    found = [Campaign(f"SMS-TOAN-{day:%Y%m%d}", "sms", day, every) for day in SENDS_TO_ALL]
    found += [Campaign(f"NHACCHO-{day:%Y%m}", "ringback", day, every) for day in TONES_BEGAN]
    found += [Campaign(f"SMS-{unit}-{day:%Y%m%d}", "sms", day, (unit,)) for unit, day in CLOSED_ON.items()]
    found += [Campaign(f"SMS-TV-{unit}-{day:%Y%m%d}", "sms", day, (unit,)) for unit, day in tracing.STARTS.items()]
    return tuple(sorted(found, key=lambda one: (one.day, one.message_id)))


def rows(seed: int) -> pd.DataFrame:
    """Rows of `broadcasts`: a campaign is told when it begins, halfway, and when it has ended."""
    rng = stream(seed, "broadcasts")
    table = campaigns()
    subscribers = dict(zip(places.CODES, places.RESIDENTS * SUBSCRIBERS_PER_RESIDENT, strict=True))
    parts = []
    for one in table:
        tone = one.kind == "ringback"
        aimed = sum(subscribers[unit] for unit in one.units) * (TONE_SHARE if tone else 1.0)
        sent = int(aimed * rng.normal(1.0, 0.006))
        delivered = int(sent * min(rng.normal(DELIVERED_SHARE, DELIVERED_SD), 0.995))
        hours = TONE_DAYS * 24.0 if tone else sent / MESSAGES_AN_HOUR + rng.uniform(0.1, 0.4)
        started = at([index(one.day)], [rng.uniform(7.5, 9.0)])[0]
        finished = started + durations(np.array([hours]))[0]
        late = durations(np.sort(rng.uniform(*TOLD_AFTER_HOURS, 3)))
        told = (started + late[0], started + (finished - started) / 2 + late[1], finished + late[2])
        for moment, share in zip(told, (0.0, TOLD_HALFWAY, 1.0), strict=True):
            parts.append(
                {
                    "message_id": one.message_id,
                    "day": days([index(one.day)])[0],
                    "kind": one.kind,
                    "audience": "all_subscribers" if len(one.units) == len(places.CODES) else "some_units",
                    "started_at": started,
                    "finished_at": finished if share == 1.0 else np.datetime64("NaT", "s"),
                    "units_covered": len(one.units),
                    "sent": int(sent * share),
                    "delivered": int(delivered * share),
                    "failed": int((sent - delivered) * share),
                    "issued_at": moment,
                }
            )
    return issued(pd.DataFrame(parts))
