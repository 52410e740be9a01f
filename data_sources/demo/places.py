"""The eight districts of 2021, their communes, and the places people of the demonstration meet at.

Populations are those of the 2019 census. Coordinates of communes are approximate, to about two kilometres, and were
set by hand; the meeting places are invented and lie near them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data_sources.demo.draws import FloatArray, IntArray, ObjectArray, stream

HERE = Path(__file__).parent


@dataclass(frozen=True)
class District:
    """One district: code, names as written in forms, residents, residents 18+ and 65+."""

    code: str
    name: str
    written: tuple[str, ...]
    """Ways in which forms write the name; the first is the usual one. All name this district and no other."""
    misspelled: str
    """A way of writing that a careful reader sets aside; never the only row of its key."""
    residents: int
    residents_18_plus: int
    residents_65_plus: int


# Residents 18+ follow the share of each kind of unit and sum to the published 823,373.
DISTRICTS = (
    District(
        "747",
        "Thành phố Vũng Tàu",
        ("TP. Vũng Tàu", "TP Vũng Tàu", "Thành phố Vũng Tàu", "Vũng Tàu", "TP VUNG TAU", "Tp.Vũng Tàu"),
        "TP Vúng Tầu",
        357_124,
        260_701,
        23_570,
    ),
    District(
        "748",
        "Thành phố Bà Rịa",
        ("TP. Bà Rịa", "TP Bà Rịa", "Thành phố Bà Rịa", "Thanh pho Ba Ria", "Tp.Bà Rịa"),
        "TP Bà Rja",
        108_701,
        78_265,
        7_282,
    ),
    District(
        "750",
        "Huyện Châu Đức",
        ("Huyện Châu Đức", "H. Châu Đức", "Châu Đức", "Huyen Chau Duc"),
        "Châu Đứt",
        143_859,
        99_982,
        9_207,
    ),
    District(
        "751",
        "Huyện Xuyên Mộc",
        ("Huyện Xuyên Mộc", "H. Xuyên Mộc", "Xuyên Mộc", "Huyen Xuyen Moc", "H.Xuyên Mộc"),
        "Xuyên Mộch",
        140_723,
        97_802,
        8_865,
    ),
    District(
        "752",
        "Huyện Long Điền",
        ("Huyện Long Điền", "H. Long Điền", "Long Điền", "Huyen Long Dien", "H.Long Điền"),
        "Long Điềm",
        135_763,
        96_391,
        8_961,
    ),
    District(
        "753",
        "Huyện Đất Đỏ",
        ("Huyện Đất Đỏ", "H. Đất Đỏ", "Đất Đỏ", "Huyen Dat Do"),
        "Đất Đở",
        73_530,
        52_206,
        5_147,
    ),
    District(
        "754",
        "Thị xã Phú Mỹ",
        ("TX Phú Mỹ", "TX. Phú Mỹ", "Thị xã Phú Mỹ", "Phú Mỹ", "Thi xa Phu My"),
        "TX Phú Mĩi",
        179_786,
        131_663,
        8_450,
    ),
    District(
        "755",
        "Huyện Côn Đảo",
        ("Huyện Côn Đảo", "H. Côn Đảo", "Côn Đảo", "Huyen Con Dao"),
        "Côn Đáo",
        8_827,
        6_363,
        318,
    ),
)
UNIT_COUNT = len(DISTRICTS)
CODES: tuple[str, ...] = tuple(district.code for district in DISTRICTS)
NUMBER_OF = {code: number for number, code in enumerate(CODES)}
RESIDENTS: IntArray = np.array([district.residents for district in DISTRICTS], dtype=np.int64)
RESIDENTS_18_PLUS: IntArray = np.array([district.residents_18_plus for district in DISTRICTS], dtype=np.int64)

# What share of a commune's meeting places are of each kind, with the radius in degrees within which they lie.
PLACE_KINDS = ("work", "market", "store", "health", "school", "food", "transport", "worship")
PLACES_PER_COMMUNE = (2, 1, 2, 1, 1, 2, 1, 1)
PLACE_RADIUS_DEGREES = 0.0035


@dataclass(frozen=True)
class Communes:
    """The communes as parallel arrays: unit number, name ('' on Côn Đảo, which had none), coordinates, weight."""

    unit: IntArray
    name: ObjectArray
    longitude: FloatArray
    latitude: FloatArray
    weight: FloatArray


def communes() -> Communes:
    """The 82 communes of 2021 and the one settlement of Côn Đảo, from communes.csv."""
    with (HERE / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Communes(
        unit=np.array([NUMBER_OF[row["unit"]] for row in rows], dtype=np.int64),
        name=np.array([row["commune"] for row in rows], dtype=object),
        longitude=np.array([float(row["longitude"]) for row in rows]),
        latitude=np.array([float(row["latitude"]) for row in rows]),
        weight=np.array([float(row["weight"]) for row in rows]),
    )


def random_communes(rng: np.random.Generator, units: IntArray, table: Communes) -> IntArray:
    """A commune of each person's unit, drawn by population."""
    chosen = np.zeros(len(units), dtype=np.int64)
    for unit in range(UNIT_COUNT):
        mine = np.flatnonzero(units == unit)
        candidates = np.flatnonzero(table.unit == unit)
        share = table.weight[candidates] / table.weight[candidates].sum()
        chosen[mine] = rng.choice(candidates, size=len(mine), p=share)
    return chosen


@dataclass(frozen=True)
class MeetingPlaces:
    """Invented places where trails cross, as parallel arrays: commune number, kind, coordinates."""

    commune: IntArray
    kind: ObjectArray
    longitude: FloatArray
    latitude: FloatArray


def meeting_places(seed: int, table: Communes) -> MeetingPlaces:
    """The same places for the same seed, eleven in every commune, coordinates rounded to about ten metres."""
    rng = stream(seed, "meeting places")
    kinds = np.repeat(np.array(PLACE_KINDS, dtype=object), PLACES_PER_COMMUNE)
    commune = np.repeat(np.arange(len(table.unit)), len(kinds))
    angle = rng.uniform(0, 2 * np.pi, len(commune))
    radius = PLACE_RADIUS_DEGREES * np.sqrt(rng.random(len(commune)))
    return MeetingPlaces(
        commune=commune,
        kind=np.tile(kinds, len(table.unit)),
        longitude=np.round(table.longitude[commune] + radius * np.cos(angle), 4),
        latitude=np.round(table.latitude[commune] + radius * np.sin(angle), 4),
    )
