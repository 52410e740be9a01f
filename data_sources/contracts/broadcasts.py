"""Campaigns of text messages and ring-back tones to the province's subscribers."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

BROADCAST_KINDS = (
    Choice(value="sms", vi="Tin nhắn SMS", en="SMS", written_as=("sms", "tin nhan", "nhan tin")),
    Choice(value="ringback", vi="Nhạc chờ", en="Ring-back tone", written_as=("nhac cho", "am bao cho", "chuong cho")),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "loa", "goi tu dong")),
)
AUDIENCES = (
    Choice(
        value="all_subscribers",
        vi="Mọi thuê bao trong tỉnh",
        en="All subscribers of the province",
        written_as=("toan bo thue bao", "tat ca thue bao", "toan tinh", "moi thue bao"),
    ),
    Choice(
        value="some_units",
        vi="Thuê bao của một số địa bàn",
        en="Subscribers of some units",
        written_as=("mot so dia ban", "theo dia ban", "theo huyen"),
    ),
    Choice(value="unknown", vi="Không rõ đối tượng", en="Audience not stated", written_as=("khong ro", "chua ro")),
)


def _counted(name: str, vi: str, en: str) -> Measure:
    return Measure(name=name, kind="flow", expression=name, vi=vi, en=en)


BROADCASTS = Contract(
    dataset="broadcasts",
    vi="Tin nhắn và nhạc chờ",
    en="SMS and ring-back tones",
    grain="campaign",
    key=("message_id",),
    columns=(
        Column(
            name="message_id",
            type="code",
            vi="Mã tin",
            en="Message",
            required=True,
            headers=("ma tin", "ma tin nhan", "ma chien dich"),
        ),
        UNIT,
        DAY,
        Column(
            name="kind",
            type="choice",
            vi="Hình thức",
            en="Kind",
            choices=BROADCAST_KINDS,
            default="other",
            headers=("hinh thuc", "loai", "kenh"),
        ),
        Column(
            name="audience",
            type="choice",
            vi="Đối tượng nhận",
            en="Audience",
            choices=AUDIENCES,
            default="unknown",
            headers=("doi tuong", "doi tuong nhan", "pham vi"),
        ),
        Column(
            name="started_at",
            type="time",
            vi="Bắt đầu gửi",
            en="Started at",
            required=True,
            headers=("bat dau", "bat dau luc", "gui luc"),
        ),
        Column(
            name="finished_at",
            type="time",
            vi="Gửi xong",
            en="Finished at",
            headers=("ket thuc", "ket thuc luc", "xong luc"),
        ),
        count("units_covered", "Số địa bàn nhận", "Units covered", headers=("so dia ban", "so huyen", "so quan huyen")),
        count("sent", "Đã gửi", "Sent", headers=("da gui", "so tin gui", "so thue bao gui")),
        count("delivered", "Gửi thành công", "Delivered", headers=("thanh cong", "da nhan", "gui thanh cong")),
        count("failed", "Gửi lỗi", "Failed", headers=("loi", "that bai", "khong thanh cong")),
    ),
    measures=(
        Measure(name="campaigns", kind="flow", expression="1", vi="Đợt gửi", en="Campaigns"),
        _counted("sent", "Đã gửi", "Sent"),
        _counted("delivered", "Gửi thành công", "Delivered"),
        _counted("failed", "Gửi lỗi", "Failed"),
        Measure(
            name="sms_age_hours",
            kind="published",
            expression="NULL",
            vi="Giờ từ lần nhắn tin toàn tỉnh gần nhất đến hết ngày",
            en="Hours from the newest SMS to all subscribers to the end of the day",
            derived=True,
        ),
    ),
    cuts=((), ("kind",), ("kind", "audience")),
    line_list=True,
    joins=True,
    not_above=(("delivered", "sent"), ("failed", "sent"), ("started_at", "finished_at")),
    shown=(
        "message_id",
        "unit",
        "day",
        "kind",
        "audience",
        "started_at",
        "finished_at",
        "units_covered",
        "sent",
        "delivered",
        "failed",
    ),
    example={
        "message_id": "SMS-2021-08-01",
        "unit": "77",
        "day": "2021-08-05",
        "kind": "sms",
        "audience": "all_subscribers",
        "started_at": "2021-08-05T08:00:00+07:00",
        "finished_at": "2021-08-05T16:40:00+07:00",
        "units_covered": "8",
        "sent": "941200",
        "delivered": "902330",
        "failed": "38870",
    },
)
