"""Residents: the districts by the census of 2019 with adults by the vaccination platform, and the other provinces."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_sources.demo import places
from data_sources.demo.clock import FIRST_DAY
from data_sources.demo.draws import FloatArray, IntArray

CENSUS_DAY = "2019-04-01"
# The share of residents 65+ in the other provinces is the demonstration's own.
SHARE_65_PLUS = 0.077


@dataclass(frozen=True)
class Provinces:
    """The other 62 provinces as parallel tuples and arrays; everything but the names is rounded or invented."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    residents: IntArray
    residents_18_plus: IntArray
    spring_per_100k: FloatArray
    summer_per_100k: FloatArray
    winter_per_100k: FloatArray
    first_dose_percent: FloatArray


def provinces() -> Provinces:
    """The other 62 provinces from provinces.csv; adults are a rounded share of rounded residents."""
    with (places.HERE / "provinces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    residents = np.array([int(row["residents"]) for row in rows], dtype=np.int64)
    share = np.array([float(row["adult_percent"]) for row in rows]) / 100
    return Provinces(
        code=tuple(row["code"] for row in rows),
        name=tuple(row["name"] for row in rows),
        residents=residents,
        residents_18_plus=(np.round(residents * share / 1000) * 1000).astype(np.int64),
        spring_per_100k=np.array([float(row["spring_per_100k"]) for row in rows]),
        summer_per_100k=np.array([float(row["summer_per_100k"]) for row in rows]),
        winter_per_100k=np.array([float(row["winter_per_100k"]) for row in rows]),
        first_dose_percent=np.array([float(row["first_dose_percent"]) for row in rows]),
    )


def districts() -> pd.DataFrame:
    """Rows of `population` of the eight districts, known since before the first day."""
    return pd.DataFrame(
        {
            "unit": list(places.CODES),
            "day": pd.Timestamp(CENSUS_DAY),
            "residents": places.RESIDENTS,
            "residents_18_plus": places.RESIDENTS_18_PLUS,
            "residents_65_plus": [district.residents_65_plus for district in places.DISTRICTS],
            "issued_at": pd.Timestamp(FIRST_DAY),
        }
    )


def others() -> pd.DataFrame:
    """Rows of `population` of the other 62 provinces."""
    table = provinces()
    return pd.DataFrame(
        {
            "unit": list(table.code),
            "day": pd.Timestamp(CENSUS_DAY),
            "residents": table.residents,
            "residents_18_plus": table.residents_18_plus,
            "residents_65_plus": (np.round(table.residents * SHARE_65_PLUS / 1000) * 1000).astype(np.int64),
            "issued_at": pd.Timestamp(FIRST_DAY),
        }
    )
