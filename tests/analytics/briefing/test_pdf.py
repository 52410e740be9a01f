"""The printed briefing: A4, a page a slide, real text in embedded fonts, tagged, the same bytes again."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analytics.briefing.compose import compose
from analytics.briefing.declared import standard
from analytics.briefing.model import (
    Band,
    Briefing,
    Cell,
    Curve,
    Fault,
    Legend,
    Line,
    Map,
    MapUnit,
    Slide,
    Statement,
    Table,
    Tiles,
)
from analytics.briefing.pdf import block, to_pdf
from analytics.outlines import Inset, Outline, Outlines
from analytics.palette import palettes
from analytics.release import Release
from analytics.wording import TIME_ZONE, Language
from tests.analytics.briefing.sample_slides import sample

DAY = date(2021, 8, 29)
Read = Callable[[bytes], "Printed"]


class Printed:
    """What poppler reads out of a PDF."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages = [self._squeezed(page) for page in self._run("pdftotext", str(path), "-").split("\f")[:-1]]
        self.information = dict(
            line.split(":", 1) for line in self._run("pdfinfo", str(path)).splitlines() if ":" in line
        )
        self.fonts = [line.split() for line in self._run("pdffonts", str(path)).splitlines()[2:]]

    def tags(self) -> str:
        """The tree of tags; takes seconds for many pages."""
        return self._run("pdfinfo", "-struct-text", str(self.path))

    @staticmethod
    def _run(*command: str) -> str:
        return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")

    @staticmethod
    def _squeezed(text: str) -> str:
        return re.sub(r"\s+", "", text)


@pytest.fixture
def printed(tmp_path: Path) -> Read:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext absent: install poppler-utils")

    def read(made: bytes) -> Printed:
        path = tmp_path / "made.pdf"
        path.write_bytes(made)
        return Printed(path)

    return read


WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


