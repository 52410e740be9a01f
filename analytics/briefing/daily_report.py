"""The daily report: one A4 page of the situation, the figures, the units, what changed and what needs a decision.

It is composed like a briefing, of the slides declared in `assets/briefing/daily.toml`, so it says what a briefing says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analytics.briefing import drawings, map_drawings, pdf
from analytics.briefing.model import Block, Briefing, Curve, Map, Note, Slide, Statement
from analytics.palette import ASSETS, Palette, palettes
from analytics.wording import Language, listing, text
from analytics.wording import day as written_day

DAILY_FILE = ASSETS / "briefing" / "daily.toml"
COURSE_ROOM = (302.0, 155.0)
"""Width and height in points of the course beside the map."""
COURSE_TYPE, MAP_TYPE = 7.0, 30.0
"""Type of the course in points, of the map in thousandths of its width: 7 pt, names alone; the table has the values."""


def to_report(briefing: Briefing) -> bytes:
    """The report as PDF, one A4 page however many units there are."""
    palette, language = palettes()["light"], briefing.language
    parts = {}
    for slide in briefing.slides:
        told = [pdf.statement(one) for one in slide.statements]
        blocks = [_block(one, slide, language, palette) for one in slide.blocks]
        shown = {name: getattr(slide, name) for name in ("name", "title", "what", "missing")}
        parts[slide.id] = {**shown, "statements": told, "blocks": blocks}
    content = {
        **pdf.frame(briefing, palette),
        "report": text("printed.daily", language, place=briefing.place, day=written_day(briefing.day, language)),
        "parts": parts,
        "sources_title": text("printed.sources", language),
        "sources": _sources(pdf.once(briefing.slides), language),
        "gaps": [pdf.statement(gap) for gap in _gaps(briefing)],
    }
    return pdf.typeset(("blocks.typ", "daily.typ"), content, briefing)


def _block(drawn: Block, slide: Slide, language: Language, palette: Palette) -> dict[str, Any]:
    made = pdf.block(drawn, slide, language, palette, COURSE_ROOM)
    if isinstance(drawn, Curve):
        made["svg"] = drawings.course(drawn, language, palette, *COURSE_ROOM, COURSE_TYPE)
    if isinstance(drawn, Map):
        made["svg"] = map_drawings.district_map(drawn, palette, MAP_TYPE, values=False)
    return made


def _sources(notes: Iterable[Note], language: Language) -> list[dict[str, Any]]:
    """Each source with the names of its figures, their quality where it is the same for all of them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        groups.setdefault((note.source, note.quality), []).append(note.name)
    return [
        {"names": listing(names, language, most=len(names)), "source": f"{source}.", "quality": f"{quality}."}
        for (source, quality), names in groups.items()
    ]


def _gaps(briefing: Briefing) -> list[Statement]:
    """What could not be shown or read; units that did not report stand under their table already."""
    missing = [Statement(f"{slide.name}: {slide.missing}", "near") for slide in briefing.slides if slide.missing]
    return [*missing, *(Statement(pdf.fault_said(fault, briefing.language), "near") for fault in briefing.faults)]
