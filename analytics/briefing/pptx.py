"""A briefing as PowerPoint slides whose charts, tables and maps are native and can be edited.

    to_pptx(briefing) -> bytes

The same briefing gives the same bytes. Speaker notes hold what stands behind the figures. The type is the theme's,
Be Vietnam Pro; where it is not installed office programs take Arial, in which everything is narrower.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Any, Literal

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE

from analytics.briefing.model import Block, Briefing, Map, Note, Slide, Statement, Table, Tiles
from analytics.briefing.pptx_blocks import draw_statements, draw_tiles, statement_size, statements_tall
from analytics.briefing.pptx_chart import draw_curve
from analytics.briefing.pptx_map import draw_map
from analytics.briefing.pptx_shapes import LOCALES, Canvas, Paragraph, Span, emu
from analytics.briefing.pptx_table import draw_table
from analytics.briefing.typesetting import FONT, LINE_SPACING, Box, fitted, height, line_count
from analytics.palette import Palette, palettes
from analytics.wording import day, text

WIDE, TALL = 960.0, 540.0
"""16:9, 13.333 x 7.5 inches, in points."""
EDGE = 36.0
MOST_TITLE, LEAST_ONE_LINE, LEAST_TITLE, TITLE_TALL = 38.0, 30.0, 24.0, 94.0
WHAT_SIZE, FOOT_SIZE = 16.0, 13.0
GAP = 14.0
BESIDE_SHARE = 1 / 3
"""Of the width, for the sentences beside the blocks."""
UNDER_SIZE, UNDER_TALL = 16.0, 130.0
"""Sentences that are no taller than this at full width stand under many tiles, which then are wider."""
MANY_TILES = 5
LEAST_BESIDE = 13.0
"""Size of sentences below which they keep the whole height beside the tiles."""
TILES_SHARE = 0.36
"""Of the height, for tiles above another block."""
TITLE_ONLY, KEPT_LAYOUTS = 5, (0, 1, 5, 6)
"""Layouts of the built-in template: title, title and content, title alone, blank."""
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: the file must not say when it was packed."""
TEMPLATE_WIDE = 720.0