def misplaced(path: Path) -> list[tuple[int, str, str]]:
    """Words that run off their page, or lie on one another."""
    found = []
    drawn = Printed._run("pdftotext", "-bbox", str(path), "-")
    for number, page in enumerate(drawn.split("<page ")[1:], start=1):
        wide, tall = (float(side) for side in re.findall(r'="([\d.]+)"', page)[:2])
        words = [(*map(float, row[:4]), row[4]) for row in WORD.findall(page)]
        for place, (left, top, right, bottom, said) in enumerate(words):
            if left < 0 or top < 0 or right > wide or bottom > tall:
                found.append((number, said, "off the page"))
            for x, y, x_end, y_end, other in words[place + 1 :]:
                across, down = min(right, x_end) - max(left, x), min(bottom, y_end) - max(top, y)
                # Half of a word's box is room for marks above and below its letters.
                if across > 0.5 and down > 0.45 * min(bottom - top, y_end - y):
                    found.append((number, said, other))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def of(*slides: Slide, **changed: object) -> Briefing:
    """A briefing of some slides made by hand."""
    made = Briefing(
        release_id="20210829T180000-test",
        title="Báo cáo tình hình dịch",
        place="Tỉnh Bà Rịa - Vũng Tàu",
        day=DAY,
        as_of=datetime(2021, 8, 29, 18, tzinfo=TIME_ZONE),
        history=False,
        stamp="Số liệu đến 18:00 ngày 29/8/2021",
        demonstration="Dữ liệu minh họa",
        language="vi",
        slides=slides,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def drawn_map() -> Map:
    ring = ((10.0, 10.0), (500.0, 10.0), (500.0, 600.0), (10.0, 600.0))
    isle = ((850.0, 500.0), (900.0, 500.0), (900.0, 540.0), (850.0, 540.0))
    tiny = ((510.0, 10.0), (520.0, 10.0), (520.0, 20.0), (510.0, 20.0))
    laid = Outlines(
        1000.0,
        620.0,
        (
            Outline("752", ((ring,),), 255.0, 300.0, 240.0),
            Outline("748", ((tiny,),), 515.0, 15.0, 5.0),
            Outline("755", ((isle,),), 875.0, 520.0, 20.0, inset=True),
        ),
        (Inset("755", 800.0, 450.0, 170.0, 150.0, 180),),
        (),
    )
    units = (
        MapUnit("752", "Huyện Long Điền", "data-5", 168.7, "168,7"),
        MapUnit("748", "TP Bà Rịa", "none", None, "–"),
        MapUnit("755", "Côn Đảo", "zero", 0.0, "0"),
    )
    legend = (Legend("data-5", "từ 150"), Legend("zero", "0"), Legend("none", "chưa có số liệu"))
    return Map(units, legend, laid, (("755", "cách bờ 180 km"),))


def drawn_curve(*values: float | None) -> Curve:
    days = tuple(DAY - timedelta(days=back) for back in range(len(values) - 1, -1, -1))
    return Curve(
        days,
        (
            Line("Ca mới mỗi ngày", values, "columns"),
            Line("Trung bình", values),
            Line("ngưỡng", (5.0,) * len(values), "limit", "past"),
        ),
        (False,) * (len(values) - 1) + (True,),
        "ca/ngày",
        1,
        (Band("Chỉ thị 16", DAY - timedelta(days=3), None),),
        "1 ngày cuối tạm tính.",
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_title_sentence_and_value_is_text_of_its_page(
    province: Release, printed: Read, language: Language
) -> None:
    briefing = compose(province, standard(province.units.codes, language), DAY, language)
    found = printed(to_pdf(briefing))

    assert len(found.pages) > len(briefing.slides)
    for number, (slide, page) in enumerate(zip(briefing.slides, found.pages, strict=False), start=1):
        assert page == unicodedata.normalize("NFC", page)
        said = [slide.title, slide.name, slide.missing, *(one.text for one in slide.statements)]
        for shown in slide.blocks:
            if isinstance(shown, Tiles):
                said += [part for one in shown.tiles for part in (one.written, one.label, one.state_word, one.change)]
            elif isinstance(shown, Table):
                said += [cell.text for row in shown.rows for cell in row]
            elif isinstance(shown, Map):
                said += [unit.written for unit in shown.units]
            else:
                said += [line.name for line in shown.lines]
        missing = [words for words in said if squeezed(words) not in page]
        assert not missing, (slide.id, missing)
        assert squeezed(f"{number}/{len(briefing.slides)}") in page
        assert squeezed(briefing.stamp) in page
    appendix = "".join(found.pages[len(briefing.slides) :])
    assert all(squeezed(note.definition) in appendix for slide in briefing.slides for note in slide.notes)


def test_no_word_runs_off_its_page_or_over_another(province: Release, printed: Read) -> None:
    everything = sample()
    for briefing in (everything, compose(province, standard(province.units.codes), DAY, "vi")):
        found = printed(to_pdf(briefing))
        assert misplaced(found.path) == []
        assert len([page for page in found.pages if squeezed(f"/{len(briefing.slides)}") in page]) == len(
            briefing.slides
        )


def test_a4_across_with_embedded_fonts_tags_and_a_name(printed: Read) -> None:
    slide = Slide("map", "Bản đồ", "Long Điền cao nhất", "Tỷ lệ mắc, 29/8", (drawn_map(),))
    found = printed(to_pdf(of(slide)))

    assert found.information["Page size"].split()[:3] == ["841.89", "x", "595.276"]
    assert "Báo cáo tình hình dịch" in found.information["Title"]
    assert found.information["Author"].strip() == "Tỉnh Bà Rịa - Vũng Tàu"
    assert found.information["Tagged"].strip() == "yes"
    assert found.fonts
    assert all(row[-5:-2] == ["yes", "yes", "yes"] and "BeVietnamPro" in row[0] for row in found.fonts)
    assert "Figure" in found.tags()
    assert b"pdfuaid" in to_pdf(of(slide))


def test_a_map_says_its_units_in_text_and_to_who_cannot_see_it(printed: Read) -> None:
    slide = Slide("map", "Bản đồ", "Long Điền cao nhất", "Tỷ lệ mắc", (drawn_map(),))
    page = printed(to_pdf(of(slide))).pages[0]

    for words in ("Long", "Điền", "168,7", "Côn Đảo 0", "cách bờ 180 km", "từ 150", "chưa có số liệu"):
        assert squeezed(words) in page
    # An area too small for its label is in the alternative text with all others.
    drawn = block(drawn_map(), slide, "vi", palettes()["light"], (700.0, 400.0))
    assert drawn["alt"] == "Long Điền cao nhất. Tỷ lệ mắc. Huyện Long Điền 168,7; TP Bà Rịa –; Côn Đảo 0"


def test_the_same_content_gives_the_same_bytes_and_no_time_of_its_making() -> None:
    briefing = of(Slide("cases", "Ca bệnh", "Ca mới tăng", "", (drawn_curve(1, None, 3, 4, 8, 2, 0),)))

    assert to_pdf(briefing) == to_pdf(briefing)
    assert b"D:20210829" in to_pdf(briefing)


def test_a_missing_slide_stands_in_its_place_and_says_so(printed: Read) -> None:
    slides = (
        Slide("one", "Một", "Một trang", "", statements=(Statement("Có #lệnh *đậm* @preview/x:1", "past"),)),
        Slide("gone", "Truy vết", "Truy vết: chưa có số liệu", "", missing="Bản số liệu chưa có F0 đã truy vết."),
    )
    found = printed(to_pdf(of(*slides, faults=(Fault(7, "không có chỉ số abc"),))))

    assert squeezed("Bản số liệu chưa có F0 đã truy vết.") in found.pages[1]
    assert squeezed("Có #lệnh *đậm* @preview/x:1") in found.pages[0], "words are never markup"
    assert squeezed("Dòng 7: không có chỉ số abc") in found.pages[2]


@pytest.mark.parametrize("rows", [1, 8, 25, 64])
def test_a_table_of_any_length_stays_on_its_page(printed: Read, rows: int) -> None:
    body = tuple(
        (
            Cell(str(row), row),
            Cell(f"Thị trấn Phước Hải {row}"),
            Cell(f"{row}.234,5", row + 0.5, "past"),
            Cell("đi ngang"),
        )
        for row in range(1, rows + 1)
    )
    table = Table(
        ("", "Đơn vị", "ca/100.000 dân/tuần", "Thay đổi"), body, (0, 2, 3), bar=2, note="Chưa báo cáo: Côn Đảo."
    )
    found = printed(to_pdf(of(Slide("rankings", "Xếp hạng", "A cao nhất", "", (table,)))))

    assert len(found.pages) == 2
    assert all(squeezed(f"{row}.234,5") in found.pages[0] for row in range(1, rows + 1))
    assert squeezed("Chưa báo cáo: Côn Đảo.") in found.pages[0]


def test_a_letter_that_no_font_has_costs_the_standard_and_never_the_file(printed: Read) -> None:
    odd = "Ghi chú \U0001f9a0 của xã"
    found = printed(to_pdf(of(Slide("one", "Một", "Một trang", "", statements=(Statement(odd),)))))

    assert squeezed("của xã") in found.pages[0]


def test_a_curve_of_nothing_but_gaps_and_zeros_is_drawn(printed: Read) -> None:
    curves = (drawn_curve(None, None, 0), drawn_curve(0, 0, 0), drawn_curve(-4.5, 2, None), drawn_curve(1e6, 1, 2))
    slides = [Slide(f"c{place}", "Ca", "Ca mới", "", (curve,)) for place, curve in enumerate(curves)]
    found = printed(to_pdf(of(*slides)))

    assert len(found.pages) == len(curves) + 1
    assert all("Chỉthị16" in page for page in found.pages[:-1])
