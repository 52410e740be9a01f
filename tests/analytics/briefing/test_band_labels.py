"""The words of measures on a plot of a file: within it, never on one another, and none is lost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from analytics.briefing import drawings
from analytics.briefing.band_labels import band_labels
from analytics.briefing.model import Band, Curve, Line
from analytics.palette import palettes

FIRST = date(2021, 8, 1)
LEFT, WIDE, ROWS = 40.0, 400.0, 3
BANDS = st.lists(
    st.tuples(st.integers(-20, 70), st.one_of(st.none(), st.integers(0, 30)), st.integers(1, 90)), max_size=12
)


def width_of(said: str) -> float:
    return 6.0 * len(said) + 6.0


def curve(bands: tuple[Band, ...]) -> Curve:
    days = tuple(FIRST + timedelta(days=number) for number in range(60))
    return Curve(days, (Line("Ca", tuple(range(60)), "line"),), (False,) * 60, "ca", 0, bands)


@given(BANDS)
def test_every_measure_within_the_days_is_read_and_no_words_lie_on_others(
    drawn: list[tuple[int, int | None, int]],
) -> None:
    bands = tuple(
        Band(
            f"{number:02}" + "x" * letters,
            FIRST + timedelta(days=begin),
            None if lasting is None else FIRST + timedelta(days=begin + lasting),
        )
        for number, (begin, lasting, letters) in enumerate(drawn)
    )
    placed, listed = band_labels(curve(bands), LEFT, WIDE, width_of, ROWS, "vi")
    for one, other in combinations(placed, 2):
        apart = one.left + width_of(one.said) <= other.left or other.left + width_of(other.said) <= one.left
        assert one.row != other.row or apart
    assert all(one.left >= LEFT and one.left + width_of(one.said) <= LEFT + WIDE + 1e-6 for one in placed)
    assert all(0 <= one.row <= ROWS for one in placed)
    worded = {one.said for one in placed if one.row < ROWS}
    assert {one.said for one in placed if one.row == ROWS} <= {line.partition(" ")[0] for line in listed}
    told = worded | {line.partition(": ")[2] for line in listed}
    within = {
        band.label
        for band in bands
        if band.first_day < FIRST + timedelta(days=60) and (band.last_day is None or band.last_day >= FIRST)
    }
    assert told == within
    assert [line.split(" ", 1)[0] for line in listed] == [str(number + 1) for number in range(len(listed))]


def test_twelve_measures_of_one_week_are_listed_under_the_drawing() -> None:
    bands = tuple(
        Band(f"Chỉ thị số {number} của Ủy ban nhân dân tỉnh", FIRST + timedelta(days=number % 7), None)
        for number in range(12)
    )
    drawn = drawings.course(curve(bands), "vi", palettes()["light"], 520, 220)
    made = " ".join(re.findall(r">([^<]+)</text>", drawn))
    for number in range(12):
        assert f"Chỉ thị số {number}" in made, number
    _, listed = band_labels(curve(bands), LEFT, WIDE, width_of, ROWS, "vi")
    assert len(listed) >= 9 and listed[0].startswith("1 ")
