"""The level of a province from its districts: each condition by hand, what is unknown, the way to the next level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.province_rules import RULES_2686, read_province_rules
from analytics.readings import read
from analytics.release import Release
from analytics.risk import HISTORY_DAYS, province_outlook
from analytics.risk_rules import RuleError
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
DAY = date(2021, 10, 20)
FORTNIGHT = DAY - timedelta(days=13)
UNKNOWN = np.nan
FILE = Path(__file__).parents[2] / "assets" / "thresholds" / "decision_2686.toml"


@pytest.mark.parametrize(
    ("districts", "incidence_14d", "level"),
    [
        ([1, 1, 1, 1, 1, 1, 1, 1], 1.0, 1),  # the limit of 1 per 100,000 is not yet passed
        ([1, 1, 1, 1, 1, 1, 1, 1], 1.1, 2),
        ([2, 2, 1, 1, 1, 1, 1, 1], 0.0, 1),  # 2 of 8 are 25%, below 30%
        ([2, 2, 2, 1, 1, 1, 1, 1], 0.0, 2),  # 37.5%
        ([3, 3, 1, 1, 1, 1, 1, 1], 0.0, 2),  # two districts high
        ([3, 1, 1, 1, 1, 1, 1, 1], 0.0, 1),  # one is not two, and 12.5% not 30%
        ([2, 2, 2, 2, 1, 1, 1, 1], 0.0, 2),  # exactly half are not over half
        ([2, 2, 2, 2, 2, 1, 1, 1], 0.0, 3),
        ([3, 3, 3, 1, 1, 1, 1, 1], 0.0, 3),  # 37.5% high
        ([4, 4, 4, 4, 1, 1, 1, 1], 0.0, 3),
        ([4, 4, 4, 4, 4, 1, 1, 1], 0.0, 4),
    ],
)
def test_each_condition_by_hand(districts: list[float], incidence_14d: float, level: int) -> None:
    assert RULES_2686.level(np.array(districts, dtype=float), incidence_14d) == level


def test_exactly_thirty_percent_at_risk_suffices() -> None:
    assert RULES_2686.level(np.array([2.0, 2.0, 2.0] + [1.0] * 7), 0.0) == 2


@pytest.mark.parametrize(
    ("districts", "incidence_14d", "level", "at_most"),
    [
        ([1, 1, 1, 1], UNKNOWN, None, 2),  # nothing met, the incidence unknown
        ([3, 3, UNKNOWN, UNKNOWN], 0.0, 3, 3),  # met whatever the others are; two of four at level 4 are not over half
        ([UNKNOWN] * 4, 5.0, 2, 4),
        ([UNKNOWN] * 4, UNKNOWN, None, 4),
        ([1, 1, 1, UNKNOWN], 0.0, 1, 1),  # one district of four meets no condition
    ],
)
def test_what_is_unknown_stays_unknown(
    districts: list[float], incidence_14d: float, level: int | None, at_most: int
) -> None:
    judged = RULES_2686.judge(np.array(districts, dtype=float), incidence_14d)
    assert RULES_2686.level_of(judged) == level
    assert RULES_2686.at_most(judged) == at_most


def test_communes_are_always_unknown_and_never_stand_in_the_way() -> None:
    judged = RULES_2686.judge(np.ones(8), 0.0)
    (communes,) = [item for item in judged if item.condition.kind == "communes_percent"]
    assert (communes.met, communes.figure) == (None, None)
    assert RULES_2686.level_of(judged) == 1


LEVELS = st.lists(st.sampled_from([1.0, 2.0, 3.0, 4.0, UNKNOWN]), min_size=1, max_size=12)


@given(LEVELS, st.sampled_from([0.0, 1.0, 1.5, UNKNOWN]), st.data())
def test_whatever_the_unknown_turn_out_to_be_the_answer_was_right(
    districts: list[float], incidence_14d: float, data: st.DataObject
) -> None:
    """A level that was given is never above the truth; what was met stays met, what was not met stays not met."""
    judged = RULES_2686.judge(np.array(districts), incidence_14d)
    truth = [data.draw(st.sampled_from([1.0, 2.0, 3.0, 4.0])) if np.isnan(one) else one for one in districts]
    incidence = data.draw(st.sampled_from([0.0, 2.0])) if np.isnan(incidence_14d) else incidence_14d
    real = RULES_2686.judge(np.array(truth), incidence)
    for before, after in zip(judged, real, strict=True):
        assert before.met is None or before.met == after.met
    level, found = RULES_2686.level_of(real), RULES_2686.level_of(judged)
    assert level is not None
    assert (found or 1) <= level <= RULES_2686.at_most(judged)


def province(*, cases: dict[str, float], today: dict[str, float] | None = None, older: float = 0.9) -> SmallRelease:
    """Four districts of 100,000: community cases spread over the last 14 days, half in the last week; more today."""
    made = SmallRelease()
    for code in ("747", "748", "750", "751"):
        made.unit(code, population=100_000, population_18_plus=70_000)
        made.observe("population.residents_65_plus", code, date(2019, 4, 1), [8_000])
        made.observe("vaccination.people_first", code, FORTNIGHT, [1_000])
        made.observe("vaccination.people_full", code, FORTNIGHT, [8_000 * older])
        made.observe("vaccination.people_full", code, FORTNIGHT, [8_000 * older], stratum="age_group=65+")
        daily = [cases.get(code, 0.0) / 14] * 14
        daily[-1] += (today or {}).get(code, 0.0)
        made.observe("case_counts.cases", code, FORTNIGHT, daily)
        made.observe("case_counts.cases", code, FORTNIGHT, daily, stratum="detection=community")
    return made


def test_the_province_of_a_release_with_what_it_rests_on(opened: Opened) -> None:
    """56 cases in a fortnight are 28 a week per 100,000: level 2; two districts of four are half, and not over it."""
    found = province_outlook(opened(province(cases={"747": 56, "748": 56})), "77", DAY)
    assert found is not None
    assert (found.level, found.at_most) == (2, 2)
    met = {(item.condition.kind, item.figure) for item in found.resting_on}
    assert met == {("new_f0", 28.0), ("districts_percent", 50.0)}
    assert found.history[-1] == (DAY, 2) and len(found.history) == HISTORY_DAYS
    # A third district at level 2 needs 20 cases a week per 100,000; two districts at level 3 would need 22 each.
    assert (found.cases_to_next, found.next_level) == (20, 3)
    assert found.next_condition is not None and found.next_condition.district_level == 2


@pytest.mark.parametrize(("more", "level"), [(19, 2), (20, 3)])
def test_that_many_cases_more_do_raise_the_province(opened: Opened, more: int, level: int) -> None:
    made = province(cases={"747": 56, "748": 56}, today={"750": more})
    reading = read(opened(made), ["risk_level_province"], ["77"], DAY)["risk_level_province", "77"]
    assert (reading.value, reading.quality.reported_units, reading.quality.expected_units) == (level, 4, 4)


def test_from_nothing_the_incidence_is_the_shortest_way(opened: Opened) -> None:
    found = province_outlook(opened(province(cases={})), "77", DAY)
    assert found is not None
    # 400,000 residents: over 1 per 100,000 in 14 days are 5 cases; 30% of 4 districts would be two with 20 each.
    assert (found.level, found.cases_to_next, found.next_level) == (1, 5, 2)


def test_missing_the_older_residents_target_lifts_the_districts_and_so_the_province(opened: Opened) -> None:
    found = province_outlook(opened(province(cases={"747": 56, "748": 56, "750": 2}, older=0.5)), "77", DAY)
    assert found is not None
    assert [item.count for item in found.conditions if item.condition.kind == "districts_percent"] == [0, 2, 3, 3]
    assert found.level == 3


def test_a_district_has_no_level_of_a_province(opened: Opened) -> None:
    release = opened(province(cases={"747": 56}))
    assert province_outlook(release, "747", DAY) is None
    reading = read(release, ["risk_level_province"], ["747"], DAY)["risk_level_province", "747"]
    assert (reading.value, reading.absence) == (None, "area_only")


def test_the_level_as_of_an_earlier_moment_is_the_one_known_then(opened: Opened) -> None:
    made = province(cases={"747": 56, "748": 56})
    later = at("2021-10-20 20:00")
    made.observe("case_counts.cases", "750", DAY, [40.0], issued=later)
    made.observe("case_counts.cases", "750", DAY, [40.0], stratum="detection=community", issued=later)
    made.as_of = at("2021-10-20 23:00")
    release = opened(made)
    then = read(release, ["risk_level_province"], ["77"], DAY, as_of=at("2021-10-20 19:00"))
    now = read(release, ["risk_level_province"], ["77"], DAY)
    assert [item["risk_level_province", "77"].value for item in (then, now)] == [2, 3]


def test_rules_that_are_not_whole_are_refused(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    for old, new, named in (
        ("district_level = 4\n", "", "needs a district_level"),
        ('kind = "new_f0"', 'kind = "moon"', "kind 'moon' is unknown"),
        ("level = 4\nkind", "level = 5\nkind", "has level 5"),
        ("limit = 50", "", "'limit'"),
    ):
        (tmp_path / "rules.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(RuleError, match=named):
            read_province_rules(tmp_path / "rules.toml")
