"""Who the people of the demonstration are: age, sex, occupation, and identities that are plainly invented.

Names all begin with "Minh Họa" (illustration), phones with 09000 (no such numbers are given out), and every address
lies on a street called Minh Họa.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_sources.demo.clock import days
from data_sources.demo.draws import BoolArray, IntArray, ObjectArray, TimeArray
from data_sources.demo.places import Communes

# Age of the infected and of their contacts: more adults of working age than in the population.
AGE_BANDS = np.array([0, 6, 12, 18, 30, 40, 50, 60, 70, 80, 97])
AGE_SHARES = np.array([0.06, 0.06, 0.06, 0.24, 0.22, 0.15, 0.10, 0.07, 0.03, 0.01])
FEMALE_SHARE = 0.51

OCCUPATIONS = ("worker", "fisher", "trader", "driver", "health_worker", "farmer", "office", "other")
# Working-age occupations by unit, in the order of places.DISTRICTS.
OCCUPATION_SHARES = np.array(
    [
        [0.24, 0.12, 0.19, 0.08, 0.03, 0.01, 0.14, 0.19],
        [0.27, 0.02, 0.20, 0.08, 0.04, 0.06, 0.14, 0.19],
        [0.24, 0.00, 0.14, 0.06, 0.02, 0.33, 0.06, 0.15],
        [0.17, 0.10, 0.15, 0.06, 0.02, 0.30, 0.05, 0.15],
        [0.17, 0.30, 0.21, 0.06, 0.02, 0.05, 0.05, 0.14],
        [0.19, 0.19, 0.16, 0.06, 0.02, 0.20, 0.05, 0.13],
        [0.52, 0.02, 0.12, 0.09, 0.02, 0.03, 0.08, 0.12],
        [0.10, 0.25, 0.20, 0.05, 0.05, 0.02, 0.18, 0.15],
    ]
)
SCHOOL_AGE, WORKING_AGE, RETIRED_AGE = 6, 18, 62

MIDDLE_NAMES = ("Thị", "Văn", "Ngọc", "Hữu", "Thanh", "Đức", "Mỹ", "Quốc")
GIVEN_NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Minh", "Nga", "Phúc", "Quân", "Sơn", "Vy")
STREETS = 90


@dataclass(frozen=True)
class People:
    """Attributes of people as parallel arrays; ages in years, occupations as the contract's values."""

    age: IntArray
    female: BoolArray
    occupation: ObjectArray


def draw(rng: np.random.Generator, units: IntArray) -> People:
    """One person for each entry of `units`."""
    size = len(units)
    band = rng.choice(len(AGE_SHARES), size=size, p=AGE_SHARES)
    age = AGE_BANDS[band] + (rng.random(size) * (AGE_BANDS[band + 1] - AGE_BANDS[band])).astype(np.int64)
    cumulative = np.cumsum(OCCUPATION_SHARES, axis=1)[units]
    number = (cumulative <= (rng.random(size) * cumulative[:, -1])[:, None]).sum(axis=1)
    occupation = np.array(OCCUPATIONS, dtype=object)[np.minimum(number, len(OCCUPATIONS) - 1)]
    occupation[(age < WORKING_AGE) & (age >= SCHOOL_AGE)] = "student"
    occupation[(age < SCHOOL_AGE) | (age >= RETIRED_AGE)] = "other"
    return People(age=age, female=rng.random(size) < FEMALE_SHARE, occupation=occupation)


@dataclass(frozen=True)
class Identities:
    """Invented identities as parallel arrays."""

    name: ObjectArray
    phone: ObjectArray
    address: ObjectArray
    birth_date: TimeArray


def identities(
    rng: np.random.Generator, people: People, commune: IntArray, day: IntArray, table: Communes
) -> Identities:
    """An invented identity for each person; the birth date agrees with the age on day number `day`."""
    size = len(people.age)
    middle = np.array(MIDDLE_NAMES, dtype=object)[rng.integers(0, len(MIDDLE_NAMES), size)]
    given = np.array(GIVEN_NAMES, dtype=object)[rng.integers(0, len(GIVEN_NAMES), size)]
    house, street = rng.integers(1, 400, size).astype(str).astype(object), rng.integers(1, STREETS, size)
    where = np.where(table.name[commune] == "", "Côn Đảo", table.name[commune])
    phone = np.char.zfill(rng.integers(0, 100_000, size).astype(str), 5).astype(object)
    born = days(day) - (people.age * 365.25 + rng.integers(3, 360, size)).astype(np.int64).astype("timedelta64[D]")
    return Identities(
        name=np.asarray("Minh Họa " + middle + " " + given, dtype=object),
        phone=np.asarray("09000" + phone, dtype=object),
        address=np.asarray("Số " + house + " đường Minh Họa " + street.astype(str).astype(object) + ", " + where),
        birth_date=born,
    )
