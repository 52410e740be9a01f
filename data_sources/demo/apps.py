"""What Bluezone and the QR codes recorded around traced cases, and the daily counts of both platforms.

The platforms hand out the records of a case and of those near it when the case is traced, and nothing of anybody else.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data_sources.demo import places, telecom
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, at, days, durations, index, number_of_day
from data_sources.demo.draws import FloatArray, IntArray, ObjectArray, TimeArray, stream
from data_sources.demo.line_list import NEVER, Registry
from data_sources.demo.reporting import issued
from data_sources.demo.spread import Epidemic

QR_SHARE_OF_BOTH = 0.7
# A meeting lies between two days before onset and the isolation of the case, by day.
DAYS_BEFORE_ONSET, MEETING_HOURS = 2, (6.7, 19.5)
STAY_MINUTES, CONTACT_COMES_MINUTES = (30, 100), (-10, 6)
VISIT_MINUTES = (10, 100)
# Of other visitors to the venue on the day, and of other phones near the case: strangers, mostly at another hour.
VISITORS_A_MEETING, STRANGERS_A_MEETING = 2.0, 3.0
NEAR_MINUTES, STRANGER_MINUTES = (15, 95), (1, 12)
NEAR_CLASSES, NEAR_SHARES = ("near", "medium", "unknown"), (0.75, 0.22, 0.03)
STRANGER_CLASSES, STRANGER_SHARES = ("near", "medium", "far"), (0.15, 0.35, 0.5)
NO_TIME_OUT_SHARE = 0.06
# Phones are numbered in steps of an odd prime, so that no two have one number and neighbours look unlike.
DEVICE_STEP = 7_919
HANDED_OUT_HOURS = (0.2, 3.0)

# Check-ins a resident and day from the opening of the QR platform, and how much fewer when closed.
QR_OPENED = date(2021, 7, 15)
CHECKINS_A_RESIDENT, GROWTH_DAYS, LESS_WHEN_CLOSED = 0.055, 40.0, 0.7
PEOPLE_SHARE, RESIDENTS_A_VENUE, CHECKINS_A_VENUE = 0.62, 160, 9.0
WEEKDAY_CHECKINS = np.array([1.0, 1.0, 1.0, 1.02, 1.08, 1.1, 0.9])
HOTSPOTS_A_CASE, FILE_HOUR = 0.02, 22.6


def meetings(epidemic: Epidemic, everyone: Registry, contacts: pd.DataFrame, isolated_at: TimeArray) -> pd.DataFrame:
    """One row for each contact an app found: contact, source, app, place number, time, and when it was handed out."""
    rng = stream(epidemic.seed, "meetings")
    found = contacts[contacts["found_automatically"]].drop_duplicates("contact_code").reset_index(drop=True)
    number_of = {code: number for number, code in enumerate(everyone.code[: epidemic.size])}
    case = found["source_case"].map(number_of).to_numpy(dtype=np.int64)
    way = found["found_by"].to_numpy(dtype=object)
    drawn = np.where(rng.random(len(found)) < QR_SHARE_OF_BOTH, "qr", "bluezone").astype(object)
    last = number_of_day(isolated_at[case])
    first = np.minimum(epidemic.onset[case] - DAYS_BEFORE_ONSET, last - 1)
    day = first + np.floor(rng.random(len(found)) * (last - first)).astype(np.int64)
    per_commune = sum(places.PLACES_PER_COMMUNE)
    return pd.DataFrame(
        {
            "contact": found["contact_code"],
            "source": found["source_case"],
            "app": np.where(np.isin(way, ["qr", "bluezone"]), way, drawn),
            "place": epidemic.commune[case] * per_commune + rng.integers(0, per_commune, len(found)),
            "met_at": at(day, rng.uniform(*MEETING_HOURS, len(found))),
            "handed_out_at": found["issued_at"].to_numpy().astype("datetime64[s]")
            + durations(rng.uniform(*HANDED_OUT_HOURS, len(found))),
        }
    )


def _minutes(rng: np.random.Generator, limits: tuple[int, int], size: int) -> FloatArray:
    return np.asarray(rng.integers(*limits, size) / 60, dtype=np.float64)


def checkins(epidemic: Epidemic, met: pd.DataFrame, trails: pd.DataFrame) -> pd.DataFrame:
    """Rows of `checkins`: cases and contacts at one venue, other visitors of that day, and the points of trails."""
    rng = stream(epidemic.seed, "check-ins")
    spots = places.meeting_places(epidemic.seed, places.communes())
    by_qr = met[met["app"] == "qr"].reset_index(drop=True)
    time = by_qr["met_at"].to_numpy().astype("datetime64[s]")
    contact_in = time + durations(_minutes(rng, CONTACT_COMES_MINUTES, len(by_qr)))
    which = np.repeat(np.arange(len(by_qr)), rng.poisson(VISITORS_A_MEETING, len(by_qr)))
    visitor_in = at(number_of_day(time[which]), rng.uniform(*MEETING_HOURS, len(which)))
    visitors = np.asarray("KH-" + np.char.zfill(np.arange(1, len(which) + 1).astype(str), 6).astype(object))
    place_at = {spot: n for n, spot in enumerate(zip(spots.longitude, spots.latitude, strict=True))}
    scanned = trails[(trails["point_source"] == "qr") & (trails["place_kind"] != "home")]
    scanned_at = np.array([place_at[spot] for spot in zip(scanned["longitude"], scanned["latitude"], strict=True)])
    parts: list[tuple[Any, Any, Any, tuple[int, int], Any]] = [
        (by_qr["source"], by_qr["place"], time, STAY_MINUTES, by_qr["handed_out_at"]),
        (by_qr["contact"], by_qr["place"], contact_in, STAY_MINUTES, by_qr["handed_out_at"]),
        (visitors, by_qr["place"].to_numpy()[which], visitor_in, VISIT_MINUTES, by_qr["handed_out_at"].iloc[which]),
        (scanned["case_code"], scanned_at, scanned["visited_at"], VISIT_MINUTES, scanned["issued_at"]),
    ]
    place = np.concatenate([np.asarray(part[1], dtype=np.int64) for part in parts])
    time_in = np.concatenate([np.asarray(part[2], dtype="datetime64[s]") for part in parts])
    stay = np.concatenate([_minutes(rng, part[3], len(part[0])) for part in parts])
    unit = places.communes().unit[spots.commune[place]]
    codes = np.array(places.CODES, dtype=object)[unit]
    frame = pd.DataFrame(
        {
            "person_code": np.concatenate([np.asarray(part[0], dtype=object) for part in parts]),
            "venue": np.asarray("QR-" + codes + "-" + np.char.zfill(place.astype(str), 4).astype(object), dtype=object),
            "place_kind": spots.kind[place],
            "unit": codes,
            "time_in": time_in,
            "time_out": np.where(rng.random(len(stay)) < NO_TIME_OUT_SHARE, NEVER, time_in + durations(stay)),
            "issued_at": np.concatenate([np.asarray(part[4], dtype="datetime64[s]") for part in parts]),
        }
    )
    frame = frame[frame["time_in"] < frame["issued_at"]].drop_duplicates(["person_code", "venue", "time_in"])
    return issued(frame.assign(time_out=frame["time_out"].where(frame["time_out"] < frame["issued_at"])))


def encounters(epidemic: Epidemic, met: pd.DataFrame) -> pd.DataFrame:
    """Rows of `encounters`: the long and near ones of cases and contacts, and short ones with strangers' phones."""
    rng = stream(epidemic.seed, "encounters")
    near = met[met["app"] == "bluezone"].reset_index(drop=True)
    which = np.repeat(np.arange(len(near)), rng.poisson(STRANGERS_A_MEETING, len(near)))
    time = near["met_at"].to_numpy().astype("datetime64[s]")
    strange_at = at(number_of_day(time[which]), rng.uniform(*MEETING_HOURS, len(which)))
    strangers = np.array([f"BZ-{n * DEVICE_STEP % 16**6:06x}" for n in range(1, len(which) + 1)], dtype=object)
    source = near["source"].to_numpy(dtype=object)
    handed_out = near["handed_out_at"].to_numpy().astype("datetime64[s]")
    frame = pd.DataFrame(
        {
            "device": np.concatenate((source, source[which])),
            "other_device": np.concatenate((near["contact"].to_numpy(dtype=object), strangers)),
            "started_at": np.concatenate((time, strange_at)),
            "minutes": np.concatenate(
                (rng.integers(*NEAR_MINUTES, len(near)), rng.integers(*STRANGER_MINUTES, len(which)))
            ),
            "rssi_class": np.concatenate(
                (
                    _drawn(rng, NEAR_CLASSES, NEAR_SHARES, len(near)),
                    _drawn(rng, STRANGER_CLASSES, STRANGER_SHARES, len(which)),
                )
            ),
            "issued_at": np.concatenate((handed_out, handed_out[which])),
        }
    )
    frame = frame[frame["started_at"] < frame["issued_at"]]
    return issued(frame.drop_duplicates(["device", "other_device", "started_at"]))


