"""The slides as another program reads them: every word and number is there, nothing runs over, nothing is a picture."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import from_excel
from pptx import Presentation
from pptx.util import Emu

from analytics.briefing.compose import compose
from analytics.briefing.declared import standard
from analytics.briefing.model import Briefing, Cell, Curve, Map, Slide, Statement, Table, Tiles
from analytics.briefing.pptx import to_pptx
from analytics.briefing.pptx_chart import scale_of
from analytics.briefing.typesetting import LINE_SPACING, line_count
from analytics.briefing.workbook import to_xlsx
from analytics.palette import palettes
from analytics.release import Release
from analytics.wording import Language
from tests.analytics.briefing.sample_slides import LONG, SAID, curve, drawn_map, note, sample, table, tile

POINT = 12_700
TOLERANCE = 1.0
"""Points; sizes are kept to a hundredth of a point."""
KIND = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def opened(made: bytes) -> Any:
    return Presentation(io.BytesIO(made))


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return sample()


@pytest.fixture(scope="module")
def deck(briefing: Briefing) -> Any:
    return opened(to_pptx(briefing))


def every_shape(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        yield shape
        if shape.shape_type is not None and "GROUP" in str(shape.shape_type):
            yield from every_shape(shape.shapes)


def written(slide: Any) -> list[str]:
    """Every paragraph and every run that stands on a slide, of tables too."""
    found: list[str] = []
    for shape in every_shape(slide.shapes):
        if shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                found += [paragraph.text, *(run.text.strip() for run in paragraph.runs)]
        if getattr(shape, "has_table", False) and shape.has_table:
            found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return found


def descriptions(slide: Any) -> list[str]:
    return [str(shape._element._nvXxPr.cNvPr.get("descr") or "") for shape in every_shape(slide.shapes)]


def slides_of(deck: Any, title: str) -> list[Any]:
    found = [slide for slide in deck.slides if slide.shapes.title is not None and slide.shapes.title.text == title]
    assert found, title
    return found


ORDERED = {
    "plotArea": ("layout", "barChart", "lineChart", "dateAx", "valAx", "spPr"),
    "lineChart": ("grouping", "varyColors", "ser", "dLbls", "marker", "smooth", "axId"),
    "barChart": ("barDir", "grouping", "varyColors", "ser", "dLbls", "gapWidth", "overlap", "axId"),
    "lineSer": ("idx", "order", "tx", "spPr", "marker", "dPt", "dLbls", "cat", "val", "smooth"),
    "barSer": ("idx", "order", "tx", "spPr", "invertIfNegative", "dPt", "dLbls", "cat", "val"),
    "legend": ("legendPos", "legendEntry", "layout", "overlay", "spPr", "txPr"),
    "chart": ("autoTitleDeleted", "plotArea", "legend", "plotVisOnly", "dispBlanksAs", "showDLblsOverMax"),
    "valAx": (
        "axId", "scaling", "delete", "axPos", "majorGridlines", "numFmt", "majorTickMark", "minorTickMark",
        "tickLblPos", "spPr", "txPr", "crossAx", "crosses", "crossBetween", "majorUnit",
    ),
    "dateAx": (
        "axId", "scaling", "delete", "axPos", "majorGridlines", "numFmt", "majorTickMark", "minorTickMark",
        "tickLblPos", "spPr", "txPr", "crossAx", "crosses", "auto", "lblOffset", "baseTimeUnit", "majorUnit",
        "majorTimeUnit",
    ),
}  # fmt: skip
"""The order of elements in ECMA-376, part 1, 21.2; PowerPoint repairs a file that has another."""


@pytest.mark.parametrize("columns", [True, False])
def test_a_charts_elements_stand_in_the_order_of_the_standard(columns: bool) -> None:
    deck = opened(to_pptx(sample(Slide("c", "C", "Ca mới tăng", "", (curve(columns=columns),)))))
    (frame,) = [shape for shape in deck.slides[1].shapes if shape.has_chart]
    seen = set()
    for element in frame.chart._chartSpace.iter(f"{{{KIND}}}*"):
        name = element.tag.split("}")[1]
        name = f"{element.getparent().tag.split('}')[1].removesuffix('Chart')}Ser" if name == "ser" else name
        if name in ORDERED:
            places = [ORDERED[name].index(child.tag.split("}")[1]) for child in element]
            assert places == sorted(places), name
            seen.add(name)
    numbers = [int(axis.get("val")) for axis in frame.chart._chartSpace.iter(f"{{{KIND}}}axId", f"{{{KIND}}}crossAx")]
    assert len(set(numbers)) == 2
    assert min(numbers) > 0
    assert seen >= {"plotArea", "lineChart", "lineSer", "chart", "valAx", "dateAx"}


def words(slide: Slide) -> Iterator[str]:
    """What must be read on a slide."""
    yield from (part for part in (slide.title, slide.what, slide.missing) if part)
    yield from (statement.text for statement in slide.statements)
    for block in slide.blocks:
        if isinstance(block, Tiles):
            for one in block.tiles:
                yield from (one.label, one.written, one.measured_in, one.change, one.quality)
                yield " · ".join(part for part in (one.state_word, one.limit) if part)
        elif isinstance(block, Table):
            yield from block.heads
            yield from (cell.text for row in block.rows for cell in row)
            yield block.note
        elif isinstance(block, Map):
            yield from (entry.label for entry in block.legend)
            yield from (words for _, words in block.inset_notes)
        else:
            yield from (block.measured_in, block.note, *(band.label for band in block.bands))


def test_every_word_and_written_value_is_on_its_slide(briefing: Briefing, deck: Any) -> None:
    for slide in briefing.slides:
        found = {text for drawn in slides_of(deck, slide.title) for text in written(drawn)}
        missing = [said for said in words(slide) if said and said not in found]
        assert missing == [], slide.id


def test_each_unit_of_a_map_is_a_shape_of_its_own_with_name_value_and_the_fill_of_its_class(deck: Any) -> None:
    (slide,) = slides_of(deck, "Ca mới tập trung ở Bà Rịa")
    palette = palettes()["light"]
    shapes = {shape.name: shape for shape in every_shape(slide.shapes) if "FREEFORM" in str(shape.shape_type)}
    for unit in drawn_map().units:
        assert shapes[unit.name]._element._nvXxPr.cNvPr.get("descr") == f"{unit.name}: {unit.written}"
        if unit.step != "none":
            assert f"#{shapes[unit.name].fill.fore_color.rgb}" == palette[unit.step]
    assert "PATTERNED" in str(shapes["TX Phú Mỹ"].fill.type)
    contours = {name: len(shape._element.findall(".//{*}moveTo")) for name, shape in shapes.items()}
    assert contours == {"Huyện Châu Đức": 2, "TP Bà Rịa": 1, "TX Phú Mỹ": 2, "Côn Đảo": 1}
    texts = written(slide)
    assert {"Huyện Châu Đức", "6,9", "TP Bà Rịa", "96,5", "TX Phú Mỹ"} <= set(texts)
    assert "Côn Đảo 0" in texts


def test_a_map_without_outlines_shows_its_units_as_boxes_in_the_official_colours(deck: Any) -> None:
    (slide,) = slides_of(deck, "Cấp độ dịch")
    found = {shape.name: shape for shape in every_shape(slide.shapes) if shape.name.startswith("Đơn vị")}
    assert len(found) == 9
    assert f"#{found['Đơn vị 3'].fill.fore_color.rgb}" == palettes()["light"]["level-4"]
    assert found["Đơn vị 3"].text_frame.text == "Đơn vị 3\n4"


@pytest.mark.parametrize("columns", [True, False])
def test_a_curve_is_one_native_chart_with_the_contents_numbers(columns: bool) -> None:
    drawn = curve(columns=columns)
    deck = opened(to_pptx(sample(Slide("c", "C", "Ca mới tăng", "", (drawn,)))))
    (frame,) = [shape for shape in deck.slides[1].shapes if shape.has_chart]
    plots = {plot._element.tag.removeprefix(f"{{{KIND}}}"): plot for plot in frame.chart.plots}
    assert set(plots) == ({"barChart", "lineChart"} if columns else {"lineChart"})
    axes = [[axis.get("val") for axis in plot._element.findall(f"{{{KIND}}}axId")] for plot in plots.values()]
    assert all(one == axes[0] for one in axes)
    found = {series.name: tuple(series.values) for plot in plots.values() for series in plot.series}
    assert found == {line.name: line.values for line in drawn.lines}
    assert [date.fromisoformat(str(label)[:10]) for label in _days(frame)] == list(drawn.days)
    assert frame.chart._chartSpace.find(f".//{{{KIND}}}dispBlanksAs").get("val") == "gap"
    book = openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0].date() for row in rows[1:]] == list(drawn.days)
    kept = {name: tuple(row[place] for row in rows[1:]) for place, name in enumerate(rows[0]) if place}
    # The workbook keeps 16 digits.
    for name, values in found.items():
        assert kept[name] == tuple(None if value is None else pytest.approx(value, rel=1e-14) for value in values)
    assert set(kept) == set(found)


def _days(frame: Any) -> list[Any]:
    cached = frame.chart._chartSpace.find(f".//{{{KIND}}}cat").findall(f".//{{{KIND}}}v")
    return [from_excel(float(value.text)).isoformat() for value in cached]


def test_days_that_still_fill_up_are_lighter(deck: Any) -> None:
    (slide,) = slides_of(deck, "Ca mới tăng 18%")
    (frame,) = [shape for shape in slide.shapes if shape.has_chart]
    bars = frame.chart.plots[0].series[0]
    lighter = {place for place in range(60) if bars._element.xpath(f'c:dPt[c:idx/@val="{place}"]')}
    assert lighter == {57, 58, 59}
    assert bars.points[57].format.fill.fore_color.rgb != bars.format.fill.fore_color.rgb


def test_the_value_axis_holds_every_value_and_begins_at_nought_under_columns() -> None:
    for drawn in (curve(), curve(columns=False), curve(count=3)):
        low, high, step = scale_of(drawn)
        values = [value for line in drawn.lines for value in line.values if value is not None]
        assert low <= min(values) < max(values) <= high
        assert (high - low) / step == pytest.approx(round((high - low) / step))
    assert scale_of(curve())[0] == 0
    assert scale_of(curve(columns=False))[0] == 8.0
    wide = curve(columns=False)
    assert scale_of(replace(wide, lines=(replace(wide.lines[0], values=(1.0,) * 30 + (9.0,) * 30),)))[0] == 0


def test_what_has_a_shape_has_an_alternative_text_that_says_the_finding(briefing: Briefing, deck: Any) -> None:
    for slide in briefing.slides:
        for drawn in slides_of(deck, slide.title):
            frames = [shape for shape in drawn.shapes if shape.has_chart or shape.has_table]
            assert all(frame._element._nvXxPr.cNvPr.get("descr") == slide.title for frame in frames)
            if any(isinstance(block, Map) for block in slide.blocks):
                assert slide.title in descriptions(drawn)
            for block in slide.blocks:
                if isinstance(block, Tiles):
                    spoken = " ".join(descriptions(drawn))
                    assert all(f"{one.label}: {one.written} {one.measured_in}" in spoken for one in block.tiles)
            assert not [shape for shape in every_shape(drawn.shapes) if "PICTURE" in str(shape.shape_type)]


def test_speaker_notes_hold_definition_source_quality_release_and_stamp(briefing: Briefing, deck: Any) -> None:
    (slide,) = slides_of(deck, "Một chỉ số")
    told, said = slide.notes_slide.notes_text_frame.text, note()
    for part in (said.name, said.definition, said.source, said.quality, said.caveat):
        assert part in told
    for drawn in deck.slides:
        spoken = drawn.notes_slide.notes_text_frame.text
        assert briefing.release_id in spoken
        assert briefing.stamp in spoken
    assert "Dòng 7: không có chỉ số mưa" in deck.slides[0].notes_slide.notes_text_frame.text


def test_every_slide_has_stamp_demonstration_and_number(briefing: Briefing, deck: Any) -> None:
    assert all(f"{briefing.stamp} · {briefing.demonstration}" in written(drawn) for drawn in deck.slides)
    for number, slide in enumerate(briefing.slides, start=1):
        assert all(f"{number} / {len(briefing.slides)}" in written(drawn) for drawn in slides_of(deck, slide.title))


def test_an_earlier_moment_stands_in_amber(briefing: Briefing) -> None:
    deck = opened(to_pptx(sample(*briefing.slides[:1], history=True)))
    runs = [
        run
        for shape in deck.slides[1].shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
        if run.text == briefing.stamp
    ]
    assert [f"#{run.font.color.rgb}" for run in runs] == [palettes()["light"]["near"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_text_runs_over_its_box_and_no_box_over_the_slide(theme: Any) -> None:
    fits(opened(to_pptx(sample(), theme)))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_standard_briefing_fits_whole_and_takes_under_five_seconds(province: Release, language: Language) -> None:
    began = time.process_time()
    made = compose(province, standard(province.units.codes, language), language=language)
    written_slides, written_tables = to_pptx(made), to_xlsx(made)
    assert time.process_time() - began < 5
    assert len(written_tables) > 10_000
    deck = opened(written_slides)
    fits(deck)
    assert len(deck.slides) == 1 + len(made.slides)
    for slide, drawn in zip(made.slides, list(deck.slides)[1:], strict=True):
        found = set(written(drawn))
        assert [said for said in words(slide) if said and said not in found] == []


def fits(deck: Any) -> None:
    """Every shape on its slide, every text in its shape, none smaller than 7 points."""
    for drawn in deck.slides:
        for shape in every_shape(drawn.shapes):
            left, top = shape.left / POINT, shape.top / POINT
            wide, tall = shape.width / POINT, shape.height / POINT
            assert left >= -TOLERANCE, (shape.name, left)
            assert left + wide <= 960 + TOLERANCE, shape.name
            assert top + tall <= 540 + TOLERANCE, (shape.name, top + tall)
            if shape.has_text_frame and shape.text_frame.text and "GROUP" not in str(shape.shape_type):
                needed = sum(_height(paragraph, shape) for paragraph in shape.text_frame.paragraphs)
                assert needed <= tall + 3 * TOLERANCE, (shape.text_frame.text, needed, tall)
                assert min(_sizes(shape.text_frame)) >= 7.0, shape.text_frame.text


def _sizes(frame: Any) -> list[float]:
    return [run.font.size.pt for paragraph in frame.paragraphs for run in paragraph.runs]


def _height(paragraph: Any, shape: Any) -> float:
    frame = shape.text_frame
    wide = (shape.width - frame.margin_left - frame.margin_right) / POINT
    sizes = [run.font.size.pt for run in paragraph.runs]
    if not sizes:
        return 0.0
    lines = 1
    if frame.word_wrap and len(set(sizes)) == 1:
        lines = line_count(paragraph.text, sizes[0], wide, bold=bool(paragraph.runs[0].font.bold))
    return lines * max(sizes) * LINE_SPACING


def test_tables_stand_above_the_foot_and_their_cells_in_their_columns() -> None:
    for rows in (1, 8, 20, 30):
        drawn = opened(to_pptx(sample(Slide("t", "T", LONG, LONG, (table(rows),), SAID)))).slides[1]
        (frame,) = [shape for shape in drawn.shapes if shape.has_table]
        assert (frame.top + sum(row.height for row in frame.table.rows)) / POINT <= 540 - 34
        assert abs(sum(column.width for column in frame.table.columns) - frame.width) < Emu(POINT)
        for row in frame.table.rows:
            for column, cell in zip(frame.table.columns, row.cells, strict=True):
                (run,) = cell.text_frame.paragraphs[0].runs or (None,)
                if run is None or not run.text:
                    continue
                inner = (column.width - cell.margin_left - cell.margin_right) / POINT
                lines = line_count(run.text, run.font.size.pt, inner, bold=bool(run.font.bold))
                assert lines * run.font.size.pt * LINE_SPACING <= row.height / POINT + TOLERANCE, run.text


@pytest.mark.parametrize(("values", "bars"), [((3.0, None, 1.5), 2), ((3.0, -1.0, 1.5), 0), ((0.0, 0.0, None), 0)])
def test_bars_stand_for_the_values_of_their_column_or_there_are_none(
    values: tuple[float | None, ...], bars: int
) -> None:
    rows = tuple((Cell(f"Huyện {place}"), Cell(str(value), value)) for place, value in enumerate(values))
    drawn = opened(to_pptx(sample(Slide("t", "T", "Xếp hạng", "", (Table(("", "ca"), rows, (1,), bar=1),)))))
    colour = palettes()["light"]["bar"]
    found = [shape for shape in drawn.slides[1].shapes if "AUTO_SHAPE" in str(shape.shape_type)]
    found = [shape for shape in found if f"#{shape.fill.fore_color.rgb}" == colour]
    assert len(found) == bars
    if bars:
        assert found[0].width / found[1].width == pytest.approx(2, rel=0.01)
        (frame,) = [shape for shape in drawn.slides[1].shapes if shape.has_table]
        middles = [shape.top + shape.height / 2 for shape in found]
        tall = [row.height for row in frame.table.rows]
        rows_of = [frame.top + sum(tall[:place]) + tall[place] / 2 for place in (1, 3)]
        assert middles == pytest.approx(rows_of, abs=POINT)


def test_rows_that_find_no_room_go_on_on_the_next_slide_each_once(deck: Any) -> None:
    drawn = slides_of(deck, "Tám mươi xã")
    assert len(drawn) > 1
    ranks: list[str] = []
    for slide in drawn:
        (frame,) = [shape for shape in slide.shapes if shape.has_table]
        ranks += [row.cells[0].text_frame.text for row in frame.table.rows][1:]
    assert ranks == [str(number) for number in range(1, 81)]


def test_sentences_that_find_no_room_go_on_on_the_next_slide_each_once() -> None:
    said = tuple(Statement(f"{number}. {LONG}") for number in range(30))
    deck = opened(to_pptx(sample(Slide("s", "S", "Ba mươi câu", "", (), said))))
    found = [text for drawn in slides_of(deck, "Ba mươi câu") for text in written(drawn) if text.endswith(LONG)]
    assert list(dict.fromkeys(found)) == [one.text for one in said]
    assert len(found) == 2 * len(said)  # each as a paragraph and its run


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_figures_do_not_lie_over_each_other(count: int) -> None:
    tiles = Tiles(tuple(tile(number) for number in range(1, count + 1)))
    drawn = opened(to_pptx(sample(Slide("t", "T", "Tình hình", "", (tiles,), SAID)))).slides[1]
    groups = [shape for shape in drawn.shapes if "GROUP" in str(shape.shape_type)]
    assert len(groups) == count
    for number, one in enumerate(groups):
        for other in groups[number + 1 :]:
            apart = one.left + one.width <= other.left or other.left + other.width <= one.left
            assert apart or one.top + one.height <= other.top or other.top + other.height <= one.top


def test_gaps_of_every_kind_can_be_drawn() -> None:
    nothing = Curve((date(2021, 8, 29),), (), (False,), "", 0)
    empty = tile(recent=(None,) * 28, provisional=())
    alone = tile(recent=(None,) * 13 + (3.0, None, 4.0) + (None,) * 12)
    made = to_pptx(sample(Slide("n", "N", "Không có gì", "", (Tiles((empty, alone)), nothing))))
    assert len(opened(made).slides) == 2


def test_the_same_briefing_gives_the_same_bytes_and_no_time_of_its_making(briefing: Briefing) -> None:
    made = to_pptx(briefing)
    assert made == to_pptx(sample())
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert len(packed.namelist()) == len(set(packed.namelist()))
        assert not [name for name in packed.namelist() if "thumbnail" in name or "printer" in name]
        books = [packed.read(name) for name in packed.namelist() if name.endswith(".xlsx")]
    told = re.findall(
        rb"<dcterms:created[^>]*>([^<]*)",
        b"".join(zipfile.ZipFile(io.BytesIO(b)).read("docProps/core.xml") for b in books),
    )
    assert set(told) == {b"2021-08-29T07:05:00Z"}


def test_the_file_names_place_release_and_language_and_no_person(briefing: Briefing, deck: Any) -> None:
    told = deck.core_properties
    assert (told.author, told.last_modified_by) == (briefing.place, briefing.place)
    assert (told.identifier, told.language) == (briefing.release_id, "vi-VN")
    assert told.title == "Báo cáo tình hình dịch · Tỉnh Bà Rịa - Vũng Tàu · 29/8/2021"
    english = opened(to_pptx(sample(language="en")))
    for made, locale in ((deck, "vi-VN"), (english, "en-US")):
        spoken = {run.get("lang") for drawn in made.slides for run in drawn._element.iter("{*}rPr")}
        assert spoken == {locale}


def test_every_colour_of_text_and_fill_is_the_palettes(deck: Any) -> None:
    palette = palettes()["light"]
    known = {colour.removeprefix("#") for colour in (*palette.named.values(), *palette.data, *palette.risk)}
    for drawn in deck.slides:
        used = {found.get("val") for found in drawn._element.iter("{*}srgbClr")}
        assert used <= known
