"""Vaccination and the e-health book: coverage, pace, and how much of it has been entered."""

from __future__ import annotations

from analytics.indicators.combinations import DaysToTarget
from analytics.indicators.model import (
    RESIDENTS,
    RESIDENTS_18_PLUS,
    RESIDENTS_65_PLUS,
    SINCE_START,
    WEEK_MEAN,
    Formula,
    Indicator,
    Part,
    Term,
    Threshold,
    formulas,
    of,
)
from analytics.risk_rules import RULES_4800

# A platform's snapshot stands for the day until the next one, a week at most.
SNAPSHOT_DAYS = 7
FIRST = (
    of("vaccination.people_first_cumulative", carry_days=SNAPSHOT_DAYS),
    of("vaccination.people_first"),
    of("vaccination.doses_given", "dose_number=1"),
)
FULL = (
    of("vaccination.people_full_cumulative", carry_days=SNAPSHOT_DAYS),
    of("vaccination.people_full"),
    of("vaccination.doses_given", "dose_number=2"),
)


def _adults(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The same people without those of 12 to 17, where the source states their age."""
    young = "age_group=12-17"
    return tuple(
        Term((*term.parts, Part(term.parts[0].measure, young, -1, optional=True)), carry_days=term.carry_days)
        if term.parts[0].stratum == "" and not term.parts[0].measure.endswith("_cumulative")
        else term
        for term in terms
    )


BOOSTER = (of("vaccination.people_booster"), of("vaccination.doses_given", "dose_number=3"))
DOSES = (of("vaccination.doses_given_cumulative", carry_days=SNAPSHOT_DAYS), of("vaccination.doses_given"))
FIRST_A_DAY = (of("vaccination.people_first"), of("vaccination.doses_given", "dose_number=1"))

FULL_OLDER = (of("vaccination.people_full", "age_group=65+"),)

PLATFORM = "Nền tảng quản lý tiêm chủng quốc gia"
TARGET_PERCENT = 70.0
TARGET_SOURCE = "Quyết định 4800/QĐ-BYT: 70% người từ 18 tuổi tiêm ít nhất một mũi (chờ Sở Y tế xác nhận)"
OLDER_SOURCE = "Nghị quyết 128/NQ-CP, Quyết định 4800/QĐ-BYT: 80% người từ 65 tuổi tiêm đủ liều (chờ Sở Y tế xác nhận)"
COVERAGE_CUTS = (20.0, 40.0, 60.0, 80.0)
# Paper lists are keyed within two days where volunteers help (9/2021).
ENTRY_DELAY_DAYS = 2
AGE_VI = "Không tính nhóm 12-17 tuổi nếu nguồn có ghi nhóm tuổi; nếu không, tử số gồm cả nhóm này."
AGE_EN = "People of 12 to 17 are left out where the source states ages; otherwise the numerator includes them."


def _coverage(
    id: str,
    vi: str,
    en: str,
    numerators: tuple[Term, ...],
    what_vi: str,
    what_en: str,
    *,
    adults: bool = True,
    target: bool = False,
) -> Indicator:
    counted = _adults(numerators) if adults else numerators
    whom_vi, whom_en = ("người từ 18 tuổi", "residents 18 and over") if adults else ("toàn dân", "all residents")
    return Indicator(
        id=id,
        theme="vaccination",
        vi=vi,
        en=en,
        definition_vi=f"Số người đã tiêm {what_vi}, lũy kế, trên {whom_vi}.",
        definition_en=f"People with {what_en} so far over {whom_en}.",
        formulas=formulas(counted, RESIDENTS_18_PLUS if adults else RESIDENTS, 100),
        window=SINCE_START,
        polarity="higher_is_better",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        thresholds=(
            Threshold(
                at=TARGET_PERCENT,
                state="near",
                vi="mục tiêu 70%",
                en="target of 70%",
                source=TARGET_SOURCE,
                inclusive=False,
                to_confirm=True,
            ),
        )
        if target
        else (),
        cuts=COVERAGE_CUTS,
        flat_percent=1.0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi=AGE_VI if adults else "Gồm cả trẻ chưa đến tuổi tiêm trong mẫu số.",
        caveat_en=AGE_EN if adults else "The denominator includes children too young to be vaccinated.",
        source=PLATFORM,
    )


VACCINATION = (
    _coverage(
        "coverage_first",
        "Độ bao phủ mũi 1 (từ 18 tuổi)",
        "First-dose coverage (18+)",
        FIRST,
        "ít nhất một mũi",
        "at least one dose",
        target=True,
    ),
    _coverage(
        "coverage_full", "Độ bao phủ đủ liều (từ 18 tuổi)", "Full coverage (18+)", FULL, "đủ liều", "a full course"
    ),
    _coverage(
        "coverage_booster",
        "Độ bao phủ mũi nhắc (từ 18 tuổi)",
        "Booster coverage (18+)",
        BOOSTER,
        "mũi nhắc",
        "a booster",
    ),
    Indicator(
        id="coverage_full_65",
        theme="vaccination",
        vi="Độ bao phủ đủ liều (từ 65 tuổi)",
        en="Full coverage (65+)",
        definition_vi="Số người từ 65 tuổi đã tiêm đủ liều, lũy kế, trên dân số từ 65 tuổi.",
        definition_en="People of 65 and over with a full course so far over residents 65 and over.",
        formulas=formulas(FULL_OLDER, RESIDENTS_65_PLUS, 100),
        window=SINCE_START,
        polarity="higher_is_better",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        thresholds=(
            Threshold(
                at=RULES_4800.older.percent,
                state="near",
                vi=f"mục tiêu {RULES_4800.older.percent:.0f}%",
                en=f"target of {RULES_4800.older.percent:.0f}%",
                source=OLDER_SOURCE,
                inclusive=False,
                to_confirm=True,
            ),
        ),
        cuts=COVERAGE_CUTS,
        flat_percent=1.0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Chỉ có khi nguồn tiêm ghi nhóm tuổi và có dân số từ 65 tuổi.",
        caveat_en="Only where the source of doses states ages and residents of 65 and over are known.",
        source=PLATFORM,
    ),
    _coverage(
        "coverage_first_all_ages",
        "Độ bao phủ mũi 1 (toàn dân)",
        "First-dose coverage (all ages)",
        FIRST,
        "ít nhất một mũi",
        "at least one dose",
        adults=False,
    ),
    _coverage(
        "coverage_full_all_ages",
        "Độ bao phủ đủ liều (toàn dân)",
        "Full coverage (all ages)",
        FULL,
        "đủ liều",
        "a full course",
        adults=False,
    ),
    Indicator(
        id="doses_per_day_7d",
        theme="vaccination",
        vi="Mũi tiêm mỗi ngày (trung bình 7 ngày)",
        en="Doses a day (7-day mean)",
        definition_vi="Trung bình số mũi tiêm mỗi ngày trong 7 ngày gần nhất, trên những ngày có báo cáo.",
        definition_en="Mean of doses given a day over the last 7 days, over the days reported.",
        formulas=formulas((of("vaccination.doses_given"),)),
        window=WEEK_MEAN,
        polarity="higher_is_better",
        measured_in_vi="mũi/ngày",
        measured_in_en="doses/day",
        decimals=0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Phụ thuộc đợt vắc xin được phân bổ.",
        caveat_en="Follows the deliveries of vaccine.",
        source=PLATFORM,
    ),
    Indicator(
        id="first_dose_pace_7d",
        theme="vaccination",
        vi="Tốc độ tiêm mũi 1 (7 ngày)",
        en="7-day pace of first doses",
        definition_vi="Số người tiêm mũi 1 mỗi ngày (trung bình 7 ngày) trên người từ 18 tuổi.",
        definition_en="People receiving a first dose each day (7-day mean) over residents 18 and over.",
        formulas=formulas(FIRST_A_DAY, RESIDENTS_18_PLUS, 100),
        window=WEEK_MEAN,
        polarity="higher_is_better",
        measured_in_vi="%/ngày",
        measured_in_en="%/day",
        change_in="points",
        decimals=2,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Phụ thuộc đợt vắc xin được phân bổ.",
        caveat_en="Follows the deliveries of vaccine.",
        source=PLATFORM,
    ),
    Indicator(
        id="days_to_70pct_first",
        theme="vaccination",
        vi="Số ngày tới 70% mũi 1",
        en="Days to 70% first doses",
        definition_vi="Phần còn thiếu tới 70% người từ 18 tuổi tiêm mũi 1, chia cho tốc độ trung bình 7 ngày.",
        definition_en="What is missing to 70% of residents 18 and over with a first dose, over the 7-day pace.",
        inputs=("coverage_first", "first_dose_pace_7d"),
        combination=DaysToTarget(target_percent=TARGET_PERCENT),
        polarity="higher_is_worse",
        measured_in_vi="ngày",
        measured_in_en="days",
        decimals=0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Giả định giữ nguyên tốc độ hiện tại; 0 là đã đạt.",
        caveat_en="Assumes the present pace goes on; 0 means reached.",
        source=TARGET_SOURCE,
    ),
    Indicator(
        id="doses_entered_share",
        theme="vaccination",
        vi="Mũi tiêm đã nhập hệ thống",
        en="Doses entered on the platform",
        definition_vi="Mũi tiêm đã nhập nền tảng quốc gia trên mũi tiêm thực tế, lũy kế.",
        definition_en="Doses entered on the national platform over doses actually given, cumulative.",
        formulas=(Formula(of("vaccination.doses_entered"), of("vaccination.doses_given"), 100),),
        window=SINCE_START,
        polarity="higher_is_better",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=2,
        thresholds=(
            Threshold(
                at=90.0,
                state="near",
                vi="mức 90%",
                en="mark of 90%",
                source=(
                    "Kết quả nhập liệu của đoàn viên, thanh niên, 1/9/2021 (trên 90%); chưa được ban hành thành ngưỡng"
                ),
                inclusive=False,
                to_confirm=True,
            ),
        ),
        cuts=(80.0, 85.0, 90.0, 95.0),
        flat_percent=0.5,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Mũi nhập sau vài ngày vẫn được tính; có thể vượt 100% khi nhập trùng.",
        caveat_en="Doses entered days later count too; double entry can push it above 100%.",
        source=PLATFORM,
    ),
    Indicator(
        id="doses_per_resident_18",
        theme="vaccination",
        vi="Mũi tiêm trên 100 người từ 18 tuổi",
        en="Doses per 100 residents 18+",
        definition_vi="Số mũi đã tiêm, lũy kế, trên 100 người từ 18 tuổi.",
        definition_en="Doses given so far per 100 residents 18 and over.",
        formulas=formulas(DOSES, RESIDENTS_18_PLUS, 100),
        window=SINCE_START,
        polarity="higher_is_better",
        measured_in_vi="mũi/100 người",
        measured_in_en="doses per 100",
        decimals=1,
        cuts=(10.0, 40.0, 80.0, 140.0),
        flat_percent=1.0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Đếm mũi, không đếm người: vượt 100 khi có mũi 2.",
        caveat_en="Counts doses, not people: passes 100 with second doses.",
        source=PLATFORM,
    ),
    Indicator(
        id="health_book_share",
        theme="vaccination",
        vi="Sổ Sức khỏe điện tử",
        en="E-health book",
        definition_vi="Máy đã cài Sổ Sức khỏe điện tử trên người từ 18 tuổi.",
        definition_en="Phones with the e-health book over residents 18 and over.",
        formulas=formulas((of("health_book.installs", carry_days=SNAPSHOT_DAYS),), RESIDENTS_18_PLUS, 100),
        polarity="higher_is_better",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=2,
        cuts=(5.0, 10.0, 20.0, 40.0),
        flat_percent=1.0,
        reporting_delay_days=1,
        caveat_vi="Một người có thể cài nhiều máy; số cũ dùng tối đa 7 ngày.",
        caveat_en="One person may use several phones; an older count stands for at most 7 days.",
        source="Sổ Sức khỏe điện tử",
    ),
)
