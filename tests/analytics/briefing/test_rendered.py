"""The files as LibreOffice draws them: every title with its marks, no word over another, the map in its colours.

Drawn twice: with Be Vietnam Pro, and with the type of Arial's widths that office programs take where it is missing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from analytics.briefing.compose import compose
from analytics.briefing.declared import standard
from analytics.briefing.model import Briefing, Map, Table, Tiles
from analytics.briefing.pptx import to_pptx
from analytics.briefing.typesetting import FONT, FONT_FOLDER
from analytics.briefing.workbook import to_xlsx
from analytics.palette import palettes
from analytics.release import Release
from tests.analytics.briefing.sample_slides import sample

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("libreoffice")]

NEEDED = ("soffice", "pdftotext", "pdftoppm")
BRIEFING = sample()
FONTS = {
    "own": f"<dir>{FONT_FOLDER}</dir>",
    "arial": f'<match target="pattern"><test name="family"><string>{FONT}</string></test>'
    '<edit name="family" mode="assign" binding="strong"><string>Liberation Sans</string></edit></match>',
}
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Page:
    """One drawn page: its text, where each word stands in points, and its pixels."""

    text: str
    words: tuple[tuple[float, float, float, float, str], ...]
    image: Path


@dataclass(frozen=True)
class Drawn:
    """The sample's slides and workbook, and the standard briefing's slides, as pages."""

    slides: tuple[Page, ...]
    sheets: str
    fonts: str
    standard: tuple[Page, ...]
    composed: Briefing


def squeezed(text: str) -> str:
    """Letters alone, composed: programs break lines and space letters where they like."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


@pytest.fixture(scope="module", params=sorted(FONTS))
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, province: Release) -> Drawn:
    """The sample and the standard briefing of a small province drawn by LibreOffice, once for each type."""
    absent = [program for program in NEEDED if shutil.which(program) is None]
    if absent:
        pytest.skip(f"needs {', '.join(absent)}: install libreoffice-impress, libreoffice-calc and poppler-utils")
    folder = tmp_path_factory.mktemp(f"drawn-{request.param}")
    fonts = folder / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{FONTS[request.param]}'
        f"<cachedir>{folder / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    (folder / "briefing.pptx").write_bytes(to_pptx(BRIEFING))
    composed = compose(province, standard(province.units.codes))
    (folder / "standard.pptx").write_bytes(to_pptx(composed, "dark"))
    (folder / "tables.xlsx").write_bytes(to_xlsx(BRIEFING))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(folder / "briefing.pptx"),
            str(folder / "standard.pptx"),
            str(folder / "tables.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=200,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(fonts), "LC_ALL": "C.UTF-8"},
    )
    sheets = run("pdftotext", str(folder / "tables.pdf"), "-")
    fonts_used = run("pdffonts", str(folder / "briefing.pdf"))
    pages = [pages_of(folder / f"{name}.pdf") for name in ("briefing", "standard")]
    return Drawn(pages[0], squeezed(sheets), fonts_used, pages[1], composed)


def pages_of(pdf: Path) -> tuple[Page, ...]:
    run("pdftoppm", "-r", "72", "-png", str(pdf), str(pdf.with_suffix("")))
    texts = run("pdftotext", "-layout", str(pdf), "-").split("\f")[:-1]
    boxes = run("pdftotext", "-bbox", str(pdf), "-").split("<page ")[1:]
    images = sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))
    return tuple(
        Page(text, tuple((*map(float, found[:4]), found[4]) for found in WORD.findall(box)), image)  # type: ignore[misc]
        for text, box, image in zip(texts, boxes, images, strict=True)
    )


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout


def page_of(drawn: Drawn, title: str) -> Page:
    return next(page for page in drawn.slides if squeezed(title) in squeezed(page.text))


def test_every_slide_is_drawn_with_its_title_and_every_mark_on_its_letters(drawn: Drawn) -> None:
    read = [squeezed(page.text) for page in drawn.slides]
    for slide in BRIEFING.slides:
        found = [number for number, text in enumerate(read) if squeezed(slide.title) in text]
        assert found, slide.title
        assert all(squeezed(statement.text) in "".join(read) for statement in slide.statements)
    going_on = sum(squeezed("Tám mươi xã") in text for text in read)
    assert len(drawn.slides) == 1 + len(BRIEFING.slides) + going_on - 1


