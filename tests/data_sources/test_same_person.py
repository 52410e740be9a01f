from __future__ import annotations

import random
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.release import open_release
from analytics.same_person import COLUMNS, possible_same_person
from data_sources.pseudonym import load_key
from data_sources.refusal import Refused
from tests.deliveries import Installation, at, settings_of
from tests.pages.conftest import Open, _nothing_cached, open_page, shown, steady_data  # noqa: F401 (fixtures)

UNITS = ("747", "748", "750", "751", "752", "753", "754", "755")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Ngọc", "Minh", "Thanh", "Quốc")
GIVEN = ("An", "Bình", "Châu", "Dũng", "Hà", "Hải", "Hạnh", "Hùng", "Lan", "Linh", "Mai", "Nam", "Oanh", "Sơn", "Tú")
HEADER = "case_code,unit,day,name,phone,birth_date\n"


class Person:
    """One person as a unit's form has them."""

    def __init__(self, draw: random.Random) -> None:
        self.name = f"{draw.choice(FAMILY)} {draw.choice(MIDDLE)} {draw.choice(GIVEN)}"
        self.phone = f"09{draw.randrange(10**8):08d}"
        self.born = date(1940, 1, 2) + timedelta(days=draw.randrange(29_000))


def line(code: str, unit: str, name: str, phone: str, born: str) -> str:
    return f"{code},{unit},2021-08-20,{name},{phone},{born}\n"


def written_again(person: Person, draw: random.Random) -> tuple[str, str, str]:
    """The person as another unit writes them: seven ways, of which only the last cannot be recognised."""
    way = draw.randrange(10)
    apart = unicodedata.normalize("NFD", person.name.replace("Đ", "D").replace("đ", "d"))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    dialled = f"+84 {person.phone[1:3]} {person.phone[3:]}"
    slip = person.name[:-1] + ("x" if person.name[-1] != "x" else "y")
    ways = {
        0: (person.name, person.phone, str(person.born)),
        1: (plain.upper(), "", str(person.born)),
        2: (f"  {person.name.replace(' ', '  ')}", dialled, ""),
        3: (plain, person.phone.replace("09", "09.", 1), f"{person.born.year}-01-01"),
        4: (person.name, "0909090909", str(person.born)),
        5: (person.name.lower(), person.phone, ""),
        9: (slip, person.phone, str(person.born)),
    }
    return ways.get(way, ways[0])


def seeded(pairs: int, others: int) -> tuple[list[str], set[tuple[str, str]]]:
    """Rows of a line list in several units and the pairs that are truly one person."""
    draw = random.Random(22)
    rows, true = [], set()
    for number in range(pairs):
        person = Person(draw)
        first, second = draw.sample(UNITS, 2)
        rows.append(line(f"A{number}", first, person.name, person.phone, str(person.born)))
        rows.append(line(f"B{number}", second, *written_again(person, draw)))
        true.add((f"A{number}", f"B{number}"))
    for number in range(others):
        person = Person(draw)
        decoys = (
            ("Nguyễn Văn An", "", f"{1950 + number % 50}-01-01"),  # namesakes of whom only the year of birth is known
            (person.name, "0912345678", ""),  # the health station's phone
            (person.name, f"0913{number // 20:06d}", str(person.born)),  # a household's
            ("Không rõ", "0000000000", "1900-01-01"),  # a form that was filled in for form's sake
            (person.name, person.phone, str(person.born)),
        )
        decoy = decoys[number % 5]
        rows.append(line(f"C{number}", draw.choice(UNITS), *decoy))
    draw.shuffle(rows)
    return rows, true


def installation(folder: Path, *names: str) -> Installation:
    sources = [{"name": name, "dataset": "cases", "kind": "files", "path": "x", "complete": False} for name in names]
    place = Installation(folder / "var", settings_of(folder, *sources))
    place.data.mkdir()
    return place


def listed(place: Installation) -> set[tuple[str, str]]:
    rows = place.query("SELECT person, other_person FROM possible_same_person", file="analysis.duckdb")
    return {tuple(sorted(row)) for row in rows}  # type: ignore[misc]


