"""What is said of an indicator, word for word, in small releases that are worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from analytics.phrases import Figure
from analytics.release import Release
from analytics.sentences import decisions
from analytics.statements import statements
from analytics.wording import LANGUAGES, Language, measured
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
DAY = date(2021, 8, 29)


def three() -> SmallRelease:
    made = SmallRelease(as_of=at("2021-09-10 18:00"))
    for code, name in (("747", "Vũng Tàu"), ("752", "Long Điền"), ("753", "Đất Đỏ")):
        made.unit(code, name, short_name=name, population=100_000, population_18_plus=70_000)
    return made


def occupied(**used: Sequence[float | None]) -> SmallRelease:
    """Quarantine of a hundred places: percents that are easily told."""
    made = three()
    for code, places in used.items():
        first = DAY - timedelta(days=len(places) - 1)
        for stratum in ("", "site_kind=site"):
            made.observe("quarantine_sites.present", code[1:], first, places, stratum=stratum)
            made.observe("quarantine_sites.capacity", code[1:], first, [100] * len(places), stratum=stratum)
    return made


def texts(release: Release, indicator: str, unit: str, language: Language = "vi", day: date = DAY) -> list[str]:
    return [item.text for item in statements(release, indicator, (unit,), day, language)]


def test_past_a_limit_with_since_when_and_how_far_and_the_units_beneath(opened: Opened) -> None:
    release = opened(occupied(u747=[50] * 11 + [90] * 4, u752=[40] * 15, u753=[80] * 15))
    assert texts(release, "quarantine_occupancy", "747") == [
        "Tỷ lệ chỗ cách ly tập trung đang dùng ở Vũng Tàu ngày 29/8 là 90%, "
        "vượt ngưỡng 80% công suất từ 26/8 (cao hơn 10 điểm).",
        "Tỷ lệ chỗ cách ly tập trung đang dùng ở Vũng Tàu tăng 40 điểm so với 22/8, từ 50% lên 90%, xấu đi.",
    ]
    assert texts(release, "quarantine_occupancy", "747", "en") == [
        "The share of quarantine places in use in Vũng Tàu stood at 90% on 29 Aug, "
        "above 80% of capacity since 26 Aug (by 10 points).",
        "The share of quarantine places in use in Vũng Tàu rose 40 points against 22 Aug, from 50% to 90%, "
        "a worsening.",
    ]
    # The limit of 80% counts as passed only beyond it.
    assert texts(release, "quarantine_occupancy", "753")[0] == (
        "Tỷ lệ chỗ cách ly tập trung đang dùng ở Đất Đỏ ngày 29/8 là 80%, sát ngưỡng 80% công suất nhưng chưa vượt."
    )
    assert texts(release, "quarantine_occupancy", "77") == [
        "Tỷ lệ chỗ cách ly tập trung đang dùng vượt ngưỡng 80% công suất ở 1/3 đơn vị: Vũng Tàu 90%.",
        "Tỷ lệ chỗ cách ly tập trung đang dùng toàn tỉnh tăng 13 điểm so với 22/8, từ 57% lên 70%, xấu đi.",
        "Tỷ lệ chỗ cách ly tập trung đang dùng toàn tỉnh ngày 29/8 là 70%, "
        "chưa tới ngưỡng 80% công suất (thấp hơn 10 điểm).",
        "Tỷ lệ chỗ cách ly tập trung đang dùng cao nhất ở Vũng Tàu (90%), thấp nhất ở Long Điền (40%).",
    ]


def test_a_rise_from_nothing_has_no_percentage(opened: Opened) -> None:
    made = three()
    made.observe("case_counts.cases", "747", DAY - timedelta(days=13), [0] * 7 + [3] * 7)
    assert texts(opened(made), "cases_new_7d_mean", "747")[0] == (
        "Số ca mắc mới trung bình 7 ngày ở Vũng Tàu tăng từ 0,0 lên 3,0 ca/ngày so với 22/8, xấu đi."
    )


def test_a_figure_without_polarity_is_not_judged(opened: Opened) -> None:
    made = three()
    for measure, count in (("active_subscribers", [1000] * 15), ("stationary_subscribers", [400] * 8 + [600] * 7)):
        made.observe(f"mobility.{measure}", "747", DAY - timedelta(days=14), count)
    said = texts(opened(made), "stationary_ratio", "747")
    assert "Hệ số thuê bao đứng yên ở Vũng Tàu tăng 20,0 điểm so với 22/8, từ 40,0% lên 60,0%." in said


def test_a_record_counts_the_days_that_nothing_is_known_of(opened: Opened) -> None:
    used = [70, *[40] * 17, None, None, 45]
    release = opened(occupied(u747=used))
    assert (
        "Tỷ lệ chỗ cách ly tập trung đang dùng ở Vũng Tàu là 45%, cao nhất kể từ 9/8/2021, có 2 ngày thiếu số liệu."
        in texts(release, "quarantine_occupancy", "747")
    )


def test_what_is_missing_is_said_with_its_reason(opened: Opened) -> None:
    release = opened(occupied(u747=[50] * 15, u752=[50] * 14 + [None]))
    assert texts(release, "quarantine_occupancy", "752") == [
        "Tỷ lệ chỗ cách ly tập trung đang dùng ở Long Điền ngày 29/8: chưa có số liệu."
    ]
    assert texts(release, "quarantine_occupancy", "77")[-1] == (
        "Long Điền và Đất Đỏ chưa có số liệu về tỷ lệ chỗ cách ly tập trung đang dùng ngày 29/8; "
        "số chung tính trên 1/3 đơn vị."
    )
    assert texts(release, "quarantine_occupancy", "77", "en")[-1] == (
        "No data on the share of quarantine places in use from Long Điền and Đất Đỏ for 29 Aug; "
        "the whole rests on 1 of 3 units."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_of_other_units_are_not_compared(opened: Opened, language: Language) -> None:
    made = three()
    made.observe("case_counts.cases", "747", DAY - timedelta(days=7), [5] * 8)
    made.observe("case_counts.cases", "752", DAY - timedelta(days=7), [50])
    found = statements(opened(made), "cases_new", ("77",), DAY, language)
    change = next(item for item in found if item.kind == "change")
    assert (
        change.text
        == {
            "vi": "Chưa so sánh được số ca mắc mới toàn tỉnh với 22/8: khi đó có 2/3 đơn vị báo cáo, nay 1/3.",
            "en": "The number of new cases in the province cannot be compared with 22 Aug: "
            "2 of 3 units reported then, 1 of 3 now.",
        }[language]
    )


def test_as_of_an_earlier_moment_the_sentences_are_those_of_then(opened: Opened) -> None:
    made = occupied(u747=[50] * 15)
    late = at("2021-09-05 08:00")
    for stratum in ("", "site_kind=site"):
        made.observe("quarantine_sites.present", "747", DAY, [95], stratum=stratum, issued=late)
    release = opened(made)
    now = statements(release, "quarantine_occupancy", ("747",), DAY, "en")
    then = statements(release, "quarantine_occupancy", ("747",), DAY, "en", as_of=DAY)
    assert "stood at 95% on 29 Aug, above 80% of capacity since 29 Aug" in now[0].text
    assert then[0].text.startswith("The share of quarantine places in use in Vũng Tàu stood at 50%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_country_is_called_so(opened: Opened, language: Language) -> None:
    made = SmallRelease(level="province", province="VN", as_of=at("2021-09-10 18:00"))
    for code, name in (("77", "Bà Rịa - Vũng Tàu"), ("79", "TP Hồ Chí Minh")):
        made.unit(code, name, short_name=name, level="province", parent="VN", population=1_000_000)
        made.observe("case_counts.cases", code, DAY - timedelta(days=7), [5] * 7 + [200])
    first = statements(opened(made), "cases_new", ("VN",), DAY, language)[0].text
    assert (
        first
        == {
            "vi": "Số ca mắc mới cả nước tăng 3.900% so với 22/8, từ 10 lên 400 ca, xấu đi.",
            "en": "The number of new cases nationwide rose 3,900% against 22 Aug, from 10 to 400 cases, a worsening.",
        }[language]
    )


def test_each_number_carries_where_it_comes_from(opened: Opened) -> None:
    release = opened(occupied(u747=[50] * 15))
    found = statements(release, "quarantine_occupancy", ("747",), DAY, "vi")[0]
    assert found.figures[:2] == (
        Figure("29/8", "day", day=DAY),
        Figure("50%", "value", 50.0, "quarantine_occupancy", "747", DAY),
    )


def test_what_reads_as_the_limit_is_not_called_past_it(opened: Opened) -> None:
    """80,4% reads 80%: who sees "80%, past 80%" believes neither."""
    made = three()
    for code, used, places in (("747", 804, 1000), ("752", 50, 100)):
        for stratum in ("", "site_kind=site"):
            made.observe("quarantine_sites.present", code, DAY, [used], stratum=stratum)
            made.observe("quarantine_sites.capacity", code, DAY, [places], stratum=stratum)
    release = opened(made)
    assert texts(release, "quarantine_occupancy", "747")[0] == (
        "Tỷ lệ chỗ cách ly tập trung đang dùng ở Vũng Tàu ngày 29/8 là 80%, vừa vượt ngưỡng 80% công suất "
        "từ 29/8 hoặc sớm hơn."
    )
    assert (
        "Tỷ lệ chỗ cách ly tập trung đang dùng chạm hoặc vượt ngưỡng 80% công suất ở 1/3 đơn vị: Vũng Tàu 80%."
        in texts(release, "quarantine_occupancy", "77")
    )
    assert [item.text for item in decisions(release, DAY, "vi") if item.indicator == "quarantine_occupancy"] == [
        "Chỗ cách ly tập trung đang dùng chạm hoặc vượt ngưỡng 80% công suất: Vũng Tàu 80%."
    ]


def test_one_is_singular() -> None:
    said = [measured(1, "en", 0, name) for name in ("cases", "people", "doses/day", "tests per 100,000", "F0")]
    assert said == ["1 case", "1 person", "1 dose/day", "1 test per 100,000", "1 F0"]
    assert (measured(1, "vi", 0, "ca"), measured(1.0, "en", 1, "hours")) == ("1 ca", "1.0 hours")
    assert measured(0.45, "vi", 2, "%/ngày") == "0,45%/ngày"
