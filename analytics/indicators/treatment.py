"""Treatment: patients in facilities, how ill they are, beds in use, and when beds and places run out."""

from __future__ import annotations

from analytics.indicators.cases import CASE_DELAY_DAYS, REPORTING_SOURCE
from analytics.indicators.combinations import DaysToTarget
from analytics.indicators.methods import Slope
from analytics.indicators.model import DAY, Formula, Indicator, Threshold, formulas, of

NATIONAL = "Đặc tả báo cáo quốc gia, 7/2021"
FACILITIES = "Phần mềm quản lý cách ly, điều trị của tỉnh"
IN_TREATMENT, BEDS = of("treatment.in_treatment"), of("treatment.beds")
SITE = "site_kind=site"
PLACES_IN_USE = Formula(of("quarantine_sites.present", SITE), of("quarantine_sites.capacity", SITE), 100)
BEDS_IN_USE = Formula(IN_TREATMENT, BEDS, 100)
# Below ten patients one of them moves a share by ten points or more.
LEAST_PATIENTS = 10
END_OF_DAY_VI = "Là số cuối ngày; không tính người điều trị tại nhà."
END_OF_DAY_EN = "A count at the end of the day, without those treated at home."
WHERE_VI = "Theo nơi đặt cơ sở, không theo nơi ở: ca nặng dồn về bệnh viện lớn."
WHERE_EN = "By where the facility stands, not by residence: the severe are brought to the large hospitals."
PACE_VI = "Giả định giữ nguyên tốc độ 7 ngày và không mở thêm chỗ; không có khi không tăng."
PACE_EN = "Assumes the pace of 7 days goes on and nothing is added; none while use is not rising."
BEDS_LIMIT = Threshold(
    at=80.0, state="past", vi="ngưỡng 80% giường", en="80% of beds", source=NATIONAL, inclusive=False
)
TO_CONFIRM = "Chờ Sở Y tế xác nhận"
# Beds are opened, staffed and supplied within about a week; three days leave no time for it. To be confirmed.
DAYS_LEFT = (
    Threshold(
        at=7.0, state="near", vi="mức 7 ngày", en="mark of 7 days", source="Chờ Sở Y tế xác nhận", to_confirm=True
    ),
    Threshold(
        at=3.0, state="past", vi="mức 3 ngày", en="mark of 3 days", source="Chờ Sở Y tế xác nhận", to_confirm=True
    ),
)


def _count(id: str, vi: str, en: str, measure: str, definition_vi: str, definition_en: str) -> Indicator:
    return Indicator(
        id=id,
        theme="treatment",
        vi=vi,
        en=en,
        definition_vi=definition_vi,
        definition_en=definition_en,
        formulas=formulas((of(measure),)),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi="người",
        measured_in_en="people",
        decimals=0,
        reporting_delay_days=1,
        caveat_vi=f"{END_OF_DAY_VI} {WHERE_VI}",
        caveat_en=f"{END_OF_DAY_EN} {WHERE_EN}",
        source=FACILITIES,
    )


def _share(id: str, vi: str, en: str, measure: str, definition_vi: str, definition_en: str) -> Indicator:
    return Indicator(
        id=id,
        theme="treatment",
        vi=vi,
        en=en,
        definition_vi=definition_vi,
        definition_en=definition_en,
        formulas=(Formula(of(measure), IN_TREATMENT, 100),),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        interval="wilson",
        least_denominator=LEAST_PATIENTS,
        reporting_delay_days=1,
        caveat_vi=f"{WHERE_VI} Không hiện khi dưới 10 người.",
        caveat_en=f"{WHERE_EN} Not shown below 10 patients.",
        source=FACILITIES,
    )


