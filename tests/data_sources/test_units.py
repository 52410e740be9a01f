"""A register: validity, levels, leaves; and the ways to load one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data_sources import unit_national
from data_sources.refusal import Refused
from data_sources.settings import SettingError, Settings, parse
from data_sources.units import Register, Unit, load_register, resolve_names

ROOT = Path(__file__).parents[2]
BRVT_2021 = ["747", "748", "750", "751", "752", "753", "754", "755"]


def settings(tmp_path: Path, code: str = "77", level: str = "district", **units: Any) -> Settings:
    return parse({"province": {"code": code, "name": "Nơi này", "level": level}, "units": units}, tmp_path)


def unit(code: str, parent: str | None = None, level: str = "district", **given: Any) -> Unit:
    return Unit(
        **({"code": code, "name": code, "short_name": code, "kind": "", "level": level, "parent": parent} | given)
    )


@pytest.fixture(scope="module")
def viet_nam() -> Register:
    return unit_national.national_register()


def codes(units: tuple[Unit, ...]) -> list[str]:
    return [one.code for one in units]


# --- the national register ---


def test_the_country_of_2021_has_its_63_provinces_705_districts_and_10603_communes(viet_nam: Register) -> None:
    levels = [one.level for one in viet_nam.units(date(2021, 8, 29))]
    assert {level: levels.count(level) for level in set(levels)} == {
        "country": 1,
        "province": 63,
        "district": 705,
        "commune": 10603,
    }


def test_the_province_has_eight_districts_with_the_published_populations(viet_nam: Register) -> None:
    eight = viet_nam.leaves("77", "district", date(2021, 8, 29))
    assert {one.code: (one.name, one.population) for one in eight} == {
        "747": ("Thành phố Vũng Tàu", 357_124),
        "748": ("Thành phố Bà Rịa", 108_701),
        "750": ("Huyện Châu Đức", 143_859),
        "751": ("Huyện Xuyên Mộc", 140_723),
        "752": ("Huyện Long Điền", 135_763),
        "753": ("Huyện Đất Đỏ", 73_530),
        "754": ("Thị xã Phú Mỹ", 179_786),
        "755": ("Huyện Côn Đảo", 8_827),
    }
    province = viet_nam.get("77", date(2021, 8, 29))
    assert province is not None
    assert province.population == 1_148_313 == sum(one.population or 0 for one in eight)
    assert [one.short_name for one in eight[:3]] == ["TP Vũng Tàu", "TP Bà Rịa", "Châu Đức"]


def test_a_code_is_another_unit_on_another_day(viet_nam: Register) -> None:
    before, after = viet_nam.get("753", date(2024, 12, 31)), viet_nam.get("753", date(2025, 1, 1))
    assert before is not None and after is not None
    assert (before.name, before.population, before.successors) == ("Huyện Đất Đỏ", 73_530, ("753",))
    assert (after.name, after.population) == ("Huyện Long Đất", 135_763 + 73_530)
    gone = viet_nam.periods("752")[-1]
    assert (gone.valid_to, gone.successors) == (date(2024, 12, 31), ("753",))
    assert viet_nam.get("752", date(2025, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 31), BRVT_2021),
        (date(2025, 1, 1), ["747", "748", "750", "751", "753", "754", "755"]),
        (date(2025, 6, 30), ["747", "748", "750", "751", "753", "754", "755"]),
        (date(2025, 7, 1), []),
    ],
)
def test_the_districts_that_report_follow_the_mergers(viet_nam: Register, day: date, expected: list[str]) -> None:
    assert codes(viet_nam.leaves("77", "district", day)) == expected


def test_phu_my_is_a_town_and_then_a_city(viet_nam: Register) -> None:
    kinds = [(viet_nam.get("754", day) or unit("none")).kind for day in (date(2025, 2, 28), date(2025, 3, 1))]
    assert kinds == ["thị xã", "thành phố"]


def test_the_province_ends_in_ho_chi_minh_city(viet_nam: Register) -> None:
    (province,) = viet_nam.periods("77")
    assert (province.valid_to, province.successors) == (date(2025, 6, 30), ("79",))
    old, new = viet_nam.periods("79")
    assert (old.valid_to, new.valid_from) == (date(2025, 6, 30), date(2025, 7, 1))
    assert viet_nam.children("79", date(2025, 7, 1)) == ()
    assert new.population is None, "the sum of a known and an unknown population is unknown"
    assert viet_nam.change_days("77") == (date(2025, 1, 1), date(2025, 3, 1), date(2025, 7, 1))


def test_the_63_provinces_become_34_on_1_7_2025_and_each_has_one_successor(viet_nam: Register) -> None:
    before = [one for one in viet_nam.units(date(2025, 6, 30)) if one.level == "province"]
    after = {one.code: one for one in viet_nam.units(date(2025, 7, 1)) if one.level == "province"}
    assert (len(before), len(after)) == (63, 34)
    formed: dict[str, list[str]] = {}
    for one in before:
        if one.valid_to is None:
            assert after[one.code] is one, "a province that did not change goes on"
        else:
            (heir,) = one.successors
            formed.setdefault(heir, []).append(one.code)
    assert sorted(formed["79"]) == ["74", "77", "79"]
    assert sorted(map(len, formed.values())) == [2] * 17 + [3] * 6
    unchanged = [one.code for one in before if one.valid_to is None]
    assert len(unchanged) == 11 and sorted([*formed, *unchanged]) == sorted(after)
    assert sum(one.name.startswith("Thành phố") for one in after.values()) == 6


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("Bình Dương", date(2025, 6, 30), "74"),
        ("Bình Dương", date(2025, 7, 1), None),
        ("Bắc Ninh", date(2025, 6, 30), "27"),
        ("Bắc Ninh", date(2025, 7, 1), "24"),
        ("Tỉnh Lào Cai", date(2021, 8, 29), "10"),
        ("Tỉnh Lào Cai", date(2026, 1, 1), "15"),
        ("Thừa Thiên Huế", date(2024, 12, 31), "46"),
        ("Thành phố Huế", date(2025, 1, 1), "46"),
        ("TP.HCM", date(2025, 7, 1), "79"),
        ("Hà Nội", date(2025, 7, 1), "01"),
    ],
)
def test_a_provinces_name_is_resolved_by_the_day(viet_nam: Register, name: str, day: date, code: str | None) -> None:
    assert resolve_names(viet_nam, [name], parent="VN", level="province", day=day)[name].code == code


def test_a_province_that_is_gone_is_said_to_be_with_where_it_went(viet_nam: Register) -> None:
    asked = resolve_names(viet_nam, ["Bình Dương"], parent="VN", level="province", day=date(2025, 7, 1))["Bình Dương"]
    assert (asked.certainty, asked.guesses) == ("doubtful", (("79", "Thành phố Hồ Chí Minh"),))
    assert asked.message.text("vi") == "Tỉnh Bình Dương (74) chỉ có đến 30/6/2025, nay thuộc Thành phố Hồ Chí Minh (79)"


def test_a_question_without_a_day_is_about_2021(viet_nam: Register) -> None:
    assert codes(viet_nam.leaves("77", "district")) == BRVT_2021
    assert (viet_nam.get("753") or unit("none")).name == "Huyện Đất Đỏ"


def test_leaves_at_every_level(viet_nam: Register) -> None:
    assert len(viet_nam.leaves("VN", "province")) == 63
    communes = viet_nam.leaves("77", "commune")
    assert len(communes) == 83, "82 communes, and Côn Đảo, which has none and stands for itself"
    assert [one.code for one in communes if one.level == "district"] == ["755"]
    assert codes(viet_nam.leaves("747", "district")) == ["747"]
    with pytest.raises(Refused, match="needed the code of a unit"):
        viet_nam.leaves("999", "district")


def test_the_province_of_a_unit(viet_nam: Register) -> None:
    found = [viet_nam.province_of(code) for code in ("26506", "731", "79", "VN", "nowhere")]
    assert [one.code if one else None for one in found] == ["77", "75", "79", None, None]


def test_loading_takes_under_300_ms_of_processor_time(viet_nam: Register) -> None:
    times = []
    for _ in range(3):
        start = time.process_time()
        units = unit_national.national_units.__wrapped__()
        Register(units, reference_day=unit_national.REFERENCE_DAY)
        times.append(time.process_time() - start)
    assert min(times) < 0.3


def test_the_package_is_read_and_never_imported() -> None:
    program = (
        "import sys\nfrom data_sources.unit_national import national_register\n"
        "assert len(national_register().leaves('VN', 'province')) == 63\n"
        "sys.exit(any(name.startswith('vietnam_provinces') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


# --- a register that contradicts itself ---


def test_two_units_with_one_code_on_one_day_are_refused() -> None:
    with pytest.raises(Refused, match="needed one unit for a code on any day"):
        Register([unit("1"), unit("1", valid_from=date(2022, 1, 1))])
    periods = [unit("1", valid_to=date(2021, 12, 31)), unit("1", valid_from=date(2022, 1, 1), name="later")]
    register = Register(periods)
    assert [(register.get("1", day) or unit("x")).name for day in (date(2021, 6, 1), date(2022, 1, 1))] == [
        "1",
        "later",
    ]
    assert (register.get("1") or unit("x")).name == "later", "without a day and a reference day the newest"


def test_a_parent_that_is_no_unit_and_a_circle_are_refused() -> None:
    with pytest.raises(Refused, match="found 9 as the parent of 1"):
        Register([unit("1", "9")])
    with pytest.raises(Refused, match="found a circle through"):
        Register([unit("1", "2"), unit("2", "1")])


# --- registers of one's own ---


def test_a_register_of_ones_own_is_read_with_its_headers_and_populations(tmp_path: Path) -> None:
    text = "Mã;Tên;Cha;Dân số;Từ 18\nA;Quận A;;1.234.567;900 000\nB;Huyện B;XX;765;\n"
    (tmp_path / "own.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    columns = {"code": "Mã", "name": "Tên", "parent": "Cha", "population": "Dân số", "population_18": "Từ 18"}
    register = load_register(settings(tmp_path, "XX", register="own.csv", columns=columns))
    found = register.leaves("XX", "district")
    assert [(one.code, one.parent, one.level, one.population, one.population_18_plus) for one in found] == [
        ("A", "XX", "district", 1_234_567, 900_000),
        ("B", "XX", "district", 765, None),
    ]
    root = register.get("XX")
    assert root is not None
    assert (root.name, root.level, root.parent) == ("Nơi này", "province", None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    rows = [["code", "name", "kind"], ["1", "Một", "huyện"], ["2", "Hai", "thị xã"]]
    (tmp_path / "own.csv").write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")
    register = load_register(settings(tmp_path, "XX", register="own.csv"))
    assert [one.kind for one in register.leaves("XX", "district")] == ["huyện", "thị xã"]


def test_a_register_without_a_header_goes_by_position_and_repeated_rows_are_one_unit(tmp_path: Path) -> None:
    lines = [f"2021-01-{day:02}\tZAF\tid{unit}\tUnit {unit}" for day in (1, 2, 3) for unit in (1, 2)]
    (tmp_path / "rows.txt").write_text("\n".join(lines), encoding="utf-8")
    asked = settings(tmp_path, "ZA", register="rows.txt", header=False, columns={"code": "3", "name": "4"})
    assert codes(load_register(asked).leaves("ZA", "district")) == ["id1", "id2"]


def test_repeated_rows_that_differ_are_refused_with_what_differs(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("code,name,population\n1,Một,10\n1,Một,11\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"two rows of 1 that differ in population \(10 and 11\)"):
        load_register(settings(tmp_path, "XX", register="own.csv"))


def test_periods_and_levels_of_a_register_of_ones_own(tmp_path: Path) -> None:
    rows = [
        "code,name,parent,valid_from,valid_to",
        "N,North,,,",
        "n1,First,N,,30/6/2021",
        "n1,Second,N,2021-07-01,",
        "n1a,Village,n1,,",
    ]
    (tmp_path / "own.csv").write_text("\n".join(rows), encoding="utf-8")
    register = load_register(settings(tmp_path, "CC", "province", register="own.csv"))
    assert [(one.code, one.level) for one in register.units(date(2021, 6, 30))] == [
        ("CC", "country"),
        ("N", "province"),
        ("n1", "district"),
        ("n1a", "commune"),
    ]
    assert [one.name for one in register.leaves("CC", "district", date(2021, 7, 1))] == ["Second"]
    assert codes(register.leaves("CC", "province")) == ["N"]


def test_other_provinces_may_stand_in_a_register_of_ones_own(tmp_path: Path) -> None:
    rows = ["code,name,parent", "a1,Alpha,", "O,Other,", "o1,Omega,O"]
    (tmp_path / "own.csv").write_text("\n".join(rows), encoding="utf-8")
    register = load_register(settings(tmp_path, "A", register="own.csv"))
    assert codes(register.leaves("A", "district")) == ["a1"]
    answer = resolve_names(register, ["omega"], parent="A", level="district")["omega"]
    assert (answer.certainty, answer.message.text("vi")) == ("other_province", "Omega thuộc Other, không thuộc Nơi này")


def test_a_register_of_ones_own_for_a_vietnamese_province_still_knows_the_other_provinces(tmp_path: Path) -> None:
    rows = ["code,name,kind,population_18", "747,Thành phố Vũng Tàu,thành phố,256000", "748,Thành phố Bà Rịa,,"]
    (tmp_path / "own.csv").write_text("\n".join(rows), encoding="utf-8")
    register = load_register(settings(tmp_path, register="own.csv"))
    assert codes(register.leaves("77", "district")) == ["747", "748"]
    assert (register.get("77") or unit("none")).name == "Tỉnh Bà Rịa - Vũng Tàu"
    answers = resolve_names(register, ["Biên Hòa", "TP. Vung Tau", "BR-VT"], parent="77", level="district")
    assert [one.certainty for one in answers.values()] == ["other_province", "certain", "doubtful"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,name\n,Một\n", r"own.csv, row 2: needed a code, found a blank cell"),
        ("code,name\n1,\n", r"own.csv, row 2: needed a name"),
        ("code,name,population\n1,Một,many\n", r"row 2, population: needed a whole number of residents, found 'many'"),
        ("code,name,population\n1,Một,\n2,Hai,1O\n", r"row 3, population: .* found '1O'"),
        ("code,name,valid_from\n1,Một,31/2/2021\n", r"row 2, valid_from: needed a date"),
        ("code,name,level\n1,Một,region\n", r"needed one of country, province, district, commune, found 'region'"),
        ("code,name,parent\n1,Một,9\n", r"found 9 as the parent of Một"),
        ("", r"needed rows of units, found an empty file"),
        ("code,name\nXX,Một\n", r"needed units below XX, found none"),
    ],
)
def test_a_wrong_register_is_refused_with_its_row(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "own.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=message):
        load_register(settings(tmp_path, "XX", register="own.csv"))


def test_a_register_that_is_not_unicode_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes("code,name\n1,B\xe0 R\xeca".encode("cp1251", "replace") + b"\xff\xf0")
    with pytest.raises(Refused, match="needed text in UTF-8"):
        load_register(settings(tmp_path, "XX", register="own.csv"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"register": "none.csv"}, "units.register = 'none.csv': there is no such file"),
        ({"register": "own.csv", "columns": {"name": "Tên"}}, "units.columns.name = 'Tên': .* it has code, name"),
        ({"register": "own.csv", "columns": {"title": "name"}}, "units.columns.title: unknown key; allowed are code"),
        ({"register": "${NO_SUCH_VARIABLE_HERE}/own.csv"}, "NO_SUCH_VARIABLE_HERE is not set"),
        ({}, "province.code = 'XX': not a code of the national register"),
    ],
)
def test_a_wrong_setting_names_the_key_and_what_is_allowed(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    (tmp_path / "own.csv").write_text("code,name\n1,Một\n", encoding="utf-8")
    with pytest.raises(SettingError, match=message):
        load_register(settings(tmp_path, "XX", **given))


def test_a_level_at_or_above_the_province_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"province.level = 'province': .* allowed are district, commune"):
        load_register(settings(tmp_path, "77", "province"))


def test_constants_fill_a_column_the_register_lacks(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("code,name\n1,Một\n", encoding="utf-8")
    register = load_register(settings(tmp_path, "XX", register="own.csv", constants={"kind": "huyện"}))
    assert (register.get("1") or unit("none")).kind == "huyện"


def test_units_are_taken_from_the_boundaries_where_there_is_no_register(tmp_path: Path) -> None:
    features = [{"type": "Feature", "properties": {"id": n, "label": f"Unit {n}"}, "geometry": None} for n in (1, 2)]
    path = tmp_path / "units.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    asked = settings(tmp_path, "XX", boundaries="units.geojson", boundaries_code="id", boundaries_name="label")
    assert [(one.code, one.name) for one in load_register(asked).leaves("XX", "district")] == [
        ("1", "Unit 1"),
        ("2", "Unit 2"),
    ]
    with pytest.raises(SettingError, match=r"units.boundaries_code = 'code': feature 1 .* allowed are id, label"):
        load_register(settings(tmp_path, "XX", boundaries="units.geojson"))
    path.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(Refused, match="needed a GeoJSON FeatureCollection"):
        load_register(settings(tmp_path, "XX", boundaries="units.geojson"))
