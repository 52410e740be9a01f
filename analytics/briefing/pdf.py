"""A briefing as PDF: A4 landscape, a page a slide, real text in an embedded font, tagged, its notes at the end.

It is set by typst inside this process: no browser, no network, no file. The same content gives the same bytes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import fontpkg_be_vietnam_pro
import typst

from analytics.briefing import drawings, map_drawings, svg
from analytics.briefing.model import (
    Block,
    Briefing,
    Cell,
    Curve,
    Fault,
    Map,
    Note,
    Slide,
    Statement,
    Table,
    Tile,
    Tiles,
)
from analytics.palette import ASSETS, Palette, palettes
from analytics.wording import Language, text
from analytics.wording import day as written_day

Standard = Literal["ua-1", "1.7"]
FONT_FOLDER = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
LOG = logging.getLogger(__name__)
TEMPLATES = ASSETS / "briefing"
STANDARD: Standard = "ua-1"
"""PDF/UA-1: every figure has an alternative text, every page its order of reading."""
PLAIN: Standard = "1.7"
PAGE_WIDE, PAGE_TALL, TITLE_LINE = 774.0, 446.0, 28.0
"""Points between the margins of an A4 page laid across, beneath a title of one line; what a second line takes."""
TITLE_LETTERS = 60
"""Letters of a title that fit one line."""
TILES_TALL = 156.0
"""Points a row of figures takes above another block, and that block's note."""
SHARE = 0.7
"""Of the page's width for what is drawn, where sentences stand beside it."""
LEAST_LETTERS, MOST_LETTERS = 3, 34
"""The narrowest and the widest column of a table; a longer name is set in two lines."""


@cache
def fonts() -> typst.Fonts:
    """The product's font; typst's own behind it, so that a letter it lacks is still printed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONT_FOLDER)])


def to_pdf(briefing: Briefing) -> bytes:
    """The briefing as one PDF file."""
    palette = palettes()["light"]
    count = len(briefing.slides)
    wide = [_slide(slide, f"{number}/{count}", briefing, palette) for number, slide in enumerate(briefing.slides, 1)]
    return typeset(("blocks.typ", "slides.typ"), {**frame(briefing, palette), "slides": wide, "share": SHARE}, briefing)


def frame(briefing: Briefing, palette: Palette) -> dict[str, Any]:
    """What every page says of itself, with the notes and what could not be read."""
    language = briefing.language
    day = text("printed.of_day", language, place=briefing.place, day=written_day(briefing.day, language))
    return {
        "title": f"{briefing.title} · {day}",
        "foot": f"{briefing.title} · {day}",
        "author": briefing.place,
        "keywords": [briefing.release_id],
        "language": language,
        "font": svg.FONT,
        "stamp": briefing.stamp,
        "stamp_colour": "near" if briefing.history else "soft",
        "demonstration": briefing.demonstration,
        "colours": dict(palette.named),
        "notes_title": text("printed.notes", language),
        "notes": [_note(note, language) for note in once(briefing.slides)],
        "faults": [{"text": fault_said(fault, language), "colour": "near_edge"} for fault in briefing.faults],
    }


def typeset(templates: Sequence[str], content: Mapping[str, Any], briefing: Briefing) -> bytes:
    """The templates with their content as a PDF file, dated as of the briefing.

    Words that PDF/UA does not allow, such as a letter that no font has, cost the standard, never the file.
    """
    source = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in templates).encode()
    told = {"data": json.dumps(content, ensure_ascii=False)}

    def compiled(standard: Standard) -> bytes:
        return typst.compile(  # type: ignore[type-var]  # its stub says (str, Path, bytes) where it means a union
            source,
            root=str(TEMPLATES),
            font_paths=fonts(),
            sys_inputs=told,
            timestamp=int(briefing.as_of.timestamp()),
            pdf_standards=standard,
        )

    try:
        return compiled(STANDARD)
    except typst.TypstError as error:
        LOG.warning("the briefing of %s is not PDF/UA-1: %s", briefing.release_id, error)
        return compiled(PLAIN)


def once(slides: Iterable[Slide]) -> list[Note]:
    """The notes of the slides, each indicator's once."""
    return list({note.indicator: note for slide in slides for note in slide.notes}.values())


def _note(note: Note, language: Language) -> dict[str, Any]:
    said = (
        ("definition", note.definition),
        ("source", note.source),
        ("quality", note.quality),
        ("caveat", note.caveat),
    )
    return {
        "name": note.name,
        "said": [[text(f"printed.{key}", language), words] for key, words in said if words],
    }


def fault_said(fault: Fault, language: Language) -> str:
    """What could not be read in the file of slides, with its line."""
    if fault.line is None:
        return fault.text
    return text("briefing.fault.line", language, line=fault.line, said=fault.text)