def to_pptx(briefing: Briefing, theme: Literal["light", "dark"] = "light") -> bytes:
    """The briefing as a .pptx file, a title slide first; the same briefing and theme give the same bytes."""
    palette = palettes()[theme]
    deck = Presentation()
    deck.slide_width, deck.slide_height = emu(WIDE), emu(TALL)
    _prepare(deck, palette)
    _title_slide(deck, briefing, palette)
    for number, slide in enumerate(briefing.slides, start=1):
        rest: Slide | None = slide
        while rest is not None:
            rest = _draw(deck, briefing, rest, number, palette)
    _properties(deck, briefing)
    out = io.BytesIO()
    deck.save(out)
    return _settled(out.getvalue(), f"{briefing.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _prepare(deck: Any, palette: Palette) -> None:
    """The built-in template in our type and colours, its layouts as wide as the slides."""
    for layout in [one for number, one in enumerate(deck.slide_layouts) if number not in KEPT_LAYOUTS]:
        deck.slide_layouts.remove(layout)
    master = deck.slide_master
    for part in (master, *deck.slide_layouts):
        for shape in part.placeholders:
            if shape._element.spPr.find("{*}xfrm") is not None:
                shape.left, shape.width = (
                    round(shape.left * WIDE / TEMPLATE_WIDE),
                    round(shape.width * WIDE / TEMPLATE_WIDE),
                )
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _themed(theme.blob.decode("utf-8"), palette).encode("utf-8")
    package = deck.part.package
    for owner, kind in ((package, RELATIONSHIP_TYPE.THUMBNAIL), (deck.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)):
        relations = owner._rels
        for key in [key for key, relation in relations.items() if relation.reltype == kind]:
            relations.pop(key)


def _themed(written: str, palette: Palette) -> str:
    slots = {
        "dk1": palette["ink"],
        "lt1": palette["paper"],
        "dk2": palette["soft"],
        "lt2": palette["card"],
        **{f"accent{step}": palette[f"data-{step}"] for step in range(1, 6)},
        "accent6": palette["past"],
        "hlink": palette["curve"],
        "folHlink": palette["soft"],
    }
    colours = "".join(
        f'<a:{slot}><a:srgbClr val="{colour.removeprefix("#")}"/></a:{slot}>' for slot, colour in slots.items()
    )
    written = re.sub(
        r"<a:clrScheme .*?</a:clrScheme>", f'<a:clrScheme name="Toàn cảnh">{colours}</a:clrScheme>', written, flags=re.S
    )
    # The family (34: without serifs) tells a program without this type which of its own to take.
    written = re.sub(r'<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}" pitchFamily="34"/>', written)
    return re.sub(r'(<a:font script="Viet" typeface=)"[^"]*"', rf'\1"{FONT}"', written)


def _blank(deck: Any, title: str, size: float, box: Box, canvas_of: tuple[Palette, Any]) -> Canvas:
    """A new slide with its title in the title's placeholder, so that outlines and screen readers find it."""
    layout = next(one for one in deck.slide_layouts if one.name == "Title Only")
    slide = deck.slides.add_slide(layout)
    canvas = Canvas(slide.shapes, canvas_of[0], canvas_of[1])
    holder = slide.shapes.title
    holder.left, holder.top, holder.width, holder.height = emu(box.left), emu(box.top), emu(box.wide), emu(box.tall)
    canvas.write(holder.text_frame, (Paragraph((Span(title, size, bold=True),)),))
    return canvas


def _title_slide(deck: Any, briefing: Briefing, palette: Palette) -> None:
    written_day = day(briefing.day, briefing.language)
    wide = WIDE - 2 * EDGE - 60.0
    size = fitted(briefing.title, wide, 130.0, 54.0, 30.0, bold=True)
    canvas = _blank(deck, briefing.title, size, Box(EDGE + 30.0, 150.0, wide, 130.0), (palette, briefing.language))
    canvas.rectangle(Box(EDGE, 150.0, 8.0, 240.0), "curve", name=briefing.place)
    place = (
        Paragraph((Span(briefing.place, fitted(briefing.place, wide, 45.0, 32.0, 16.0)),)),
        Paragraph((Span(written_day, 32.0),), before=6.0),
    )
    canvas.text(Box(EDGE + 30.0, 286.0, wide, 100.0), place, name=f"{briefing.place} {written_day}")
    _foot(canvas, briefing, "")
    notes = [text("briefing_files.release", briefing.language, id=briefing.release_id), briefing.stamp]
    notes += [fault.text for fault in briefing.faults]
    _write_notes(deck, briefing, notes)


def _foot(canvas: Canvas, briefing: Briefing, place: str) -> None:
    """The stamp on every slide, in amber where it shows an earlier moment, and the slide's number."""
    colour = "near" if briefing.history else "soft"
    spans = [Span(briefing.stamp, FOOT_SIZE, bold=briefing.history, colour=colour)]
    if briefing.demonstration:
        spans.append(Span(f" · {briefing.demonstration}", FOOT_SIZE, colour="soft"))
    box = Box(EDGE, TALL - 34.0, WIDE - 2 * EDGE - 110.0, 18.0)
    canvas.text(box, (Paragraph(tuple(spans)),), name=briefing.stamp)
    if place:
        words = Paragraph((Span(place, FOOT_SIZE, colour="soft"),), align="right")
        canvas.text(Box(WIDE - EDGE - 100.0, TALL - 34.0, 100.0, 18.0), (words,), name=place)


def _draw(deck: Any, briefing: Briefing, slide: Slide, number: int, palette: Palette) -> Slide | None:
    """One slide; what found no room on it as a slide that goes on with it."""
    wide = WIDE - 2 * EDGE
    size = _title_size(slide.title, wide)
    high = height(slide.title, size, wide, bold=True)
    canvas = _blank(deck, slide.title, size, Box(EDGE, 24.0, wide, high), (palette, briefing.language))
    top = 24.0 + high + 2.0
    if slide.what:
        what = fitted(slide.what, wide, 44.0, WHAT_SIZE, 11.0)
        tall = height(slide.what, what, wide)
        canvas.text(Box(EDGE, top, wide, tall), (Paragraph((Span(slide.what, what, colour="soft"),)),), name=slide.what)
        top += tall
    _foot(canvas, briefing, f"{number} / {len(briefing.slides)}")
    _write_notes(deck, briefing, list(_spoken(briefing, slide)))
    body = Box(EDGE, top + GAP, wide, TALL - 44.0 - top - GAP)
    if slide.missing:
        _missing(canvas, slide.missing, body)
        return None
    return _body(canvas, slide, body)


def _title_size(title: str, wide: float) -> float:
    """On one line where it need not be made much smaller for that, else on two and more."""
    one_line = fitted(title, wide, MOST_TITLE * LINE_SPACING, MOST_TITLE, LEAST_ONE_LINE, bold=True)
    if line_count(title, one_line, wide, bold=True) == 1:
        return one_line
    return fitted(title, wide, TITLE_TALL, MOST_TITLE, LEAST_TITLE, bold=True)


def _missing(canvas: Canvas, said: str, box: Box) -> None:
    place = Box(box.left, box.top + 10.0, box.wide, min(box.tall - 20.0, 200.0))
    size = fitted(said, place.wide - 60.0, place.tall - 40.0, 26.0, 12.0)
    words = (Paragraph((Span(said, size, colour="near"),)),)
    canvas.text(place, words, name=said, margins=(30.0, 20.0, 30.0, 20.0), fill="near_paper", anchor="middle")
    canvas.rectangle(Box(place.left, place.top, 6.0, place.tall), "near_edge", name=said)


def _body(canvas: Canvas, slide: Slide, box: Box) -> Slide | None:
    """Blocks at the left and sentences beside or under them."""
    if not slide.blocks:
        unsaid = draw_statements(canvas, slide.statements, box, most=26.0)
        return replace(slide, statements=unsaid) if unsaid else None
    blocks = slide.blocks
    rest: tuple[Statement, ...] = ()
    if slide.statements and _many_tiles(blocks):
        under = statements_tall(slide.statements, box.wide, UNDER_SIZE)
        if under <= UNDER_TALL:
            place = Box(box.left, box.bottom - under, box.wide, under)
            draw_statements(canvas, slide.statements, place, most=UNDER_SIZE)
            _blocks(canvas, blocks, Box(box.left, box.top, box.wide, box.tall - under - GAP), slide.title)
            return None
    if slide.statements:
        box, blocks = _tiles_above(canvas, slide, box)
        box, place = _halves(box)
        rest = draw_statements(canvas, slide.statements, place)
    left_over = _blocks(canvas, blocks, box, slide.title)
    return replace(slide, blocks=left_over, statements=rest) if left_over or rest else None


def _halves(box: Box) -> tuple[Box, Box]:
    """The place of the blocks, and beside it that of the sentences."""
    beside = box.wide * BESIDE_SHARE
    left = Box(box.left, box.top, box.wide - beside - GAP, box.tall)
    return left, Box(box.right - beside + GAP, box.top, beside - GAP, box.tall)


def _tiles_above(canvas: Canvas, slide: Slide, box: Box) -> tuple[Box, tuple[Block, ...]]:
    """Tiles over the whole width above the other blocks and the sentences, where these still can be read there."""
    first, *others = slide.blocks
    if not isinstance(first, Tiles) or not others:
        return box, slide.blocks
    tall = box.tall * TILES_SHARE
    _, beside = _halves(box.below(tall))
    if statement_size(slide.statements, beside) < LEAST_BESIDE:
        return box, slide.blocks
    end = draw_tiles(canvas, first, Box(box.left, box.top, box.wide, tall - GAP))
    return Box(box.left, end + GAP, box.wide, box.bottom - end - GAP), tuple(others)


def _many_tiles(blocks: tuple[Block, ...]) -> bool:
    return len(blocks) == 1 and isinstance(blocks[0], Tiles) and len(blocks[0].tiles) >= MANY_TILES


def _blocks(canvas: Canvas, blocks: tuple[Block, ...], box: Box, finding: str) -> tuple[Block, ...]:
    """The blocks under each other; what is left of them for the next slide."""
    rest: list[Block] = []
    for number, block in enumerate(blocks):
        later = len(blocks) - number - 1
        share = (TILES_SHARE if isinstance(block, Tiles) else 1 / (later + 1)) if later else 1.0
        place = Box(box.left, box.top, box.wide, box.tall * share - (GAP if later else 0.0))
        top, box = box.top, box.below(box.tall * share)
        if isinstance(block, Tiles):
            # Tiles end where their words do; what is below them takes the rest.
            used = draw_tiles(canvas, block, place) + GAP - top
            box = Box(box.left, top + used, box.wide, box.bottom - top - used)
        elif isinstance(block, Map):
            draw_map(canvas, block, place, finding)
        elif isinstance(block, Table):
            going_on = draw_table(canvas, block, place, finding)
            if going_on is not None:
                rest.append(going_on)
        else:
            draw_curve(canvas, block, place, finding)
    return tuple(rest)


def _spoken(briefing: Briefing, slide: Slide) -> Iterator[str]:
    """A slide's speaker notes: its figures' definitions, sources and quality, the release and the stamp."""
    yield slide.title
    yield from (part for part in (slide.what, slide.missing) if part)
    for note in slide.notes:
        yield ""
        yield from _behind(briefing, note)
    yield ""
    yield text("briefing_files.release", briefing.language, id=briefing.release_id)
    yield briefing.stamp + (f" · {briefing.demonstration}" if briefing.demonstration else "")


def _behind(briefing: Briefing, note: Note) -> Iterator[str]:
    def headed(key: str, said: str) -> str:
        return f"{text(key, briefing.language)}: {said}"

    yield note.name
    yield headed("briefing_files.definition", note.definition)
    yield headed("common.source", note.source)
    yield headed("briefing_files.quality", note.quality)
    if note.caveat:
        yield headed("briefing_files.caveat", note.caveat)


def _write_notes(deck: Any, briefing: Briefing, lines: list[str]) -> None:
    frame = deck.slides[len(deck.slides) - 1].notes_slide.notes_text_frame
    for number, line in enumerate(lines):
        target = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = target.add_run()
        run.text = line
        run.font._rPr.set("lang", LOCALES[briefing.language])


def _properties(deck: Any, briefing: Briefing) -> None:
    """Title, place and stamp of the file; nobody's name."""
    known_at = briefing.as_of.astimezone(UTC).replace(tzinfo=None)
    told = deck.core_properties
    told.title = f"{briefing.title} · {briefing.place} · {day(briefing.day, briefing.language)}"
    told.subject, told.comments = briefing.stamp, briefing.demonstration
    told.author = told.last_modified_by = briefing.place
    told.identifier, told.language = briefing.release_id, LOCALES[briefing.language]
    told.created = told.modified = known_at
    told.revision = 1


def _settled(packed: bytes, moment: str) -> bytes:
    """The package with fixed times in place of those of the packing, in the workbooks of its charts too."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith(".xlsx"):
                content = _settled(content, moment)
            elif entry.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + moment.encode(), content)
            target.writestr(zipfile.ZipInfo(entry.filename, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
