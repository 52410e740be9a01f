"""Tests: how many, on whom, how many positive, and what waits for a result."""

from __future__ import annotations

from analytics.indicators.model import (
    DAY,
    FORTNIGHT,
    RESIDENTS,
    SINCE_START,
    WEEK,
    Formula,
    Indicator,
    Part,
    Term,
    Threshold,
    formulas,
    of,
)

NATIONAL = "Đặc tả báo cáo quốc gia, 7/2021"
POSITIVITY_THRESHOLDS = (
    Threshold(at=3.0, state="near", vi="ngưỡng nguy hiểm 3%", en="danger limit of 3%", source=NATIONAL),
    Threshold(at=4.0, state="past", vi="ngưỡng rất nguy hiểm 4%", en="high-danger limit of 4%", source=NATIONAL),
    Threshold(at=5.0, state="past", vi="ngưỡng mất kiểm soát 5%", en="out-of-control limit of 5%", source=NATIONAL),
)
POSITIVITY_CUTS = (1.0, 3.0, 4.0, 5.0)
# Below 20 results one positive moves the share by five points, from "within" to "out of control".
LEAST_RESULTS = 20
# PCR results come back within two days in the pilots' own records (8/2021).
TEST_DELAY_DAYS = 2
SAMPLING_SOURCE = "Nền tảng lấy mẫu và trả kết quả xét nghiệm"


def _positivity(id: str, vi: str, en: str, stratum: str, which_vi: str, which_en: str) -> Indicator:
    strata = (stratum,) if stratum else ()
    return Indicator(
        id=id,
        theme="tests",
        vi=vi,
        en=en,
        definition_vi=f"Kết quả dương tính trên kết quả đã trả{which_vi}, 7 ngày; nơi chỉ có số mẫu thì trên số mẫu.",
        definition_en=f"Positives over results returned{which_en}, 7 days; over samples where only samples are given.",
        formulas=(
            Formula(of("tests.positives", *strata), of("tests.results_returned", *strata), 100),
            Formula(of("tests.positives", *strata), of("tests.samples", *strata), 100),
        ),
        window=WEEK,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        thresholds=POSITIVITY_THRESHOLDS,
        cuts=POSITIVITY_CUTS,
        interval="wilson",
        least_denominator=LEAST_RESULTS,
        reporting_delay_days=TEST_DELAY_DAYS,
        caveat_vi="Phụ thuộc xét nghiệm ai: sàng lọc rộng làm tỷ lệ thấp xuống. Không hiện khi dưới 20 kết quả.",
        caveat_en="Depends on who is tested: wide screening lowers it. Not shown below 20 results.",
        source=f"{NATIONAL}; {SAMPLING_SOURCE}",
    )


TESTING = (
    Indicator(
        id="tests_per_100k_14d",
        theme="tests",
        vi="Xét nghiệm 14 ngày trên 100.000 dân",
        en="14-day tests per 100,000",
        definition_vi="Số mẫu lấy trong 14 ngày trên 100.000 dân; nơi không có số mẫu thì số kết quả đã trả.",
        definition_en="Samples of 14 days per 100,000 residents; results returned where samples are not given.",
        formulas=formulas(
            (of("tests.samples"), of("tests.results_returned"), of("tests.people_sampled")), RESIDENTS, 100_000
        ),
        window=FORTNIGHT,
        polarity="neither",
        measured_in_vi="mẫu/100.000 dân",
        measured_in_en="tests per 100,000",
        decimals=0,
        reporting_delay_days=TEST_DELAY_DAYS,
        caveat_vi="Nhiều hơn chưa chắc tốt hơn: đọc cùng tỷ lệ dương tính.",
        caveat_en="More is not always better: read it beside positivity.",
        source=f"Chỉ số 14 ngày của {NATIONAL}",
    ),
    Indicator(
        id="people_tested",
        theme="tests",
        vi="Người được lấy mẫu",
        en="People sampled",
        definition_vi="Số người được lấy mẫu trong ngày, mọi phương pháp và đối tượng.",
        definition_en="People sampled on the day, all methods and groups.",
        formulas=formulas((of("tests.people_sampled"),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="người",
        measured_in_en="people",
        decimals=0,
        reporting_delay_days=TEST_DELAY_DAYS,
        caveat_vi="Mẫu gộp: số người nhiều hơn số mẫu.",
        caveat_en="Pooled samples: more people than samples.",
        source=SAMPLING_SOURCE,
    ),
    Indicator(
        id="results_returned",
        theme="tests",
        vi="Kết quả đã trả",
        en="Results returned",
        definition_vi="Số kết quả xét nghiệm đã trả trong ngày.",
        definition_en="Test results returned on the day.",
        formulas=formulas((of("tests.results_returned"),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="kết quả",
        measured_in_en="results",
        decimals=0,
        reporting_delay_days=TEST_DELAY_DAYS,
        caveat_vi="Theo ngày trả kết quả, không phải ngày lấy mẫu.",
        caveat_en="By day of the result, not of the sample.",
        source=SAMPLING_SOURCE,
    ),
    _positivity("positivity_7d", "Tỷ lệ dương tính 7 ngày", "7-day positivity", "", "", ""),
    _positivity(
        "positivity_rapid_7d",
        "Tỷ lệ dương tính test nhanh 7 ngày",
        "7-day positivity of rapid tests",
        "method=rapid",
        " của test nhanh",
        " by rapid test",
    ),
    _positivity(
        "positivity_pcr_7d",
        "Tỷ lệ dương tính PCR 7 ngày",
        "7-day positivity of PCR",
        "method=pcr",
        " của PCR",
        " by PCR",
    ),
    Indicator(
        id="result_backlog",
        theme="tests",
        vi="Mẫu chờ kết quả",
        en="Samples awaiting a result",
        definition_vi="Mẫu đã lấy trừ kết quả đã trả, cộng dồn từ ngày đầu có số liệu, trên những ngày báo cáo cả hai.",
        definition_en="Samples less results returned since the first day of the data, over days that report both.",
        formulas=formulas((Term((Part("tests.samples"), Part("tests.results_returned", sign=-1))),)),
        window=SINCE_START,
        polarity="higher_is_worse",
        measured_in_vi="mẫu",
        measured_in_en="samples",
        decimals=0,
        reporting_delay_days=TEST_DELAY_DAYS,
        compare_days=1,
        caveat_vi="Mẫu hủy không trả kết quả vẫn nằm trong số này.",
        caveat_en="Discarded samples that never get a result stay in it.",
        source=SAMPLING_SOURCE,
    ),
)
