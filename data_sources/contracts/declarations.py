"""Health declarations of a day by checkpoint: symptoms told, people checked, and what the checks found."""

from __future__ import annotations

from data_sources.contracts.common import DAY, SITE_LATITUDE, SITE_LONGITUDE, UNIT, count
from data_sources.contracts.model import Column, Contract, Measure

SYMPTOMS = ("cough", "fever", "loss_of_smell", "other_symptoms")
SYMPTOMATIC = (
    f"COALESCE(symptomatic, CASE WHEN COALESCE({', '.join(SYMPTOMS)}) IS NOT NULL"
    f" THEN {' + '.join(f'COALESCE({name}, 0)' for name in SYMPTOMS)} END)"
)
"""Declarations with any symptom; where only the symptoms are counted, their sum, in which some count twice."""

DECLARATIONS = Contract(
    dataset="declarations",
    vi="Khai báo y tế",
    en="Health declarations",
    grain="unit x day x checkpoint",
    key=("unit", "day", "checkpoint"),
    columns=(
        UNIT,
        DAY,
        Column(
            name="checkpoint",
            type="text",
            vi="Chốt",
            en="Checkpoint",
            default="all",
            headers=("chot kiem soat", "diem khai bao", "ten chot", "noi khai bao"),
        ),
        SITE_LONGITUDE,
        SITE_LATITUDE,
        count("declarations", "Tờ khai", "Declarations", headers=("so to khai", "luot khai bao", "so luot khai")),
        count("symptomatic", "Có triệu chứng", "With a symptom", headers=("co trieu chung", "so co trieu chung")),
        count("cough", "Ho", "Cough", headers=("ho khan",)),
        count("fever", "Sốt", "Fever", headers=("sot",)),
        count("loss_of_smell", "Mất mùi, vị", "Loss of smell or taste", headers=("mat vi giac", "mat khuu giac")),
        count("other_symptoms", "Triệu chứng khác", "Other symptoms", headers=("trieu chung khac", "khac")),
        count("checked", "Đã kiểm tra", "Checked", headers=("da kiem tra", "kham sang loc", "da xac minh")),
        count(
            "confirmed_ordinary",
            "Xác nhận bình thường",
            "Confirmed ordinary",
            headers=("binh thuong", "xac nhan binh thuong"),
        ),
        count("tested", "Đã xét nghiệm", "Tested", headers=("da xet nghiem", "lay mau")),
        count("positives", "Dương tính", "Positives", headers=("duong tinh",)),
    ),
    measures=(
        Measure(name="declarations", kind="flow", expression="declarations", vi="Tờ khai", en="Declarations"),
        Measure(name="symptomatic", kind="flow", expression=SYMPTOMATIC, vi="Có triệu chứng", en="With a symptom"),
        Measure(name="cough", kind="flow", expression="cough", vi="Ho", en="Cough"),
        Measure(name="fever", kind="flow", expression="fever", vi="Sốt", en="Fever"),
        Measure(name="loss_of_smell", kind="flow", expression="loss_of_smell", vi="Mất mùi, vị", en="Loss of smell"),
        Measure(
            name="other_symptoms", kind="flow", expression="other_symptoms", vi="Triệu chứng khác", en="Other symptoms"
        ),
        Measure(name="checked", kind="flow", expression="checked", vi="Đã kiểm tra", en="Checked"),
        Measure(
            name="confirmed_ordinary",
            kind="flow",
            expression="confirmed_ordinary",
            vi="Xác nhận bình thường",
            en="Confirmed ordinary",
        ),
        Measure(name="tested", kind="flow", expression="tested", vi="Đã xét nghiệm", en="Tested"),
        Measure(name="positives", kind="flow", expression="positives", vi="Dương tính", en="Positives"),
    ),
    site="checkpoint",
    not_above=(
        ("symptomatic", "declarations"),
        ("cough", "declarations"),
        ("fever", "declarations"),
        ("checked", "declarations"),
        ("checked", "symptomatic"),
        ("confirmed_ordinary", "checked"),
        ("positives", "tested"),
    ),
    example={
        "unit": "748",
        "day": "2021-08-21",
        "checkpoint": "Chốt cầu Cỏ May",
        "declarations": "1840",
        "symptomatic": "6",
        "cough": "4",
        "fever": "2",
        "loss_of_smell": "0",
        "other_symptoms": "1",
        "checked": "6",
        "confirmed_ordinary": "6",
        "tested": "2",
        "positives": "0",
    },
)
