"""Points of the movement trails of confirmed cases."""

from __future__ import annotations

from data_sources.contracts.model import Choice, Column, Contract

PLACE_KINDS = (
    Choice(value="home", vi="Nơi ở", en="Home", written_as=("nha", "noi o")),
    Choice(value="work", vi="Nơi làm việc", en="Workplace", written_as=("noi lam viec", "cong ty", "company")),
    Choice(value="market", vi="Chợ", en="Market", written_as=("cho", "cang ca")),
    Choice(value="store", vi="Cửa hàng", en="Shop", written_as=("cua hang", "sieu thi", "pharmacy")),
    Choice(value="health", vi="Cơ sở y tế", en="Health facility", written_as=("benh vien", "tram y te", "hospital")),
    Choice(value="school", vi="Trường học", en="School", written_as=("truong", "university", "academy")),
    Choice(
        value="food", vi="Quán ăn", en="Eating place", written_as=("quan an", "restaurant", "cafe", "bakery", "bar")
    ),
    Choice(
        value="transport",
        vi="Bến xe, sân bay",
        en="Transport hub",
        written_as=("ben xe", "airport", "public_transportation", "gas_station"),
    ),
    Choice(value="worship", vi="Nơi thờ tự", en="Place of worship", written_as=("chua", "nha tho", "church")),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "etc")),
)
POINT_SOURCES = (
    Choice(value="interview", vi="Phỏng vấn", en="Interview", written_as=("phong van",)),
    Choice(value="qr", vi="Mã QR", en="QR check-in"),
    Choice(value="bluezone", vi="Bluezone", en="Bluezone"),
    Choice(value="unknown", vi="Không rõ", en="Not stated"),
)

TRAIL_POINTS = Contract(
    dataset="trail_points",
    vi="Vệt di chuyển của F0",
    en="Movement trails of F0",
    grain="point of a trail",
    key=("case_code", "visited_at", "longitude", "latitude", "place_kind"),
    repeatable=True,
    columns=(
        Column(
            name="case_code", type="person", vi="Mã ca", en="Case code", required=True, headers=("ma ca", "patient_id")
        ),
        Column(
            name="visited_at",
            type="time",
            vi="Thời điểm",
            en="Time",
            required=True,
            headers=("thoi gian", "thoi diem", "date"),
        ),
        Column(
            name="longitude",
            type="number",
            vi="Kinh độ",
            en="Longitude",
            required=True,
            measured_in="độ",
            minimum=-180,
            maximum=180,
            headers=("kinh do", "lon", "lng"),
        ),
        Column(
            name="latitude",
            type="number",
            vi="Vĩ độ",
            en="Latitude",
            required=True,
            measured_in="độ",
            minimum=-90,
            maximum=90,
            headers=("vi do", "lat"),
        ),
        Column(
            name="place_kind",
            type="choice",
            vi="Loại nơi",
            en="Kind of place",
            choices=PLACE_KINDS,
            default="other",
            headers=("loai noi", "dia diem", "type"),
        ),
        Column(
            name="point_source",
            type="choice",
            vi="Nguồn",
            en="Source",
            choices=POINT_SOURCES,
            default="unknown",
            headers=("nguon",),
        ),
    ),
    measures=(),
    cuts=(),
    example={
        "case_code": "BRVT-000123",
        "visited_at": "2021-08-19T07:40:00+07:00",
        "longitude": "107.2431",
        "latitude": "10.4012",
        "place_kind": "market",
        "point_source": "interview",
    },
)
