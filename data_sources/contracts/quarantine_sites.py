"""Quarantine sites: capacity and people present at the end of a day."""

from __future__ import annotations

from data_sources.contracts.common import DAY, SITE_LATITUDE, SITE_LONGITUDE, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

SITE_KINDS = (
    Choice(value="site", vi="Khu cách ly tập trung", en="Quarantine site", written_as=("tap trung", "khu cach ly")),
    Choice(value="home", vi="Tại nhà", en="Home", written_as=("tai nha",)),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "khach san")),
)

QUARANTINE_SITES = Contract(
    dataset="quarantine_sites",
    vi="Khu cách ly",
    en="Quarantine sites",
    grain="site x day",
    key=("unit", "day", "site"),
    columns=(
        UNIT,
        DAY,
        Column(
            name="site", type="text", vi="Khu", en="Site", default="all", headers=("ten khu", "khu cach ly", "co so")
        ),
        Column(
            name="site_kind",
            type="choice",
            vi="Hình thức",
            en="Kind",
            choices=SITE_KINDS,
            default="site",
            headers=("hinh thuc",),
        ),
        SITE_LONGITUDE,
        SITE_LATITUDE,
        count("capacity", "Sức chứa", "Capacity", headers=("suc chua", "cong suat")),
        count("present", "Đang cách ly", "Present", headers=("hien co", "dang cach ly")),
        count("arrived", "Vào trong ngày", "Arrived", headers=("vao", "moi vao")),
        count("left", "Ra trong ngày", "Left", headers=("ra", "hoan thanh")),
        count("f0_found", "F0 phát hiện", "F0 found inside", headers=("f0",)),
        count(
            "transferred",
            "Trong đó chuyển đi nơi khác",
            "Of those, moved elsewhere",
            headers=("chuyen di", "chuyen dieu tri", "chuyen vien", "trong do chuyen di"),
        ),
    ),
    measures=(
        Measure(name="capacity", kind="stock", expression="capacity", vi="Sức chứa", en="Capacity"),
        Measure(name="present", kind="stock", expression="present", vi="Đang cách ly", en="Present"),
        Measure(name="arrived", kind="flow", expression="arrived", vi="Vào trong ngày", en="Arrived"),
        Measure(name="left", kind="flow", expression='"left"', vi="Ra trong ngày", en="Left"),
        Measure(name="f0_found", kind="flow", expression="f0_found", vi="F0 phát hiện", en="F0 found inside"),
        Measure(
            name="transferred", kind="flow", expression="transferred", vi="Chuyển đi nơi khác", en="Moved elsewhere"
        ),
        Measure(name="sites", kind="stock", expression="1", vi="Khu báo cáo", en="Sites reported"),
    ),
    cuts=((), ("site_kind",)),
    site="site",
    not_above=(("transferred", "left"),),
    example={
        "unit": "748",
        "day": "2021-08-21",
        "site": "Trường THPT A",
        "longitude": "107.168",
        "latitude": "10.497",
        "capacity": "400",
        "present": "212",
        "arrived": "18",
        "left": "9",
        "transferred": "2",
    },
)