def _slope(id: str, theme: str, vi: str, en: str, formula: Formula, of_what_vi: str, of_what_en: str) -> Indicator:
    return Indicator(
        id=id,
        theme=theme,
        vi=vi,
        en=en,
        definition_vi=f"Độ dốc (bình phương nhỏ nhất) của {of_what_vi} trong 7 ngày gần nhất: mỗi ngày thêm mấy điểm.",
        definition_en=f"Least-squares slope of {of_what_en} over the last 7 days: points gained each day.",
        formulas=(formula,),
        window=DAY,
        method=Slope(days=7, mean_days=1),
        polarity="higher_is_worse",
        measured_in_vi="điểm %/ngày",
        measured_in_en="points/day",
        change_in="points",
        decimals=2,
        reporting_delay_days=1,
        caveat_vi="Cần đủ 7 ngày báo cáo. Mở thêm chỗ làm tốc độ giảm, kể cả khi số người tăng.",
        caveat_en="Needs all 7 days reported. New places lower it even while people increase.",
        source=FACILITIES,
    )


def _days_left(id: str, theme: str, vi: str, en: str, inputs: tuple[str, str], what_vi: str, what_en: str) -> Indicator:
    return Indicator(
        id=id,
        theme=theme,
        vi=vi,
        en=en,
        definition_vi=f"Phần {what_vi} còn trống chia cho tốc độ tăng 7 ngày gần nhất; 0 là đã đầy.",
        definition_en=f"Free {what_en} over the pace of the last 7 days; 0 means full.",
        inputs=inputs,
        combination=DaysToTarget(target_percent=100.0, absence="not_rising"),
        polarity="higher_is_better",
        measured_in_vi="ngày",
        measured_in_en="days",
        decimals=0,
        thresholds=DAYS_LEFT,
        rank_first="lowest",
        reporting_delay_days=1,
        caveat_vi=PACE_VI,
        caveat_en=PACE_EN,
        source=FACILITIES,
    )


