"""Schooling: pupils who learn online, devices they lack, and when the gap closes at the present pace."""

from __future__ import annotations

from analytics.indicators.combinations import DaysToClear
from analytics.indicators.model import (
    DAY,
    SINCE_START,
    WEEK_MEAN,
    Formula,
    Indicator,
    Part,
    Polarity,
    Term,
    Window,
    formulas,
    of,
)

SCHOOL_SOURCE = "Sở Giáo dục và Đào tạo, chương trình Sóng và máy tính cho em"
# Schools count once a week where nothing changes; the newest count stands for the days until the next.
COUNT_DAYS = 7
ONLINE = of("devices.pupils_online", carry_days=COUNT_DAYS)
WITHOUT = of("devices.pupils_without_device", carry_days=COUNT_DAYS)
WAITING = Term((Part("devices.devices_pledged"), Part("devices.devices_delivered", sign=-1, optional=True)))
COUNT_VI = "Điện thoại dùng chung trong nhà: mỗi trường đếm một cách."
COUNT_EN = "Schools count shared phones in different ways."


def _indicator(
    id: str,
    names: tuple[str, str],
    definitions: tuple[str, str],
    found: tuple[Formula, ...],
    measured_in: tuple[str, str],
    *,
    window: Window = DAY,
    polarity: Polarity = "higher_is_worse",
    decimals: int = 0,
    share: bool = False,
    caveats: tuple[str, str] = (COUNT_VI, COUNT_EN),
) -> Indicator:
    return Indicator(
        id=id,
        theme="schooling",
        vi=names[0],
        en=names[1],
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=found,
        window=window,
        polarity=polarity,
        measured_in_vi=measured_in[0],
        measured_in_en=measured_in[1],
        change_in="points" if share else "percent",
        decimals=decimals,
        reporting_delay_days=1,
        caveat_vi=caveats[0],
        caveat_en=caveats[1],
        source=SCHOOL_SOURCE,
    )


SCHOOLING = (
    _indicator(
        "pupils_online",
        ("Học sinh học trực tuyến", "Pupils learning online"),
        ("Số học sinh đang học trực tuyến.", "Pupils who are learning online."),
        formulas((ONLINE,)),
        ("học sinh", "pupils"),
        polarity="neither",
        caveats=("Trường học luân phiên tính vào ngày học ở nhà.", "Schools that alternate count on days at home."),
    ),
    _indicator(
        "device_gap",
        ("Học sinh thiếu thiết bị", "Pupils without a device"),
        ("Số học sinh học trực tuyến còn thiếu thiết bị.", "Pupils learning online who still lack a device."),
        formulas((WITHOUT,)),
        ("học sinh", "pupils"),
    ),
    _indicator(
        "device_gap_share",
        ("Tỷ lệ học sinh thiếu thiết bị", "Share of pupils without a device"),
        (
            "Học sinh còn thiếu thiết bị trên học sinh học trực tuyến.",
            "Pupils who lack a device over pupils learning online.",
        ),
        (Formula(WITHOUT, ONLINE, 100),),
        ("%", "%"),
        decimals=1,
        share=True,
    ),
    _indicator(
        "devices_delivered",
        ("Máy đã trao, lũy kế", "Devices delivered so far"),
        ("Số máy đã trao cho học sinh từ đầu chương trình.", "Devices handed to pupils since the programme began."),
        formulas((of("devices.devices_delivered"),)),
        ("máy", "devices"),
        window=SINCE_START,
        polarity="higher_is_better",
    ),
    _indicator(
        "devices_waiting",
        ("Máy hứa tặng chưa trao", "Devices pledged, not delivered"),
        ("Số máy đã hứa tặng trừ số máy đã trao, từ đầu.", "Devices pledged less devices delivered, since the start."),
        formulas((WAITING,)),
        ("máy", "devices"),
        window=SINCE_START,
        polarity="neither",
        caveats=("Ngày thiếu báo cáo làm lệch số này.", "A day without a report shifts it."),
    ),
    _indicator(
        "devices_per_day_7d",
        ("Máy trao mỗi ngày, 7 ngày", "Devices a day, 7 days"),
        ("Số máy trao bình quân một ngày trong 7 ngày.", "Devices delivered a day, mean of 7 days."),
        formulas((of("devices.devices_delivered"),)),
        ("máy/ngày", "devices a day"),
        window=WEEK_MEAN,
        polarity="higher_is_better",
        decimals=1,
    ),
    Indicator(
        id="devices_days_to_close",
        theme="schooling",
        vi="Ngày đến khi đủ thiết bị",
        en="Days until every pupil has a device",
        definition_vi="Số học sinh còn thiếu chia cho số máy trao mỗi ngày trong 7 ngày.",
        definition_en="Pupils without a device over devices delivered a day in the last 7 days.",
        inputs=("device_gap", "devices_per_day_7d"),
        combination=DaysToClear(),
        polarity="higher_is_worse",
        measured_in_vi="ngày",
        measured_in_en="days",
        decimals=0,
        reporting_delay_days=1,
        caveat_vi="Giả định giữ nguyên tốc độ, không thêm học sinh thiếu; không có khi 7 ngày không trao máy nào.",
        caveat_en="Assumes the pace goes on and nobody else lacks one; none where no device was delivered in 7 days.",
        source=SCHOOL_SOURCE,
    ),
)
