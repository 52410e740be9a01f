"""One briefing in five forms: each written figure stands on screen, in the slides, in print, in the sheet, on a page.

Every form is read back by a reader of its own, and what is missing where is listed.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

from analytics.briefing.compose import compose
from analytics.briefing.declared import standard
from analytics.briefing.model import Briefing, Curve, Map, Slide, Table, Tiles
from analytics.briefing.pdf import to_pdf
from analytics.briefing.pptx import to_pptx
from analytics.briefing.workbook import to_xlsx
from analytics.release import open_release
from analytics.wording import Language
from pages.components.projection import Wanted, document
from tests.analytics.small_province import small_province
from tests.pages.conftest import Open, shown

LANGUAGES: tuple[Language, ...] = ("vi", "en")
NEAR = 1e-9
LEAST_FIGURES = 150
"""Written figures of a briefing of twelve slides; with fewer this would show little."""


@dataclass
class Read:
    """What was read back of one slide: its words without spaces, its numbers."""

    said: str = ""
    numbers: list[float] = field(default_factory=list)

    def says(self, written: str, value: float | None) -> bool:
        """True where the written form stands there, or the number itself as a number."""
        if squeezed(written) in self.said:
            return True
        return value is not None and any(abs(one - value) <= NEAR * max(1.0, abs(value)) for one in self.numbers)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def of_html(text: str) -> str:
    """Words and alternative texts of markup."""
    alternatives = " ".join(re.findall(r'(?:aria-label|data-said)="([^"]*)"', text))
    return squeezed(unescape(f"{re.sub(r'<[^>]+>', ' ', text)} {alternatives}"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rich")
    small_province().write(folder)
    return folder


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request: pytest.FixtureRequest, data: Path) -> Briefing:
    release = open_release(data, "briefing")
    return compose(release, standard(release.units.codes, request.param), None, request.param)


def figures(slide: Slide) -> Iterator[tuple[str, str, float | None]]:
    """Each figure a slide writes: what it is of, its written form with its unit's name, and the number behind it."""
    for block in slide.blocks:
        if isinstance(block, Tiles):
            for tile in block.tiles:
                yield tile.label, tile.written, tile.value
                yield f"{tile.label}, change", tile.change, None
        elif isinstance(block, Map):
            for unit in block.units:
                yield unit.name, unit.written, unit.value
        elif isinstance(block, Table):
            for number, row in enumerate(block.rows, start=1):
                for head, cell in zip(block.heads, row, strict=True):
                    yield f"row {number}, {head}", cell.text, cell.value
    for number, one in enumerate(slide.statements, start=1):
        yield f"sentence {number}", one.text, None
    yield "title", slide.title, None
    yield "missing", slide.missing, None


def courses(slide: Slide) -> Iterator[tuple[str, float]]:
    """Each number that a curve of the slide draws."""
    for block in slide.blocks:
        if isinstance(block, Curve):
            for line in block.lines:
                yield from ((line.name, value) for value in line.values if value is not None)


def absent(told: Briefing, read: list[Read], *, drawn: bool = False, sentences: bool = True) -> list[str]:
    """What of each slide was not read back; curves too where the form holds their numbers."""
    assert len(read) == len(told.slides)
    missing, looked_for = [], 0
    for slide, found in zip(told.slides, read, strict=True):
        for what, written, value in figures(slide):
            if not written or (not sentences and what.startswith("sentence")):
                continue
            looked_for += 1
            if not found.says(written, value):
                missing.append(f"{slide.id}: {what}: {written}")
        if drawn:
            missing += [f"{slide.id}: {name}: {value}" for name, value in courses(slide) if not found.says("\0", value)]
    assert looked_for > LEAST_FIGURES
    return missing


def test_the_projection_says_every_figure_of_each_slide(told: Briefing) -> None:
    html = document(told, Wanted(told.language))
    parts = re.split(r'<section class="sh-slide"', html)[1:]
    assert absent(told, [Read(of_html(part)) for part in parts]) == []


