"""People named as contacts of a case: when they were named, told and quarantined, and how their follow-up went."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT
from data_sources.contracts.model import Choice, Column, Contract, Measure
from data_sources.contracts.traces import FOUND_BY

FOLLOW_UP_STATUSES = (
    Choice(
        value="under_follow_up",
        vi="Đang theo dõi",
        en="Under follow-up",
        written_as=("dang cach ly", "theo doi", "under follow-up", "under_follow_up"),
    ),
    Choice(
        value="completed",
        vi="Hoàn thành theo dõi",
        en="Completed",
        written_as=("hoan thanh", "het theo doi", "du ngay", "follow_up_completed", "follow-up completed"),
    ),
    Choice(
        value="lost",
        vi="Mất liên lạc",
        en="Lost",
        written_as=("khong lien lac duoc", "mat dau", "lost to follow-up", "lost_to_follow_up"),
    ),
    Choice(
        value="became_case",
        vi="Trở thành F0",
        en="Became a case",
        written_as=("chuyen f0", "thanh f0", "duong tinh", "became_case"),
    ),
    Choice(value="died", vi="Tử vong", en="Died", written_as=("tu vong",)),
    Choice(value="unknown", vi="Không rõ", en="Not stated", written_as=("khong ro", "chua ro")),
)
ENDED = "follow_up_status IN ('completed', 'lost', 'became_case', 'died')"
AUTOMATIC = "COALESCE(found_automatically, found_by IN ('bluezone', 'qr'))"
TOLD_AND_QUARANTINED = "named_at IS NOT NULL AND told_at IS NOT NULL AND quarantined_at IS NOT NULL"


def _ended(name: str, condition: str, vi: str, en: str) -> Measure:
    """Contacts whose follow-up ended so, on the day it ended, or on the day they were named where that is not said."""
    return Measure(
        name=name,
        kind="flow",
        expression=f"CASE WHEN {condition} THEN 1 END",
        vi=vi,
        en=en,
        dated_by="ended_on",
        dated_else="day",
    )


def _named(name: str, condition: str, vi: str, en: str) -> Measure:
    """Contacts of whom a condition holds, on the day they were named."""
    return Measure(name=name, kind="flow", expression=f"CASE WHEN {condition} THEN 1 END", vi=vi, en=en)


CONTACTS = Contract(
    dataset="contacts",
    vi="Người tiếp xúc và việc theo dõi",
    en="Contacts and their follow-up",
    grain="person named as contact",
    key=("contact_code",),
    columns=(
        Column(
            name="contact_code",
            type="person",
            vi="Mã người tiếp xúc",
            en="Contact code",
            required=True,
            headers=("ma f1", "ma tiep xuc", "ma so", "contact_id"),
        ),
        Column(
            name="source_case",
            type="person",
            vi="Mã ca nguồn",
            en="Source case",
            headers=("ma ca nguon", "ma f0", "tiep xuc voi"),
        ),
        UNIT,
        DAY,
        Column(name="named_at", type="time", vi="Khai ra lúc", en="Named at", headers=("khai ra luc", "ghi nhan luc")),
        Column(name="told_at", type="time", vi="Báo tin lúc", en="Told at", headers=("bao tin luc", "thong bao luc")),
        Column(
            name="quarantined_at",
            type="time",
            vi="Cách ly lúc",
            en="Quarantined at",
            headers=("cach ly luc", "ngay cach ly"),
        ),
        Column(
            name="found_by",
            type="choice",
            vi="Cách tìm",
            en="Found by",
            choices=FOUND_BY,
            default="unknown",
            headers=("cach tim", "nguon", "cach truy vet"),
        ),
        Column(
            name="found_automatically",
            type="boolean",
            vi="Bluezone hoặc QR tìm ra",
            en="Found by Bluezone or QR",
            headers=("tim tu dong", "tu dong"),
        ),
        Column(
            name="on_f1_list",
            type="boolean",
            vi="Có trong danh sách F1",
            en="On the F1 list",
            headers=("trong danh sach f1", "co trong danh sach"),
        ),
        Column(
            name="follow_up_status",
            type="choice",
            vi="Tình trạng theo dõi",
            en="Follow-up status",
            choices=FOLLOW_UP_STATUSES,
            default="unknown",
            headers=("tinh trang theo doi", "theo doi", "tinh trang", "contact_status"),
        ),
        Column(
            name="ended_on",
            type="day",
            vi="Ngày kết thúc theo dõi",
            en="Follow-up ended on",
            headers=("ngay ket thuc", "ket thuc theo doi"),
        ),
        Column(
            name="last_seen_day",
            type="day",
            vi="Ngày gặp gần nhất",
            en="Last seen",
            headers=("gap gan nhat", "ngay gap cuoi", "lan theo doi cuoi"),
        ),
    ),
    measures=(
        _named("named", "TRUE", "Người tiếp xúc ghi nhận", "Contacts named"),
        _named("followed", "follow_up_status <> 'unknown'", "Người được theo dõi", "Contacts followed up"),
        _named("seen", "last_seen_day IS NOT NULL", "Người đã gặp ít nhất một lần", "Contacts seen at least once"),
        _named("with_times", TOLD_AND_QUARANTINED, "Có đủ ba mốc giờ", "With all three times"),
        _named(
            "quarantined_24h",
            f"{TOLD_AND_QUARANTINED} AND greatest(told_at, quarantined_at) <= named_at + INTERVAL 24 HOUR",
            "Báo tin và cách ly trong 24 giờ",
            "Told and quarantined within 24 hours",
        ),
        _named(
            "automatic", f"{AUTOMATIC} AND on_f1_list IS NOT NULL", "Bluezone, QR tìm ra", "Found by Bluezone or QR"
        ),
        _named(
            "automatic_on_list",
            f"{AUTOMATIC} AND on_f1_list",
            "Bluezone, QR tìm ra và có trong danh sách F1",
            "Found by Bluezone or QR and on the F1 list",
        ),
        _named("on_list", "on_f1_list", "Có trong danh sách F1", "On the F1 list"),
        _ended("ended", ENDED, "Kết thúc theo dõi", "Follow-up ended"),
        _ended("completed", "follow_up_status = 'completed'", "Hoàn thành theo dõi", "Follow-up completed"),
        _ended("lost", "follow_up_status = 'lost'", "Mất liên lạc", "Lost to follow-up"),
        _ended("became_case", "follow_up_status = 'became_case'", "Trở thành F0", "Became a case"),
        _ended("died", "follow_up_status = 'died'", "Tử vong", "Died"),
        Measure(
            name="unseen_began",
            kind="flow",
            expression="NULL",
            vi="Bắt đầu quá 3 ngày không gặp",
            en="Out of sight for more than 3 days from now on",
            derived=True,
        ),
        Measure(
            name="unseen_ended",
            kind="flow",
            expression="NULL",
            vi="Gặp lại hoặc hết theo dõi sau khi quá 3 ngày không gặp",
            en="Seen again, or follow-up ended, after being out of sight",
            derived=True,
        ),
        Measure(
            name="last_seen",
            kind="flow",
            expression="1",
            vi="Gặp lần cuối",
            en="Seen for the last time",
            dated_by="last_seen_day",
        ),
    ),
    cuts=((), ("found_by",)),
    line_list=True,
    example={
        "contact_code": "BRVT-000131",
        "source_case": "BRVT-000123",
        "unit": "752",
        "day": "2021-08-21",
        "named_at": "2021-08-21T09:10:00+07:00",
        "told_at": "2021-08-21T11:00:00+07:00",
        "quarantined_at": "2021-08-21T15:30:00+07:00",
        "found_by": "interview",
        "on_f1_list": "true",
        "follow_up_status": "under_follow_up",
        "last_seen_day": "2021-08-21",
    },
)