def _drawn(rng: np.random.Generator, values: tuple[str, ...], shares: tuple[float, ...], size: int) -> ObjectArray:
    return rng.choice(np.array(values, dtype=object), size=size, p=shares)


def counts(epidemic: Epidemic, contacts: pd.DataFrame) -> pd.DataFrame:
    """Rows of `tracing_counts`: one a district and day, from the platforms' file of the late evening."""
    rng = stream(epidemic.seed, "tracing counts")
    opened = index(QR_OPENED)
    day = np.arange(DAY_COUNT)
    grown = 1 - np.exp(-np.maximum(day - opened + 1, 0) / GROWTH_DAYS)
    pace = CHECKINS_A_RESIDENT * grown * WEEKDAY_CHECKINS[WEEKDAYS] * np.where(IS_HOLIDAY, 0.8, 1.0)
    expected = places.RESIDENTS[:, None] * pace * (1 - LESS_WHEN_CLOSED * telecom.strictness())
    scans = rng.poisson(expected * rng.lognormal(0.0, 0.06, expected.shape))
    people = rng.binomial(scans, PEOPLE_SHARE)
    most = places.RESIDENTS[:, None] / RESIDENTS_A_VENUE
    venues = np.minimum(np.round(most * (1 - np.exp(-scans / CHECKINS_A_VENUE / most))).astype(np.int64), scans)
    warned = _warned(contacts)
    hotspots = rng.poisson(epidemic.by_unit_and_day() * HOTSPOTS_A_CASE)
    unit, when = (array.ravel() for array in np.mgrid[0 : places.UNIT_COUNT, opened:DAY_COUNT])
    return issued(
        pd.DataFrame(
            {
                "unit": np.array(places.CODES, dtype=object)[unit],
                "day": days(when),
                "checkins": scans[unit, when],
                "people": people[unit, when],
                "venues": venues[unit, when],
                "contacts_warned": warned[unit, when],
                "hotspots": hotspots[unit, when],
                "issued_at": at(when, np.full(len(when), FILE_HOUR)),
            }
        )
    )


def _warned(contacts: pd.DataFrame) -> IntArray:
    """People whom an app warned, units x days: those it found, on the day they were named."""
    found = contacts[contacts["found_automatically"]].drop_duplicates("contact_code")
    tally = np.zeros((places.UNIT_COUNT, DAY_COUNT), dtype=np.int64)
    unit = found["unit"].map(places.NUMBER_OF).to_numpy(dtype=np.int64)
    np.add.at(tally, (unit, number_of_day(found["day"].to_numpy().astype("datetime64[s]"))), 1)
    return tally
