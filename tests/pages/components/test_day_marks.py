"""Marks on an axis of days: words never lie on one another, and what has no room stands in the list."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.components import day_marks
from pages.components.day_marks import EDGE_PX, LETTER_PX, Band, Laid, drawn, lay_out, listing, on_day

FIRST = date(2021, 7, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(60)]
NUMBER_PX = 20.0
"""A number in its ring."""


def band(label: str, first: int, last: int | None, kind: day_marks.MarkKind = "measure") -> Band:
    end = None if last is None else FIRST + timedelta(days=last)
    return Band(label, FIRST + timedelta(days=first), end, kind, "Nguồn")


some_bands = st.lists(
    st.builds(
        lambda label, first, wide, kind: band(
            label, first, None if wide < 0 else first + (wide if kind != "comment" else 0), kind
        ),
        st.text("abcdefgh ", min_size=1, max_size=60),
        st.integers(-20, 75),
        st.integers(-1, 30),
        st.sampled_from(["measure", "event", "comment"]),
    ),
    max_size=9,
)


def room(laid: Laid, wide_px: float) -> tuple[float, float]:
    """From where to where the words or the number of a mark reach, in px."""
    at = wide_px * (laid.left + laid.inset) / len(DAYS)
    if not laid.worded:
        return at, at + 6 + NUMBER_PX
    wide = LETTER_PX * len(laid.band.label)
    return (at - 6 - wide, at - 6) if laid.ends_here else (at + 6, at + 6 + wide)


@given(some_bands, st.sampled_from([320.0, 560.0, 900.0]))
def test_words_of_a_lane_never_meet_and_stay_in_the_plot(bands: list[Band], wide_px: float) -> None:
    found = lay_out(DAYS, bands, wide_px)
    for one, other in combinations([laid for laid in found if laid.lane is not None], 2):
        if one.lane == other.lane:
            (a, b), (c, d) = room(one, wide_px), room(other, wide_px)
            assert b <= c or d <= a, (one, other)
    for laid in found:
        if laid.worded:
            left, right = room(laid, wide_px)
            assert left >= 0
            assert right <= wide_px + EDGE_PX


@given(some_bands)
def test_every_mark_within_the_days_is_drawn_and_told_and_no_other(bands: list[Band]) -> None:
    last = DAYS[-1]
    found = lay_out(DAYS, bands)
    inside = [
        one
        for one in bands
        if one.first_day <= last
        and (one.last_day or (last if one.kind == "measure" else one.first_day)) >= max(one.first_day, FIRST)
    ]
    assert sorted(map(repr, (laid.band for laid in found))) == sorted(map(repr, inside))
    assert [laid.number for laid in found] == list(range(1, len(found) + 1))
    svg, html = drawn(DAYS, bands, 100.0)
    ElementTree.fromstring(f"<svg>{svg}{html}</svg>")  # noqa: S314
    assert html.count("<span") == len(found)
    told = listing(DAYS, bands, "vi")
    unworded = [laid for laid in found if not laid.worded]
    assert told.count("<li>") == len(unworded)
    assert told.count("<li") == len(found)
    assert ('<ol class="tc-marks is-for-phones">' in told) == (bool(found) and not unworded)


def test_comments_are_always_in_the_list_and_pinned_to_their_day() -> None:
    bands = [band("Chỉ thị 16", 10, None), band("Đếm bù", 30, 30, "comment")]
    assert listing(DAYS, bands, "vi") == (
        '<ol class="tc-marks"><li class="is-for-phones"><b>1</b> từ 11/7/2021: Chỉ thị 16 (Nguồn)</li>'
        "<li><b>2</b> 31/7/2021: Đếm bù (Nguồn)</li></ol>"
    )
    _, html = drawn(DAYS, bands, 100.0)
    assert '<span class="tc-mark is-comment is-pin" title="Đếm bù" style="left:50.83%">2</span>' in html


def test_each_day_says_what_begins_on_it() -> None:
    bands = [band("Chỉ thị 16", 10, None), band("Ổ dịch", 10, 10, "event"), band("Đếm bù", 11, 11, "comment")]
    assert on_day(bands, DAYS[10], "vi") == ["bắt đầu Chỉ thị 16", "sự kiện: Ổ dịch"]
    assert on_day(bands, DAYS[11], "en") == ["comment: Đếm bù"]
    assert on_day(bands, DAYS[12], "vi") == []


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", 'a" onload="x', "a & b"])
def test_words_are_inert(label: str) -> None:
    bands = [band(label, 3, 3, "event"), band(label, 9, 9, "comment")]
    for html in (*drawn(DAYS, bands, 100.0), listing(DAYS, bands, "vi")):
        assert "<script" not in html
        assert not re.search(r'" onload="', html)


def test_what_would_meet_lies_in_another_lane() -> None:
    _, html = drawn(DAYS, [band("aaaa bbbb cccc dddd", 5, None), band("eeee ffff", 7, None)], 100.0)
    assert re.findall(r"--lane:(\d)", html) == ["0", "1"]
