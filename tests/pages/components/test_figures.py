"""Curves and sparklines: gaps stay gaps, open days look open, numbers stand in the reader's language."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.components.figures import Band, Line, columns, day_range, lines, nice_ticks, runs, sparkline

LAST = date(2021, 8, 29)
Values = list[float | None]
some_values = st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=1, max_size=60)


def drawn_columns(values: Values, mean: Values, provisional: list[bool], language: str = "vi") -> str:
    days = day_range(LAST - timedelta(days=len(values) - 1), LAST)
    return columns(
        days,
        values,
        mean,
        provisional,
        bands=[Band("Chỉ thị 16", date(2021, 1, 1), None)],
        language=language,  # type: ignore[arg-type]
        alt="Ca mới đi ngang",
        names=("ca mới", "trung bình"),
        open_note="còn bổ sung",
        missing_note="chưa báo cáo",
    )


@given(some_values)
def test_runs_cover_exactly_the_days_with_a_value(values: Values) -> None:
    covered = [place for first, end in runs(values) for place in range(first, end)]
    assert covered == [place for place, value in enumerate(values) if value is not None]
    assert all(end < later for (_, end), (later, _) in zip(runs(values), runs(values)[1:], strict=False))


@given(st.floats(1e-3, 1e9))
def test_ticks_are_round_reach_the_top_and_are_few(top: float) -> None:
    ticks = nice_ticks(top)
    assert ticks[0] == 0
    assert ticks[-1] >= top * 0.999999
    assert 2 <= len(ticks) <= 7
    assert f"{ticks[1]:.0e}"[0] in "125"


@given(some_values)
def test_every_drawing_is_well_formed(values: Values) -> None:
    provisional = [place >= len(values) - 3 for place in range(len(values))]
    ElementTree.fromstring(drawn_columns(values, values, provisional))  # noqa: S314
    spark = sparkline(values, provisional, "alt")
    assert (spark == "") == (all(value is None for value in values))
    if spark:
        ElementTree.fromstring(spark)  # noqa: S314
    days = day_range(LAST - timedelta(days=len(values) - 1), LAST)
    drawn = lines(
        days, [Line("A", values), Line("B", values, reference=True)], provisional, language="vi", alt="x", decimals=1
    )
    ElementTree.fromstring(drawn)  # noqa: S314


def test_a_gap_breaks_the_line_and_a_missing_day_is_not_a_zero() -> None:
    html = drawn_columns([3.0, None, 0.0, 5.0], [3.0, None, 2.0, 3.0], [False] * 4)
    assert html.count('class="tc-line"') == 2
    assert html.count('class="tc-missing"') == 1
    assert html.count('class="tc-bar-day"') == 2  # a reported 0 has no bar
    assert "27/8/2021: chưa báo cáo" in html
    assert "28/8/2021: ca mới 0 · trung bình 2,0" in html


def test_days_that_still_fill_up_are_open_and_said() -> None:
    html = drawn_columns([5.0] * 10, [5.0] * 10, [False] * 7 + [True] * 3)
    assert html.count('class="tc-bar-day is-open"') == 3
    assert html.count('class="tc-line is-open"') == 1
    assert html.count("còn bổ sung") == 3


def test_the_alternative_text_is_the_finding() -> None:
    html = drawn_columns([1.0, 2.0], [1.0, 1.5], [False, False])
    assert 'role="figure" tabindex="0"' in html
    assert 'aria-label="Ca mới đi ngang"' in html


def test_a_band_is_cut_to_the_days_shown() -> None:
    days = day_range(date(2021, 8, 1), date(2021, 8, 10))
    bands = [Band("in", date(2021, 8, 5), date(2021, 8, 20)), Band("out", date(2021, 9, 1), None)]
    html = columns(
        days,
        [1.0] * 10,
        [1.0] * 10,
        [False] * 10,
        bands=bands,
        language="en",
        alt="",
        names=("a", "b"),
        open_note="",
        missing_note="",
    )
    assert '<rect class="tc-band" x="4" width="6"' in html
    assert "out" not in html


@pytest.mark.parametrize(("language", "expected"), [("vi", "29/8"), ("en", "29 Aug")])
def test_the_last_day_is_always_named(language: str, expected: str) -> None:
    html = drawn_columns([1.0] * 60, [1.0] * 60, [False] * 60, language)
    assert f">{expected}</span></div>" in html


def test_names_at_the_end_of_lines_do_not_lie_on_each_other() -> None:
    days = day_range(date(2021, 8, 1), date(2021, 8, 10))
    same = [Line(name, [10.0] * 10) for name in "ABC"]
    html = lines(days, same, [False] * 10, language="vi", alt="", decimals=0)
    heights = sorted(float(found) for found in re.findall(r'style="bottom:([\d.]+)%">[ABC] 10', html))
    assert all(after - before >= 8 for before, after in pairwise(heights))


def test_negative_values_have_an_axis_below_zero() -> None:
    days = day_range(date(2021, 8, 1), date(2021, 8, 4))
    html = lines(days, [Line("x", [-12.0, -3.0, 4.0, 9.0])], [False] * 4, language="vi", alt="", decimals=0)
    assert ">-10</span>" in html
    assert 'class="tc-axis"' in html


def test_the_name_at_the_end_of_a_line_carries_its_colour() -> None:
    days = [date(2021, 8, 28), date(2021, 8, 29)]
    drawn = lines(
        days,
        [Line("a", [1.0, 2.0], css="is-1"), Line("b", [3.0, 4.0], css="is-0"), Line("c", [5.0, 5.0], reference=True)],
        [False, False],
        language="vi",
        alt="",
        decimals=0,
    )
    named = dict(re.findall(r'<span class="([^"]+)" style="bottom:[^"]+">([abc])', drawn))
    assert named == {"is-1": "a", "is-0": "b", "is-reference": "c"}
