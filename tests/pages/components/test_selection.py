"""The address is the memory: allowed values only, links that carry the choice, nothing that a reader may not say."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from pages.components.selection import LONGEST_VALUE, Address, Selection

FIRST, LAST = date(2021, 4, 1), date(2021, 8, 29)
texts = st.text(max_size=120)


def selection(**changes: object) -> Selection:
    known: dict[str, object] = {
        "page": "rankings",
        "unit": "77",
        "whole": "77",
        "period_days": 60,
        "day": LAST,
        "newest": True,
        "language": "vi",
        "theme": None,
        "role": "leader",
    }
    return Selection(**{**known, **changes})  # type: ignore[arg-type]


@given(texts)
def test_only_what_is_allowed_is_taken(value: str) -> None:
    address = Address({"unit": value})
    taken = address.choice("unit", ["77", "752"], "77")
    assert taken == (value if value in ("77", "752") else "77")
    assert bool(address.misread) == (value not in ("77", "752"))


@given(texts)
def test_a_day_is_an_iso_date_within_the_release(value: str) -> None:
    address = Address({"day": value})
    day = address.day("day", FIRST, LAST)
    assert day is None or FIRST <= day <= LAST
    assert (day is None) == bool(address.misread)


def test_days_outside_the_release_are_misread() -> None:
    for value in (LAST + timedelta(days=1), FIRST - timedelta(days=1)):
        address = Address({"day": value.isoformat()})
        assert address.day("day", FIRST, LAST) is None
        assert address.misread[0].value == value.isoformat()


def test_a_long_value_is_repeated_back_cut() -> None:
    address = Address({"unit": "x" * 5000})
    address.choice("unit", ["77"], "77")
    assert len(address.misread[0].value) == LONGEST_VALUE + 1


def test_defaults_leave_the_address_clean() -> None:
    assert selection().href() == "./rankings"
    assert selection().href("overview") == "./"


def test_a_link_carries_the_whole_choice() -> None:
    chosen = selection(unit="752", period_days=28, day=date(2021, 8, 1), newest=False, language="en", theme="projector")
    query = dict(parse_qsl(urlsplit(chosen.href("map", indicator="rt")).query))
    assert query == {
        "unit": "752",
        "period": "28",
        "day": "2021-08-01",
        "lang": "en",
        "theme": "projector",
        "indicator": "rt",
    }


def test_own_parameters_stay_on_their_page() -> None:
    chosen = selection().with_own("indicator", "rt").with_own("level", "province")
    query = dict(parse_qsl(urlsplit(chosen.href(unit="752")).query))
    assert query == {"unit": "752", "indicator": "rt", "level": "province"}
    assert chosen.href("map") == "./map"


def test_the_whole_province_and_none_take_a_parameter_away() -> None:
    chosen = selection(unit="752")
    assert chosen.href(unit="77") == "./rankings"
    assert chosen.href(unit=None) == "./rankings"


def test_free_text_is_cut_and_kept_on_one_line() -> None:
    assert Address({"q": "  a\n b  "}).words("q") == "a b"
    assert len(Address({"q": "x" * 500}).words("q")) == LONGEST_VALUE
