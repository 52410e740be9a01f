"""Sentences: what they say, in both languages, and what they must not say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from analytics.findings import curve_title, ranking_title, shown
from analytics.ranking import rank
from analytics.readings import read
from analytics.release import Release
from analytics.sentences import changes, decisions, headline
from analytics.wording import LANGUAGES, Language
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
DAY = date(2021, 8, 29)
TWO_WEEKS = DAY - timedelta(days=13)
DIRECTIONS = ("tăng", "giảm", "up ", "down ", "rise", "fall", "lên", "xuống")


def units(**cases: list[float | None]) -> SmallRelease:
    made = SmallRelease().unit(
        "747", "Thành phố Vũng Tàu", short_name="TP Vũng Tàu", population=300_000, population_18_plus=200_000
    )
    made.unit("752", "Huyện Long Điền", population=100_000, population_18_plus=70_000)
    for code, values in cases.items():
        made.observe("case_counts.cases", code.removeprefix("u"), TWO_WEEKS, values)
    return made


def first(release: Release, language: Language = "vi") -> str:
    return headline(release, DAY, language)[0].text


def test_a_rise_is_told_with_its_size_and_its_place(opened: Opened) -> None:
    release = opened(units(u747=[10] * 7 + [12] * 7, u752=[20] * 7 + [40] * 7))
    assert first(release) == "Ca mới tăng 73% trong tuần, cao nhất ở Long Điền (280,0 ca/100.000 dân/tuần)."
    assert (
        first(release, "en") == "New cases up 73% in a week, highest in Long Điền (280.0 cases per 100,000 per week)."
    )


def test_a_fall_over_days_still_filling_up_is_provisional(opened: Opened) -> None:
    text = first(opened(units(u747=[40] * 7 + [10] * 7, u752=[10] * 7 + [1] * 7)))
    assert text.startswith("Ca mới giảm 78% trong tuần (tạm tính)")


def test_noise_is_flat(opened: Opened) -> None:
    assert first(opened(units(u747=[3] * 7 + [4] * 7, u752=[0] * 14))).startswith(
        "Ca mới đi ngang trong tuần, 4,0 ca/ngày"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_direction_where_the_trend_is_unknown(opened: Opened, language: Language) -> None:
    release = opened(units(u747=[None] * 7 + [40] * 7, u752=[None] * 7 + [4] * 7))
    curve = read(release, ["cases_new_7d_mean"], ["77"], DAY)["cases_new_7d_mean", "77"]
    assert curve.trend == "unknown"
    spoken = [first(release, language), curve_title(curve, language)]
    assert not [text for text in spoken for word in DIRECTIONS if word in text]


def test_units_that_are_missing_are_said(opened: Opened) -> None:
    text = first(opened(units(u747=[10] * 7 + [30] * 7)))
    assert "tính trên 1/2 đơn vị" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fall_for_want_of_a_unit_is_none(opened: Opened, language: Language) -> None:
    """Two units a week ago, one now: fewer cases are told, and nobody knows whether there are fewer."""
    made = units(u747=[10] * 14, u752=[90] * 7)
    made.as_of = at("2021-09-10 18:00")
    said = first(opened(made), language)
    assert said.startswith(
        {"vi": "Ca mới ở mức 10,0 ca/ngày, chưa rõ xu hướng", "en": "New cases at 10.0 cases/day"}[language]
    )
    assert not [word for word in DIRECTIONS if word in said]


def test_nothing_known_is_said_as_such(opened: Opened) -> None:
    release = opened(units().observe("health_book.installs", "747", DAY, [1]))
    assert first(release) == "Ca mới: chưa có số liệu."
    assert ranking_title(rank(release, "incidence_7d", DAY), "vi") == "Chưa đơn vị nào có số liệu ngày này"


def test_no_cases_are_a_sentence_of_their_own(opened: Opened) -> None:
    release = opened(units(u747=[0] * 14, u752=[0] * 14))
    assert first(release) == "Không có ca mới trong tuần."
    assert ranking_title(rank(release, "cases_new", DAY), "vi") == "Số ca mắc mới bằng 0 ở mọi đơn vị"


def positives(made: SmallRelease, **shares: list[float]) -> SmallRelease:
    for code, values in shares.items():
        start = DAY - timedelta(days=len(values) - 1)
        made.observe("tests.results_returned", code.removeprefix("u"), start, [1000] * len(values))
        made.observe("tests.positives", code.removeprefix("u"), start, values)
    return made


def test_thresholds_passed_name_units_values_and_since_when(opened: Opened) -> None:
    release = opened(positives(units(), u747=[20] * 15, u752=[20] * 8 + [110] * 7))
    found = [item for item in decisions(release, DAY, "vi") if item.indicator == "positivity_7d"]
    assert [(item.text, item.severity, item.unit) for item in found] == [
        ("Tỷ lệ dương tính 7 ngày vượt ngưỡng mất kiểm soát 5%: Long Điền 11,0% (từ 25/8).", "past", "752")
    ]
    assert headline(release, DAY, "vi")[1].text == "Tỷ lệ dương tính 7 ngày 6,5%, vượt ngưỡng mất kiểm soát 5%."


def test_a_threshold_crossed_since_yesterday_is_a_change(opened: Opened) -> None:
    release = opened(positives(units(), u752=[20] * 8 + [110]))
    found = [item.text for item in changes(release, DAY, "vi") if item.indicator == "positivity_7d"]
    assert found == ["Tỷ lệ dương tính 7 ngày ở Long Điền 3,3%, vượt ngưỡng nguy hiểm 3%; hôm trước 2,0%."]
    back = opened_again(opened, positives(units(), u752=[20] * 8 + [110] + [20] * 7))
    found = [item.text for item in changes(back, DAY, "vi") if item.indicator == "positivity_7d"]
    assert found == ["Tỷ lệ dương tính 7 ngày ở Long Điền 2,0%, trở lại trong ngưỡng nguy hiểm 3%; hôm trước 3,3%."]


def opened_again(opened: Opened, made: SmallRelease) -> Release:
    made.as_of = at("2021-08-29 19:00")
    return opened(made)


def test_a_unit_that_fell_silent_is_named_with_its_report(opened: Opened) -> None:
    made = positives(units(), u747=[10] * 7)
    made.observe("tests.results_returned", "752", DAY - timedelta(days=6), [500] * 6)
    texts = [item.text for item in decisions(opened(made), DAY, "vi")]
    assert "Long Điền chưa gửi báo cáo xét nghiệm ngày 29/8; số chung tính trên 1/2 đơn vị." in texts
    assert not [text for text in texts if "tiêm chủng" in text], "who never reports is not late"


def test_a_day_nobody_reported(opened: Opened) -> None:
    made = positives(units(), u747=[10] * 7)
    texts = [item.text for item in decisions(opened(made), DAY + timedelta(days=1), "en")]
    assert "No unit has sent its test report for 30 Aug yet." in texts


def test_entry_behind_counts_the_doses(opened: Opened) -> None:
    made = units()
    for code, given, entered in (("747", 100_000, 88_000), ("752", 20_000, 19_800)):
        made.observe("vaccination.doses_given", code, DAY, [given]).observe(
            "vaccination.doses_entered", code, DAY, [entered]
        )
    texts = [item.text for item in decisions(opened(made), DAY, "vi")]
    assert texts == ["Nhập chậm ở TP Vũng Tàu (88,00%): còn 12.000 mũi chưa lên hệ thống."]


def test_cases_without_contacts_name_where_most_are(opened: Opened) -> None:
    made = units()
    for code, alone in (("747", 9), ("752", 4)):
        made.observe("traces.traced_f0", code, DAY, [40]).observe("traces.f0_without_contact", code, DAY, [alone])
        made.observe("traces.f0_with_contacts_stated", code, DAY, [40])
    made.insert("coverage", ("traces", DAY, DAY, at("2021-08-29 17:00")))
    texts = [item.text for item in decisions(opened(made), DAY, "vi")]
    assert texts == ["13 F0 đã truy vết chưa có F1 nào, nhiều nhất ở TP Vũng Tàu (9)."]


def with_level(community: list[float]) -> SmallRelease:
    made = units()
    made.observe("case_counts.cases", "752", TWO_WEEKS, community)
    made.observe("case_counts.cases", "752", TWO_WEEKS, community, stratum="detection=community")
    made.observe("vaccination.people_first", "752", TWO_WEEKS, [10] * 14)
    return made


def test_a_level_that_rose_and_the_cases_missing_to_the_next(opened: Opened) -> None:
    texts = [item.text for item in decisions(opened(with_level([2] * 13 + [120])), DAY, "vi")]
    assert "Long Điền lên cấp 3 (hôm trước cấp 1)." in texts
    assert "Long Điền: cấp 3, thêm 18 ca cộng đồng trong tuần là lên cấp 4." in texts


def test_cases_of_the_day_are_two_numbers_without_a_direction(opened: Opened) -> None:
    release = opened(units(u747=[5] * 13 + [9], u752=[5] * 13 + [31]))
    texts = [item.text for item in changes(release, DAY, "vi")]
    assert "40 ca mới, hôm trước 10; nhiều nhất ở Long Điền (31)." in texts


def test_corrections_of_earlier_days_are_told(opened: Opened) -> None:
    made = units(u747=[5] * 14, u752=[5] * 14)
    made.observe("case_counts.cases", "747", DAY - timedelta(days=3), [11], issued=at("2021-08-29 10:00"))
    made.observe("case_counts.cases", "752", DAY - timedelta(days=4), [2], issued=at("2021-08-29 10:00"))
    texts = [item.text for item in changes(opened(made), DAY, "vi")]
    assert "Bổ sung 6 ca cho các ngày trước, nhiều nhất ngày 26/8 (+6)." in texts
    assert "Rút 3 ca của các ngày trước, nhiều nhất ngày 25/8 (-3)." in texts


def test_titles_are_findings(opened: Opened) -> None:
    release = opened(units(u747=[1] * 14, u752=[30] * 14))
    ranking = rank(release, "incidence_7d", DAY)
    assert ranking_title(ranking, "vi") == "Long Điền cao nhất: 210,0 ca/100.000 dân/tuần; 1 đơn vị dưới 20"
    assert ranking.parent_reading is not None
    assert shown(ranking.parent_reading, "vi") == "Tỷ lệ mắc 7 ngày, 23–29/8/2021, 2/2 đơn vị báo cáo"
    assert curve_title(ranking.parent_reading, "en") == "7-day incidence flat, 54.3 cases per 100,000 per week"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_short_whole_and_leads_to_its_figure(province: Release, language: Language) -> None:
    found = [*headline(province, DAY, language), *decisions(province, DAY, language), *changes(province, DAY, language)]
    assert len(found) >= 6
    for item in found:
        assert item.text.endswith(".") and len(item.text) <= 170
        assert "{" not in item.text and "None" not in item.text and "nan" not in item.text
    urgency = [item.severity for item in decisions(province, DAY, language)]
    assert urgency == sorted(urgency, key=["past", "near", "information"].index)
