"""Cases: new, cumulative, by place of detection, per resident, and their contacts."""

from __future__ import annotations

from analytics.indicators.methods import Slope
from analytics.indicators.model import (
    DAY,
    FORTNIGHT,
    RESIDENTS,
    SINCE_START,
    WEEK,
    WEEK_MEAN,
    Formula,
    Indicator,
    Part,
    Term,
    formulas,
    of,
)

ARRIVAL = "detection=arrival"
COMMUNITY = "detection=community"
UNKNOWN = "detection=unknown"

# Arrivals stand apart: the total less those detected on arrival. A source that never states where a case was
# detected (most national bulletins) counts all of its cases.
LOCAL_CASES = (
    Term((Part("case_counts.cases"), Part("case_counts.cases", ARRIVAL, -1, optional=True))),
    Term((Part("cases.f0"), Part("cases.f0", ARRIVAL, -1, optional=True))),
)
ALL_CASES = (of("case_counts.cases"), of("cases.f0"))
COMMUNITY_CASES = (of("case_counts.cases", COMMUNITY), of("cases.f0", COMMUNITY))
ARRIVAL_CASES = (of("case_counts.cases", ARRIVAL), of("cases.f0", ARRIVAL))


def _placed(measure: str) -> Term:
    """Cases whose place of detection was stated, arrivals apart."""
    return Term(
        (
            Part(measure),
            Part(measure, ARRIVAL, -1, optional=True),
            Part(measure, UNKNOWN, -1, optional=True),
        )
    )


REPORTING_SOURCE = "Đặc tả báo cáo quốc gia, 7/2021; phần mềm báo cáo F0, F1, F2 của tỉnh"
CASES_VI, CASES_EN = "ca", "cases"
LATE_VI = "Ba ngày gần nhất còn được bổ sung."
LATE_EN = "The last three days are still filling up."
# Results come back and forms are keyed within three days for nearly all cases (reporting software, 8/2021).
CASE_DELAY_DAYS = 3
# Below ten cases a single household moves a share by ten points or more.
LEAST_CASES_FOR_SHARE = 10
# Classes of Decision 4800 and the step before them, so that a map of incidence reads like the levels.
INCIDENCE_CUTS = (10.0, 20.0, 50.0, 150.0)

