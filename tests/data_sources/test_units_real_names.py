"""The names of published files become units; skipped where those files are not at hand."""

from __future__ import annotations

import csv
from pathlib import Path

from data_sources.settings import parse
from data_sources.unit_national import national_register
from data_sources.units import Resolution, load_register, resolve_names

VIET_NAM = national_register()


def column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return sorted({row[name] for row in csv.DictReader(lines)})


def provinces(names: list[str]) -> dict[str, Resolution]:
    return resolve_names(VIET_NAM, names, parent="VN", level="province")


def test_districts_reported_for_dong_nai(shared_data: Path) -> None:
    names = column(shared_data / "vn_antoancovid" / "cases_huyen_dongnai.csv", "huyen")
    answers = resolve_names(VIET_NAM, names, parent="75", level="district")
    assert {name: answer.code for name, answer in answers.items() if answer.certainty == "certain"} == {
        "Biên Hòa": "731",
        "Long Khánh": "732",
        "Vĩnh Cửu": "735",
        "Trảng Bom": "737",
        "Thống Nhất": "738",
        "Cẩm Mỹ": "739",
        "Long Thành": "740",
        "Xuân Lộc": "741",
        "Nhơn Trạch": "742",
    }
    elsewhere = {name: answer.guesses[0][0] for name, answer in answers.items() if answer.certainty == "other_province"}
    assert elsewhere == {
        "Cái Răng": "919",
        "Củ Chi": "783",
        "Dĩ An": "724",
        "Lộc Ninh": "692",
        "Quận 10": "771",
        "Thủ Đức": "769",
        "Tân Bình": "766",
        "Xuyên Mộc": "751",
    }
    assert len(answers) == 17


def test_communes_reported_within_their_districts_of_dong_nai(shared_data: Path) -> None:
    with (shared_data / "vn_antoancovid" / "cases_xa_dongnai.csv").open(encoding="utf-8", newline="") as lines:
        pairs = sorted({(row["huyen"], row["xa"]) for row in csv.DictReader(lines)})
    asked = 0
    for district in {district for district, _ in pairs}:
        code = resolve_names(VIET_NAM, [district], parent="75", level="district")[district].code
        if code is None:
            continue
        names = [commune for other, commune in pairs if other == district]
        answers = resolve_names(VIET_NAM, names, parent=code, level="commune")
        assert [answer.certainty for answer in answers.values()] == ["certain"] * len(names), answers
        asked += len(names)
    assert asked > 30


def test_province_labels_of_the_national_case_series(shared_data: Path) -> None:
    path = shared_data / "vn_vncdc_timeseries" / "vncdc_covid19_timeseries_vn_raw.csv"
    answers = provinces(column(path, "province"))
    assert {name for name, answer in answers.items() if answer.code is None} == {"Tỉnh Chưa rõ"}
    assert answers["Tỉnh Chưa rõ"].certainty == "unknown"
    codes = {answer.code for answer in answers.values() if answer.code}
    assert {unit.code for unit in VIET_NAM.leaves("VN", "province")} - codes == {"04"}, "Cao Bằng reported nothing"


def test_provinces_of_the_vaccination_snapshot_agree_with_their_codes(shared_data: Path) -> None:
    with (shared_data / "vn_tuankhoin" / "vaccination.csv").open(encoding="utf-8", newline="") as lines:
        published = {row["provinceName"]: row["provinceCode"] for row in csv.DictReader(lines)}
    assert len(published) == 63
    assert {name: answer.code for name, answer in provinces(list(published)).items()} == published
    assert {code: answer.code for code, answer in provinces(list(published.values())).items()} == {
        code: code for code in published.values()
    }


def test_province_names_in_english_and_without_marks(shared_data: Path) -> None:
    names: set[str] = set()
    for year in (2020, 2021):
        names |= set(column(shared_data / "google_mobility" / f"{year}_VN_Region_Mobility_Report.csv", "sub_region_1"))
    answers = provinces(sorted(names - {""}))
    assert len({answer.code for answer in answers.values()}) == 63 == len(answers)
    assert answers["Ba Ria - Vung Tau"].code == "77"
    assert answers["Hanoi"].code == "01"
    assert answers["Ho Chi Minh City"].code == "79"


def test_provinces_of_the_volunteers_map(shared_data: Path) -> None:
    answers = provinces(column(shared_data / "vn_antoancovid" / "cases_tinh.csv", "tinh"))
    assert len(answers) == 57 == len({answer.code for answer in answers.values() if answer.code})


def test_korean_provinces_through_a_register_of_ones_own(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "korea_ds4c"
    document = {
        "province": {"code": "KR", "name": "Hàn Quốc", "level": "province"},
        "units": {
            "register": str(folder / "TimeProvince.csv"),
            "columns": {"code": "province", "name": "province"},
        },
    }
    register = load_register(parse(document, tmp_path))
    assert len(register.leaves("KR", "province")) == 17
    for name in ("PatientInfo.csv", "PatientRoute.csv"):
        names = column(folder / name, "province")
        answers = resolve_names(register, names, parent="KR", level="province")
        assert {answer.code for answer in answers.values()} == set(names)


def test_south_african_districts_through_a_headerless_register(shared_data: Path, tmp_path: Path) -> None:
    document = {
        "province": {"code": "ZA", "name": "Nam Phi", "level": "district"},
        "units": {
            "register": str(shared_data / "zaf_facebook_movement" / "facebook_mobility_movement-range-zaf-2021.txt"),
            "header": False,
            "columns": {"code": "4", "name": "5"},
        },
    }
    register = load_register(parse(document, tmp_path))
    units = register.leaves("ZA", "district")
    assert len(units) == 52
    answers = resolve_names(register, [unit.name for unit in units], parent="ZA", level="district")
    assert {name: answer.code for name, answer in answers.items()} == {unit.name: unit.code for unit in units}