def statement(told: Statement) -> dict[str, Any]:
    """A sentence with the colour of its edge."""
    colour = {"past": "past", "near": "near_edge"}.get(told.severity, "strong_line")
    return {"text": told.text, "colour": colour}


def _slide(slide: Slide, number: str, briefing: Briefing, palette: Palette) -> dict[str, Any]:
    wide = PAGE_WIDE * SHARE if slide.statements else PAGE_WIDE
    tall = PAGE_TALL - (TILES_TALL if len(slide.blocks) > 1 else 0.0)
    tall -= TITLE_LINE if len(slide.title) > TITLE_LETTERS else 0.0
    return {
        **{name: getattr(slide, name) for name in ("name", "title", "what", "missing")},
        "number": number,
        "statements": [statement(one) for one in slide.statements],
        "blocks": [block(one, slide, briefing.language, palette, (wide, tall)) for one in slide.blocks],
    }


def block(
    drawn: Block, slide: Slide, language: Language, palette: Palette, room: tuple[float, float]
) -> dict[str, Any]:
    """One block as the templates read it; `room` is width and height in points for what must know them."""
    if isinstance(drawn, Tiles):
        return {"kind": "tiles", "tiles": [_tile(one, palette) for one in drawn.tiles]}
    if isinstance(drawn, Map):
        return _map(drawn, slide, palette)
    if isinstance(drawn, Curve):
        return {
            "kind": "curve",
            "svg": drawings.course(drawn, language, palette, *room),
            "alt": _alt(slide, (line.name for line in drawn.lines)),
            "note": drawn.note,
        }
    return table(drawn)


def _tile(one: Tile, palette: Palette) -> dict[str, Any]:
    marked = one.state in ("near", "past")
    change = {"worse": "past", "better": "within"}.get(one.judgement, "soft")
    return {
        **{name: getattr(one, name) for name in ("label", "written", "measured_in", "state_word", "limit", "change")},
        "trend": one.trend,
        "quality": one.quality,
        "ink": one.state if marked else "ink",
        "paper": f"{one.state}_paper" if marked else "card",
        "edge": {"near": "near_edge", "past": "past"}.get(one.state, "line"),
        "change_colour": change,
        "spark": drawings.sparkline(one.recent, one.provisional, palette),
    }


def _map(drawn: Map, slide: Slide, palette: Palette) -> dict[str, Any]:
    return {
        "kind": "map",
        "svg": map_drawings.district_map(drawn, palette),
        "alt": _alt(slide, (f"{unit.name} {unit.written}" for unit in drawn.units)),
        "legend": [{"svg": map_drawings.swatch(key.step, palette), "label": key.label} for key in drawn.legend],
    }


def _alt(slide: Slide, parts: Iterable[str]) -> str:
    """What a figure shows for who cannot see it: the finding, what is drawn, and its parts."""
    return ". ".join(one.rstrip(".") for one in (slide.title, slide.what, "; ".join(parts)) if one)


def table(drawn: Table) -> dict[str, Any]:
    """A table with the colours of its cells and the lengths of its bars, the longest 1."""
    bars = [row[drawn.bar].value for row in drawn.rows] if drawn.bar is not None else []
    longest = max((abs(value) for value in bars if value is not None), default=0.0) or 1.0
    rows = []
    for row in drawn.rows:
        cells = [_cell(cell, longest if place == drawn.bar else None) for place, cell in enumerate(row)]
        rows.append({"cells": cells, "whole": 0 in drawn.figures and not row[0].text})
    return {
        "kind": "table",
        "heads": list(drawn.heads),
        "figures": list(drawn.figures),
        "bar": drawn.bar,
        "note": drawn.note,
        "rows": rows,
        "widths": [_width(drawn, place) for place in range(len(drawn.heads))],
    }


def _width(drawn: Table, place: int) -> int:
    """How many letters a column needs: its longest cell, its head in two lines or three."""
    longest = max((len(row[place].text) + 1 for row in drawn.rows), default=0)
    words = max((len(word) for word in drawn.heads[place].split()), default=0)
    return min(max(longest, words, len(drawn.heads[place]) // 2, LEAST_LETTERS), MOST_LETTERS)


def _cell(cell: Cell, longest: float | None) -> dict[str, Any]:
    marked = {"near": "near", "past": "past"}.get(cell.state)
    judged = {"worse": "past", "better": "within"}.get(cell.judgement)
    share = None if longest is None or cell.value is None else cell.value / longest
    return {
        "text": cell.text,
        "colour": marked or judged or "ink",
        "share": share,
        "bar": {"near": "near_edge", "past": "past"}.get(cell.state, "bar"),
    }
