"""Occupancy against transfers, from forms of sites whose balance was worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analytics.balance import balances, most_apart
from analytics.release import open_release
from tests.deliveries import Installation, at, settings_of

DAY = date(2021, 8, 22)
QUARANTINE = """unit,day,site,present,arrived,left,f0_found,transferred
747,2021-08-19,A,100,10,5,0,0
747,2021-08-19,B,50,5,5,0,0
747,2021-08-20,A,108,12,4,1,1
747,2021-08-20,B,53,5,5,3,3
747,2021-08-21,A,110,5,3,0,0
747,2021-08-21,B,48,0,2,0,0
747,2021-08-22,A,112,2,0,0,0
748,2021-08-20,C,10,0,0,0,0
748,2021-08-21,C,12,3,1,0,0
748,2021-08-22,C,9,0,3,2,1
750,2021-08-21,D,7,0,0,,
750,2021-08-22,D,9,1,0,,
"""
TREATMENT = """unit,day,site,in_treatment,admitted,discharged,deaths,f0_received,f0_transferred
747,2021-08-21,H,200,20,10,1,4,0
747,2021-08-22,H,206,20,10,1,4,4
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("balance")
    sources = [
        {"name": name, "dataset": name, "kind": "files", "path": f"{name}/*.csv"}
        for name in ("quarantine_sites", "treatment")
    ]
    made = Installation(folder / "var", settings_of(folder, *sources))
    made.deliver(
        ("quarantine_sites", QUARANTINE, at("2021-08-23 08:00")), ("treatment", TREATMENT, at("2021-08-23 08:00"))
    )
    made.build()
    return folder / "var"


def test_a_units_days_follow_from_the_day_before_or_lie_apart(data: Path) -> None:
    release = open_release(data, "leader")
    found = {(item.dataset, item.unit, item.day.day): item for item in balances(release, DAY)}
    release.close()
    # 747 on the 20th: 150 + 17 - 4 moved - 5 others = 158, and 161 are reported: the three moved from B still count.
    first = found["quarantine_sites", "747", 20]
    assert (first.before, first.came, first.transferred, first.left, first.expected, first.present) == (
        150, 17, 4, 5, 158, 161,
    )  # fmt: skip
    apart = {key: item.apart for key, item in found.items()}
    assert apart == {
        ("quarantine_sites", "747", 20): 3,
        ("quarantine_sites", "747", 21): -3,
        # The 22nd of 747 lacks site B, and cannot be held against a day with both.
        ("quarantine_sites", "748", 21): 0,
        ("quarantine_sites", "748", 22): 0,
        # Nobody of 750 ever says who was moved: that is none.
        ("quarantine_sites", "750", 22): 1,
        ("treatment", "747", 22): 1,
    }
    assert most_apart(found.values()) == [("747", 7), ("750", 1)]


def test_analysts_see_the_site_that_lies_apart(data: Path) -> None:
    release = open_release(data, "analyst")
    found = {(item.site, item.day.day): item.apart for item in balances(release, DAY) if item.apart}
    every = {(item.site, item.day.day) for item in balances(release, DAY)}
    release.close()
    assert found == {("B", 20): 3, ("B", 21): -3, ("D", 22): 1, ("H", 22): 1}
    assert ("A", 22) in every
    assert ("B", 22) not in every


def test_nothing_is_reckoned_without_the_day_before(data: Path) -> None:
    release = open_release(data, "leader")
    found = balances(release, date(2021, 8, 19))
    release.close()
    assert found == []
