"""Resolving many distinct names of units, as people write them, against a plain look-up of the same names."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.measured import Figure, spread
from benchmarks.sizes import Sizes
from data_sources.settings import parse
from data_sources.units import Register, load_register, resolve_names

MOST_SECONDS = 1.0
TIMES = 5


def run(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """The figures of the names of districts and of communes, and of both without a parent to look within."""
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}}, place)
    register = load_register(settings)
    for what, level, parent in (
        ("a province's district names", "district", "77"),
        ("the country's district names", "district", None),
        ("the country's commune names", "commune", None),
    ):
        names = written(register, level, parent, sizes.unit_names)
        taken = list(islice(resolving(register, names, level, parent), TIMES))
        plain = list(islice(looking_up(names), TIMES))
        yield spread(
            f"{len(names):,} distinct ways to write {what}",
            taken,
            "s",
            against="dict look-up",
            reference=sorted(plain)[TIMES // 2],
            at_most=MOST_SECONDS,
            judged="value",
        )


def resolving(register: Register, names: list[str], level: str, parent: str | None) -> Iterator[float]:
    """Seconds of each resolution; a fresh list each time, so that nothing is answered from the last one."""
    while True:
        begun = time.perf_counter()
        found = resolve_names(register, list(names), parent=parent, level=level)
        yield time.perf_counter() - begun
        assert len(found) == len(names)


def looking_up(names: list[str]) -> Iterator[float]:
    """Seconds of looking each name up in a dict."""
    known = {name: number for number, name in enumerate(names)}
    while True:
        begun = time.perf_counter()
        found = [known[name] for name in names]
        yield time.perf_counter() - begun
        assert len(found) == len(names)


def written(register: Register, level: str, parent: str | None, count: int) -> list[str]:
    """`count` distinct ways of writing the names of a level: bare, with kinds, without marks, with slips."""
    units = [unit for unit in register.units() if unit.level == level and parent in (None, unit.parent)]
    found: dict[str, None] = {}
    for number, unit in enumerate(cycle(units)):
        name = ways(unit.name, unit.short_name, number // len(units))
        found.setdefault(name)
        if len(found) == count:
            return list(found)
    raise ValueError(f"no units of level {level} below {parent}")


def ways(name: str, short: str, number: int) -> str:
    """The `number`th way of writing a unit: the clean ones first, then every slip of one or two letters."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    clean = [name, short, name.upper(), unicodedata.normalize("NFD", name), plain.replace("đ", "d").replace("Đ", "D")]
    if number < len(clean):
        return clean[number]
    base = clean[number % len(clean)]
    place, letter = (number // len(clean)) % len(base), chr(ord("a") + (number // len(clean) // len(base)) % 26)
    again = number // len(clean) // len(base) // 26
    return base[:place] + letter + base[place + 1 :] + ("x" * again)
