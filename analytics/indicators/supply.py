"""Stocks, backlogs and turnaround: how long vaccine lasts, doses waiting to be entered, hours to a test result."""

from __future__ import annotations

from analytics.indicators.model import (
    DAY,
    RESIDENTS_18_PLUS,
    SINCE_START,
    WEEK,
    WEEK_MEAN,
    Formula,
    Indicator,
    Part,
    Term,
    Threshold,
    formulas,
    of,
)
from analytics.indicators.testing import SAMPLING_SOURCE, TEST_DELAY_DAYS
from analytics.indicators.vaccination import ENTRY_DELAY_DAYS, PLATFORM, SNAPSHOT_DAYS

TO_CONFIRM = "Chờ Sở Y tế xác nhận"
STOCK = of("vaccination.stock_left", carry_days=SNAPSHOT_DAYS)
RESULT_HOURS = 24.0
PCR = "method=pcr"


def _hours(quantile: str, vi: str, en: str, which_vi: str, which_en: str, *, limit: bool) -> Indicator:
    mark = Threshold(
        at=RESULT_HOURS,
        state="near",
        vi="mức 24 giờ",
        en="mark of 24 hours",
        source=TO_CONFIRM,
        inclusive=False,
        to_confirm=True,
    )
    return Indicator(
        id=f"result_hours_{quantile}",
        theme="tests",
        vi=vi,
        en=en,
        definition_vi=f"Giờ từ lấy mẫu PCR tới kết quả: bình quân các {which_vi} đã báo cáo theo số kết quả, 7 ngày.",
        definition_en=f"Hours from PCR sample to result: reported {which_en} values weighted by results, 7 days.",
        formulas=formulas(
            (of(f"tests.result_hours_{quantile}_weighted", PCR),),
            of(f"tests.results_with_result_hours_{quantile}", PCR),
            1,
        ),
        window=WEEK,
        polarity="higher_is_worse",
        measured_in_vi="giờ",
        measured_in_en="hours",
        decimals=1,
        thresholds=(mark,) if limit else (),
        reporting_delay_days=TEST_DELAY_DAYS,
        caveat_vi=f"Bình quân của các {which_vi} đã báo cáo, không phải {which_vi} chung của mọi mẫu.",
        caveat_en=f"A mean of the reported {which_en} values, not the {which_en} of all samples.",
        source=SAMPLING_SOURCE,
    )


SUPPLY = (
    _hours("p50", "Giờ chờ kết quả PCR (trung vị)", "Hours to PCR result (median)", "trung vị", "median", limit=True),
    _hours("p90", "Giờ chờ kết quả PCR (p90)", "Hours to PCR result (p90)", "p90", "p90", limit=False),
    Indicator(
        id="entry_backlog",
        theme="vaccination",
        vi="Mũi tiêm chờ nhập hệ thống",
        en="Doses waiting to be entered",
        definition_vi="Mũi đã tiêm trừ mũi đã nhập nền tảng quốc gia, cộng dồn từ ngày đầu có số liệu.",
        definition_en="Doses given less doses entered on the national platform since the first day of the data.",
        formulas=formulas((Term((Part("vaccination.doses_given"), Part("vaccination.doses_entered", sign=-1))),)),
        window=SINCE_START,
        polarity="higher_is_worse",
        measured_in_vi="mũi",
        measured_in_en="doses",
        decimals=0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        compare_days=1,
        caveat_vi="Cơ sở nào tiêm thì cơ sở đó nhập; âm khi nhập trùng.",
        caveat_en="Whoever gave the dose must enter it; below 0 where doses were entered twice.",
        source=PLATFORM,
    ),
    Indicator(
        id="vaccine_stock",
        theme="vaccination",
        vi="Vắc xin còn",
        en="Vaccine left",
        definition_vi="Số liều vắc xin còn cuối ngày, mọi loại.",
        definition_en="Doses of vaccine left at the end of the day, all kinds.",
        formulas=formulas((STOCK,)),
        window=DAY,
        polarity="neither",
        measured_in_vi="liều",
        measured_in_en="doses",
        decimals=0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Kiểm kê không hằng ngày thì lấy lần gần nhất, cũ nhất 7 ngày.",
        caveat_en="Where stock is not taken daily the newest count stands, at most 7 days old.",
        source=PLATFORM,
    ),
    Indicator(
        id="vaccine_days_of_stock",
        theme="vaccination",
        vi="Số ngày đủ vắc xin",
        en="Days of vaccine in stock",
        definition_vi="Vắc xin còn chia cho số mũi tiêm mỗi ngày (trung bình 7 ngày).",
        definition_en="Doses left over the doses given a day (7-day mean).",
        formulas=(Formula(STOCK, of("vaccination.doses_given"), 1),),
        window=WEEK_MEAN,
        polarity="higher_is_better",
        measured_in_vi="ngày",
        measured_in_en="days",
        decimals=1,
        thresholds=(
            Threshold(
                at=3.0,
                state="near",
                vi="mức 3 ngày",
                en="mark of 3 days",
                source=TO_CONFIRM,
                inclusive=False,
                to_confirm=True,
            ),
        ),
        rank_first="lowest",
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Giả định giữ nguyên tốc độ tiêm; vắc xin phân bổ theo tuần nên cuối tuần thấp là thường.",
        caveat_en="Assumes the present pace; vaccine comes by the week, so low days before a delivery are usual.",
        source=PLATFORM,
    ),
    Indicator(
        id="registered_share",
        theme="vaccination",
        vi="Đăng ký tiêm trên người từ 18 tuổi",
        en="Registered for vaccination (18+)",
        definition_vi="Số người đã đăng ký tiêm trên nền tảng, lũy kế, trên người từ 18 tuổi.",
        definition_en="People registered for a vaccination so far over residents 18 and over.",
        formulas=formulas((of("vaccination.registered_cumulative", carry_days=SNAPSHOT_DAYS),), RESIDENTS_18_PLUS, 100),
        window=DAY,
        polarity="higher_is_better",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        cuts=(20.0, 40.0, 60.0, 80.0),
        flat_percent=1.0,
        reporting_delay_days=ENTRY_DELAY_DAYS,
        caveat_vi="Vượt 100% khi nguồn đếm cả trẻ em; người tiêm không cần đăng ký không nằm trong số này.",
        caveat_en="Above 100% where children are counted; people vaccinated without registering are not in it.",
        source=PLATFORM,
    ),
)
