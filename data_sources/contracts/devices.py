"""Pupils who learn online and the devices they lack ("Sóng và máy tính cho em"), by unit and day."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Contract, Measure

DEVICES = Contract(
    dataset="devices",
    vi="Thiết bị học trực tuyến",
    en="Devices for pupils",
    grain="unit x day",
    key=("unit", "day"),
    columns=(
        UNIT,
        DAY,
        count(
            "pupils_online",
            "Học sinh học trực tuyến",
            "Pupils online",
            headers=("hoc sinh truc tuyen", "so hoc sinh hoc truc tuyen", "hs truc tuyen"),
        ),
        count(
            "pupils_without_device",
            "Học sinh còn thiếu thiết bị",
            "Pupils without a device",
            headers=("thieu thiet bi", "hoc sinh thieu thiet bi", "hs thieu may", "chua co thiet bi"),
        ),
        count(
            "devices_pledged",
            "Máy được hứa tặng trong ngày",
            "Devices pledged",
            headers=("dang ky ung ho", "may dang ky tang", "hua tang"),
        ),
        count(
            "devices_delivered",
            "Máy đã trao trong ngày",
            "Devices delivered",
            headers=("da trao", "may da trao", "thiet bi da trao"),
        ),
    ),
    measures=(
        Measure(
            name="pupils_online",
            kind="stock",
            expression="pupils_online",
            vi="Học sinh học trực tuyến",
            en="Pupils online",
        ),
        Measure(
            name="pupils_without_device",
            kind="stock",
            expression="pupils_without_device",
            vi="Học sinh còn thiếu thiết bị",
            en="Pupils without a device",
        ),
        Measure(
            name="devices_pledged",
            kind="flow",
            expression="devices_pledged",
            vi="Máy được hứa tặng",
            en="Devices pledged",
        ),
        Measure(
            name="devices_delivered",
            kind="flow",
            expression="devices_delivered",
            vi="Máy đã trao",
            en="Devices delivered",
        ),
    ),
    not_above=(("pupils_without_device", "pupils_online"),),
    example={
        "unit": "752",
        "day": "2021-09-12",
        "pupils_online": "21840",
        "pupils_without_device": "3960",
        "devices_pledged": "120",
        "devices_delivered": "35",
    },
)