CASES = (
    Indicator(
        id="cases_new",
        theme="cases",
        vi="Ca mắc mới",
        en="New cases",
        definition_vi=(
            "Số ca F0 mới trong ngày, không kể ca phát hiện khi nhập cảnh. Nguồn không ghi nơi phát hiện "
            "thì tính mọi ca."
        ),
        definition_en=(
            "New confirmed cases of the day, arrivals apart. Where a source never states the place of "
            "detection, all its cases count."
        ),
        formulas=formulas(LOCAL_CASES),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi=CASES_VI,
        measured_in_en=CASES_EN,
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi=LATE_VI,
        caveat_en=LATE_EN,
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="cases_new_all",
        theme="cases",
        vi="Ca mắc mới kể cả nhập cảnh",
        en="New cases with arrivals",
        definition_vi=(
            "Số ca F0 mới trong ngày, gồm cả ca phát hiện khi nhập cảnh: con số các bản tin quốc gia công bố."
        ),
        definition_en=(
            "New confirmed cases of the day with those detected on arrival: the figure national bulletins publish."
        ),
        formulas=formulas(ALL_CASES),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi=CASES_VI,
        measured_in_en=CASES_EN,
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi=LATE_VI,
        caveat_en=LATE_EN,
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="cases_community_new",
        theme="cases",
        vi="Ca mới trong cộng đồng",
        en="New community cases",
        definition_vi="Số ca F0 mới trong ngày phát hiện ngoài khu cách ly, khu phong tỏa và cơ sở y tế.",
        definition_en=(
            "New confirmed cases of the day found outside quarantine, locked-down areas and health facilities."
        ),
        formulas=formulas(COMMUNITY_CASES),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi=CASES_VI,
        measured_in_en=CASES_EN,
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Chỉ có khi nguồn ghi nơi phát hiện. " + LATE_VI,
        caveat_en="Only where the source states the place of detection. " + LATE_EN,
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="cases_arrival_new",
        theme="cases",
        vi="Ca nhập cảnh mới",
        en="New cases on arrival",
        definition_vi="Số ca F0 mới trong ngày phát hiện khi nhập cảnh, không tính vào ca mắc mới của địa phương.",
        definition_en="New confirmed cases of the day detected on arrival; not part of the unit's new cases.",
        formulas=formulas(ARRIVAL_CASES),
        window=DAY,
        polarity="neither",
        measured_in_vi=CASES_VI,
        measured_in_en=CASES_EN,
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        comparable=False,
        caveat_vi="Phụ thuộc cửa khẩu và nơi cách ly, không nói về lây lan tại chỗ.",
        caveat_en="Depends on ports of entry and quarantine, and says nothing about local spread.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="cases_new_7d_mean",
        theme="cases",
        vi="Ca mắc mới trung bình 7 ngày",
        en="New cases (7-day mean)",
        definition_vi="Trung bình số ca mắc mới mỗi ngày trong 7 ngày gần nhất, trên những ngày có báo cáo.",
        definition_en="Mean of new cases a day over the last 7 days, over the days reported.",
        formulas=formulas(LOCAL_CASES),
        window=WEEK_MEAN,
        polarity="higher_is_worse",
        measured_in_vi="ca/ngày",
        measured_in_en="cases/day",
        decimals=1,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Cần ít nhất 5 trong 7 ngày có báo cáo. " + LATE_VI,
        caveat_en="Needs at least 5 of 7 days reported. " + LATE_EN,
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="cases_slope_7d",
        theme="cases",
        vi="Tốc độ tăng ca 7 ngày",
        en="7-day slope of cases",
        definition_vi=(
            "Độ dốc (bình phương nhỏ nhất) của trung bình 7 ngày trong 7 ngày gần nhất: mỗi ngày thêm "
            "hay bớt bao nhiêu ca."
        ),
        definition_en=(
            "Least-squares slope of the 7-day mean over the last 7 days: how many cases more or fewer each day."
        ),
        formulas=formulas(LOCAL_CASES),
        window=WEEK_MEAN,
        method=Slope(days=7),
        polarity="higher_is_worse",
        measured_in_vi="ca/ngày mỗi ngày",
        measured_in_en="cases/day each day",
        change_in="points",
        decimals=2,
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Xếp từ tăng nhanh nhất đến giảm nhanh nhất; đơn vị đông dân dễ đứng đầu.",
        caveat_en="Ordered from fastest rising to fastest falling; populous units reach the top more easily.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="cases_cumulative",
        theme="cases",
        vi="Ca mắc lũy kế",
        en="Cumulative cases",
        definition_vi="Tổng số ca mắc mới từ ngày đầu có số liệu đến hết ngày.",
        definition_en="All new cases from the first day of the data to the end of the day.",
        formulas=formulas(LOCAL_CASES),
        window=SINCE_START,
        polarity="higher_is_worse",
        measured_in_vi=CASES_VI,
        measured_in_en=CASES_EN,
        decimals=0,
        flat_percent=1.0,
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Không gồm ca trước ngày đầu của số liệu.",
        caveat_en="Without cases before the first day of the data.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="incidence_7d",
        theme="cases",
        vi="Tỷ lệ mắc 7 ngày",
        en="7-day incidence",
        definition_vi="Số ca mắc mới trong 7 ngày trên 100.000 dân.",
        definition_en="New cases of 7 days per 100,000 residents.",
        formulas=formulas(LOCAL_CASES, RESIDENTS, 100_000),
        window=WEEK,
        polarity="higher_is_worse",
        measured_in_vi="ca/100.000 dân/tuần",
        measured_in_en="cases per 100,000 per week",
        decimals=1,
        cuts=INCIDENCE_CUTS,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Đơn vị ít dân dao động mạnh: xem khoảng thứ hạng.",
        caveat_en="Small units swing widely: see the interval of the rank.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="incidence_14d",
        theme="cases",
        vi="Tỷ lệ mắc 14 ngày",
        en="14-day incidence",
        definition_vi="Số ca mắc mới trong 14 ngày trên 100.000 dân.",
        definition_en="New cases of 14 days per 100,000 residents.",
        formulas=formulas(LOCAL_CASES, RESIDENTS, 100_000),
        window=FORTNIGHT,
        polarity="higher_is_worse",
        measured_in_vi="ca/100.000 dân/14 ngày",
        measured_in_en="cases per 100,000 in 14 days",
        decimals=1,
        cuts=(20.0, 40.0, 100.0, 300.0),
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Cần ít nhất 10 trong 14 ngày có báo cáo.",
        caveat_en="Needs at least 10 of 14 days reported.",
        source="Quyết định 2686/QĐ-BCĐQG ngày 31/5/2021 (14 ngày trên 100.000 dân)",
    ),
    Indicator(
        id="community_share",
        theme="cases",
        vi="Tỷ lệ ca cộng đồng",
        en="Community share",
        definition_vi="Ca phát hiện trong cộng đồng trên ca mắc mới có ghi nơi phát hiện, 7 ngày.",
        definition_en="Cases found in the community over new cases whose place of detection is stated, 7 days.",
        formulas=(
            Formula(of("case_counts.cases", COMMUNITY), _placed("case_counts.cases"), 100),
            Formula(of("cases.f0", COMMUNITY), _placed("cases.f0"), 100),
        ),
        window=WEEK,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        cuts=(5.0, 10.0, 20.0, 40.0),
        interval="wilson",
        least_denominator=LEAST_CASES_FOR_SHARE,
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Không hiện khi dưới 10 ca: một gia đình đủ làm tỷ lệ đổi hơn 10 điểm.",
        caveat_en="Not shown below 10 cases, where one household moves the share by 10 points.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="f1_new",
        theme="cases",
        vi="F1 mới",
        en="New close contacts (F1)",
        definition_vi="Số người tiếp xúc gần (F1) ghi nhận trong ngày.",
        definition_en="Close contacts (F1) recorded on the day.",
        formulas=formulas((of("cases.f1"),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="người",
        measured_in_en="people",
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Tăng có thể do truy vết tốt hơn, không chỉ do dịch.",
        caveat_en="A rise may mean better tracing, not only more spread.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="f2_new",
        theme="cases",
        vi="F2 mới",
        en="New contacts of contacts (F2)",
        definition_vi="Số người tiếp xúc với F1 ghi nhận trong ngày.",
        definition_en="Contacts of close contacts (F2) recorded on the day.",
        formulas=formulas((of("cases.f2"),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="người",
        measured_in_en="people",
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Nhiều nơi ngừng lập danh sách F2 khi số ca tăng.",
        caveat_en="Many places stop listing F2 when cases rise.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="f1_per_f0",
        theme="cases",
        vi="F1 trên mỗi F0",
        en="F1 per F0",
        definition_vi="Số F1 ghi nhận trên số F0 ghi nhận, 7 ngày.",
        definition_en="F1 recorded over F0 recorded, 7 days.",
        formulas=formulas((of("cases.f1"),), of("cases.f0"), 1),
        window=WEEK,
        polarity="higher_is_better",
        measured_in_vi="F1/F0",
        measured_in_en="F1/F0",
        decimals=1,
        interval="poisson",
        least_denominator=5,
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Không hiện khi dưới 5 F0 trong 7 ngày.",
        caveat_en="Not shown below 5 F0 in 7 days.",
        source=REPORTING_SOURCE,
    ),
)
