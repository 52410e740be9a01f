"""Vaccine doses given and entered by unit, day, dose number, age group and vaccine."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

DOSE_NUMBERS = (
    Choice(value="1", vi="Mũi 1", en="First dose", written_as=("mui 1", "first", "partial")),
    Choice(value="2", vi="Mũi 2", en="Second dose", written_as=("mui 2", "second", "full")),
    Choice(value="3", vi="Mũi nhắc", en="Booster", written_as=("mui 3", "nhac lai", "booster")),
    Choice(value="all", vi="Tất cả các mũi", en="All doses", written_as=("tong", "tat ca")),
)
AGE_GROUPS = (
    Choice(value="12-17", vi="12-17 tuổi", en="12-17", written_as=("12 17",)),
    Choice(value="18-49", vi="18-49 tuổi", en="18-49", written_as=("18 49",)),
    Choice(value="50-64", vi="50-64 tuổi", en="50-64", written_as=("50 64",)),
    Choice(value="65+", vi="Từ 65 tuổi", en="65 and over", written_as=("65 tro len", ">=65")),
    Choice(value="18+", vi="Từ 18 tuổi", en="18 and over", written_as=("tu 18 tuoi", ">=18")),
    Choice(value="all", vi="Mọi tuổi", en="All ages", written_as=("tong", "tat ca")),
)

VACCINATION = Contract(
    dataset="vaccination",
    vi="Tiêm chủng",
    en="Vaccination",
    grain="unit x day x dose number x age group x vaccine",
    key=("unit", "day", "dose_number", "age_group", "vaccine"),
    columns=(
        UNIT,
        DAY,
        Column(
            name="dose_number",
            type="choice",
            vi="Mũi",
            en="Dose",
            choices=DOSE_NUMBERS,
            default="all",
            headers=("mui", "mui so", "mui tiem"),
        ),
        Column(
            name="age_group",
            type="choice",
            vi="Nhóm tuổi",
            en="Age group",
            choices=AGE_GROUPS,
            default="all",
            headers=("nhom tuoi",),
        ),
        Column(
            name="vaccine", type="text", vi="Vắc xin", en="Vaccine", default="all", headers=("vac xin", "loai vac xin")
        ),
        count("doses_given", "Mũi đã tiêm", "Doses given", headers=("so mui tiem", "da tiem"), correctable=True),
        count(
            "doses_entered",
            "Mũi đã nhập hệ thống",
            "Doses entered",
            headers=("da nhap", "da nhap he thong"),
            correctable=True,
        ),
        count(
            "people_first",
            "Người tiêm mũi 1",
            "People with a first dose",
            headers=("nguoi tiem mui 1",),
            correctable=True,
        ),
        count(
            "people_full",
            "Người tiêm đủ liều",
            "People fully vaccinated",
            headers=("nguoi tiem du lieu", "du mui"),
            correctable=True,
        ),
        count(
            "people_booster", "Người tiêm nhắc", "People with a booster", headers=("nguoi tiem nhac",), correctable=True
        ),
        count("doses_given_cumulative", "Lũy kế mũi đã tiêm", "Cumulative doses given", headers=("luy ke mui tiem",)),
        count("people_first_cumulative", "Lũy kế người tiêm mũi 1", "Cumulative people with a first dose"),
        count("people_full_cumulative", "Lũy kế người tiêm đủ liều", "Cumulative people fully vaccinated"),
        count(
            "registered_cumulative",
            "Lũy kế người đăng ký tiêm",
            "Cumulative people registered",
            headers=("nguoi dang ky tiem", "so nguoi dang ky"),
        ),
        count("stock_received", "Vắc xin nhận", "Doses received", headers=("vac xin nhan",)),
        count("stock_left", "Vắc xin còn", "Doses left", headers=("vac xin con", "ton kho")),
    ),
    measures=(
        Measure(name="doses_given", kind="flow", expression="doses_given", vi="Mũi đã tiêm", en="Doses given"),
        Measure(name="doses_entered", kind="flow", expression="doses_entered", vi="Mũi đã nhập", en="Doses entered"),
        Measure(name="people_first", kind="flow", expression="people_first", vi="Người tiêm mũi 1", en="First doses"),
        Measure(name="people_full", kind="flow", expression="people_full", vi="Người tiêm đủ liều", en="Full courses"),
        Measure(name="people_booster", kind="flow", expression="people_booster", vi="Người tiêm nhắc", en="Boosters"),
        Measure(
            name="doses_given_cumulative",
            kind="stock",
            expression="doses_given_cumulative",
            vi="Lũy kế mũi đã tiêm",
            en="Cumulative doses",
        ),
        Measure(
            name="people_first_cumulative",
            kind="stock",
            expression="people_first_cumulative",
            vi="Lũy kế mũi 1",
            en="Cumulative first doses",
        ),
        Measure(
            name="people_full_cumulative",
            kind="stock",
            expression="people_full_cumulative",
            vi="Lũy kế đủ liều",
            en="Cumulative full courses",
        ),
        Measure(
            name="registered_cumulative",
            kind="stock",
            expression="registered_cumulative",
            vi="Lũy kế đăng ký tiêm",
            en="Cumulative registrations",
        ),
        Measure(
            name="stock_received", kind="flow", expression="stock_received", vi="Vắc xin nhận", en="Doses received"
        ),
        Measure(name="stock_left", kind="stock", expression="stock_left", vi="Vắc xin còn", en="Doses left"),
    ),
    cuts=((), ("dose_number",), ("age_group",), ("vaccine",)),
    cumulative=("doses_given_cumulative", "people_first_cumulative", "people_full_cumulative"),
    example={
        "unit": "747",
        "day": "2021-08-21",
        "dose_number": "1",
        "age_group": "18-49",
        "vaccine": "AstraZeneca",
        "doses_given": "1240",
        "doses_entered": "1090",
        "people_first": "1240",
    },
)