def test_every_written_figure_of_the_standard_briefing_can_be_read_on_its_page(drawn: Drawn) -> None:
    assert len(drawn.standard) == 1 + len(drawn.composed.slides)
    figures = 0
    for slide, page in zip(drawn.composed.slides, drawn.standard[1:], strict=True):
        read = squeezed(page.text)
        assert squeezed(slide.title) in read
        for block in slide.blocks:
            if isinstance(block, Tiles):
                figures += len(block.tiles)
                assert [one.written for one in block.tiles if squeezed(one.written) not in read] == []
            elif isinstance(block, Table):
                cells = [cell.text for row in block.rows for cell in row if cell.value is not None]
                figures += len(cells)
                assert [said for said in cells if squeezed(said) not in read] == []
            elif isinstance(block, Map):
                figures += len(block.units)
                told = [said for unit in block.units for said in (unit.name, unit.written)]
                assert [said for said in told if squeezed(said) not in read] == []
    assert figures > 30


def test_the_type_is_the_one_asked_for(drawn: Drawn) -> None:
    own = "BeVietnamPro" in drawn.fonts
    assert own != ("LiberationSans" in drawn.fonts)


def test_no_word_lies_over_another_or_off_the_slide(drawn: Drawn) -> None:
    for number, page in enumerate((*drawn.slides, *drawn.standard)):
        wide, tall = 960.0, 540.0
        for left, top, right, bottom, word in page.words:
            assert 0 <= left < right <= wide, (number, word)
            assert -2 <= top < bottom <= tall, (number, word)
        over = [
            (one[4], other[4])
            for place, one in enumerate(page.words)
            for other in page.words[place + 1 :]
            if min(one[2], other[2]) - max(one[0], other[0]) > 1.5
            and min(one[3], other[3]) - max(one[1], other[1]) > 0.45 * min(one[3] - one[1], other[3] - other[1])
        ]
        assert over == [], number


def test_the_map_shows_the_fill_of_each_class_where_its_unit_lies(drawn: Drawn) -> None:
    palette = palettes()["light"]
    (block,) = BRIEFING.slides[2].blocks
    assert isinstance(block, Map)
    with Image.open(page_of(drawn, BRIEFING.slides[2].title).image) as image:
        pixels = image.convert("RGB")
        counted = {colour: count for count, colour in pixels.getcolors(maxcolors=1 << 20) or []}
    shown = {step: counted.get(tuple(palette.rgb(step)[:3]), 0) for step in ("data-1", "data-5", "zero")}
    # A unit of 460 steps a side, less the one in its hole, at more than half a point to the step; an island of 60.
    assert shown["data-1"] > shown["data-5"] > 2000
    assert shown["zero"] > 300
    # The hatching is drawn in fine lines, blended with the card they lie on.
    card, hatch = palette.rgb("card")[:3], palette.rgb("hatch")[:3]
    between = [
        count
        for colour, count in counted.items()
        if colour != tuple(card) and all(low <= one <= high for low, one, high in zip(hatch, colour, card, strict=True))
    ]
    assert sum(between) > 2000


def test_the_curve_is_drawn_with_columns_line_and_limits(drawn: Drawn) -> None:
    palette = palettes()["light"]
    page = page_of(drawn, "Ca mới tăng 18%")
    with Image.open(page.image) as image:
        counted = {colour: count for count, colour in image.convert("RGB").getcolors(maxcolors=1 << 20) or []}
    assert counted.get(tuple(palette.rgb("bar")[:3]), 0) > 3000
    assert counted.get(tuple(palette.rgb("curve")[:3]), 0) > 300
    for said in ("ngưỡng 12 ca", "ngưỡng 16 ca", "Chỉ thị 16", "Ca mới mỗi ngày", "Trung bình 7 ngày"):
        assert squeezed(said) in squeezed(page.text)


def test_the_workbook_opens_with_every_slide(drawn: Drawn) -> None:
    for slide in BRIEFING.slides:
        assert squeezed(slide.title) in drawn.sheets
    assert squeezed("Số ca có kết quả dương tính.") in drawn.sheets
    assert "Err:" not in drawn.sheets
    assert "#NAME?" not in drawn.sheets
