"""Series across a merger: the sum of those a unit was formed from, never part of it, and said so."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.mergers import merger_notes
from analytics.ranking import rank
from analytics.readings import read, series
from analytics.release import Release, open_release
from analytics.unit_tree import Joint
from analytics.wording import Language
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
MERGED = date(2025, 1, 1)
"""The day Long Điền (752) and Đất Đỏ (753) became Long Đất, which bears Đất Đỏ's code."""
FIRST, LAST = date(2024, 12, 18), date(2025, 1, 14)
BEFORE = (MERGED - FIRST).days
AFTER = (LAST - MERGED).days + 1
Period = tuple[str, str, date | None, date | None, str]
LONG_DAT: tuple[Period, ...] = (
    ("752", "Huyện Long Điền", None, date(2024, 12, 31), "753"),
    ("753", "Huyện Đất Đỏ", None, date(2024, 12, 31), "753"),
    ("753", "Huyện Long Đất", MERGED, None, ""),
)


def released(*periods: Period, level: str = "district") -> SmallRelease:
    """A release of 14/1/2025 whose register holds these periods beside Châu Đức, which never changed."""
    made = SmallRelease(as_of=at("2025-01-14 23:00"))
    made.unit("750", "Huyện Châu Đức", population=50_000, population_18_plus=30_000)
    for code, name, since, until, heirs in periods:
        short = name.removeprefix("Huyện ").removeprefix("Thị xã ").removeprefix("Thành phố ")
        row = (code, name, short, "huyện", level, "77", since, until, 100_000, 70_000, 107.2, 10.5, False, True, heirs)
        made.insert("unit_period", row)
    return made


def cases(made: SmallRelease, code: str, first: date, counts: list[float | None]) -> SmallRelease:
    return made.observe("case_counts.cases", code, first, counts)


def long_dat(
    dien: list[float | None] | None = None, do: list[float | None] | None = None, dat: list[float | None] | None = None
) -> SmallRelease:
    made = cases(released(*LONG_DAT), "752", FIRST, dien or [3.0] * BEFORE)
    cases(made, "753", FIRST, do or [2.0] * BEFORE)
    cases(made, "753", MERGED, dat or [10.0] * AFTER)
    return cases(made, "750", FIRST, [1.0] * (BEFORE + AFTER))


def test_before_the_merger_the_series_is_the_sum_of_both(opened: Opened) -> None:
    frame = series(opened(long_dat()), "cases_new", ["753"], FIRST, LAST)
    assert frame["value"].tolist() == [5.0] * BEFORE + [10.0] * AFTER


def test_a_week_across_the_merger_is_the_week_of_both(opened: Opened) -> None:
    release = opened(long_dat())
    weeks = series(release, "cases_new_7d_mean", ["753"], MERGED, LAST)["value"].tolist()
    assert weeks[:2] == [pytest.approx((6 * 5 + 10) / 7), pytest.approx((5 * 5 + 2 * 10) / 7)]
    reading = read(release, ["cases_new_7d_mean"], ["753"], MERGED + timedelta(days=6))["cases_new_7d_mean", "753"]
    assert (reading.value, reading.previous) == (10.0, 5.0)


def test_a_day_that_one_of_them_did_not_report_is_missing_and_not_part_of_a_sum(opened: Opened) -> None:
    dien: list[float | None] = [3.0] * BEFORE
    dien[4] = None
    values = series(opened(long_dat(dien)), "cases_new", ["753"], FIRST, LAST)["value"].tolist()
    assert math.isnan(values[4])
    assert values[3] == values[5] == 5.0


def test_the_province_is_the_same_on_both_sides(opened: Opened) -> None:
    release = opened(long_dat())
    whole = series(release, "cases_new", ["77"], FIRST, LAST)["value"].tolist()
    assert whole == [6.0] * BEFORE + [11.0] * AFTER
    # Asked on a day of its own, the province is made of the three units of that day.
    reading = read(release, ["cases_new"], ["77"], FIRST)["cases_new", "77"]
    assert (reading.value, reading.quality.reported_units, reading.quality.expected_units) == (6.0, 3, 3)


