"""The daily counts of the QR and Bluezone platforms: check-ins, people, venues, and contacts they warned."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Contract, Measure

TRACING_COUNTS = Contract(
    dataset="tracing_counts",
    vi="Số liệu QR và Bluezone theo ngày",
    en="Daily counts of QR and Bluezone",
    grain="unit x day",
    key=("unit", "day"),
    columns=(
        UNIT,
        DAY,
        count("checkins", "Lượt quét QR", "Check-ins", headers=("luot quet", "so luot quet", "luot khai bao qr")),
        count("people", "Người quét QR", "People checked in", headers=("so nguoi quet", "nguoi quet")),
        count("venues", "Điểm quét có người quét", "Venues checked in at", headers=("so diem quet", "diem quet")),
        count("contacts_warned", "Người được cảnh báo tiếp xúc", "Contacts warned", headers=("so canh bao",)),
        count("hotspots", "Điểm nóng phát hiện", "Hotspots found", headers=("diem nong",)),
    ),
    measures=(
        Measure(name="checkins", kind="flow", expression="checkins", vi="Lượt quét QR", en="Check-ins"),
        Measure(name="people", kind="flow", expression="people", vi="Người quét QR", en="People checked in"),
        Measure(name="venues", kind="flow", expression="venues", vi="Điểm quét", en="Venues"),
        Measure(
            name="contacts_warned",
            kind="flow",
            expression="contacts_warned",
            vi="Người được cảnh báo tiếp xúc",
            en="Contacts warned",
        ),
        Measure(name="hotspots", kind="flow", expression="hotspots", vi="Điểm nóng", en="Hotspots"),
    ),
    not_above=(("people", "checkins"), ("venues", "checkins")),
    example={"unit": "747", "day": "2021-08-21", "checkins": "18214", "people": "9120", "venues": "1402"},
)
