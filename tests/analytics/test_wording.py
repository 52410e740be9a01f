"""Numbers, dates and ages as they are read, and a catalogue whole in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analytics import wording
from analytics.wording import LANGUAGES, Language, WordingError, read_catalogue
from tests.analytics.release_fixture import at


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1148313, 0, "1.148.313", "1,148,313"),
        (0, 0, "0", "0"),
        (-0.04, 1, "0,0", "0.0"),
        (-5.25, 1, "-5,3", "-5.3"),
        (0.125, 2, "0,13", "0.13"),
        (1e15, 0, "1.000.000.000.000.000", "1,000,000,000,000,000"),
        (None, 1, "–", "–"),
        (float("nan"), 1, "–", "–"),
        (float("inf"), 1, "–", "–"),
    ],
)
def test_numbers(value: float | None, decimals: int, vi: str, en: str) -> None:
    assert (wording.number(value, "vi", decimals), wording.number(value, "en", decimals)) == (vi, en)


def test_signs_percentages_and_units() -> None:
    assert wording.number(3.2, "vi", 1, sign=True) == "+3,2"
    assert wording.number(0, "vi", 1, sign=True) == "0,0"
    assert wording.percent(12.3, "vi") == "12,3%"
    assert wording.percent(93.79, "en", 2) == "93.79%"
    assert wording.measured(10.02, "vi", 2, "%") == "10,02%"
    assert wording.measured(96.5, "vi", 1, "ca/ngày") == "96,5 ca/ngày"
    assert wording.measured(None, "vi", 1, "ca/ngày") == "–"


def test_days_and_times() -> None:
    day = date(2021, 8, 29)
    assert (wording.day(day, "vi"), wording.day(day, "en")) == ("29/8/2021", "29 Aug 2021")
    assert (wording.day(day, "vi", year=False), wording.day(day, "en", year=False)) == ("29/8", "29 Aug")
    assert wording.days(date(2021, 8, 23), day, "vi") == "23–29/8/2021"
    assert wording.days(date(2021, 7, 28), date(2021, 8, 3), "en") == "28 Jul–3 Aug 2021"
    assert wording.days(date(2021, 12, 28), date(2022, 1, 3), "vi") == "28/12/2021–3/1/2022"
    assert wording.days(day, day, "vi") == "29/8/2021"
    assert wording.moment(at("2021-08-29 14:05"), "vi") == "14:05 ngày 29/8/2021"
    utc = datetime.fromisoformat("2021-08-29T20:30:00+00:00")
    assert wording.moment(utc, "en") == "03:30 on 30 Aug 2021"


@pytest.mark.parametrize(
    ("hours", "vi", "en"),
    [
        (0, "vừa xong", "just now"),
        (0.5, "30 phút trước", "30 minutes ago"),
        (1, "1 giờ trước", "1 hour ago"),
        (26, "26 giờ trước", "26 hours ago"),
        (72, "3 ngày trước", "3 days ago"),
        (None, "–", "–"),
    ],
)
def test_ages(hours: float | None, vi: str, en: str) -> None:
    assert (wording.age(hours, "vi"), wording.age(hours, "en")) == (vi, en)


def test_durations_and_lists() -> None:
    assert wording.duration(timedelta(hours=3), "vi") == "3 giờ"
    assert wording.listing(["A"], "vi") == "A"
    assert wording.listing(["A", "B", "C"], "vi") == "A, B và C"
    assert wording.listing(["A", "B", "C", "D", "E"], "en") == "A, B, C and 2 others"
    assert wording.inside("Tỷ lệ mắc") == "tỷ lệ mắc"
    assert wording.inside("F0 đã truy vết") == "F0 đã truy vết"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('a = { vi = "x" }', "needs a text in vi and in en"),
        ('a = { vi = "x", en = "" }', "needs a text in vi and in en"),
        ('a = { vi = "x {n}", en = "x" }', "vi names the values"),
        ('a = { vi = "x", en = "x", fr = "x" }', "nothing else"),
        ('a = "x"', "needs a table"),
    ],
)
def test_a_text_that_is_not_whole_is_refused(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "area.toml").write_text(content, encoding="utf-8")
    with pytest.raises(WordingError, match=named):
        read_catalogue(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_key_or_value_is_named(language: Language) -> None:
    with pytest.raises(KeyError, match="no_such_text"):
        wording.text("no_such_text", language)
    with pytest.raises(KeyError, match="clock"):
        wording.text("common.moment", language, day="1")


def test_every_text_of_the_product_is_whole() -> None:
    assert len(wording.catalogue().texts) > 80
