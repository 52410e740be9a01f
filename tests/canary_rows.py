"""Rows of every contract, generated from the contract itself, with a canary in each field about a person.

A canary is found again by what it alone holds: a made-up word for each text column, digits that no phone has, a day
in 1931, a coordinate of seven decimals. So a leak is named by the column it comes from, and a contract that is new
tomorrow is planted without a line here.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from data_sources.contracts import CONTRACTS
from data_sources.contracts.model import Column, Contract

UNITS = ("747", "748", "750", "751", "752", "753", "754", "755")
PROVINCE = "77"
LAST = date(2021, 8, 29)
DAYS = 42
PEOPLE = 240
ITEMS = 96
WALKERS = 40
"""Persons whose trails are told, by several points each."""
SAME = ("f_class", "audience")
"""Choices that stay the first: pages show the cases themselves, and messages to everybody."""
PLACES = 12
"""Places that people were at: few, so that a coordinate is found again and never met by chance."""
OF_THE_PROVINCE = ("channel_posts", "broadcasts", "misinformation")
CANARY_YEAR = 1931
LETTERS = "bdghklmnprtvxz"
PUBLIC_TEXT = {
    "commune": "Xã Long Hải",
    "vaccine": "AstraZeneca",
    "site": "Cơ sở số",
    "checkpoint": "Chốt số",
}
"""Free text that stands on pages by design: names of places, sites and vaccines, never of persons."""


@dataclass(frozen=True)
class Canary:
    """What must never be found: the column it was planted in, and the part of it that nothing else holds."""

    field: str
    kind: str
    """word, digits, day or decimal."""
    sought: str


@cache
def stem(field: str) -> str:
    """A word of no language for one column, with marks and letters that ASCII has not."""
    drawn = hashlib.sha256(field.encode()).digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in drawn[:6])
    return f"Zw{letters[:3]}ơ{letters[3:]}ễđ"


@cache
def digits(field: str) -> str:
    """Seven digits of no phone in Vietnam for one column; three more make a number of it."""
    return f"0900{int.from_bytes(hashlib.sha256(field.encode()).digest()[:4], 'big') % 1000:03d}"


def planted(contract: Contract, column: Column) -> bool:
    """True for a field that says who somebody is or where exactly, and for free text that no page shows."""
    if column.personal or column.type == "person" or column.grid_degrees is not None:
        return True
    if column.name in ("longitude", "latitude"):
        return contract.about_persons
    return column.type in ("text", "code") and column.name not in (*contract.shown, *PUBLIC_TEXT)


def value(contract: Contract, column: Column, number: int) -> str:
    """The canary of row `number` in `column`."""
    field = contract.field(column.name)
    if column.type == "person":
        return f"{stem('person')}-{number:05d}"
    if column.type in ("day", "time"):
        return (date(CANARY_YEAR, 1, 1) + timedelta(days=number % 365)).isoformat()
    if column.type == "number":
        return decimal(column.name, number % PLACES)
    if column.type == "integer":
        return str(int(digits(field)) * 100 + number % 100)
    if column.type == "code" or column.name in ("phone", "identity"):
        return f"{digits(field)}{number % 1000:03d}"
    return f"{stem(field)} Văn Ẩn {number:03d}"


def decimal(name: str, place: int) -> str:
    """A coordinate in the province with seven decimals."""
    drawn = int.from_bytes(hashlib.sha256(f"{name}{place}".encode()).digest()[:4], "big") % 900_000 + 100_001
    return f"{107.1 if name == 'longitude' else 10.4:.1f}{drawn}"


def canaries() -> list[Canary]:
    """Everything that was planted, as it is searched for."""
    found: dict[str, Canary] = {}
    for contract in CONTRACTS.values():
        for column in contract.columns:
            if not planted(contract, column):
                continue
            field = contract.field(column.name)
            written = [value(contract, column, number) for number in range(PEOPLE)]
            kinds = {"person": "word", "day": "day", "time": "day", "number": "decimal", "integer": "digits"}
            kind = kinds.get(column.type, "digits" if written[0].isdecimal() else "word")
            for one in written:
                sought = {"word": one.split(" ")[0].split("-")[0], "digits": digits(field)}.get(kind, one)
                found.setdefault(sought, Canary(field, kind, sought))
    return list(found.values())


def depth(contract: Contract, name: str) -> int:
    """How many columns lie below this one in the contract's order of parts and wholes."""
    return max((1 + depth(contract, part) for part, whole in contract.not_above if whole == name), default=0)


def rows(contract: Contract) -> Iterator[dict[str, str]]:
    """Rows that keep the contract: every unit and day of a count, so many persons or items of a list."""
    units = (PROVINCE,) if contract.dataset in OF_THE_PROVINCE else UNITS
    if contract.key[:2] == ("unit", "day") or "day" in contract.key:
        pairs = [(unit, day) for day in range(DAYS) for unit in units]
    else:
        amount = PEOPLE if contract.about_persons else ITEMS
        pairs = [(units[number % len(units)], number % DAYS) for number in range(amount)]
    for number, (unit, ago) in enumerate(pairs):
        day = LAST - timedelta(days=DAYS - 1 - ago)
        cells = {column.name: _cell(contract, column, number, unit, day) for column in contract.columns}
        yield {name: cell for name, cell in cells.items() if cell is not None}


def _cell(contract: Contract, column: Column, number: int, unit: str, day: date) -> str | None:
    if column.type == "person" and column.name in contract.key and contract.repeatable:
        return value(contract, column, number % WALKERS)
    if column.name == "source_case":
        return value(contract, column, number // 2) if number else None
    if column.name == "other_device":
        return value(contract, column, number + 1)
    if planted(contract, column):
        return value(contract, column, number)
    rank = depth(contract, column.name)
    spare = not column.required and column.name not in contract.key and number % 3 == 2
    if column.type == "unit":
        return unit
    if column.type == "day":
        return day.isoformat() if column.name == "day" or not spare else None
    if column.type == "time":
        begun = datetime.combine(day, datetime.min.time()) + timedelta(hours=8 + rank, minutes=number % 50)
        return None if spare else begun.isoformat(timespec="seconds") + "+07:00"
    if column.type == "choice":
        return column.choices[0 if column.name in SAME else number // len(UNITS) % len(column.choices)].value
    if column.type == "boolean":
        return ("true", "false")[number % 2]
    if column.type in ("text", "code"):
        base = PUBLIC_TEXT.get(column.name, f"{contract.dataset.upper()}-{number:04d}")
        return f"{base} {unit}" if column.name in ("site", "checkpoint") else base
    return _number(contract, column, number, day, rank)


def _number(contract: Contract, column: Column, number: int, day: date, rank: int) -> str:
    if column.name in contract.cumulative:
        return str(1000 * (rank + 1) + 100 * (day - date(2021, 1, 1)).days)
    if column.name in ("longitude", "latitude"):
        return "107.2" if column.name == "longitude" else "10.4"
    most = column.maximum if column.maximum is not None else 1e9
    least = column.minimum if column.minimum is not None and column.minimum > 0 else 0
    amount = min((20 + number % 7) * 4**rank, int(most), 10**7)
    return str(max(amount, int(least)))


def csv_of(contract: Contract) -> str:
    """The rows as the file a system would send."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.name for column in contract.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(contract))
    return out.getvalue()
