"""A briefing and its reports as files, each made whole from one release; the command, the schedule and pages use it.

wanted = Wanted(day=day, language="vi")
made = make(release, "pdf", wanted)        # name, bytes, what was missing
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal, get_args

from analytics.annotations import standing
from analytics.briefing.compose import compose
from analytics.briefing.daily_report import DAILY_FILE, to_report
from analytics.briefing.declared import Declaration, read_file, shipped_or_own
from analytics.briefing.model import Briefing, Fault
from analytics.briefing.pdf import to_pdf
from analytics.release import AsOf, Release
from analytics.release import moment as at
from analytics.wording import Language

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
    before: Release | None = None
    """The release of the last meeting; None for this one as known at that day's end."""
    slides: Path | None = None
    data: Path | None = None
    """Where what people wrote of measures and events lies; None leaves it out."""
    past: bool = False
    """True where the release itself is no longer the current one."""

    def of(self, release: Release) -> Release:
        """The release as it was known at the moment asked for."""
        return release if self.as_of is None else release.known_at(self.as_of)


@dataclass(frozen=True)
class Made:
    """One finished file."""

    kind: Kind
    name: str
    day: date
    known_at: datetime
    """The moment as of which it tells the day."""
    content: bytes = field(repr=False)
    missing: tuple[str, ...] = ()
    """The slides without data, each with why."""
    faults: tuple[Fault, ...] = ()
    """What could not be read in the file that declares the slides."""


def composed(release: Release, wanted: Wanted) -> Briefing:
    """The content of the declared slides. OSError where their file cannot be opened."""
    units = release.units.codes
    if wanted.slides is not None:
        return _composed(release, read_file(wanted.slides, units, wanted.language), wanted)
    return _composed(release, shipped_or_own(wanted.data, units, wanted.language), wanted)


def daily(release: Release, wanted: Wanted) -> Briefing:
    """The content of the daily report."""
    return _composed(release, read_file(DAILY_FILE, release.units.codes, wanted.language), wanted)


def _composed(release: Release, declared: Declaration, wanted: Wanted) -> Briefing:
    moment = (release.known or release.as_of) if wanted.past or release.known else wanted.as_of
    written, unread = standing(wanted.data, None if moment is None else at(moment), wanted.language)
    declared = replace(declared, faults=(*declared.faults, *(Fault(None, said) for said in unread)))
    return compose(
        wanted.of(release),
        declared,
        wanted.day,
        wanted.language,
        since_day=wanted.since_day,
        before=wanted.before,
        past=wanted.past,
        written=written,
    )


def make(release: Release, kind: Kind, wanted: Wanted, briefing: Briefing | None = None) -> Made:
    """One file; `briefing` saves composing the slides again where several kinds are made of them."""
    release = wanted.of(release)
    day, known_at = wanted.day or release.last_day, release.known or release.as_of
    name = name_of(release, kind, day)
    if kind in ("ministry", "ministry_csv"):
        # The libraries of slides and sheets are loaded by who makes such a file and by nobody else.
        from analytics.briefing.ministry_table import ministry_table, to_csv
        from analytics.briefing.ministry_table import to_xlsx as ministry_workbook

        table = ministry_table(release, wanted.day, wanted.language, past=wanted.past)
        content = ministry_workbook(table) if kind == "ministry" else to_csv(table)
        return Made(kind, name, day, known_at, content)
    shown = daily(release, wanted) if kind == "daily" else briefing or composed(release, wanted)
    missing = tuple(f"{slide.name}: {slide.missing}" for slide in shown.slides if slide.missing)
    return Made(kind, name, day, known_at, _drawn(shown, kind), missing, shown.faults)


def _drawn(briefing: Briefing, kind: Kind) -> bytes:
    if kind == "daily":
        return to_report(briefing)
    if kind == "pdf":
        return to_pdf(briefing)
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
