"""What everyone sees of a site cannot be turned back into a small count, and a district's total waits for its sites."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.release import open_release
from analytics.sites import sites
from data_sources.site_rows import protect_group
from data_sources.structure import Cell
from tests.deliveries import Installation, at, settings_of

PEOPLE = st.integers(min_value=0, max_value=13)


def worlds(
    people: list[Cell], among: list[Cell], total: int, whole: int, names: list[str]
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every pair of true counts (people, those they are among) by site that a reader cannot exclude.

    The reader knows both totals of the district, what is shown of each site, and that a part is not above its whole.
    """
    parts = {cell.category: (cell.low, cell.high) for cell in people}
    wholes = {cell.category: (cell.low, cell.high) for cell in among}
    ranges = [range(parts[name][0], parts[name][1] + 1) for name in names]
    around = [range(*(wholes[name][0], wholes[name][1] + 1)) if name in wholes else range(whole + 1) for name in names]
    found = []
    for counts in product(*ranges):
        if sum(counts) != total:
            continue
        for declared in product(*around):
            if sum(declared) == whole and all(a <= b for a, b in zip(counts, declared, strict=True)):
                found.append((counts, declared))
                break
    return found


@given(st.lists(st.tuples(PEOPLE, st.integers(min_value=0, max_value=9)), min_size=2, max_size=3))
def test_no_site_can_be_told_from_what_is_shown_and_the_district_s_totals(drawn: list[tuple[int, int]]) -> None:
    names = [f"s{number}" for number in range(len(drawn))]
    people = {name: count for name, (count, _) in zip(names, drawn, strict=True)}
    among = {name: count + more for name, (count, more) in zip(names, drawn, strict=True)}
    cells, around = protect_group(dict(people), dict(among))
    if not cells:
        assert not around
        return
    possible = {counts for counts, _ in worlds(cells, around, sum(people.values()), sum(among.values()), names)}
    assert tuple(people.values()) in possible
    for position in range(len(names)):
        assert len({counts[position] for counts in possible}) > 1


def test_a_lone_site_is_its_district_and_shows_nothing() -> None:
    assert protect_group({"only": 57}, {"only": None}) == ([], [])


def test_a_whole_that_would_narrow_its_part_is_left_out() -> None:
    cells, around = protect_group({"a": 3, "b": 1, "c": 6}, {"a": 300, "b": 2, "c": 200})
    assert [cell.shown for cell in cells] == ["<5", "<5", "5"]
    assert around == []  # "b" with fewer than five declarations would tell of its symptoms
    cells, around = protect_group({"a": 3, "b": 1, "c": 6}, {"a": 300, "b": 221, "c": 200})
    assert [cell.shown for cell in around] == ["300", "220", "200"]


SOURCE = {
    "name": "sites",
    "dataset": "quarantine_sites",
    "kind": "files",
    "path": "drop/*.csv",
    "issued_column": "sent",
}
HEADER = "unit,day,site,site_kind,longitude,latitude,capacity,present,sent\n"
DAY = date(2021, 8, 21)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("sites")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("TOANCANH_KEY", "0123456789abcdef" * 4)
    made = Installation(folder / "var", settings_of(folder, SOURCE))
    rows = [
        "747,2021-08-21,Khu A,site,107.1,10.3,100,42,2021-08-21T18:00:00+07:00",
        "747,2021-08-21,Khu B,site,107.2,10.4,80,3,2021-08-21T19:00:00+07:00",
        "747,2021-08-21,Khu C,site,107.3,10.5,60,28,2021-08-21T20:00:00+07:00",
        "747,2021-08-21,Tại nhà,home,,,,17,2021-08-21T18:30:00+07:00",
        "747,2021-08-21,Khu C,site,107.3,10.5,60,31,2021-08-22T09:00:00+07:00",
        "748,2021-08-21,Khu D,site,107.2,10.5,50,2,2021-08-21T18:00:00+07:00",
    ]
    made.deliver(("sites", HEADER + "\n".join(rows) + "\n", at("2021-08-22 10:00:00")), name="sites.csv")
    made.build()
    monkeypatch.undo()
    return made


def test_a_district_s_total_is_not_told_before_its_last_site_reported(installation: Installation) -> None:
    history = installation.query(
        "SELECT stratum, issued::VARCHAR, value FROM observation_history WHERE measure = 'quarantine_sites.present'"
        " AND unit = '747' ORDER BY stratum, issued"
    )
    # Not 42 at six, 59 half an hour later and so on: their differences are the sites.
    assert history == [
        ("", "2021-08-21 20:00:00+07", 90.0),
        ("", "2021-08-22 09:00:00+07", 93.0),
        ("site_kind=home", "2021-08-21 20:00:00+07", 17.0),
        ("site_kind=site", "2021-08-21 20:00:00+07", 73.0),
        ("site_kind=site", "2021-08-22 09:00:00+07", 76.0),
    ]


def test_everyone_sees_protected_counts_and_places(installation: Installation) -> None:
    release = open_release(installation.data, "leader")
    found = {one.site: one for one in sites(release, "quarantine_sites", DAY)}
    assert set(found) == {"Khu A", "Khu B", "Khu C", "Khu D", "Tại nhà"}
    assert {name: one.counts["present"].shown for name, one in found.items() if "present" in one.counts} == {
        "Khu A": "40",
        "Khu B": "<5",
        "Khu C": "30",
    }
    assert (found["Khu A"].longitude, found["Khu A"].latitude, found["Khu A"].middle("capacity")) == (107.1, 10.3, 100)
    # One site is the whole district, and people at home are a published total of their own.
    assert found["Khu D"].middle("present") is None
    assert found["Tại nhà"].middle("present") is None
    assert found["Khu D"].middle("capacity") == 50
    assert [one.site for one in sites(release, "quarantine_sites", DAY, ["748"])] == ["Khu D"]
    release.close()


def test_before_the_last_correction_no_count_is_shown(installation: Installation) -> None:
    release = open_release(installation.data, "leader")
    before = sites(release, "quarantine_sites", DAY, as_of=at("2021-08-22 08:00:00"))
    assert all("present" not in one.counts for one in before)
    release.close()


def test_analysts_have_exact_counts_of_every_field(installation: Installation) -> None:
    release = open_release(installation.data, "analyst")
    found = {one.site: one for one in sites(release, "quarantine_sites", DAY)}
    assert {name: one.counts["present"].shown for name, one in found.items()} == {
        "Khu A": "42",
        "Khu B": "3",
        "Khu C": "31",
        "Khu D": "2",
        "Tại nhà": "17",
    }
    release.close()


def test_a_dataset_without_sites_is_named(installation: Installation) -> None:
    release = open_release(installation.data, "leader")
    with pytest.raises(KeyError, match="tests has no sites"):
        sites(release, "tests", DAY)
    release.close()


def test_no_exact_count_of_a_site_is_in_everyone_s_file(installation: Installation) -> None:
    tables = {row[0] for row in installation.query("SELECT table_name FROM information_schema.tables")}
    assert "site_count_exact" not in tables
    shown = installation.query("SELECT shown, low, high FROM site_count WHERE field = 'present'")
    assert all(low < high for _, low, high in shown)


def test_analysts_file_holds_the_exact_counts(installation: Installation) -> None:
    exact = installation.query(
        "SELECT site, value FROM site_count_exact WHERE field = 'present'", file="analysis.duckdb"
    )
    assert ("Khu B", 3) in exact
