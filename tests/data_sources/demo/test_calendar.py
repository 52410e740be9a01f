"""The measures calendar: periods of known units, in order, none over another, each with its source."""

from __future__ import annotations

import csv
import itertools
from datetime import date

from data_sources.demo.places import CODES
from data_sources.demo.telecom import CALENDAR, STRICTNESS

COLUMNS = ["unit", "measure", "first_day", "last_day", "vi", "en", "source"]


def rows() -> list[dict[str, str]]:
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_period_is_whole_and_has_a_source() -> None:
    for row in rows():
        assert list(row) == COLUMNS
        assert row["unit"] in (*CODES, "77")
        assert row["measure"] in STRICTNESS
        assert date.fromisoformat(row["first_day"]) <= date.fromisoformat(row["last_day"])
        assert row["vi"] and row["en"]
        assert "/2021" in row["source"]


def test_no_unit_is_under_two_measures_at_once() -> None:
    for code in CODES:
        periods = sorted((row["first_day"], row["last_day"]) for row in rows() if row["unit"] in (code, "77"))
        assert len(periods) >= 3
        for (_, last), (first, _) in itertools.pairwise(periods):
            assert last < first


def test_directive_16_began_in_vung_tau_and_came_to_the_whole_province_on_19_july() -> None:
    first = {row["unit"]: row["first_day"] for row in rows() if row["measure"] == "directive_16"}
    assert first.pop("747") == "2021-07-14"
    assert set(first) == set(CODES) - {"747"}
    assert set(first.values()) == {"2021-07-19"}