def test_the_code_on_an_earlier_day_is_the_unit_of_that_day(opened: Opened) -> None:
    release = opened(long_dat())
    eve = MERGED - timedelta(days=1)
    assert [row.name for row in rank(release, "cases_new", eve).rows] == ["Long Điền", "Đất Đỏ", "Châu Đức"]
    assert [row.value for row in rank(release, "cases_new", eve).rows] == [3.0, 2.0, 1.0]
    ranked = rank(release, "cases_new_7d_mean", MERGED + timedelta(days=7))
    assert [(row.name, row.value, row.previous_rank) for row in ranked.rows] == [
        ("Long Đất", 10.0, 1),
        ("Châu Đức", 1.0, 2),
    ]


def test_a_share_is_the_ratio_of_the_sums(opened: Opened) -> None:
    made = released(*LONG_DAT)
    for code, results, positives in (("752", 100, 2), ("753", 300, 30)):
        made.observe("tests.results_returned", code, FIRST, [results] * BEFORE)
        made.observe("tests.positives", code, FIRST, [positives] * BEFORE)
    made.observe("tests.results_returned", "753", MERGED, [50] * AFTER)
    made.observe("tests.positives", "753", MERGED, [1] * AFTER)
    eve = MERGED - timedelta(days=1)
    frame = series(opened(made), "positivity_7d", ["753"], FIRST, LAST).set_index("day")["value"]
    assert frame[str(eve)] == pytest.approx(100 * 32 / 400)
    assert frame[str(LAST)] == pytest.approx(2.0)


def test_residents_of_a_census_before_the_merger_are_those_of_both(opened: Opened) -> None:
    made = long_dat()
    made.observe("population.residents", "752", date(2019, 4, 1), [135_000])
    made.observe("population.residents", "753", date(2019, 4, 1), [65_000])
    release = opened(made)
    frame = series(release, "incidence_7d", ["753"], LAST, LAST)
    assert frame["denominator"].tolist() == [200_000]
    assert frame["value"].tolist() == [pytest.approx(100_000 * 70 / 200_000)]


def test_a_census_after_the_merger_counts_from_its_day(opened: Opened) -> None:
    made = long_dat()
    made.observe("population.residents", "752", date(2019, 4, 1), [135_000])
    made.observe("population.residents", "753", date(2019, 4, 1), [65_000])
    made.observe("population.residents", "753", MERGED + timedelta(days=3), [210_000])
    frame = series(opened(made), "incidence_7d", ["753"], MERGED + timedelta(days=2), MERGED + timedelta(days=3))
    assert frame["denominator"].tolist() == [200_000, 210_000]


def test_without_a_census_the_register_knows_the_residents_of_each_day(opened: Opened) -> None:
    release = opened(long_dat())
    assert series(release, "incidence_7d", ["753"], LAST, LAST)["denominator"].tolist() == [100_000]


def test_a_unit_that_was_divided_is_not_put_together(opened: Opened) -> None:
    """Long Điền goes half to Long Đất and half to Châu Đức: no sum of the past is Long Đất's."""
    made = released(("752", "Huyện Long Điền", None, date(2024, 12, 31), "753 750"), *LONG_DAT[1:])
    cases(made, "752", FIRST, [3.0] * BEFORE)
    cases(made, "753", FIRST, [2.0] * BEFORE)
    release = opened(cases(made, "753", MERGED, [10.0] * AFTER))
    values = series(release, "cases_new", ["753"], FIRST, LAST)["value"].tolist()
    assert all(math.isnan(value) for value in values[:BEFORE]) and values[BEFORE:] == [10.0] * AFTER
    (joint,) = release.units.joints("753", FIRST, LAST)
    assert not joint.whole


