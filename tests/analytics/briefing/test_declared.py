"""A briefing's file: what it declares, and every fault named with its line while the rest is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.briefing.declared import FORMS, STANDARD_FILE, picked, read_text, standard
from analytics.indicators import INDICATORS

UNITS = ("77", "747", "752")
WRITTEN = """# a briefing of one's own
[[slide]]
id = "one"
vi = "Một"
form = "map"
indicators = [
  "incidence_7d",
  "no_such",
]

[[slide]]
id = "two"
form = "spiral"
indicators = ["incidence_7d"]

[[slide]]
id = "three"
form = "curve"
indicators = ["positivity_7d"]
units = ["752", "999"]
period_days = 3

[[slide]]
id = "four"
form = "curve"
indicators = ["gone"]
colour = "red"
"""


def test_the_standard_briefing_has_every_slide_of_the_meeting_and_no_fault() -> None:
    told = standard(UNITS)
    assert [slide.id for slide in told.slides] == [
        "situation",
        "map",
        "rankings",
        "cases",
        "tests",
        "treatment",
        "vaccination",
        "tracing",
        "mobility",
        "response",
        "changes",
        "decisions",
    ]
    assert told.faults == ()
    assert all(slide.vi != slide.en for slide in told.slides)


def test_each_fault_names_its_line_and_what_was_found_and_the_rest_is_kept() -> None:
    told = read_text(WRITTEN, UNITS, "en")
    said = [(fault.line, fault.text) for fault in told.faults]
    assert said == [
        (6, "there is no indicator no_such; see the page Catalogue"),
        (13, f"there is no form spiral; allowed are {', '.join(FORMS)}"),
        (20, "there is no unit 999 in the register"),
        (21, "period_days = 3: needs 7 to 400 days; 60 is taken"),
        (27, "there is no key colour; allowed are id, vi, en, form, indicators, lead, by, units, period_days"),
        (26, "there is no indicator gone; see the page Catalogue"),
    ]
    one, two, three, four = told.slides
    assert one.indicators == ("incidence_7d",) and not one.fault
    assert "spiral" in two.fault
    assert three.units == ("752",) and three.period_days == 60 and not three.fault
    assert four.fault == "No indicator of this slide could be read."


@pytest.mark.parametrize(
    ("written", "line", "words"),
    [
        ('[[slide]]\nid = "a\n', 2, "not TOML"),
        ("", None, "has no slide"),
        ('title = "x"\n[[slide]]\nid = "a"\nform = "decisions"\n', 1, "no key title"),
        ('slide = "map"\n', None, "has no slide"),
        ('[[slide]]\nid = "Bản đồ"\nform = "decisions"\n', 2, "lower case"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_says_where(written: str, line: int | None, words: str) -> None:
    told = read_text(written, UNITS, "en")
    assert any(fault.line == line and words in fault.text for fault in told.faults), told.faults


def test_two_slides_of_one_id_stand_both() -> None:
    told = read_text('[[slide]]\nid = "a"\nform = "decisions"\n[[slide]]\nid = "a"\nform = "changes"\n', UNITS)
    assert [slide.id for slide in told.slides] == ["a", "a_2"]
    assert [fault.line for fault in told.faults] == [5]


def test_an_address_picks_and_orders_and_adds() -> None:
    known = standard(UNITS).slides
    told = picked("decisions,map,curve.positivity_7d.752.28,ranking.incidence_7d,sphere.x", known, UNITS, "en")
    assert [slide.id for slide in told.slides] == [
        "decisions",
        "map",
        "curve.positivity_7d.752.28",
        "ranking.incidence_7d",
    ]
    own = told.slides[2]
    assert (own.form, own.indicators, own.units, own.period_days) == ("curve", ("positivity_7d",), ("752",), 28)
    assert own.en == INDICATORS["positivity_7d"].en
    assert [fault.text for fault in told.faults] == ["cannot read the slide sphere.x; write form.indicator.unit.days"]


@given(st.text(max_size=200))
def test_whatever_an_address_holds_is_answered(address: str) -> None:
    told = picked(address, standard(UNITS).slides, UNITS)
    assert all(slide.form in FORMS for slide in told.slides)


@given(st.lists(st.sampled_from(STANDARD_FILE.read_text(encoding="utf-8").splitlines()), max_size=30))
def test_whatever_a_file_holds_is_read_or_refused_with_a_sentence(lines: list[str]) -> None:
    told = read_text("\n".join(lines), UNITS)
    assert told.slides or told.faults
    assert len({slide.id for slide in told.slides}) == len(told.slides)
    assert all(fault.text and "{" not in fault.text for fault in told.faults)
