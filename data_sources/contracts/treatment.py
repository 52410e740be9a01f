"""Treatment facilities: beds and the patients in them at the end of a day, and who came, left and died."""

from __future__ import annotations

from data_sources.contracts.common import DAY, SITE_LATITUDE, SITE_LONGITUDE, UNIT, count
from data_sources.contracts.model import Column, Contract, Measure

TREATMENT = Contract(
    dataset="treatment",
    vi="Cơ sở điều trị",
    en="Treatment facilities",
    grain="site x day",
    key=("unit", "day", "site"),
    columns=(
        UNIT,
        DAY,
        Column(
            name="site",
            type="text",
            vi="Cơ sở",
            en="Facility",
            default="all",
            headers=("ten co so", "co so dieu tri", "benh vien", "co so thu dung"),
        ),
        SITE_LONGITUDE,
        SITE_LATITUDE,
        count("beds", "Giường", "Beds", headers=("so giuong", "giuong ke hoach", "giuong benh")),
        count("icu_beds", "Giường hồi sức", "Intensive care beds", headers=("giuong icu", "giuong hscc")),
        count("in_treatment", "Đang điều trị", "In treatment", headers=("dang dieu tri", "hien dien", "dang nam vien")),
        count("severe", "Nặng", "Severe", headers=("so ca nang", "benh nhan nang")),
        count("critical", "Nguy kịch", "Critical", headers=("so ca nguy kich", "nguy kich", "dang nam icu")),
        count("ventilated", "Thở máy", "Ventilated", headers=("tho may", "thoi oxy xam lan")),
        count("admitted", "Vào trong ngày", "Admitted", headers=("nhap vien", "moi vao", "tiep nhan")),
        count("discharged", "Ra viện", "Discharged", headers=("xuat vien", "ra vien", "khoi benh")),
        count("deaths", "Tử vong", "Deaths", headers=("tu vong", "so tu vong")),
        count(
            "f0_received",
            "Trong đó tiếp nhận từ nơi khác",
            "Of the admitted, received from elsewhere",
            headers=("f0 tiep nhan", "tiep nhan tu noi khac", "chuyen den"),
        ),
        count(
            "f0_transferred",
            "Chuyển đi nơi khác",
            "Moved elsewhere",
            headers=("f0 chuyen di", "chuyen di", "chuyen vien", "chuyen tinh khac"),
        ),
    ),
    measures=(
        Measure(name="beds", kind="stock", expression="beds", vi="Giường", en="Beds"),
        Measure(name="icu_beds", kind="stock", expression="icu_beds", vi="Giường hồi sức", en="Intensive care beds"),
        Measure(name="in_treatment", kind="stock", expression="in_treatment", vi="Đang điều trị", en="In treatment"),
        Measure(name="severe", kind="stock", expression="severe", vi="Nặng", en="Severe"),
        Measure(name="critical", kind="stock", expression="critical", vi="Nguy kịch", en="Critical"),
        Measure(name="ventilated", kind="stock", expression="ventilated", vi="Thở máy", en="Ventilated"),
        Measure(name="admitted", kind="flow", expression="admitted", vi="Vào trong ngày", en="Admitted"),
        Measure(name="discharged", kind="flow", expression="discharged", vi="Ra viện", en="Discharged"),
        Measure(name="deaths", kind="flow", expression="deaths", vi="Tử vong", en="Deaths"),
        Measure(
            name="f0_received", kind="flow", expression="f0_received", vi="Tiếp nhận từ nơi khác", en="F0 received"
        ),
        Measure(
            name="f0_transferred",
            kind="flow",
            expression="f0_transferred",
            vi="Chuyển đi nơi khác",
            en="Moved elsewhere",
        ),
        Measure(name="sites", kind="stock", expression="1", vi="Cơ sở báo cáo", en="Facilities reported"),
    ),
    site="site",
    not_above=(("severe", "in_treatment"), ("critical", "in_treatment"), ("f0_received", "admitted")),
    example={
        "unit": "748",
        "day": "2021-08-21",
        "site": "Bệnh viện Bà Rịa",
        "longitude": "107.17",
        "latitude": "10.5",
        "beds": "300",
        "icu_beds": "40",
        "in_treatment": "212",
        "severe": "14",
        "critical": "6",
        "admitted": "21",
        "discharged": "17",
        "deaths": "1",
        "f0_received": "3",
        "f0_transferred": "2",
    },
)