def test_a_town_that_became_a_city_goes_on(opened: Opened) -> None:
    made = released(
        ("754", "Thị xã Phú Mỹ", None, date(2024, 12, 31), "754"), ("754", "Thành phố Phú Mỹ", MERGED, None, "")
    )
    release = opened(cases(made, "754", FIRST, [4.0] * (BEFORE + AFTER)))
    assert series(release, "cases_new", ["754"], FIRST, LAST)["value"].tolist() == [4.0] * (BEFORE + AFTER)
    (joint,) = release.units.joints("754", FIRST, LAST)
    assert [unit.name for unit in joint.before] == ["Thị xã Phú Mỹ"] and joint.whole


def test_published_figures_are_not_added(opened: Opened) -> None:
    made = released(*LONG_DAT)
    for code, value in (("752", -20.0), ("753", -10.0)):
        made.observe("mobility.movement_change_percent", code, FIRST, [value] * BEFORE)
    made.observe("mobility.movement_change_percent", "753", MERGED, [-5.0] * AFTER)
    values = series(opened(made), "movement_change_published", ["753"], FIRST, LAST)["value"].tolist()
    assert all(math.isnan(value) for value in values[:BEFORE]) and values[BEFORE:] == [-5.0] * AFTER


def test_a_province_that_another_took_in_counts_by_its_districts(opened: Opened) -> None:
    """Like Bà Rịa - Vũng Tàu, which reports by district until it is a part of Thành phố Hồ Chí Minh."""
    made = SmallRelease(as_of=at("2025-01-14 23:00"), province="VN", level="province")
    eve = MERGED - timedelta(days=1)
    for code, name, level, parent, since, until, heirs in (
        ("77", "Bà Rịa - Vũng Tàu", "province", "VN", None, eve, "79"),
        ("747", "Vũng Tàu", "district", "77", None, eve, "79"),
        ("748", "Bà Rịa", "district", "77", None, eve, "79"),
        ("79", "TP Hồ Chí Minh", "province", "VN", None, eve, "79"),
        ("79", "TP Hồ Chí Minh", "province", "VN", MERGED, None, ""),
    ):
        reports = level == "province"
        made.insert(
            "unit_period",
            (code, name, name, "", level, parent, since, until, None, None, None, None, False, reports, heirs),
        )
    for code, count in (("747", 3.0), ("748", 4.0), ("79", 100.0)):
        cases(made, code, FIRST, [count] * BEFORE)
    release = opened(cases(made, "79", MERGED, [120.0] * AFTER))
    assert series(release, "cases_new", ["79"], FIRST, LAST)["value"].tolist() == [107.0] * BEFORE + [120.0] * AFTER
    (joint,) = release.units.joints("79", FIRST, LAST)
    assert [unit.code for unit in joint.before] == ["77", "79"], "districts within a province are not added again"


def test_what_was_known_at_an_earlier_moment_is_joined_too(opened: Opened) -> None:
    made = long_dat()
    late = at("2025-01-05 12:00")
    made.observe("case_counts.cases", "752", MERGED - timedelta(days=2), [33.0], issued=late)
    release = opened(made)
    day = MERGED - timedelta(days=2)
    for as_of, expected in ((None, 35.0), (at("2025-01-04 12:00"), 5.0)):
        frame = series(release, "cases_new", ["753"], day, MERGED, as_of)
        assert frame["value"].tolist()[0] == expected


def test_a_release_without_other_periods_opens_as_before(tmp_path: Path) -> None:
    made = SmallRelease().unit("747", population=10)
    cases(made, "747", made.as_of.date(), [1.0])
    release_id = made.write(tmp_path)
    import duckdb

    with duckdb.connect(str(tmp_path / "releases" / release_id / "picture.duckdb")) as con:
        con.execute("DROP TABLE unit_period")
    release = open_release(tmp_path, "leader")
    assert release.units.joint("747", release.last_day) is None


COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 50).map(float)), min_size=BEFORE, max_size=BEFORE)