def shapes(parent: Any) -> Iterator[Any]:
    for shape in parent:
        yield shape
        if hasattr(shape, "shapes"):
            yield from shapes(shape.shapes)


def test_the_slide_file_says_every_figure_of_each_slide_and_holds_every_number_of_a_curve(told: Briefing) -> None:
    read = [Read() for _ in told.slides]
    place = re.compile(rf"^(\d+) / {len(told.slides)}$")
    for slide in list(Presentation(io.BytesIO(to_pptx(told))).slides)[1:]:
        texts: list[str] = []
        numbers: list[float] = []
        for shape in shapes(slide.shapes):
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
            if getattr(shape, "has_chart", False) and shape.has_chart:
                series = [one for plot in shape.chart.plots for one in plot.series]
                numbers += [value for one in series for value in one.values if value is not None]
        (number,) = {int(found.group(1)) for text in texts if (found := place.match(text))}
        # What finds no room goes on on the next slide, under the same number.
        read[number - 1].said += squeezed(" ".join(texts))
        read[number - 1].numbers += numbers
    assert absent(told, read, drawn=True) == []


def test_the_print_says_every_figure_of_each_slide_on_its_page(told: Briefing, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext absent: install poppler-utils")
    path = tmp_path / "briefing.pdf"
    path.write_bytes(to_pdf(told))
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    pages = [Read(squeezed(page)) for page in text.split("\f")]
    assert absent(told, pages[: len(told.slides)]) == []


def test_the_workbook_holds_every_figure_of_each_slide_as_number_or_text(told: Briefing) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(told)))
    read = []
    for sheet in book.worksheets[1 : len(told.slides) + 1]:
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        numbers = [float(cell) for cell in cells if isinstance(cell, int | float)]
        read.append(Read(squeezed(" ".join(cell for cell in cells if isinstance(cell, str))), numbers))
    assert absent(told, read, drawn=True) == []


def test_the_pages_show_the_same_written_figures(told: Briefing, data: Path, open_page: Open) -> None:
    language = {} if told.language == "vi" else {"lang": "en"}
    by_id = {slide.id: slide for slide in told.slides}
    overview = shown(open_page("overview", data=data, role="briefing", **language))
    tiles = {of_html(tile) for tile in re.findall(r'<a[^>]*class="tc-tile.*?</a>', overview, re.S)}
    missing: list[str] = []
    compared = 0
    for block in by_id["situation"].blocks:
        assert isinstance(block, Tiles)
        for tile in block.tiles:
            same = [one for one in tiles if squeezed(tile.label) in one]
            compared += bool(same)
            if same and not any(squeezed(tile.written) in one for one in same):
                missing.append(f"overview: {tile.label}: {tile.written}, found {same}")
    assert compared >= 6
    (ranked,) = [block for block in by_id["rankings"].blocks if isinstance(block, Table)]
    indicator = by_id["rankings"].notes[0].indicator
    page = shown(open_page("rankings", data=data, role="briefing", indicator=indicator, **language))
    rows = [of_html(row) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    for row in ranked.rows:
        rank, name, value = (squeezed(cell.text) for cell in row[:3])
        # The whole has no rank: its figure stands in the words above the ranking.
        places = [one for one in rows if one.startswith(f"{rank}{name}")] if rank else [of_html(page)]
        if not any(value in one for one in places):
            missing.append(f"rankings: {rank} {name}: {value}")
    assert len(ranked.rows) >= 7
    assert missing == []


def test_a_figure_that_is_wrong_anywhere_is_listed(told: Briefing) -> None:
    html = document(told, Wanted(told.language))
    parts = [Read(of_html(part)) for part in re.split(r'<section class="sh-slide"', html)[1:]]
    tile = next(one for block in told.slides[0].blocks if isinstance(block, Tiles) for one in block.tiles if one.value)
    parts[0].said = parts[0].said.replace(squeezed(tile.written), "?")
    assert any(one.startswith(f"{told.slides[0].id}: {tile.label}") for one in absent(told, parts))
