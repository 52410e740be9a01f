"""Outcomes of cases: deaths, recoveries, and deaths over cases and residents."""

from __future__ import annotations

from analytics.indicators.cases import CASE_DELAY_DAYS, CASES_EN, CASES_VI, REPORTING_SOURCE
from analytics.indicators.model import (
    DAY,
    RESIDENTS,
    SINCE_START,
    Formula,
    Indicator,
    Threshold,
    formulas,
    of,
)

DEATHS = (of("case_counts.deaths"), of("cases.f0_died"))
NATIONAL = "Đặc tả báo cáo quốc gia, 7/2021"

OUTCOMES = (
    Indicator(
        id="deaths_new",
        theme="cases",
        vi="Tử vong mới",
        en="New deaths",
        definition_vi="Số ca tử vong báo cáo trong ngày.",
        definition_en="Deaths reported on the day.",
        formulas=formulas((of("case_counts.deaths"),)),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi=CASES_VI,
        measured_in_en="deaths",
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Theo ngày báo cáo, không phải ngày mất.",
        caveat_en="By day of report, not of death.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="recovered_new",
        theme="cases",
        vi="Khỏi bệnh mới",
        en="New recoveries",
        definition_vi="Số ca khỏi bệnh báo cáo trong ngày.",
        definition_en="Recoveries reported on the day.",
        formulas=formulas((of("case_counts.recovered"),)),
        window=DAY,
        polarity="higher_is_better",
        measured_in_vi=CASES_VI,
        measured_in_en=CASES_EN,
        decimals=0,
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Theo ngày báo cáo; có ngày dồn nhiều ngày trước.",
        caveat_en="By day of report; some days hold a backlog.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="case_fatality",
        theme="cases",
        vi="Tử vong trên ca mắc",
        en="Case fatality",
        definition_vi="Tử vong lũy kế trên ca mắc lũy kế, kể cả ca nhập cảnh.",
        definition_en="Cumulative deaths over cumulative cases, arrivals included.",
        formulas=(
            Formula(of("case_counts.deaths"), of("case_counts.cases"), 100),
            Formula(of("cases.f0_died"), of("cases.f0"), 100),
        ),
        window=SINCE_START,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=2,
        thresholds=(
            Threshold(
                at=2.0,
                state="past",
                vi="ngưỡng cảnh báo 2%",
                en="warning limit of 2%",
                source=NATIONAL,
                inclusive=False,
            ),
        ),
        cuts=(0.5, 1.0, 1.5, 2.0),
        interval="wilson",
        least_denominator=50,
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi=(
            "Ca đang điều trị chưa biết kết cục, nên thấp hơn thật khi dịch đang tăng. Không hiện khi dưới 50 ca."
        ),
        caveat_en=(
            "Cases still in treatment have no outcome yet, so it reads low while an outbreak grows. Not "
            "shown below 50 cases."
        ),
        source=NATIONAL,
    ),
    Indicator(
        id="deaths_per_million",
        theme="cases",
        vi="Tử vong trên một triệu dân",
        en="Deaths per million",
        definition_vi="Tử vong lũy kế trên 1.000.000 dân.",
        definition_en="Cumulative deaths per 1,000,000 residents.",
        formulas=formulas(DEATHS, RESIDENTS, 1_000_000),
        window=SINCE_START,
        polarity="higher_is_worse",
        measured_in_vi="ca/1.000.000 dân",
        measured_in_en="deaths per 1,000,000",
        decimals=0,
        cuts=(10.0, 50.0, 100.0, 250.0),
        interval="poisson",
        flat_percent=1.0,
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Không gồm tử vong trước ngày đầu của số liệu.",
        caveat_en="Without deaths before the first day of the data.",
        source=NATIONAL,
    ),
)
