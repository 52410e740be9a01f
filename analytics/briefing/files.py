"""A briefing and its reports as files, each made whole from one release; the command, the schedule and pages use it.

wanted = Wanted(day=day, language="vi")
made = make(release, "pdf", wanted)        # name, bytes, what was missing
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from analytics.annotations import standing
from analytics.briefing.compose import compose
from analytics.briefing.daily_report import daily, to_report
from analytics.briefing.declared import read_file, standard
from analytics.briefing.ministry_table import ministry_table, to_csv
from analytics.briefing.ministry_table import to_xlsx as ministry_workbook
from analytics.briefing.model import Briefing, Fault
from analytics.briefing.pdf import to_pdf
from analytics.release import AsOf, Release, moment
from analytics.wording import Language
from data_sources.annotations import Annotation

Kind = Literal["pptx", "pdf", "xlsx", "daily", "ministry", "ministry_csv"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SUFFIX: dict[Kind, str] = {
    "pptx": "pptx", "pdf": "pdf", "xlsx": "xlsx", "daily": "pdf", "ministry": "xlsx", "ministry_csv": "csv",
}  # fmt: skip
BRIEFINGS: tuple[Kind, ...] = ("pptx", "pdf", "xlsx")
"""The kinds that are made of the declared slides."""


@dataclass(frozen=True)
class Wanted:
    """What a file is to show; the newest day and the standard slides by default."""

    day: date | None = None
    language: Language = "vi"
    as_of: AsOf = None
    since_day: date | None = None
    slides: Path | None = None
    data: Path | None = None
    """Where what people wrote of measures and events lies; None leaves it out."""


@dataclass(frozen=True)
class Made:
    """One finished file."""

    kind: Kind
    name: str
    content: bytes = field(repr=False)
    missing: tuple[str, ...] = ()
    """The slides without data, each with why."""
    faults: tuple[Fault, ...] = ()
    """What could not be read in the file that declares the slides."""


def composed(release: Release, wanted: Wanted) -> Briefing:
    """The content of the declared slides. OSError where their file cannot be opened."""
    units = release.units.codes
    declared = read_file(wanted.slides, units, wanted.language) if wanted.slides else standard(units, wanted.language)
    written, unread = _written(wanted)
    declared = replace(declared, faults=(*declared.faults, *(Fault(None, said) for said in unread)))
    return compose(release, declared, wanted.day, wanted.language, wanted.as_of, wanted.since_day, written=written)


def _written(wanted: Wanted) -> tuple[tuple[Annotation, ...], tuple[str, ...]]:
    return standing(wanted.data, None if wanted.as_of is None else moment(wanted.as_of), wanted.language)


def make(release: Release, kind: Kind, wanted: Wanted, briefing: Briefing | None = None) -> Made:
    """One file; `briefing` saves composing the slides again where several kinds are made of them."""
    name = name_of(release, kind, wanted.day or release.last_day)
    if kind in ("ministry", "ministry_csv"):
        table = ministry_table(release, wanted.day, wanted.language, wanted.as_of)
        return Made(kind, name, ministry_workbook(table) if kind == "ministry" else to_csv(table))
    if kind == "daily":
        written, _ = _written(wanted)
        shown = daily(release, wanted.day, wanted.language, wanted.as_of, wanted.since_day, written)
    else:
        shown = briefing or composed(release, wanted)
    missing = tuple(f"{slide.name}: {slide.missing}" for slide in shown.slides if slide.missing)
    return Made(kind, name, _drawn(shown, kind), missing, shown.faults)


def _drawn(briefing: Briefing, kind: Kind) -> bytes:
    if kind == "daily":
        return to_report(briefing)
    if kind == "pdf":
        return to_pdf(briefing)
    # The libraries of slides and sheets are loaded by who makes such a file and by nobody else.
    if kind == "pptx":
        from analytics.briefing.pptx import to_pptx

        return to_pptx(briefing, "light")
    from analytics.briefing.workbook import to_xlsx

    return to_xlsx(briefing)


def name_of(release: Release, kind: Kind, day: date) -> str:
    """A file's name: toancanh_77_2021-08-29_ministry.xlsx."""
    what = "ministry" if kind == "ministry_csv" else kind if kind in ("daily", "ministry") else "briefing"
    return f"toancanh_{release.province.code}_{day.isoformat()}_{what}.{SUFFIX[kind]}"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whatever happens in between. OSError where it cannot be written."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
