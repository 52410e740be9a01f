"""False or unchecked stories found on the networks, and what was done about each.

An item is told again at each step. Its text and links are not taken: they often name people.
"""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

RUMOUR_TOPICS = (
    Choice(value="vaccine", vi="Vắc xin", en="Vaccines", written_as=("vac xin", "tiem chung", "vaccine")),
    Choice(
        value="treatment",
        vi="Cách chữa, thuốc",
        en="Cures and medicines",
        written_as=("chua benh", "thuoc", "meo chua", "dieu tri"),
    ),
    Choice(
        value="figures",
        vi="Số ca, tử vong",
        en="Case and death figures",
        written_as=("so lieu", "so ca", "tu vong", "so lieu dich"),
    ),
    Choice(
        value="measures",
        vi="Phong tỏa, giãn cách",
        en="Lock-downs and distancing",
        written_as=("phong toa", "gian cach", "chi thi", "cach ly"),
    ),
    Choice(
        value="supplies",
        vi="Khan hàng, tăng giá",
        en="Shortages and prices",
        written_as=("khan hang", "tang gia", "hang hoa", "luong thuc"),
    ),
    Choice(value="relief", vi="Tiền hỗ trợ", en="Relief money", written_as=("ho tro", "tien ho tro", "an sinh")),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "chua ro")),
)
NETWORKS = (
    Choice(value="facebook", vi="Facebook", en="Facebook", written_as=("fb", "face")),
    Choice(value="zalo", vi="Zalo", en="Zalo"),
    Choice(value="tiktok", vi="TikTok", en="TikTok", written_as=("tik tok",)),
    Choice(value="youtube", vi="YouTube", en="YouTube", written_as=("you tube",)),
    Choice(value="website", vi="Trang tin", en="Website", written_as=("trang tin", "website", "bao mang", "blog")),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "truyen mieng", "telegram")),
)
STATUSES = (
    Choice(value="new", vi="Mới phát hiện", en="New", written_as=("moi", "moi phat hien", "chua xu ly")),
    Choice(value="verified", vi="Đã xác minh", en="Verified", written_as=("xac minh", "da xac minh")),
    Choice(
        value="passed_to_police",
        vi="Đã chuyển công an",
        en="Passed to the police",
        written_as=("chuyen cong an", "chuyen ca", "cong an"),
    ),
    Choice(
        value="answered",
        vi="Đã đính chính",
        en="Answered",
        written_as=("dinh chinh", "da tra loi", "phan hoi", "da phan hoi"),
    ),
    Choice(value="closed", vi="Đã đóng", en="Closed", written_as=("dong", "xong", "da xu ly", "hoan thanh")),
)

ACTED_IN_TIME_HOURS = 24
"""A story is acted on in time within a day of being found: the spread of the first day is most of it."""
_HOURS_TO_ACTION = "epoch(acted_at - found_at) / 3600"

MISINFORMATION = Contract(
    dataset="misinformation",
    vi="Tin sai sự thật",
    en="Misinformation",
    grain="item",
    key=("item_id",),
    columns=(
        Column(
            name="item_id",
            type="code",
            vi="Mã tin",
            en="Item",
            required=True,
            headers=("ma tin", "ma vu viec", "so vu"),
        ),
        UNIT,
        DAY,
        Column(
            name="topic",
            type="choice",
            vi="Chủ đề",
            en="Topic",
            choices=RUMOUR_TOPICS,
            default="other",
            headers=("chu de", "noi dung"),
        ),
        Column(
            name="platform",
            type="choice",
            vi="Mạng",
            en="Network",
            choices=NETWORKS,
            default="other",
            headers=("mang", "nen tang", "mang xa hoi", "noi dang"),
        ),
        Column(
            name="found_at",
            type="time",
            vi="Phát hiện lúc",
            en="Found at",
            required=True,
            headers=("phat hien luc", "thoi diem phat hien", "gio phat hien"),
        ),
        count("reach", "Lượt tiếp cận", "Reach", headers=("luot tiep can", "tiep can", "luot xem")),
        Column(
            name="status",
            type="choice",
            vi="Tình trạng xử lý",
            en="Status",
            choices=STATUSES,
            default="new",
            headers=("tinh trang", "trang thai", "xu ly"),
        ),
        Column(
            name="acted_at",
            type="time",
            vi="Xử lý lần đầu lúc",
            en="First acted on at",
            headers=("xu ly luc", "xu ly lan dau", "hanh dong luc"),
        ),
        Column(
            name="closed_at",
            type="time",
            vi="Đóng lúc",
            en="Closed at",
            headers=("dong luc", "ket thuc luc", "xong luc"),
        ),
    ),
    measures=(
        Measure(name="found", kind="flow", expression="1", vi="Tin phát hiện", en="Items found", dated_by="found_at"),
        Measure(name="reach", kind="flow", expression="reach", vi="Lượt tiếp cận", en="Reach", dated_by="found_at"),
        Measure(name="acted", kind="flow", expression="1", vi="Tin đã xử lý", en="Items acted on", dated_by="acted_at"),
        Measure(
            name="acted_in_time",
            kind="flow",
            expression=f"CASE WHEN {_HOURS_TO_ACTION} <= {ACTED_IN_TIME_HOURS} THEN 1 END",
            vi=f"Tin xử lý trong {ACTED_IN_TIME_HOURS} giờ",
            en=f"Items acted on within {ACTED_IN_TIME_HOURS} hours",
            dated_by="acted_at",
        ),
        Measure(
            name="hours_to_action",
            kind="flow",
            expression=_HOURS_TO_ACTION,
            vi="Giờ từ phát hiện đến xử lý, cộng lại",
            en="Hours from finding to action, added up",
            dated_by="acted_at",
        ),
        Measure(name="closed", kind="flow", expression="1", vi="Tin đã đóng", en="Items closed", dated_by="closed_at"),
        Measure(
            name="open_age_p50_hours",
            kind="published",
            expression="NULL",
            vi="Tuổi trung vị của tin chưa đóng, cuối ngày",
            en="Median age of open items at the end of the day",
            derived=True,
        ),
    ),
    cuts=((), ("topic",), ("platform",)),
    line_list=True,
    joins=True,
    not_above=(("found_at", "acted_at"), ("found_at", "closed_at"), ("acted_at", "closed_at")),
    shown=("item_id", "unit", "day", "topic", "platform", "found_at", "reach", "status", "acted_at", "closed_at"),
    example={
        "item_id": "TG-0117",
        "unit": "77",
        "day": "2021-08-21",
        "topic": "supplies",
        "platform": "facebook",
        "found_at": "2021-08-21T09:15:00+07:00",
        "reach": "4200",
        "status": "verified",
        "acted_at": "2021-08-21T14:05:00+07:00",
    },
)
