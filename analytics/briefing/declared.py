"""Which slides a briefing has: read from its file, or picked and ordered in an address; faults named with their line.

    read_file(Path("assets/briefing/standard.toml"), units)      -> the slides, and what could not be read
    picked("map,situation,curve.positivity_7d.752.28", standard, units)

Whatever cannot be read is a fault that names it; the other slides stay.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args

from analytics.briefing.model import Fault
from analytics.indicators import INDICATORS
from analytics.wording import Language, listing, text

Form = Literal["figures", "map", "ranking", "curve", "theme", "changes", "decisions"]
FORMS: tuple[Form, ...] = get_args(Form)
WITHOUT_INDICATORS: tuple[Form, ...] = ("changes", "decisions")
STANDARD_FILE = Path(__file__).resolve().parents[2] / "assets" / "briefing" / "standard.toml"
OWN_FILE = "briefing.toml"
"""A briefing of the province's own beside its data."""
PERIOD_DAYS = 60
"""A curve shows a whole wave by default, as the pages do."""
PERIODS_DAYS = (7, 400)
"""Shorter shows no course; longer cannot be read from the back of a room."""
KEYS = ("id", "vi", "en", "form", "indicators", "lead", "by", "units", "period_days")
SLIDE_ID = re.compile(r"^[a-z][a-z0-9_]*$")
HEAD = re.compile(r"^\s*\[\[\s*slide\s*\]\]")
ANY = ""
"""Stands for "not given" in an address."""


@dataclass(frozen=True)
class Declared:
    """One slide as it was declared."""

    id: str
    vi: str
    en: str
    form: Form
    indicators: tuple[str, ...] = ()
    lead: str | None = None
    by_unit: bool = False
    units: tuple[str, ...] = ()
    period_days: int = PERIOD_DAYS
    fault: str = ""
    """Why it cannot be shown at all; it then stands in its place and says so."""

    def name(self, language: Language) -> str:
        """Its name in lists."""
        return self.vi if language == "vi" else self.en

    @property
    def leads(self) -> tuple[str, ...]:
        """The indicators of the map, ranking or curve in order of preference."""
        return (self.lead,) if self.lead else self.indicators


@dataclass(frozen=True)
class Declaration:
    """The slides of a briefing in their order, and what could not be read."""

    slides: tuple[Declared, ...]
    faults: tuple[Fault, ...] = ()


def standard(units: Collection[str], language: Language = "vi") -> Declaration:
    """The briefing that ships."""
    return read_file(STANDARD_FILE, units, language)


def shipped_or_own(data: Path | None, units: Collection[str], language: Language = "vi") -> Declaration:
    """The province's own briefing where one lies beside its data, else the one that ships."""
    own = None if data is None else data / OWN_FILE
    return read_file(own, units, language) if own is not None and own.is_file() else standard(units, language)


def read_file(path: Path, units: Collection[str], language: Language = "vi") -> Declaration:
    """The slides of `path`; a file that is no TOML has none and one fault. OSError where it cannot be opened."""
    return read_text(path.read_text(encoding="utf-8"), units, language)


def read_text(written: str, units: Collection[str], language: Language = "vi") -> Declaration:
    """The slides of a briefing's file; `units` are the codes a slide may name."""
    try:
        document = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else None
        return Declaration((), (Fault(line, text("briefing.fault.no_toml", language, found=str(error))),))
    blocks = document.get("slide", [])
    lines = written.splitlines()
    heads = [number for number, line in enumerate(lines, start=1) if HEAD.match(line)]
    faults = [
        Fault(_line_of(lines, 1, key), text("briefing.fault.key", language, found=key, allowed="slide"))
        for key in document
        if key != "slide"
    ]
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks) or not blocks:
        return Declaration((), (*faults, Fault(None, text("briefing.fault.no_slide", language))))
    slides: list[Declared] = []
    for number, block in enumerate(blocks):
        start = heads[number] if number < len(heads) else 1
        reader = _Block(block, lines, start, units, language)
        slide = reader.slide(number + 1)
        if slide.id in {other.id for other in slides}:
            reader.fault("id", "twice", found=slide.id)
            slide = replace(slide, id=f"{slide.id}_{number + 1}")
        slides.append(slide)
        faults += reader.faults
    return Declaration(tuple(slides), tuple(faults))


