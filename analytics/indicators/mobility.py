"""Telecom mobility: people staying put, people away from home, and the change on the weekday baseline."""

from __future__ import annotations

from analytics.indicators.methods import ChangeOnWeekday
from analytics.indicators.model import DAY, Formula, Indicator, formulas, of

ACTIVE = of("mobility.active_subscribers")
STATIONARY = of("mobility.stationary_subscribers")
KNOWN_HOME = of("mobility.known_home_subscribers")
OUT_OF_HOME = of("mobility.out_of_home_subscribers")

TELECOM = "Thống kê thuê bao của doanh nghiệp viễn thông"
# Nothing is published for fewer than 15 subscribers (indicators of telecom mobility, privacy of subscribers).
LEAST_SUBSCRIBERS = 15
WEEKDAY_VI = "So với trung vị cùng thứ của 4 đến 8 tuần trước; ngày lễ trong các tuần ấy làm lệch nền."
WEEKDAY_EN = "Against the median of the same weekday of the 4 to 8 weeks before; holidays among them bend the baseline."

STATIONARY_RATIO = (
    Formula(STATIONARY, ACTIVE, 100),
    Formula(of("mobility.stationary_ratio_percent")),
)
OUT_OF_HOME_RATIO = (
    Formula(OUT_OF_HOME, KNOWN_HOME, 100),
    Formula(of("mobility.out_of_home_ratio_percent")),
)


def _published(id: str, vi: str, en: str, measure: str, what_vi: str, what_en: str) -> Indicator:
    return Indicator(
        id=id,
        theme="mobility",
        vi=vi,
        en=en,
        definition_vi=f"{what_vi} do nhà cung cấp công bố, so với nền của họ.",
        definition_en=f"{what_en} as the provider publishes it, against its own baseline.",
        formulas=formulas((of(measure),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        reporting_delay_days=2,
        caveat_vi=(
            "Hiện ở đúng cấp đã công bố, không cộng cho cấp trên; không cùng nền với số của viễn thông trong tỉnh."
        ),
        caveat_en=(
            "Shown at the level published, never summed; its baseline differs from the province's own telecom figures."
        ),
        source="Google Community Mobility, Facebook Movement Range",
    )


# Measured over the demonstration's year, 1,964 days of districts. Within 5% is as usual: nine tenths of the quiet days
# before 18/7/2021 lie within 4%. Under Directive 16 the districts lay between 11% and 76% above the baseline, so that
# a limit at 20% put them all in one class; 50% parts them. After it the baseline itself is of locked days, and they
# lay 3% to 34% below it, parted at 20%. Each class holds 8% to 47% of the days. Out of home is its mirror.
STATIONARY_CHANGE_CUTS = (-20.0, -5.0, 5.0, 50.0)
OUT_OF_HOME_CHANGE_CUTS = (-50.0, -5.0, 5.0, 40.0)

MOBILITY = (
    Indicator(
        id="stationary_ratio",
        theme="mobility",
        vi="Hệ số thuê bao đứng yên",
        en="Stationary ratio",
        definition_vi=(
            "Thuê bao mà mọi sự kiện trong ngày ở một nơi, trên thuê bao hoạt động; hoặc tỷ lệ nhà cung cấp công bố."
        ),
        definition_en=(
            "Subscribers whose events of the day all lie in one locality over active subscribers; or the "
            "ratio a provider publishes."
        ),
        formulas=STATIONARY_RATIO,
        window=DAY,
        polarity="neither",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        cuts=(20.0, 30.0, 40.0, 50.0),
        least_denominator=LEAST_SUBSCRIBERS,
        reporting_delay_days=1,
        caveat_vi="Thuê bao không phải là người: một người có thể có hai số.",
        caveat_en="Subscribers are not people: one person may hold two numbers.",
        source=TELECOM,
    ),
    Indicator(
        id="out_of_home_ratio",
        theme="mobility",
        vi="Thuê bao ra khỏi nhà",
        en="Out-of-home ratio",
        definition_vi="Thuê bao rời nơi ở trong ngày, trên thuê bao biết nơi ở; hoặc tỷ lệ nhà cung cấp công bố.",
        definition_en=(
            "Subscribers seen away from their home locality over those with a known home; or the ratio a "
            "provider publishes."
        ),
        formulas=OUT_OF_HOME_RATIO,
        window=DAY,
        polarity="neither",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        cuts=(20.0, 30.0, 40.0, 50.0),
        least_denominator=LEAST_SUBSCRIBERS,
        reporting_delay_days=1,
        caveat_vi="Nơi ở là nơi hay đứng cuối ngày nhất trong các tuần tham chiếu.",
        caveat_en="Home is the most frequent last locality of the day over the reference weeks.",
        source=TELECOM,
    ),
    Indicator(
        id="mobility_change",
        theme="mobility",
        vi="Đứng yên so với nền cùng thứ",
        en="Stationary ratio against weekday baseline",
        definition_vi="Hệ số đứng yên trên trung vị cùng thứ của các tuần trước, trừ 1.",
        definition_en="Stationary ratio over the median of the same weekday of the weeks before, minus 1.",
        formulas=STATIONARY_RATIO,
        window=DAY,
        method=ChangeOnWeekday(),
        polarity="neither",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        cuts=STATIONARY_CHANGE_CUTS,
        least_denominator=LEAST_SUBSCRIBERS,
        reporting_delay_days=1,
        caveat_vi=WEEKDAY_VI,
        caveat_en=WEEKDAY_EN,
        source=TELECOM,
    ),
    Indicator(
        id="out_of_home_change",
        theme="mobility",
        vi="Ra khỏi nhà so với nền cùng thứ",
        en="Out-of-home ratio against weekday baseline",
        definition_vi="Tỷ lệ ra khỏi nhà trên trung vị cùng thứ của các tuần trước, trừ 1.",
        definition_en="Out-of-home ratio over the median of the same weekday of the weeks before, minus 1.",
        formulas=OUT_OF_HOME_RATIO,
        window=DAY,
        method=ChangeOnWeekday(),
        polarity="neither",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        cuts=OUT_OF_HOME_CHANGE_CUTS,
        least_denominator=LEAST_SUBSCRIBERS,
        reporting_delay_days=1,
        caveat_vi=WEEKDAY_VI,
        caveat_en=WEEKDAY_EN,
        source=TELECOM,
    ),
    _published(
        "movement_change_published",
        "Thay đổi đi lại (công bố)",
        "Change of movement (published)",
        "mobility.movement_change_percent",
        "Thay đổi đi lại",
        "Change of movement",
    ),
    _published(
        "residential_change_published",
        "Thay đổi thời gian ở nhà (công bố)",
        "Change of time at home (published)",
        "mobility.residential_change_percent",
        "Thay đổi thời gian ở nhà",
        "Change of time at home",
    ),
)
