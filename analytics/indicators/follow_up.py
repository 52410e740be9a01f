"""Contacts: how fast they were told and quarantined, whether they were followed up, and what the apps found."""

from __future__ import annotations

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
    Threshold,
    Window,
    formulas,
    of,
)
from analytics.indicators.tracing import LEAST_TRACED, SPEED_SOURCE

CONTACTS_SOURCE = "Phần mềm báo cáo F0, F1, F2 của tỉnh: danh sách và theo dõi F1"
APPS_SOURCE = "Bluezone, mã QR và danh sách F1 của tỉnh"
OPEN = Term((Part("contacts.followed"), Part("contacts.ended", sign=-1, optional=True)))
UNSEEN = Term((Part("contacts.unseen_began"), Part("contacts.unseen_ended", sign=-1, optional=True)))
NEVER_SEEN = Term((Part("contacts.followed"), Part("contacts.seen", sign=-1, optional=True)))
ENDED_UNINFECTED = Term(
    (
        Part("contacts.ended"),
        Part("contacts.became_case", sign=-1, optional=True),
        Part("contacts.died", sign=-1, optional=True),
    )
)
LEAST_VI, LEAST_EN = "Không hiện khi dưới 5 người.", "Not shown below 5 people."
LOST_LIMIT = Threshold(
    at=10.0, state="near", vi="mức 10%", en="mark of 10%", source="Chờ Sở Y tế xác nhận", to_confirm=True
)


def _count(
    id: str, vi: str, en: str, term: Term, window: Window, definitions: tuple[str, str], caveats: tuple[str, str],
    *, worse: bool = False,
) -> Indicator:  # fmt: skip
    return Indicator(
        id=id,
        theme="tracing",
        vi=vi,
        en=en,
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=formulas((term,)),
        window=window,
        polarity="higher_is_worse" if worse else "neither",
        measured_in_vi="người",
        measured_in_en="people",
        decimals=0,
        reporting_delay_days=2,
        caveat_vi=caveats[0],
        caveat_en=caveats[1],
        source=CONTACTS_SOURCE,
    )


def _share(
    id: str, vi: str, en: str, numerator: Term, denominator: Term, window: Window, definitions: tuple[str, str],
    caveats: tuple[str, str], source: str, *, better: bool = True, limit: Threshold | None = None,
) -> Indicator:  # fmt: skip
    return Indicator(
        id=id,
        theme="tracing",
        vi=vi,
        en=en,
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=(Formula(numerator, denominator, 100),),
        window=window,
        polarity="higher_is_better" if better else "higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        thresholds=(limit,) if limit else (),
        cuts=(20.0, 40.0, 60.0, 80.0) if better else (2.0, 5.0, 10.0, 20.0),
        interval="wilson",
        least_denominator=LEAST_TRACED,
        reporting_delay_days=3,
        caveat_vi=f"{caveats[0]} {LEAST_VI}",
        caveat_en=f"{caveats[1]} {LEAST_EN}",
        source=source,
    )


