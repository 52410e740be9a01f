"""Tracing: cases traced, contacts found, and how fast people are isolated and tested."""

from __future__ import annotations

from analytics.indicators.model import SINCE_START, WEEK, Formula, Indicator, Term, formulas, of

TRACING_SOURCE = "Nền tảng hỗ trợ truy vết"
SPEED_SOURCE = "Thực hành truy vết: phỏng vấn và cách ly trong 24 giờ; phần mềm báo cáo F0, F1, F2 của tỉnh"
ROLLOUT_VI = "Nền tảng triển khai dần theo huyện; huyện chưa dùng thì chưa có số liệu."
ROLLOUT_EN = "The platform came to the districts one by one; one that does not use it yet has no figure."
# Below five traced cases a single one moves the share by 20 points.
LEAST_TRACED = 5


def _count(
    id: str, vi: str, en: str, measure: str, definition_vi: str, definition_en: str, unit_vi: str, unit_en: str
) -> Indicator:
    return Indicator(
        id=id,
        theme="tracing",
        vi=vi,
        en=en,
        definition_vi=definition_vi,
        definition_en=definition_en,
        formulas=formulas((of(measure),)),
        window=SINCE_START,
        polarity="neither",
        measured_in_vi=unit_vi,
        measured_in_en=unit_en,
        decimals=0,
        flat_percent=1.0,
        reporting_delay_days=1,
        caveat_vi=ROLLOUT_VI,
        caveat_en=ROLLOUT_EN,
        source=TRACING_SOURCE,
    )


def _share(
    id: str,
    vi: str,
    en: str,
    definition_vi: str,
    definition_en: str,
    numerator: Term,
    denominator: Term,
    *,
    better: bool,
    recent: bool,
) -> Indicator:
    return Indicator(
        id=id,
        theme="tracing",
        vi=vi,
        en=en,
        definition_vi=definition_vi,
        definition_en=definition_en,
        formulas=(Formula(numerator, denominator, 100),),
        window=WEEK if recent else SINCE_START,
        polarity="higher_is_better" if better else "higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        cuts=(20.0, 40.0, 60.0, 80.0),
        interval="wilson",
        least_denominator=LEAST_TRACED,
        reporting_delay_days=3 if recent else 1,
        caveat_vi="Chỉ tính ca có đủ giờ ghi nhận. Không hiện khi dưới 5 ca."
        if recent
        else "Không hiện khi dưới 5 ca đã truy vết.",
        caveat_en="Only cases with the times recorded. Not shown below 5 cases."
        if recent
        else "Not shown below 5 traced cases.",
        source=SPEED_SOURCE if recent else TRACING_SOURCE,
    )


TRACING = (
    _count(
        "traced_f0",
        "F0 đã truy vết",
        "Traced F0",
        "traces.traced_f0",
        "Số F0 đã truy vết, lũy kế.",
        "Cases traced so far.",
        "F0",
        "F0",
    ),
    _count(
        "f1_found",
        "F1 tìm được",
        "F1 found",
        "traces.f1_found",
        "Số F1 tìm được qua truy vết, lũy kế.",
        "Close contacts found by tracing so far.",
        "F1",
        "F1",
    ),
    _count(
        "f0_needing_map",
        "F0 cần bản đồ di chuyển",
        "F0 needing a movement map",
        "traces.f0_needing_map",
        "Số F0 đã truy vết cần bản đồ di chuyển, lũy kế.",
        "Traced cases that needed a movement map, so far.",
        "F0",
        "F0",
    ),
    Indicator(
        id="contacts_per_traced_f0",
        theme="tracing",
        vi="F1 trên mỗi F0 đã truy vết",
        en="F1 per traced F0",
        definition_vi="F1 tìm được trên F0 đã truy vết có ghi số F1, lũy kế.",
        definition_en="Close contacts found over traced cases whose number of contacts is stated, cumulative.",
        formulas=formulas((of("traces.f1_found"),), of("traces.f0_with_contacts_stated"), 1),
        window=SINCE_START,
        polarity="higher_is_better",
        measured_in_vi="F1/F0",
        measured_in_en="F1/F0",
        decimals=2,
        interval="poisson",
        least_denominator=LEAST_TRACED,
        reporting_delay_days=1,
        caveat_vi="Là trung bình; giãn cách chặt làm số tiếp xúc thật giảm. Không hiện khi dưới 5 F0.",
        caveat_en="A mean; strict distancing lowers the true number of contacts. Not shown below 5 F0.",
        source=TRACING_SOURCE,
    ),
    _share(
        "f0_no_contact_share",
        "F0 chưa có F1 nào",
        "F0 with no contact listed",
        "F0 đã truy vết mà chưa ghi F1 nào, trên F0 đã truy vết, lũy kế.",
        "Traced cases without a single contact listed, over traced cases, cumulative.",
        of("traces.f0_without_contact"),
        of("traces.f0_with_contacts_stated"),
        better=False,
        recent=False,
    ),
    _share(
        "isolated_within_24h_share",
        "F0 cách ly trong 24 giờ",
        "F0 isolated within 24 hours",
        "F0 được cách ly trong 24 giờ sau kết quả, trên F0 có ghi hai giờ này, 7 ngày.",
        "Cases isolated within 24 hours of the result, over cases with both times, 7 days.",
        of("cases.f0_result_isolated_24h"),
        of("cases.f0_with_isolation_times"),
        better=True,
        recent=True,
    ),
    _share(
        "tested_within_72h_share",
        "Có triệu chứng, lấy mẫu trong 72 giờ",
        "Symptomatic, sampled within 72 hours",
        "F0 được lấy mẫu trong 72 giờ từ khi khởi phát, trên F0 có ngày khởi phát và giờ lấy mẫu, 7 ngày.",
        "Cases sampled within 72 hours of onset, over cases with onset and sampling time, 7 days.",
        of("cases.f0_tested_72h"),
        of("cases.f0_with_onset"),
        better=True,
        recent=True,
    ),
)
