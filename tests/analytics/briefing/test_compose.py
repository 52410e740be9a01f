"""A briefing's content: every figure is the indicator's, a slide without data says so, a failing one stands alone."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from analytics.briefing import compose as composing
from analytics.briefing.compose import compose
from analytics.briefing.declared import picked, read_text, standard
from analytics.briefing.model import Briefing, Curve, Map, Table, Tiles
from analytics.indicators import INDICATORS
from analytics.ranking import rank
from analytics.readings import read, series
from analytics.release import Release, open_release
from tests.analytics.small_province import small_province


@pytest.fixture(scope="module")
def told(province: Release) -> Briefing:
    return compose(province, standard(province.units.codes))


def test_every_figure_is_the_indicators_own(province: Release, told: Briefing) -> None:
    seen = 0
    for slide in told.slides:
        for block in slide.blocks:
            if isinstance(block, Tiles):
                for tile in block.tiles:
                    reading = read(province, (tile.indicator,), (tile.unit,), told.day)[tile.indicator, tile.unit]
                    assert tile.value == pytest.approx(reading.value, rel=1e-12)
                    assert (tile.trend, tile.state) == (reading.trend, reading.state)
                    seen += 1
            if isinstance(block, Map):
                ranked = rank(province, slide.notes[0].indicator, told.day)
                assert {one.code: one.value for one in block.units if one.value is not None} == {
                    row.unit: row.value for row in ranked.rows
                }
                seen += len(block.units)
            if isinstance(block, Table):
                ranked = rank(province, slide.notes[0].indicator, told.day)
                shown = [row[2].value for row in block.rows[: len(ranked.rows)]]
                assert shown == pytest.approx([row.value for row in ranked.rows], rel=1e-12)
                seen += len(ranked.rows)
            if isinstance(block, Curve):
                name = slide.notes[0].indicator
                line = next(one for one in block.lines if one.name == INDICATORS[name].vi)
                frame = series(province, name, (province.province.code,), block.days[0], block.days[-1])
                expected = [None if value != value else pytest.approx(value, rel=1e-12) for value in frame["value"]]
                assert list(line.values) == expected
                seen += len(block.days)
    assert seen > 100


def test_a_slide_without_data_says_so_in_its_place(province: Release) -> None:
    declared = picked("situation,curve.residential_change_published,decisions", standard(()).slides, ())
    told = compose(province, declared)
    assert [bool(slide.missing) for slide in told.slides] == [False, True, False]
    assert INDICATORS["residential_change_published"].vi in told.slides[1].missing
    assert told.slides[1].blocks == ()


def test_an_unreadable_slide_stands_in_its_place(province: Release) -> None:
    declared = read_text('[[slide]]\nid = "a"\nvi = "Một"\nform = "x"\n[[slide]]\nid = "b"\nform = "decisions"\n', ())
    told = compose(province, declared)
    assert [slide.id for slide in told.slides] == ["a", "b"]
    assert "không có dạng x" in told.slides[0].missing
    assert told.slides[1].statements or "không" in told.slides[1].title.lower()
    assert told.faults == declared.faults


def test_a_slide_that_fails_leaves_the_others_right(
    province: Release, monkeypatch: pytest.MonkeyPatch, told: Briefing
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("0912345678")

    monkeypatch.setattr(composing, "_ranked", fails)
    again = compose(province, standard(province.units.codes))
    failed = [slide.id for slide in again.slides if slide.missing]
    assert failed == ["map", "rankings"]
    assert all("0912345678" not in slide.missing for slide in again.slides)
    kept, whole = (json.loads(one.figures())["slides"] for one in (again, told))
    assert [slide for slide in kept if slide["id"] not in failed] == [
        slide for slide in whole if slide["id"] not in failed
    ]


def test_the_same_picture_gives_the_same_bytes(province_data: Path, told: Briefing) -> None:
    again = open_release(province_data, "briefing")
    assert compose(again, standard(again.units.codes)).figures() == told.figures()
    assert json.loads(told.figures())["slides"]


def test_as_of_an_earlier_day_the_figures_are_those_known_then(province: Release) -> None:
    before = province.last_day - timedelta(days=1)
    told = compose(province, standard(province.units.codes), before, "vi", before)
    assert told.history and "Như đã biết" in told.stamp
    reading = read(province, ("cases_new_7d_mean",), ("77",), before, before)["cases_new_7d_mean", "77"]
    tiles = told.slides[0].blocks[0]
    assert isinstance(tiles, Tiles)
    assert tiles.tiles[0].value == reading.value


def test_both_languages_say_the_same_numbers(province: Release, told: Briefing) -> None:
    english = compose(province, standard(province.units.codes), language="en")
    for one, other in zip(told.slides, english.slides, strict=True):
        assert one.name != other.name or one.name in ("Rt",)
        for block, counterpart in zip(one.blocks, other.blocks, strict=True):
            if isinstance(block, Tiles) and isinstance(counterpart, Tiles):
                own, others = ([tile.value for tile in one.tiles] for one in (block, counterpart))
                assert own == pytest.approx(others, rel=1e-12)
            if isinstance(block, Table) and isinstance(counterpart, Table):
                own, others = ([cell.value for row in one.rows for cell in row] for one in (block, counterpart))
                assert own == [None if value is None else pytest.approx(value, rel=1e-12) for value in others]


def test_a_generated_province_needs_no_slide_of_its_own(tmp_path: Path) -> None:
    small_province(seed=7).write(tmp_path)
    release = open_release(tmp_path, "briefing")
    told = compose(release, standard(release.units.codes))
    assert all(slide.title and "{" not in slide.title for slide in told.slides)
    assert not [slide.id for slide in told.slides if "mã lỗi" in slide.missing]