def picked(address: str, known: Sequence[Declared], units: Collection[str], language: Language = "vi") -> Declaration:
    """The slides that an address names, in its order; `known` may be named by their id alone.

    Any other slide is written form.indicator.unit.days, the last two as far as they are wanted.
    """
    by_id = {slide.id: slide for slide in known}
    slides: list[Declared] = []
    faults: list[Fault] = []
    for written in (part for part in address.split(",") if part):
        if written in by_id:
            slides.append(by_id[written])
            continue
        form, indicator, unit, days, *rest = (*written.split("."), ANY, ANY, ANY)
        if form not in FORMS or indicator not in INDICATORS or any(rest):
            faults.append(Fault(None, text("briefing.fault.address", language, found=written[:80])))
            continue
        block: dict[str, Any] = {"id": form, "form": form, "indicators": [indicator]}
        block |= {"units": unit.split("-")} if unit else {}
        block |= {"period_days": int(days)} if days.isdecimal() else {}
        reader = _Block(block, [], 0, units, language)
        slide = reader.slide(len(slides) + 1)
        named = INDICATORS[indicator]
        slides.append(replace(slide, id=written, vi=named.vi, en=named.en))
        faults += reader.faults
    return Declaration(tuple(slides), tuple(faults))


class _Block:
    """One [[slide]] being read."""

    def __init__(
        self, block: Mapping[str, Any], lines: Sequence[str], start: int, units: Collection[str], language: Language
    ) -> None:
        self.block, self.lines, self.start = block, lines, start
        self.units, self.language = units, language
        self.faults: list[Fault] = []

    def fault(self, key: str, kind: str, **values: object) -> str:
        """Note what is wrong with `key`."""
        said = text(f"briefing.fault.{kind}", self.language, **values)
        self.faults.append(Fault(_line_of(self.lines, self.start, key) if self.lines else None, said))
        return said

    def slide(self, number: int) -> Declared:
        """The slide; what could not be read is left out, and `fault` says why where nothing is left to show."""
        for key in self.block:
            if key not in KEYS:
                self.fault(key, "key", found=key, allowed=", ".join(KEYS))
        name = self.block.get("id")
        if not isinstance(name, str) or not SLIDE_ID.match(name):
            self.fault("id", "id", found=name)
            name = f"slide_{number}"
        vi, en = (str(self.block.get(language) or self.block.get("vi") or name) for language in ("vi", "en"))
        form, stopped = self.block.get("form"), ""
        if form not in FORMS:
            stopped = self.fault("form", "form", found=form, allowed=", ".join(FORMS))
            form = "figures"
        wanted = self._texts("indicators")
        indicators = self._known("indicators", wanted, "indicator", INDICATORS)
        lead = self.block.get("lead")
        if lead is not None and lead not in INDICATORS:
            self.fault("lead", "indicator", found=lead)
            lead = None
        if not (stopped or indicators or lead or form in WITHOUT_INDICATORS):
            stopped = text("briefing.fault.nothing_left", self.language)
            if not wanted:
                self.fault("indicators", "no_indicators")
        asked = self._texts("units")
        units = self._known("units", asked, "unit", self.units)
        if asked and not units and not stopped:
            stopped = text("briefing.fault.no_unit_left", self.language, found=listing(asked, self.language))
        by = self.block.get("by")
        if by not in (None, "unit", "day"):
            self.fault("by", "by", found=by)
        return Declared(
            id=name,
            vi=vi,
            en=en,
            form=cast("Form", form),
            indicators=indicators,
            lead=lead,
            by_unit=by == "unit",
            units=units,
            period_days=self._period(),
            fault=stopped,
        )

    def _texts(self, key: str) -> list[str]:
        value = self.block.get(key, [])
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, "list", found=value)
            return []
        return value

    def _known(self, key: str, wanted: Sequence[str], kind: str, allowed: Collection[str]) -> tuple[str, ...]:
        for name in wanted:
            if name not in allowed:
                self.fault(key, kind, found=name)
        return tuple(dict.fromkeys(name for name in wanted if name in allowed))

    def _period(self) -> int:
        days = self.block.get("period_days", PERIOD_DAYS)
        least, most = PERIODS_DAYS
        if not isinstance(days, int) or isinstance(days, bool) or not least <= days <= most:
            self.fault("period_days", "period", found=days, least=least, most=most, taken=PERIOD_DAYS)
            return PERIOD_DAYS
        return days


def _line_of(lines: Sequence[str], start: int, key: str) -> int:
    """The line of `key` within the block that begins at line `start`; the block's own where it is not there."""
    wanted = re.compile(rf"^\s*{re.escape(key)}\s*=")
    for number in range(start + 1 if start > 1 else start, len(lines) + 1):
        line = lines[number - 1]
        if number > start and HEAD.match(line):
            break
        if wanted.match(line):
            return number
    return start