def test_fault_22_the_same_person_of_two_units_is_found_with_this_precision_and_recall(tmp_path: Path) -> None:
    rows, true = seeded(pairs=300, others=1200)
    place = installation(tmp_path, "list")
    [report] = place.deliver(("list", HEADER + "".join(rows), at("2021-08-21T18:00")))
    assert report.rows_kept == len(rows), "both rows of a pair stay"
    place.build()
    key = load_key()
    expected = {tuple(sorted((key.pseudonym(one), key.pseudonym(other)))) for one, other in true}
    found = listed(place)
    precision, recall = len(found & expected) / len(found), len(found & expected) / len(expected)
    # A slip in the name is not recognised; it is a tenth of the seeded pairs. Nothing else is missed or invented.
    assert (precision, recall) == (1.0, pytest.approx(0.91))
    assert place.query("SELECT rows FROM set_aside_reason WHERE reason = 'flag:possibly_same_person'") == [
        (len({person for pair in found for person in pair}),)
    ]


def test_pairs_are_found_across_sources_and_deliveries_and_go_when_the_person_moved(tmp_path: Path) -> None:
    place = installation(tmp_path, "east", "west")
    one = ("Trần Thị Mai", "0912000001", "1990-05-06")
    place.deliver(("east", HEADER + line("E1", "747", *one), at("2021-08-20T18:00")))
    place.deliver(("west", HEADER + line("W1", "754", *one), at("2021-08-21T18:00")))
    place.build()
    assert len(listed(place)) == 1
    flagged = place.query("SELECT source, rows FROM set_aside_reason WHERE reason LIKE 'flag:%' ORDER BY 1")
    assert flagged == [("east", 1), ("west", 1)]
    place.deliver(("west", HEADER + line("W1", "747", *one), at("2021-08-22T18:00")))
    place.build()
    assert listed(place) == set(), "within one unit it is the unit's own list to mend"


def test_only_analysts_see_pairs_and_only_by_pseudonym(tmp_path: Path) -> None:
    place = installation(tmp_path, "list")
    one = ("Trần Thị Mai", "0912000001", "1990-05-06")
    rows = line("E1", "747", *one) + line("W1", "754", *one)
    place.deliver(("list", HEADER + rows, at("2021-08-20T18:00")))
    place.build()
    analyst, leader = open_release(place.data, "analyst"), open_release(place.data, "leader")
    pairs = possible_same_person(analyst)
    assert tuple(pairs.columns) == COLUMNS
    assert {*pairs["person"], *pairs["other_person"]} == {load_key().pseudonym("E1"), load_key().pseudonym("W1")}
    with pytest.raises(Refused, match="analyst"):
        possible_same_person(leader)
    analyst.close()
    leader.close()


def test_the_page_of_sources_lists_them_for_analysts_and_counts_them_for_all(
    tmp_path: Path,
    open_page: Open,  # noqa: F811
) -> None:
    place = installation(tmp_path, "list")
    one = ("Trần Thị Mai", "0912000001", "1990-05-06")
    rows = line("E1", "747", *one) + line("W1", "754", *one)
    place.deliver(("list", HEADER + rows, at("2021-08-20T18:00")))
    place.build()
    codes = [load_key().pseudonym(code) for code in ("E1", "W1")]
    analyst, leader = (shown(open_page("sources", data=place.data, role=role)) for role in ("analyst", "leader"))
    assert "1 cặp có thể trùng người" in analyst and all(code in analyst for code in codes)
    assert "Có thể trùng người với đơn vị khác" in leader and not any(code in leader for code in codes)


def test_identities_kept_before_there_were_digests_are_compared_too(tmp_path: Path) -> None:
    from data_sources.warehouse import Warehouse, ingest_lock

    place = installation(tmp_path, "list")
    one = ("Trần Thị Mai", "0912000001", "1990-05-06")
    place.deliver(("list", HEADER + line("E1", "747", *one) + line("W1", "754", *one), at("2021-08-20T18:00")))
    with ingest_lock(place.data), Warehouse(place.data, load_key()) as warehouse:
        warehouse.con.execute(f"DROP TABLE {warehouse.open_identities()}.same_person")
    place.build()
    assert len(listed(place)) == 1
