"""Quarantine: people in it and room left."""

from __future__ import annotations

from analytics.indicators.model import DAY, Formula, Indicator, Threshold, formulas, of

SITE = "site_kind=site"
QUARANTINE_SOURCE = "Phần mềm báo cáo của tỉnh, khu cách ly"

QUARANTINE = (
    Indicator(
        id="in_quarantine",
        theme="quarantine",
        vi="Đang cách ly",
        en="In quarantine",
        definition_vi="Số người đang cách ly cuối ngày, mọi hình thức.",
        definition_en="People in quarantine at the end of the day, of every kind.",
        formulas=formulas((of("quarantine_sites.present"),)),
        window=DAY,
        polarity="neither",
        measured_in_vi="người",
        measured_in_en="people",
        decimals=0,
        reporting_delay_days=1,
        caveat_vi="Là số cuối ngày, không cộng các ngày với nhau.",
        caveat_en="A count at the end of the day; days are not added up.",
        source=QUARANTINE_SOURCE,
    ),
    Indicator(
        id="quarantine_occupancy",
        theme="quarantine",
        vi="Chỗ cách ly tập trung đang dùng",
        en="Quarantine places in use",
        definition_vi="Người đang ở khu cách ly tập trung trên sức chứa, cuối ngày.",
        definition_en="People in quarantine sites over the sites' capacity, at the end of the day.",
        formulas=(Formula(of("quarantine_sites.present", SITE), of("quarantine_sites.capacity", SITE), 100),),
        window=DAY,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=0,
        thresholds=(
            Threshold(
                at=80.0,
                state="past",
                vi="ngưỡng 80% công suất",
                en="80% of capacity",
                source="Đặc tả báo cáo quốc gia, 7/2021 (giường đang dùng); dùng cho khu cách ly: chưa xác nhận",
                inclusive=False,
                to_confirm=True,
            ),
        ),
        cuts=(20.0, 40.0, 60.0, 80.0),
        reporting_delay_days=1,
        caveat_vi="Không tính cách ly tại nhà và hình thức khác.",
        caveat_en="Home and other quarantine apart.",
        source=QUARANTINE_SOURCE,
    ),
)
