"""From names as people write them to units: what is certain, what is in doubt, what belongs elsewhere.

Only a name that is equal after its spelling is normalised is certain; a merely similar one never is, however similar.
In the national register of 2021 one letter is all that lies between 5 pairs of provinces (Quảng Ninh, Quảng Bình),
8 pairs of districts of one province (Long Khánh, Long Thành) and 754 pairs of communes of one district. A slip of the
pen cannot be told from another real place, and a case booked in the wrong one is worse than one that waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from data_sources.messages import Message, Value
from data_sources.refusal import Refused
from data_sources.unit_guesses import nearest_keys
from data_sources.unit_register import LEVELS, Register, Unit
from data_sources.unit_spelling import (
    KIND_LEVELS,
    PLAIN,
    Reading,
    TypeWord,
    agrees,
    readings,
    same_marks,
)

Certainty = Literal["certain", "doubtful", "other_province", "unknown"]

GUESSES = 3
"""Nearest units named in a message: more than three is a list nobody reads."""
SHOWN_LETTERS = 60
LONGEST_NAME = 200
"""The longest name of the national register has 29 letters; a text of 200 is a note and is not compared with names."""

LEVEL_WORDS = {
    "country": Message("unit.level_country"),
    "province": Message("unit.level_province"),
    "district": Message("unit.level_district"),
    "commune": Message("unit.level_commune"),
}
CODE_DIGITS = {"province": 2, "district": 3, "commune": 5}
"""Length of the national codes; a spreadsheet that took a code for a number has lost its leading zeros."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a written name was taken for, with why; `code` is given only when it is certain."""

    written: str
    code: str | None
    certainty: Certainty
    guesses: tuple[tuple[str, str], ...]
    message: Message


class Entry(NamedTuple):
    """One name of one unit, in the index of names."""

    unit: Unit
    key: str
    body: str
    kind: str
    above: frozenset[str]


class Index:
    """The names of a register by key, level by level; a level is indexed when it is first asked for."""

    def __init__(self, register: Register) -> None:
        """Start empty."""
        self._register = register
        self._levels: dict[str, dict[str, list[Entry]]] = {}

    def level(self, level: str) -> dict[str, list[Entry]]:
        """The entries of `level` by key."""
        if level not in self._levels:
            self._levels[level] = self._build(level)
        return self._levels[level]

    def _build(self, level: str) -> dict[str, list[Entry]]:
        entries: dict[str, list[Entry]] = defaultdict(list)
        register = self._register
        for unit in register.units():
            if unit.level != level:
                continue
            above = frozenset(other.code for other in register.lineage(unit, unit.valid_to))
            for name in (unit.name, *register.other_names.get(unit.code, ())):
                reading = _own_reading(name, unit)
                kind = _kind(unit, reading.type_word)
                entry = Entry(unit, reading.key, reading.body, kind, above)
                for key in {reading.key, reading.body.translate(PLAIN)}:
                    entries[key].append(entry)
        return entries


@lru_cache(maxsize=4)
def _index(register: Register) -> Index:
    return Index(register)


def _own_reading(name: str, unit: Unit) -> Reading:
    """A unit's own name without its type word, where that word says what the unit is."""
    whole, *others = readings(name) or (Reading("", "", None),)
    kind = unit.kind.casefold()
    for reading in others:
        word = reading.type_word
        if word and (kind in word.kinds or (not kind and not word.english and " ".join(word.words) in KIND_LEVELS)):
            return reading
    return whole


def _kind(unit: Unit, word: TypeWord | None) -> str:
    """The unit's kind as `KIND_LEVELS` names it, or "" where it is none of those."""
    kind = unit.kind.casefold() or (min(word.kinds, key=len) if word else "")
    if kind == "thành phố" and unit.level == "province":
        return "thành phố trung ương"
    return kind if kind in KIND_LEVELS else ""


def _named(units: Iterable[Unit]) -> tuple[tuple[str, str], ...]:
    return tuple({unit.code: (unit.code, unit.name) for unit in units}.values())