@settings(max_examples=10)
@given(dien=COUNTS, do=COUNTS, days=st.integers(1, BEFORE + AFTER))
def test_nothing_is_lost_or_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, dien: list[float | None], do: list[float | None], days: int
) -> None:
    """Whatever was reported, joined it is what the two units reported together, missing where one did not."""
    data = tmp_path_factory.mktemp("merger")
    long_dat(dien if any(dien) else [0.0] * BEFORE, do if any(do) else [0.0] * BEFORE).write(data)
    release = open_release(data, "leader")
    first = LAST - timedelta(days=days - 1)
    found = series(release, "cases_new", ["753"], first, LAST)["value"].tolist()
    pairs = zip(dien if any(dien) else [0.0] * BEFORE, do if any(do) else [0.0] * BEFORE, strict=True)
    expected = [math.nan if one is None or other is None else one + other for one, other in pairs]
    expected = (expected + [10.0] * AFTER)[-days:]
    assert [None if math.isnan(value) else value for value in found] == [
        None if math.isnan(value) else value for value in expected
    ]
    joints = release.units.joints("753", first, LAST)
    assert bool(joints) == (first < MERGED) and all(isinstance(joint, Joint) for joint in joints)
    release.close()


def said_of_long_dat(release: Release, indicator: str, language: Language = "vi") -> list[str]:
    return merger_notes(release, [indicator], ["753"], FIRST, LAST, language)


def test_what_was_joined_is_said_in_both_languages(opened: Opened) -> None:
    release = opened(long_dat())
    assert said_of_long_dat(release, "cases_new") == ["Long Đất trước 1/1/2025: tổng của Long Điền và Đất Đỏ."]
    assert said_of_long_dat(release, "cases_new", "en") == [
        "Long Đất before 1 Jan 2025: the sum of Long Điền and Đất Đỏ."
    ]
    assert said_of_long_dat(release, "positivity_7d") == [
        "Long Đất trước 1/1/2025: gộp tử số và mẫu số của Long Điền và Đất Đỏ."
    ]
    assert said_of_long_dat(release, "movement_change_published") == [
        "Long Đất trước 1/1/2025: không nối, vì số công bố của Long Điền và Đất Đỏ không cộng được."
    ]
    assert "tính từ số gộp" in said_of_long_dat(release, "risk_level")[0]


@pytest.mark.parametrize(
    ("indicator", "first", "said"),
    [
        ("cases_new", MERGED, 0),
        ("cases_new", MERGED - timedelta(days=1), 1),
        ("cases_new_7d_mean", MERGED + timedelta(days=5), 1),  # its first week began on 31/12
        ("cases_new_7d_mean", MERGED + timedelta(days=6), 0),
        ("cases_cumulative", LAST, 1),  # counts since the data begin
    ],
)
def test_a_joint_is_said_where_the_figures_rest_on_it(opened: Opened, indicator: str, first: date, said: int) -> None:
    assert len(merger_notes(opened(long_dat()), [indicator], ["753", "750"], first, LAST, "vi")) == said


def test_what_could_not_be_joined_is_said_with_its_reason(opened: Opened) -> None:
    made = released(("752", "Huyện Long Điền", None, date(2024, 12, 31), "753 750"), *LONG_DAT[1:])
    release = opened(cases(made, "753", FIRST, [2.0] * (BEFORE + AFTER)))
    assert merger_notes(release, ["cases_new"], ["753"], FIRST, LAST, "vi") == [
        "Long Đất trước 1/1/2025: không nối được, vì Long Điền đã chia cho nhiều đơn vị."
    ]


def test_a_new_name_for_the_same_unit_is_said_as_such(opened: Opened) -> None:
    town = ("754", "Thị xã Phú Mỹ", None, date(2024, 12, 31), "754")
    release = opened(cases(released(town, ("754", "Thành phố Phú Mỹ", MERGED, None, "")), "754", FIRST, [4.0] * BEFORE))
    assert merger_notes(release, ["cases_new"], ["754"], FIRST, LAST, "vi") == [
        "Phú Mỹ trước 1/1/2025 là Thị xã Phú Mỹ."
    ]