TREATMENT = (
    _count(
        "in_treatment",
        "Đang điều trị tại cơ sở",
        "In treatment",
        "treatment.in_treatment",
        "Số F0 đang điều trị tại các cơ sở cuối ngày.",
        "Cases in treatment facilities at the end of the day.",
    ),
    _count(
        "severe",
        "Ca nặng đang điều trị",
        "Severe cases in treatment",
        "treatment.severe",
        "Số F0 nặng đang điều trị cuối ngày, không kể nguy kịch.",
        "Severe cases in treatment at the end of the day, the critical apart.",
    ),
    _count(
        "critical",
        "Ca nguy kịch đang điều trị",
        "Critical cases in treatment",
        "treatment.critical",
        "Số F0 nguy kịch (hồi sức tích cực) đang điều trị cuối ngày.",
        "Critical cases (intensive care) in treatment at the end of the day.",
    ),
    _share(
        "severe_share",
        "Tỷ lệ ca nặng",
        "Severe share",
        "treatment.severe",
        "Ca nặng trên số đang điều trị, cuối ngày.",
        "Severe cases over all in treatment, at the end of the day.",
    ),
    _share(
        "critical_share",
        "Tỷ lệ ca nguy kịch",
        "Critical share",
        "treatment.critical",
        "Ca nguy kịch trên số đang điều trị, cuối ngày.",
        "Critical cases over all in treatment, at the end of the day.",
    ),
    Indicator(
        id="beds_in_use",
        theme="treatment",
        vi="Giường đang dùng",
        en="Beds in use",
        definition_vi="Số đang điều trị trên số giường của các cơ sở điều trị, cuối ngày.",
        definition_en="Patients in treatment over the beds of the facilities, at the end of the day.",
        formulas=(BEDS_IN_USE,),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=0,
        thresholds=(BEDS_LIMIT,),
        cuts=(20.0, 40.0, 60.0, 80.0),
        reporting_delay_days=1,
        caveat_vi=f"Vượt 100% khi kê thêm giường ngoài kế hoạch. {WHERE_VI}",
        caveat_en=f"Above 100% where beds beyond the plan were put up. {WHERE_EN}",
        source=NATIONAL,
    ),
    Indicator(
        id="icu_beds_in_use",
        theme="treatment",
        vi="Giường hồi sức đang dùng",
        en="Intensive care beds in use",
        definition_vi="Số ca nguy kịch trên số giường hồi sức, cuối ngày.",
        definition_en="Critical cases over intensive care beds, at the end of the day.",
        formulas=(Formula(of("treatment.critical"), of("treatment.icu_beds"), 100),),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=0,
        thresholds=(BEDS_LIMIT,),
        cuts=(20.0, 40.0, 60.0, 80.0),
        reporting_delay_days=1,
        caveat_vi="Chỉ có ở nơi có giường hồi sức; ngưỡng 80% là ngưỡng chung của giường.",
        caveat_en="Only where there are intensive care beds; the limit of 80% is that of all beds.",
        source=NATIONAL,
    ),
    _slope(
        "beds_in_use_slope_7d",
        "treatment",
        "Tốc độ lấp giường 7 ngày",
        "7-day pace of filling beds",
        BEDS_IN_USE,
        "tỷ lệ giường đang dùng",
        "the share of beds in use",
    ),
    _days_left(
        "days_to_beds_full",
        "treatment",
        "Số ngày tới hết giường",
        "Days until beds run out",
        ("beds_in_use", "beds_in_use_slope_7d"),
        "giường",
        "beds",
    ),
    _slope(
        "quarantine_occupancy_slope_7d",
        "quarantine",
        "Tốc độ lấp chỗ cách ly 7 ngày",
        "7-day pace of filling quarantine",
        PLACES_IN_USE,
        "tỷ lệ chỗ cách ly tập trung đang dùng",
        "the share of quarantine places in use",
    ),
    _days_left(
        "days_to_quarantine_full",
        "quarantine",
        "Số ngày tới hết chỗ cách ly",
        "Days until quarantine places run out",
        ("quarantine_occupancy", "quarantine_occupancy_slope_7d"),
        "chỗ cách ly tập trung",
        "quarantine places",
    ),
    *(
        Indicator(
            id=f"in_quarantine_{kind}",
            theme="quarantine",
            vi=vi,
            en=en,
            definition_vi=f"Số người đang cách ly {where_vi} cuối ngày.",
            definition_en=f"People in quarantine {where_en} at the end of the day.",
            formulas=formulas((of("quarantine_sites.present", f"site_kind={kind}"),)),
            window=DAY,
            polarity="neither",
            measured_in_vi="người",
            measured_in_en="people",
            decimals=0,
            reporting_delay_days=1,
            caveat_vi="Là số cuối ngày, không cộng các ngày với nhau.",
            caveat_en="A count at the end of the day; days are not added up.",
            source=FACILITIES,
        )
        for kind, vi, en, where_vi, where_en in (
            ("site", "Đang cách ly tập trung", "In quarantine sites", "tại khu tập trung", "sites"),
            ("home", "Đang cách ly tại nhà", "In quarantine at home", "tại nhà", "at home"),
        )
    ),
    Indicator(
        id="f0_received",
        theme="treatment",
        vi="F0 tiếp nhận từ nơi khác",
        en="Cases received from elsewhere",
        definition_vi="Số F0 vào cơ sở điều trị trong ngày từ địa bàn hoặc cơ sở khác.",
        definition_en="Cases admitted on the day from another district or facility.",
        formulas=formulas((of("treatment.f0_received"),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="ca",
        measured_in_en="cases",
        decimals=0,
        interval="poisson",
        reporting_delay_days=1,
        caveat_vi=WHERE_VI,
        caveat_en=WHERE_EN,
        source=FACILITIES,
    ),
    Indicator(
        id="f0_transferred",
        theme="cases",
        vi="F0 chuyển tỉnh khác",
        en="Cases transferred out",
        definition_vi="Số F0 chuyển sang tỉnh khác điều trị trong ngày.",
        definition_en="Cases transferred to another province on the day.",
        formulas=formulas((of("cases.f0_transferred"),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="ca",
        measured_in_en="cases",
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Theo nơi ở của ca bệnh và ngày chuyển.",
        caveat_en="By residence of the case and day of the transfer.",
        source=REPORTING_SOURCE,
    ),
)