def _quoted(written: str) -> str:
    """The written name fit for a message: printable, and cut where it is endless."""
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in written[:500]).split())
    return f"“{shown[:SHOWN_LETTERS]}…”" if len(shown) > SHOWN_LETTERS else f"“{shown}”"


def _list(guesses: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{name} ({code})" for code, name in guesses]


def _one(unit: Unit) -> str:
    return f"{unit.name} ({unit.code})"


class _Search:
    """One question: names of units of `level` within `parent` on `day`."""

    def __init__(self, register: Register, parent: str | None, level: str | None, day: date | None) -> None:
        self.register = register
        self.index = _index(register)
        self.parent = parent
        self.levels = (level,) if level else LEVELS
        self.level = level
        self.day = day or register.reference_day
        place = register.get(parent, self.day) or register.periods(parent)[-1] if parent else None
        self.place: Value = place.name if place else Message("unit.register")
        self.province = register.province_of(parent, self.day) if parent else None

    def live(self, unit: Unit) -> bool:
        return unit.valid_on(self.day) if self.day else self.register.get(unit.code) is unit

    def inside(self, entry: Entry) -> bool:
        return self.parent is None or self.parent in entry.above

    def hits(self, reading: Reading, levels: Iterable[str]) -> list[Entry]:
        """The entries, of any day, whose name `reading` is."""
        return [
            entry
            for level in levels
            for entry in self.index.level(level).get(reading.key, ())
            if agrees(reading.body, entry.body)
        ]

    def resolve(self, written: str) -> Resolution | None:
        """What is known of `written` without guessing by similarity; None where that is nothing."""
        if len(written) > LONGEST_NAME:
            return Resolution(written, None, "unknown", (), Message("unit.too_long", written=_quoted(written)))
        ways = readings(written)
        if not ways:
            return Resolution(written, None, "unknown", (), Message("unit.blank"))
        code = written.strip()
        by_code = self._by_code(code, written)
        if by_code and self._of_level(code):
            return by_code
        found = [(way, entry) for way in ways for entry in self.hits(way, self.levels)]
        within = [(way, entry) for way, entry in found if self.inside(entry)]
        answer = self._within(written, [pair for pair in within if self.live(pair[1].unit)])
        return (
            answer
            or self._padded_code(written)
            or by_code
            or self._at_another_time(written, [entry for _, entry in within])
            or self._at_another_level(written, ways)
            or self._elsewhere(written, found, ways)
        )

    def _of_level(self, code: str) -> bool:
        unit = self.register.get(code, self.day)
        return unit is not None and unit.level in self.levels

    def _by_code(self, code: str, written: str) -> Resolution | None:
        unit = self.register.get(code, self.day)
        if unit is None:
            return None
        lineage = {above.code for above in self.register.lineage(unit, self.day)}
        if self.parent is not None and self.parent not in lineage:
            return self._of_another(written, [unit])
        if unit.level not in self.levels:
            why = Message("unit.of_level", unit=f"{unit.name} ({code})", level=LEVEL_WORDS[unit.level])
            return self._doubtful(written, [unit], why)
        return self._certain(written, unit)

    def _padded_code(self, written: str) -> Resolution | None:
        """A number whose leading zeros were lost, where the level says how many there were."""
        digits = written.strip()
        length = CODE_DIGITS.get(self.level or "", 0)
        if not (digits.isascii() and digits.isdigit() and len(digits) < length):
            return None
        answer = self._by_code(digits.zfill(length), written)
        return answer if answer and answer.certainty == "certain" else None

    def _certain(self, written: str, unit: Unit) -> Resolution:
        return Resolution(written, unit.code, "certain", (), Message("unit.is", unit=_one(unit)))

    def _doubtful(self, written: str, units: Iterable[Unit], why: Message) -> Resolution:
        guesses = _named(units)[:GUESSES]
        return Resolution(written, None, "doubtful", guesses, why)

    def _within(self, written: str, pairs: list[tuple[Reading, Entry]]) -> Resolution | None:
        """The answer from the units of the parent that have this name today."""
        if not pairs:
            return None
        if not written.isascii():
            # Who writes marks means the unit with exactly these marks, where one has them.
            pairs = [pair for pair in pairs if same_marks(pair[0].body, pair[1].body)] or pairs
        typed = [pair for pair in pairs if _type_fits(*pair)]
        pool = typed or pairs
        units = {entry.unit.code: entry.unit for _, entry in pool}
        if len(units) > 1:
            several = Message("unit.several", written=_quoted(written), units=_list(_named(units.values())))
            return self._doubtful(written, units.values(), several)
        (unit,) = units.values()
        rivals = [] if typed else self._bearers_of_type(pool)
        if rivals is None:
            why = Message("unit.unsure", written=_quoted(written), unit=_one(unit))
            return self._at_another_level(written, readings(written)) or self._doubtful(written, [unit], why)
        if rivals:
            other = self._whereabouts(rivals[0])
            why = Message("unit.either", written=_quoted(written), unit=_one(unit), other=other)
            return self._doubtful(written, [unit, *rivals], why)
        return self._certain(written, unit)

    def _bearers_of_type(self, pairs: list[tuple[Reading, Entry]]) -> list[Unit] | None:
        """Units anywhere that have the name with the type word as written; None where the word is of another level.

        A unit's type changes with the years (Huyện Tân Thành, Thị xã Phú Mỹ, Thành phố Phú Mỹ), so an outdated one is
        taken, but only where no unit really has it: Quận Tân Phú in a file of Đồng Nai is Sài Gòn's, not Huyện Tân Phú.
        """
        rivals: dict[str, Unit] = {}
        for reading, entry in pairs:
            word = reading.type_word
            if word is None:
                continue
            levels = {KIND_LEVELS[kind] for kind in word.kinds}
            if entry.unit.level not in levels or (word.english and not entry.kind):
                return None
            rivals.update(
                (other.unit.code, other.unit)
                for other in self.hits(reading, sorted(levels))
                if other.kind in word.kinds and self.live(other.unit)
            )
        return list(rivals.values())

    def _at_another_time(self, written: str, entries: list[Entry]) -> Resolution | None:
        if not entries:
            return None
        unit = entries[0].unit
        if unit.valid_to and self.day and unit.valid_to < self.day:
            heirs = [self.register.get(code, self.day) for code in unit.successors]
            known = [heir for heir in heirs if heir]
            last = unit.valid_to.isoformat()
            why = Message("unit.ended", unit=_one(unit), last=last)
            into = Message("unit.ended_into", unit=_one(unit), last=last, heirs=_list(_named(known)))
            return self._doubtful(written, known, into if known else why)
        why = Message("unit.not_then", unit=_one(unit))
        if unit.valid_from:
            why = Message("unit.begins", unit=_one(unit), first=unit.valid_from.isoformat())
        before = self.register.get(unit.code, self.day)
        return self._doubtful(written, [before] if before else [], why)

    def _at_another_level(self, written: str, ways: tuple[Reading, ...]) -> Resolution | None:
        """The parent itself, or a unit of the parent that is not of the level asked for."""
        typed = {KIND_LEVELS[kind] for way in ways if way.type_word for kind in way.type_word.kinds}
        levels = [level for level in LEVELS if level not in self.levels and (level != "commune" or level in typed)]
        pairs = [
            (way, entry)
            for way in ways
            for entry in self.hits(way, levels)
            if self.live(entry.unit) and _type_fits(way, entry)
        ]
        for _, entry in pairs:
            unit = entry.unit
            if self.parent is None or self.inside(entry):
                line = self.register.lineage(unit, self.day)
                guesses = [above for above in line if above.level in self.levels] or [unit]
                where, is_of = self._whereabouts(unit), LEVEL_WORDS[unit.level]
                why = Message("unit.of_level", unit=where, level=is_of)
                if self.level:
                    why = Message("unit.of_level_not", unit=where, level=is_of, wanted=LEVEL_WORDS[self.level])
                return self._doubtful(written, guesses, why)
        return None

    def _elsewhere(
        self, written: str, found: list[tuple[Reading, Entry]], ways: tuple[Reading, ...]
    ) -> Resolution | None:
        """Units of this name outside the parent, at the level asked for or, failing that, a province."""
        pairs = [pair for pair in found if self.live(pair[1].unit)]
        pairs = pairs or [
            (way, entry) for way in ways for entry in self.hits(way, ("province",)) if self.live(entry.unit)
        ]
        if self.parent is None or not pairs:
            return None
        pairs = [pair for pair in pairs if _type_fits(*pair)] or pairs
        return self._of_another(written, list({entry.unit.code: entry.unit for _, entry in pairs}.values()))

    def _of_another(self, written: str, units: list[Unit]) -> Resolution:
        """Set aside because the unit, or each unit of this name, lies outside the parent."""
        guesses = _named(units)[:GUESSES]
        if len(units) == 1:
            message = Message("unit.outside", unit=self._whereabouts(units[0]), place=self.place)
        else:
            told = {"written": _quoted(written), "place": self.place}
            places, more = [self._whereabouts(unit) for unit in units[:GUESSES]], len(units) - GUESSES
            message = Message("unit.several_outside", units=places, **told)
            if more > 0:
                message = Message("unit.many_outside", units=places, more=more, **told)
        provinces = {self.register.province_of(unit.code, self.day) for unit in units}
        certainty: Certainty = "doubtful" if self.province in provinces else "other_province"
        return Resolution(written, None, certainty, guesses, message)

    def _whereabouts(self, unit: Unit) -> Value:
        above = [other.name for other in self.register.lineage(unit, self.day)[1:] if other.level != "country"]
        return Message("unit.within", unit=unit.name, above=above) if above else unit.name

    def nearest(self, names: list[str]) -> dict[str, Resolution]:
        """For names that are no unit's: the nearest units of the parent, or that there is nothing near."""
        choices: dict[str, list[Unit]] = defaultdict(list)
        for level in self.levels:
            for key, entries in self.index.level(level).items():
                units = [entry.unit for entry in entries if self.inside(entry) and self.live(entry.unit)]
                choices[key].extend(units)
                for unit in units:
                    # With its type word too, for the names whose type word is what was misspelled.
                    choices[readings(unit.name)[0].key].append(unit)
        keys = [key for key, units in choices.items() if units]
        near = nearest_keys([readings(name)[-1].key for name in names], keys, GUESSES)
        return {
            name: self._near(name, [unit for key in found for unit in choices[key]])
            for name, found in zip(names, near, strict=True)
        }

    def _near(self, written: str, units: list[Unit]) -> Resolution:
        guesses = _named(units)[:GUESSES]
        if guesses:
            why = Message("unit.nearest", written=_quoted(written), units=_list(guesses))
            return Resolution(written, None, "doubtful", guesses, why)
        why = Message("unit.nowhere", written=_quoted(written), place=self.place)
        return Resolution(written, None, "unknown", (), why)


def _type_fits(reading: Reading, entry: Entry) -> bool:
    """Whether the written type word, if there is one, is the unit's own."""
    word = reading.type_word
    if word is None or entry.kind in word.kinds:
        return True
    # A register without kinds: a Vietnamese type word of the unit's level cannot be checked and is believed.
    return not entry.kind and not word.english and entry.unit.level in {KIND_LEVELS[kind] for kind in word.kinds}


def resolve_names(
    register: Register,
    names: Iterable[str],
    *,
    parent: str | None,
    level: str | None,
    day: date | None = None,
) -> dict[str, Resolution]:
    """For every distinct name of `names` what it was taken for: a unit of `level` at or below `parent` on `day`.

    A name, with or without its type word and marks, may also be a code. A unit of the parent wins over one elsewhere.
    `parent` None asks the whole register, `level` None every level, `day` None the register's reference day.
    Refused where `parent` is no unit of the register.
    """
    if parent is not None and parent not in register:
        raise Refused("no_such_parent", file=register.where, code=parent)
    search = _Search(register, parent, level, day)
    distinct = dict.fromkeys(names)
    exact = {name: search.resolve(name) for name in distinct}
    similar = search.nearest([name for name, answer in exact.items() if answer is None])
    return {name: answer or similar[name] for name, answer in exact.items()}
