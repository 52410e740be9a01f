"""Telecom and platform mobility of a unit's day: counts of subscribers, or the ratios a provider publishes."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count, percent
from data_sources.contracts.model import Contract, Measure

MOBILITY = Contract(
    dataset="mobility",
    vi="Di biến động thuê bao",
    en="Mobility",
    grain="unit x day",
    key=("unit", "day"),
    columns=(
        UNIT,
        DAY,
        count("active_subscribers", "Thuê bao hoạt động", "Active subscribers", headers=("thue bao hoat dong",)),
        count("stationary_subscribers", "Thuê bao đứng yên", "Stationary subscribers", headers=("thue bao dung yen",)),
        count("known_home_subscribers", "Thuê bao biết nơi ở", "Subscribers with a known home"),
        count(
            "out_of_home_subscribers",
            "Thuê bao ra khỏi nhà",
            "Subscribers out of home",
            headers=("thue bao ra khoi nha",),
        ),
        percent(
            "stationary_ratio_percent", "Tỷ lệ đứng yên công bố", "Published stationary ratio", minimum=0, maximum=100
        ),
        percent(
            "out_of_home_ratio_percent",
            "Tỷ lệ ra khỏi nhà công bố",
            "Published out-of-home ratio",
            minimum=0,
            maximum=100,
        ),
        percent(
            "movement_change_percent",
            "Thay đổi đi lại công bố",
            "Published change of movement",
            minimum=-100,
            maximum=1000,
        ),
        percent(
            "residential_change_percent",
            "Thay đổi thời gian ở nhà công bố",
            "Published change of time at home",
            minimum=-100,
            maximum=1000,
        ),
    ),
    measures=(
        Measure(
            name="active_subscribers",
            kind="flow",
            expression="active_subscribers",
            vi="Thuê bao hoạt động",
            en="Active subscribers",
        ),
        Measure(
            name="stationary_subscribers",
            kind="flow",
            expression="stationary_subscribers",
            vi="Thuê bao đứng yên",
            en="Stationary subscribers",
        ),
        Measure(
            name="known_home_subscribers",
            kind="flow",
            expression="known_home_subscribers",
            vi="Thuê bao biết nơi ở",
            en="Known home",
        ),
        Measure(
            name="out_of_home_subscribers",
            kind="flow",
            expression="out_of_home_subscribers",
            vi="Thuê bao ra khỏi nhà",
            en="Out of home",
        ),
        Measure(
            name="stationary_ratio_percent",
            kind="published",
            expression="stationary_ratio_percent",
            vi="Tỷ lệ đứng yên công bố",
            en="Published stationary ratio",
        ),
        Measure(
            name="out_of_home_ratio_percent",
            kind="published",
            expression="out_of_home_ratio_percent",
            vi="Tỷ lệ ra khỏi nhà công bố",
            en="Published out-of-home ratio",
        ),
        Measure(
            name="movement_change_percent",
            kind="published",
            expression="movement_change_percent",
            vi="Thay đổi đi lại công bố",
            en="Published change of movement",
        ),
        Measure(
            name="residential_change_percent",
            kind="published",
            expression="residential_change_percent",
            vi="Thay đổi thời gian ở nhà công bố",
            en="Published change of time at home",
        ),
    ),
    not_above=(
        ("stationary_subscribers", "active_subscribers"),
        ("out_of_home_subscribers", "known_home_subscribers"),
        ("known_home_subscribers", "active_subscribers"),
    ),
    example={
        "unit": "747",
        "day": "2021-08-21",
        "active_subscribers": "310542",
        "stationary_subscribers": "151203",
        "known_home_subscribers": "298114",
        "out_of_home_subscribers": "96402",
    },
)