FOLLOW_UP = (
    _share(
        "interviewed_isolated_24h_share",
        "F0 phỏng vấn và cách ly trong 24 giờ",
        "F0 interviewed, isolated within 24 h",
        of("cases.f0_interviewed_isolated_24h"),
        of("cases.f0_with_interview_times"),
        WEEK,
        (
            "F0 được phỏng vấn và cách ly trong 24 giờ sau kết quả, trên F0 có ghi ba giờ này, 7 ngày.",
            "Cases interviewed and isolated within 24 hours of the result, over cases with the three times, 7 days.",
        ),
        ("Chỉ tính ca có đủ giờ ghi nhận.", "Only cases with the times recorded."),
        SPEED_SOURCE,
    ),
    _share(
        "contacts_quarantined_24h_share",
        "F1 báo tin và cách ly trong 24 giờ",
        "F1 told, quarantined within 24 hours",
        of("contacts.quarantined_24h"),
        of("contacts.with_times"),
        WEEK,
        (
            "F1 được báo tin và cách ly trong 24 giờ từ khi được khai ra, trên F1 có ghi ba giờ này, 7 ngày.",
            "Contacts told and quarantined within 24 hours of being named, over those with the three times, 7 days.",
        ),
        ("Chỉ tính người có đủ giờ ghi nhận.", "Only people with the times recorded."),
        SPEED_SOURCE,
    ),
    _share(
        "f0_known_as_f1_share",
        "F0 mới đã có trong danh sách F1",
        "New F0 already on the F1 list",
        of("contacts.became_case"),
        of("cases.f0"),
        WEEK,
        (
            "F1 đang theo dõi trở thành F0 trên F0 mới, 7 ngày.",
            "Contacts under follow-up who became cases over new cases, 7 days.",
        ),
        (
            "Cao là truy vết đi trước dịch; F0 nhập cảnh cũng nằm trong mẫu số.",
            "High means tracing is ahead of the spread; arrivals are in the denominator too.",
        ),
        CONTACTS_SOURCE,
    ),
    _count(
        "contacts_named",
        "Người tiếp xúc ghi nhận",
        "Contacts named",
        of("contacts.named"),
        DAY,
        (
            "Số người được ghi nhận là tiếp xúc gần trong ngày, gồm cả người Bluezone, QR tìm ra chưa xác minh.",
            "People named as close contacts on the day, with those the apps found and nobody verified yet.",
        ),
        (
            "Rộng hơn F1 mới: F1 mới chỉ gồm người đã vào danh sách F1.",
            "Wider than new F1, which are only those on the F1 list.",
        ),
    ),
    _count(
        "contacts_in_follow_up",
        "Đang theo dõi",
        "Contacts under follow-up",
        OPEN,
        SINCE_START,
        (
            "Người tiếp xúc được theo dõi trừ người đã kết thúc theo dõi, cuối ngày.",
            "Contacts followed up less those whose follow-up has ended, at the end of the day.",
        ),
        (
            "Người không ghi ngày kết thúc thì coi là kết thúc ngay ngày được ghi nhận.",
            "Where the day a follow-up ended is not said, it counts as ended on the day of naming.",
        ),
    ),
    _count(
        "contacts_never_seen",
        "Chưa gặp lần nào (14 ngày)",
        "Never seen (14 days)",
        NEVER_SEEN,
        FORTNIGHT,
        (
            "Người được theo dõi ghi nhận trong 14 ngày mà chưa gặp lần nào; khác với mất liên lạc.",
            "Contacts followed up, named in the last 14 days, and not seen once; not the same as lost.",
        ),
        (
            "Người mới ghi nhận một, hai ngày còn được gặp bù.",
            "Those named a day or two ago are still to be seen.",
        ),
        worse=True,
    ),
    _count(
        "contacts_unseen_3d",
        "Quá 3 ngày không gặp",
        "Not seen for 3 days",
        UNSEEN,
        SINCE_START,
        (
            "Người đang theo dõi mà lần gặp gần nhất đã quá 3 ngày, cuối ngày; người chưa gặp lần nào tính riêng.",
            "Contacts under follow-up last seen more than 3 days before, at the end of the day; never seen apart.",
        ),
        (
            "Theo các lần gặp đã báo; chưa báo thì coi như chưa gặp.",
            "By the visits reported; a visit that was not reported counts as none.",
        ),
        worse=True,
    ),
    _share(
        "contacts_unseen_share",
        "Tỷ lệ quá 3 ngày không gặp",
        "Share not seen for 3 days",
        UNSEEN,
        OPEN,
        SINCE_START,
        (
            "Người quá 3 ngày không gặp trên người đang theo dõi, cuối ngày.",
            "Contacts not seen for more than 3 days over contacts under follow-up, at the end of the day.",
        ),
        ("Lần gặp chưa báo thì coi như chưa gặp.", "A visit that was not reported counts as none."),
        CONTACTS_SOURCE,
        better=False,
        limit=LOST_LIMIT,
    ),
    _share(
        "followup_done_share",
        "F1 đã được gặp để theo dõi",
        "Contacts seen for follow-up",
        of("contacts.seen"),
        of("contacts.followed"),
        FORTNIGHT,
        (
            "Người tiếp xúc đã gặp ít nhất một lần trên người được theo dõi, ghi nhận trong 14 ngày.",
            "Contacts seen at least once over contacts followed up, of those named in 14 days.",
        ),
        ("Hai ngày gần nhất còn được gặp bù.", "The last two days are still filling up."),
        CONTACTS_SOURCE,
    ),
    _share(
        "followup_lost_share",
        "F1 mất liên lạc",
        "Contacts lost to follow-up",
        of("contacts.lost"),
        of("contacts.ended"),
        FORTNIGHT,
        (
            "Người mất liên lạc (không gặp được 3 ngày) trên người kết thúc theo dõi, 14 ngày.",
            "Contacts lost (not seen for 3 days) over contacts whose follow-up ended, 14 days.",
        ),
        (
            "Theo ngày kết thúc; người chưa gặp lần nào không tự là mất liên lạc.",
            "By the day it ended; never seen alone does not make a contact lost.",
        ),
        CONTACTS_SOURCE,
        better=False,
        limit=LOST_LIMIT,
    ),
    _share(
        "followup_completed_share",
        "F1 hoàn thành theo dõi",
        "Follow-up completed",
        of("contacts.completed"),
        ENDED_UNINFECTED,
        FORTNIGHT,
        (
            "Người theo dõi đủ ngày trên người kết thúc theo dõi mà không thành F0, không tử vong, 14 ngày.",
            "Contacts followed up to the end over those whose follow-up ended without illness or death, 14 days.",
        ),
        ("Theo ngày kết thúc theo dõi.", "By the day the follow-up ended."),
        CONTACTS_SOURCE,
    ),
    _share(
        "automatic_on_list_share",
        "Bluezone, QR tìm ra đã vào danh sách F1",
        "App-found contacts on the F1 list",
        of("contacts.automatic_on_list"),
        of("contacts.automatic"),
        FORTNIGHT,
        (
            "Người do Bluezone hoặc QR tìm ra có trong danh sách F1, trên người do hai nền tảng này tìm ra, 14 ngày.",
            "Contacts found by Bluezone or QR and on the F1 list, over all those the apps found, 14 days.",
        ),
        (
            "Thấp có thể vì chưa ai xác minh, cũng có thể vì tiếp xúc không gần.",
            "Low may mean nobody verified them yet, or that the contact was not close.",
        ),
        APPS_SOURCE,
    ),
    _share(
        "list_found_by_apps_share",
        "F1 do Bluezone, QR tìm ra",
        "F1 list found by the apps",
        of("contacts.automatic_on_list"),
        of("contacts.on_list"),
        FORTNIGHT,
        (
            "Người trong danh sách F1 do Bluezone hoặc QR tìm ra, trên danh sách F1, 14 ngày.",
            "People on the F1 list whom Bluezone or QR found, over the F1 list, 14 days.",
        ),
        (
            "Phụ thuộc bao nhiêu người cài ứng dụng và quét mã.",
            "Depends on how many people use the apps and check in.",
        ),
        APPS_SOURCE,
    ),
    Indicator(
        id="checkins_per_1000_7d",
        theme="tracing",
        vi="Lượt quét QR trên 1.000 dân mỗi ngày",
        en="QR check-ins per 1,000 a day",
        definition_vi="Trung bình số lượt quét QR mỗi ngày trong 7 ngày trên 1.000 dân.",
        definition_en="Mean of QR check-ins a day over the last 7 days per 1,000 residents.",
        formulas=formulas((of("tracing_counts.checkins"),), RESIDENTS, 1_000),
        window=WEEK_MEAN,
        polarity="higher_is_better",
        measured_in_vi="lượt/1.000 dân/ngày",
        measured_in_en="check-ins per 1,000 a day",
        decimals=1,
        reporting_delay_days=1,
        caveat_vi="Giãn cách làm giảm đi lại nên giảm lượt quét.",
        caveat_en="Distancing means fewer trips and so fewer check-ins.",
        source=APPS_SOURCE,
    ),
    Indicator(
        id="contacts_warned_7d",
        theme="tracing",
        vi="Người được cảnh báo tiếp xúc (7 ngày)",
        en="Contacts warned by the apps (7 days)",
        definition_vi="Số người Bluezone hoặc QR cảnh báo là có tiếp xúc, 7 ngày.",
        definition_en="People whom Bluezone or QR warned of a contact, 7 days.",
        formulas=formulas((of("tracing_counts.contacts_warned"),)),
        window=WEEK,
        polarity="neither",
        measured_in_vi="người",
        measured_in_en="people",
        decimals=0,
        reporting_delay_days=1,
        caveat_vi="Chưa xác minh; không phải ai cũng là tiếp xúc gần.",
        caveat_en="Not verified; not all of them are close contacts.",
        source=APPS_SOURCE,
    ),
)
