"""What the levels of risk say of themselves: every condition with its figure, and what would raise the level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from analytics.decisions import decisions
from analytics.findings import ranking_title
from analytics.ranking import rank
from analytics.release import Release
from analytics.risk import outlook, province_outlook
from analytics.risk_words import next_of_province, next_of_unit, of_province, of_unit
from analytics.wording import LANGUAGES, Language
from tests.analytics.test_province_level import DAY, province

Opened = Callable[..., Release]
HALF = {"747": 56.0, "748": 56.0}
"""Cases of a fortnight: two of four districts at level 2, 28 a week per 100,000."""


def test_a_units_conditions_are_said_one_by_one(opened: Opened) -> None:
    found = outlook(opened(province(cases=HALF, older=0.5)), "747", DAY)
    told = [(row.condition, row.found, row.limit, row.result) for row in of_unit(found, "vi")]
    assert told == [
        ("Ca cộng đồng/100.000 dân/tuần", "28,0", "20 · 50 · 150", "lớp 2 trong 4"),
        ("Người từ 18 tuổi tiêm ít nhất một mũi", "1,4%", "từ 70%", "chưa đạt"),
        ("Người từ 65 tuổi tiêm đủ liều", "50,0%", "từ 80%", "chưa đạt, tăng một cấp"),
    ]
    assert next_of_unit(found, "vi") == "Thêm 22 ca cộng đồng trong tuần là lên cấp 4 (nguy cơ rất cao)."


def test_what_is_not_known_says_what_it_could_do(opened: Opened) -> None:
    made = province(cases=HALF)
    made.observations = [row for row in made.observations if row[0] != "population.residents_65_plus"]
    found = outlook(opened(made), "747", DAY)
    assert found.level == 2
    row = of_unit(found, "vi")[2]
    assert (row.found, row.met) == ("thiếu mẫu số", None)
    assert row.result == "chưa rõ; nếu chưa đạt thì cấp 3 (nguy cơ cao)"


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ({}, "chưa đạt; không có ca cộng đồng nên giữ cấp"),
        ({"747": 600.0}, "chưa đạt; đã ở cấp cao nhất"),
    ],
)
def test_a_missed_target_that_changes_nothing_says_why(opened: Opened, cases: dict[str, float], said: str) -> None:
    found = outlook(opened(province(cases=cases, older=0.5)), "747", DAY)
    assert of_unit(found, "vi")[2].result == said


def test_a_provinces_conditions_are_all_listed_with_what_was_found(opened: Opened) -> None:
    found = province_outlook(opened(province(cases=HALF)), "77", DAY)
    assert found is not None
    told = [(row.level, row.found, row.limit, row.result) for row in of_province(found, "vi")]
    assert told == [
        (4, "0/4 huyện (0%)", "trên 50%", "chưa đạt"),
        (3, "0/4 huyện (0%)", "trên 30%", "chưa đạt"),
        (3, "2/4 huyện (50%)", "trên 50%", "chưa đạt"),
        (2, "28,0", "trên 1", "đạt"),
        (2, "0/4 huyện", "từ 2 huyện", "chưa đạt"),
        (2, "–", "từ 20%", "chưa có nguồn"),
        (2, "2/4 huyện (50%)", "từ 30%", "đạt"),
    ]
    assert next_of_province(found, "vi") == (
        "Ít nhất 20 ca cộng đồng nữa là lên mức 3 (nguy cơ cao); điều kiện gần nhất: Huyện có nguy cơ trở lên (cấp 2)."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_province_that_rose_since_yesterday_is_a_decision_with_its_reason(opened: Opened, language: Language) -> None:
    """Yesterday two of four districts at level 2; today 20 cases in a third one."""
    release = opened(province(cases=HALF, today={"750": 20.0}))
    texts = [item for item in decisions(release, DAY, language) if item.indicator == "risk_level_province"]
    words = {
        "vi": "Thử lên mức 3 (nguy cơ cao), hôm trước mức 2 (nguy cơ): Huyện có nguy cơ trở lên (cấp 2).",
        "en": "Thử rises to level 3 (high risk), level 2 (at risk) the day before: "
        "Districts at risk or worse (level 2).",
    }
    assert [(item.text, item.severity, item.unit) for item in texts] == [(words[language], "past", "77")]


def test_a_province_a_few_cases_below_the_next_level_is_said_with_their_number(opened: Opened) -> None:
    release = opened(province(cases=HALF, today={"750": 18.0}))
    texts = [item.text for item in decisions(release, DAY, "vi") if item.indicator == "risk_level_province"]
    assert texts == [
        "Thử đang ở mức 2 (nguy cơ); ít nhất 2 ca cộng đồng nữa là lên mức 3 (nguy cơ cao): "
        "Huyện có nguy cơ trở lên (cấp 2)."
    ]


@pytest.mark.parametrize(
    ("cases", "title"),
    [
        ({}, "Cả 4 đơn vị ở cấp 1 (nguy cơ thấp)"),
        (HALF, "747 và 748 ở cấp 2 (nguy cơ trung bình), cao nhất"),
        (dict.fromkeys(("747", "748", "750", "751"), 56.0) | {"751": 0.0} | {"750": 60.0}, None),
    ],
)
def test_a_ranking_of_levels_says_who_is_highest(opened: Opened, cases: dict[str, float], title: str | None) -> None:
    release = opened(province(cases=cases))
    expected = title or "747, 748 và 750 ở cấp 2 (nguy cơ trung bình), cao nhất"
    assert ranking_title(rank(release, "risk_level", DAY), "vi") == expected
    before = rank(release, "risk_level", DAY - timedelta(days=400))
    assert ranking_title(before, "vi") == "Chưa đơn vị nào có số liệu ngày này"
