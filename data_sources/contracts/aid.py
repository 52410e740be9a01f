"""Requests for help and offers of it (Zalo Connect): what, roughly where, and how far each has come.

A place becomes the middle of a cell of about 500 m as it is read. Who asks is a keyed pseudonym; name and phone lie in
the encrypted registry only.
"""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT
from data_sources.contracts.model import Choice, Column, Contract, Measure

AID_KINDS = (
    Choice(
        value="request", vi="Cần giúp", en="Request", written_as=("can giup", "can ho tro", "yeu cau", "xin", "can")
    ),
    Choice(
        value="offer",
        vi="Sẵn sàng giúp",
        en="Offer",
        written_as=("san sang giup", "giup do", "ho tro", "cho tang", "tang", "co the giup"),
    ),
)
# The application's own tab "Tiếp tế" holds food and necessities together; a row that says no more is food, most of it.
CATEGORIES = (
    Choice(
        value="food",
        vi="Lương thực, thực phẩm",
        en="Food",
        written_as=("luong thuc", "thuc pham", "tiep te", "do an", "gao"),
    ),
    Choice(
        value="necessities",
        vi="Nhu yếu phẩm",
        en="Necessities",
        written_as=("nhu yeu pham", "ta sua", "do dung", "do dung thiet yeu"),
    ),
    Choice(value="medicine", vi="Thuốc", en="Medicine", written_as=("thuoc", "thuoc men", "y te", "oxy")),
    Choice(
        value="doctor",
        vi="Bác sĩ tư vấn từ xa",
        en="Remote doctor",
        written_as=("bac si", "tu van bac si", "tu van y te", "kham tu xa"),
    ),
    Choice(
        value="school_supplies",
        vi="Đồ dùng học tập",
        en="School supplies",
        written_as=("do dung hoc tap", "sach vo", "may tinh", "hoc tap"),
    ),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "chua ro")),
)
GRID_DEGREES = 0.0045
"""500 m from south to north and 492 m from west to east at this latitude: the rounding the application itself shows."""


def _time(name: str, vi: str, en: str, headers: tuple[str, ...], *, required: bool = False) -> Column:
    return Column(name=name, type="time", vi=vi, en=en, required=required, headers=headers)


def _event(name: str, vi: str, en: str, dated_by: str, expression: str = "1") -> Measure:
    return Measure(name=name, kind="flow", expression=expression, vi=vi, en=en, dated_by=dated_by)


AID = Contract(
    dataset="aid",
    vi="Kết nối cứu trợ",
    en="Aid requests and offers",
    grain="request or offer",
    key=("aid_id",),
    columns=(
        Column(
            name="aid_id",
            type="code",
            vi="Mã tin",
            en="Entry",
            required=True,
            headers=("ma tin", "ma yeu cau", "ma so"),
        ),
        Column(
            name="account",
            type="person",
            vi="Tài khoản",
            en="Account",
            headers=("tai khoan", "ma tai khoan", "zalo id"),
        ),
        UNIT,
        DAY,
        Column(
            name="kind",
            type="choice",
            vi="Cần hay cho",
            en="Request or offer",
            required=True,
            choices=AID_KINDS,
            headers=("loai tin", "loai", "hinh thuc"),
        ),
        Column(
            name="category",
            type="choice",
            vi="Nhóm hỗ trợ",
            en="Category",
            choices=CATEGORIES,
            default="other",
            headers=("nhom", "danh muc", "nhom ho tro", "noi dung"),
        ),
        Column(
            name="longitude",
            type="number",
            vi="Kinh độ",
            en="Longitude",
            measured_in="độ",
            minimum=-180,
            maximum=180,
            grid_degrees=GRID_DEGREES,
            headers=("kinh do", "lon", "lng"),
        ),
        Column(
            name="latitude",
            type="number",
            vi="Vĩ độ",
            en="Latitude",
            measured_in="độ",
            minimum=-90,
            maximum=90,
            grid_degrees=GRID_DEGREES,
            headers=("vi do", "lat"),
        ),
        _time("opened_at", "Mở lúc", "Opened at", ("mo luc", "dang luc", "tao luc"), required=True),
        _time("matched_at", "Có người nhận lúc", "Matched at", ("ghep luc", "nhan luc", "ket noi luc")),
        _time("met_at", "Đã giúp xong lúc", "Met at", ("xong luc", "hoan thanh luc", "da giup luc")),
        _time("cancelled_at", "Hủy lúc", "Cancelled at", ("huy luc", "dong luc")),
        Column(
            name="name",
            type="text",
            vi="Người liên hệ",
            en="Contact",
            personal=True,
            headers=("ho ten", "nguoi lien he", "ten"),
        ),
        Column(
            name="phone",
            type="text",
            vi="Điện thoại",
            en="Phone",
            personal=True,
            headers=("dien thoai", "so dien thoai", "sdt"),
        ),
    ),
    measures=(
        _event("opened", "Tin đã mở", "Entries opened", "opened_at"),
        _event("matched", "Tin có người nhận", "Entries matched", "matched_at"),
        # An entry ends once: by what came first, where a source states both.
        _event(
            "met",
            "Tin đã giúp xong",
            "Entries met",
            "met_at",
            "CASE WHEN cancelled_at IS NULL OR met_at <= cancelled_at THEN 1 END",
        ),
        _event(
            "cancelled",
            "Tin đã hủy",
            "Entries cancelled",
            "cancelled_at",
            "CASE WHEN met_at IS NULL OR cancelled_at < met_at THEN 1 END",
        ),
        Measure(
            name="open_age_p50_hours",
            kind="published",
            expression="NULL",
            vi="Tuổi trung vị của tin đang mở, cuối ngày",
            en="Median age of open entries at the end of the day",
            derived=True,
        ),
    ),
    cuts=((), ("kind",), ("kind", "category")),
    line_list=True,
    joins=True,
    not_above=(("opened_at", "matched_at"), ("opened_at", "met_at"), ("opened_at", "cancelled_at")),
    shown=(
        "aid_id",
        "unit",
        "day",
        "kind",
        "category",
        "longitude",
        "latitude",
        "opened_at",
        "matched_at",
        "met_at",
        "cancelled_at",
    ),
    example={
        "aid_id": "ZC-0004521",
        "unit": "752",
        "day": "2021-08-21",
        "kind": "request",
        "category": "food",
        "longitude": "107.2431",
        "latitude": "10.4012",
        "opened_at": "2021-08-21T08:12:00+07:00",
        "matched_at": "2021-08-21T10:40:00+07:00",
    },
)
