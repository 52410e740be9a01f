"""Check-ins by QR code: who was at which venue from when to when."""

from __future__ import annotations

from data_sources.contracts.model import Column, Contract
from data_sources.contracts.trail_points import PLACE_KINDS

CHECKINS = Contract(
    dataset="checkins",
    vi="Lượt quét mã QR",
    en="QR check-ins",
    grain="person x venue x interval",
    key=("person_code", "venue", "time_in"),
    columns=(
        Column(
            name="person_code",
            type="person",
            vi="Mã người",
            en="Person code",
            required=True,
            headers=("ma nguoi", "ma ca", "ma so"),
        ),
        Column(
            name="venue",
            type="code",
            vi="Mã địa điểm",
            en="Venue",
            required=True,
            headers=("ma dia diem", "diem quet", "ma qr", "dia diem"),
        ),
        Column(
            name="place_kind",
            type="choice",
            vi="Loại nơi",
            en="Kind of place",
            choices=PLACE_KINDS,
            default="other",
            headers=("loai noi", "loai dia diem"),
        ),
        Column(
            name="unit",
            type="unit",
            vi="Đơn vị của địa điểm",
            en="Unit of the venue",
            headers=("don vi", "quan huyen", "huyen", "dia phuong"),
        ),
        Column(name="time_in", type="time", vi="Giờ vào", en="Time in", required=True, headers=("gio vao", "vao luc")),
        Column(name="time_out", type="time", vi="Giờ ra", en="Time out", headers=("gio ra", "ra luc")),
    ),
    measures=(),
    cuts=(),
    example={
        "person_code": "BRVT-000123",
        "venue": "QR-752-0004",
        "place_kind": "market",
        "unit": "752",
        "time_in": "2021-08-19T07:40:00+07:00",
        "time_out": "2021-08-19T08:25:00+07:00",
    },
)
