"""The daily report is one page for every province, with everything the slides say."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analytics.briefing.daily_report import to_report
from analytics.briefing.files import Wanted, daily
from analytics.briefing.model import Briefing, Cell, Slide, Statement, Table, Tiles
from analytics.release import Release

DAY = date(2021, 8, 29)
LONG = (
    "Số ngày đủ vắc xin dưới mức 3 ngày: Xuyên Mộc 1,4 ngày (từ 27/8), Long Điền 1,5 ngày (từ 27/8) và {n} đơn vị khác."
)


def pages(made: bytes, folder: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext absent: install poppler-utils")
    path = folder / "daily.pdf"
    path.write_bytes(made)
    read = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    size = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True).stdout.decode("utf-8")
    assert re.search(r"Page size:\s+595.276 x 841.89", size)
    return [re.sub(r"\s+", "", page) for page in read.split("\f")[:-1]]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def report(province: Release) -> Briefing:
    return daily(province, Wanted(DAY))


def test_the_page_says_the_sentences_figures_units_changes_decisions_and_sources(
    report: Briefing, tmp_path: Path
) -> None:
    (page,) = pages(to_report(report), tmp_path)

    by_id = {slide.id: slide for slide in report.slides}
    assert list(by_id) == ["situation", "map", "course", "units", "changes", "decisions"]
    said = [one.text for name in ("situation", "changes", "decisions") for one in by_id[name].statements]
    said += [by_id["situation"].title, by_id["course"].title, report.stamp, report.place]
    (tiles,) = by_id["situation"].blocks
    assert isinstance(tiles, Tiles)
    assert len(tiles.tiles) == 8
    said += [part for one in tiles.tiles for part in (one.label, one.written, one.quality)]
    (table,) = by_id["units"].blocks
    assert isinstance(table, Table)
    said += [cell.text for row in table.rows for cell in row]
    said += [note.source for note in by_id["situation"].notes]
    assert [words for words in said if squeezed(words) not in page] == []


@pytest.mark.parametrize("units", [3, 8, 14, 25])
@pytest.mark.parametrize("sentences", [0, 9])
def test_one_page_for_any_number_of_units_and_sentences(
    report: Briefing, tmp_path: Path, units: int, sentences: int
) -> None:
    made = replace(report, slides=tuple(_grown(slide, units, sentences) for slide in report.slides))
    found = pages(to_report(made), tmp_path)

    assert len(found) == 1
    assert all(squeezed(f"Huyện Xuyên Mộc thứ {place}") in found[0] for place in range(units))
    assert all(squeezed(LONG.format(n=place)) in found[0] for place in range(sentences))
    assert squeezed(report.slides[0].notes[-1].source) in found[0]


def _grown(slide: Slide, units: int, sentences: int) -> Slide:
    """The slide of a province with so many units, whose days need so many sentences."""
    blocks = []
    for block in slide.blocks:
        if isinstance(block, Table):
            row = block.rows[0]
            grown = tuple((row[0], Cell(f"Huyện Xuyên Mộc thứ {place}"), *row[2:]) for place in range(units))
            block = replace(block, rows=(*grown, block.rows[-1]))
        blocks.append(block)
    told = slide.statements
    if slide.id in ("changes", "decisions"):
        told = tuple(Statement(LONG.format(n=place), "near") for place in range(sentences))
    return replace(slide, blocks=tuple(blocks), statements=told)


def test_a_part_without_data_says_so_on_the_page(report: Briefing, tmp_path: Path) -> None:
    gone = "Bản số liệu này chưa có tỷ lệ mắc."
    slides = tuple(
        replace(slide, blocks=(), missing=gone, title="Bản đồ: chưa có số liệu") if slide.id == "map" else slide
        for slide in report.slides
    )
    (page,) = pages(to_report(replace(report, slides=slides)), tmp_path)

    assert page.count(squeezed(gone)) == 2, "in its place and among the gaps"


def test_the_same_report_gives_the_same_bytes(report: Briefing) -> None:
    assert to_report(report) == to_report(report)
