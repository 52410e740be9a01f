"""Encounters of two phones as Bluezone records them: when, how long and how near."""

from __future__ import annotations

from data_sources.contracts.model import Choice, Column, Contract

RSSI_CLASSES = (
    Choice(value="near", vi="Gần (dưới 2 m)", en="Near (below 2 m)", written_as=("gan", "manh", "strong")),
    Choice(value="medium", vi="Vừa (2-5 m)", en="Medium (2-5 m)", written_as=("vua", "trung binh")),
    Choice(value="far", vi="Xa (trên 5 m)", en="Far (above 5 m)", written_as=("xa", "yeu", "weak")),
    Choice(value="unknown", vi="Không rõ", en="Not stated", written_as=("khong ro",)),
)
LONGEST_MINUTES = 24 * 60
"""An encounter that lasts longer than a day is two phones lying in one drawer."""

ENCOUNTERS = Contract(
    dataset="encounters",
    vi="Lượt gặp Bluezone",
    en="Bluezone encounters",
    grain="pair of devices x start",
    key=("device", "other_device", "started_at"),
    columns=(
        Column(
            name="device",
            type="person",
            vi="Thiết bị",
            en="Device",
            required=True,
            headers=("thiet bi", "ma thiet bi", "may"),
        ),
        Column(
            name="other_device",
            type="person",
            vi="Thiết bị gặp",
            en="Other device",
            required=True,
            headers=("thiet bi gap", "ma thiet bi gap", "may gap"),
        ),
        Column(
            name="started_at",
            type="time",
            vi="Bắt đầu",
            en="Started at",
            required=True,
            headers=("bat dau", "thoi diem", "thoi gian"),
        ),
        Column(
            name="minutes",
            type="integer",
            vi="Số phút",
            en="Minutes",
            required=True,
            measured_in="phút",
            minimum=0,
            maximum=LONGEST_MINUTES,
            headers=("so phut", "thoi luong"),
        ),
        Column(
            name="rssi_class",
            type="choice",
            vi="Độ gần",
            en="Signal class",
            choices=RSSI_CLASSES,
            default="unknown",
            headers=("do gan", "rssi", "muc tin hieu"),
        ),
    ),
    measures=(),
    cuts=(),
    example={
        "device": "BRVT-000123",
        "other_device": "BZ-7f3a91",
        "started_at": "2021-08-19T07:40:00+07:00",
        "minutes": "25",
        "rssi_class": "near",
    },
)
