"""Phones with the electronic health book, as it stood at the end of a day."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Contract, Measure

HEALTH_BOOK = Contract(
    dataset="health_book",
    vi="Sổ Sức khỏe điện tử",
    en="E-health book",
    grain="unit x day",
    key=("unit", "day"),
    columns=(
        UNIT,
        DAY,
        count("installs", "Máy đã cài", "Installs", required=True, headers=("so may cai", "luot cai dat", "da cai")),
        count("active", "Đang dùng", "Active", headers=("dang hoat dong",)),
    ),
    measures=(
        Measure(name="installs", kind="stock", expression="installs", vi="Máy đã cài", en="Installs"),
        Measure(name="active", kind="stock", expression="active", vi="Đang dùng", en="Active"),
    ),
    cumulative=("installs",),
    not_above=(("active", "installs"),),
    example={"unit": "747", "day": "2021-08-29", "installs": "30512", "active": "21034"},
)
