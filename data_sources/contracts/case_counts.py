"""Counts of confirmed cases, deaths and recoveries by unit, day and place of detection."""

from __future__ import annotations

from data_sources.contracts.common import DAY, DETECTION, UNIT, count
from data_sources.contracts.model import Contract, Measure

CASE_COUNTS = Contract(
    dataset="case_counts",
    vi="Số ca theo ngày",
    en="Case counts",
    grain="unit x day x detection",
    key=("unit", "day", "detection"),
    columns=(
        UNIT,
        DAY,
        DETECTION,
        count(
            "cases",
            "Ca mắc mới",
            "New cases",
            headers=("so ca", "ca mac", "ca moi", "so ca mac moi", "f0 moi", "confirmed"),
            correctable=True,
        ),
        count("deaths", "Tử vong", "Deaths", headers=("tu vong", "ca tu vong", "deaths"), correctable=True),
        count("recovered", "Khỏi bệnh", "Recovered", headers=("khoi benh", "ra vien", "recovered"), correctable=True),
    ),
    measures=(
        Measure(name="cases", kind="flow", expression="cases", vi="Ca mắc mới", en="New cases"),
        Measure(name="deaths", kind="flow", expression="deaths", vi="Tử vong", en="Deaths"),
        Measure(name="recovered", kind="flow", expression="recovered", vi="Khỏi bệnh", en="Recovered"),
    ),
    cuts=((), ("detection",)),
    example={
        "unit": "752",
        "day": "2021-08-21",
        "detection": "locked_down_area",
        "cases": "33",
        "deaths": "0",
        "recovered": "12",
    },
)
