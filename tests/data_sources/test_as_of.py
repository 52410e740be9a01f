"""Every version is kept, and any day can be read as of any other."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deliveries import Installation, at, counts_source, settings_of

HEADER = "unit,day,detection,cases\n"


def installation(folder: Path) -> Installation:
    return Installation(folder, settings_of(folder, counts_source(complete=False)))


def cases_as_of(place: Installation, day: str, issued: datetime) -> float | None:
    rows = place.query(
        "SELECT value FROM observation_history WHERE measure = 'case_counts.cases' AND stratum = '' AND day = ?::DATE"
        " AND issued <= ? ORDER BY issued DESC LIMIT 1",
        day,
        issued,
    )
    return rows[0][0] if rows else None


def test_a_late_correction_is_a_new_version_and_the_old_one_can_still_be_read(tmp_path: Path) -> None:
    place = installation(tmp_path)
    place.deliver(("counts", HEADER + "752,2021-08-20,community,10\n", at("2021-08-20T18:00")))
    place.deliver(("counts", HEADER + "752,2021-08-20,community,14\n", at("2021-08-22T09:00")))
    place.build()
    assert cases_as_of(place, "2021-08-20", at("2021-08-21T00:00")) == 10
    assert cases_as_of(place, "2021-08-20", at("2021-08-22T09:00")) == 14
    assert cases_as_of(place, "2021-08-20", at("2021-08-20T17:59")) is None


def test_a_case_that_moves_to_another_class_leaves_the_first(tmp_path: Path) -> None:
    place = installation(tmp_path)
    first = HEADER + "752,2021-08-20,community,10\n752,2021-08-20,quarantine,5\n"
    second = HEADER + "752,2021-08-20,community,8\n752,2021-08-20,quarantine,7\n"
    place.deliver(("counts", first, at("2021-08-20T18:00")), ("counts", second, at("2021-08-21T18:00")))
    place.build()
    now = place.query("SELECT stratum, value FROM observation WHERE measure = 'case_counts.cases' ORDER BY stratum")
    assert now == [("", 15.0), ("detection=community", 8.0), ("detection=quarantine", 7.0)]
    total = place.query("SELECT count(*) FROM observation_history WHERE measure = 'case_counts.cases' AND stratum = ''")
    assert total == [(1,)]  # the total did not change, so it has one version


def test_a_release_until_a_day_knows_nothing_issued_later(tmp_path: Path) -> None:
    place = installation(tmp_path)
    place.deliver(("counts", HEADER + "752,2021-08-20,community,10\n", at("2021-08-20T18:00")))
    place.deliver(("counts", HEADER + "752,2021-08-20,community,14\n", at("2021-08-22T09:00")))
    place.build(cutoff=at("2021-08-21T23:59"))
    cases = "SELECT DISTINCT value FROM observation WHERE stratum = '' AND measure = 'case_counts.cases'"
    assert place.query(cases) == [(10.0,)]


def test_the_source_that_comes_first_holds_from_its_first_word_on(tmp_path: Path) -> None:
    first, second = counts_source(complete=False), counts_source(name="second", path="second/*.csv", complete=False)
    place = Installation(tmp_path, settings_of(tmp_path, first, second))
    place.deliver(
        ("second", HEADER + "752,2021-08-20,community,10\n752,2021-08-20,quarantine,5\n", at("2021-08-20T18:00")),
        ("second", HEADER + "752,2021-08-20,community,11\n", at("2021-08-21T18:00")),
        ("counts", HEADER + "752,2021-08-20,community,30\n", at("2021-08-23T18:00")),
        ("second", HEADER + "752,2021-08-20,community,99\n", at("2021-08-24T18:00")),
    )
    place.build()
    told = {"2021-08-20T19:00": 15, "2021-08-22T19:00": 16, "2021-08-23T18:00": 30, "2021-08-25T18:00": 30}
    for moment, cases in told.items():
        assert cases_as_of(place, "2021-08-20", at(moment)) == cases, moment
    rows = place.query(
        "SELECT stratum, issued::DATE::VARCHAR, value FROM observation_history WHERE measure = 'case_counts.cases'"
        " AND stratum = 'detection=quarantine' ORDER BY issued"
    )
    assert rows == [("detection=quarantine", "2021-08-20", 5.0), ("detection=quarantine", "2021-08-23", None)]
    now = place.query("SELECT stratum, value FROM observation WHERE measure = 'case_counts.cases' ORDER BY stratum")
    assert now == [("", 30.0), ("detection=community", 30.0)]


def test_missing_is_not_zero(tmp_path: Path) -> None:
    place = installation(tmp_path)
    place.deliver(
        ("counts", HEADER + "752,2021-08-20,community,\n753,2021-08-20,community,0\n", at("2021-08-20T18:00"))
    )
    place.build()
    rows = place.query("SELECT unit, value FROM observation WHERE measure = 'case_counts.cases' AND stratum = ''")
    assert rows == [("753", 0.0)]


DELIVERIES = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=9),
        st.lists(
            st.tuples(
                st.sampled_from(["747", "752", "TP Vũng Tàu"]),
                st.sampled_from(["2021-08-18", "2021-08-19"]),
                st.sampled_from(["community", "quarantine"]),
                st.one_of(st.none(), st.integers(min_value=-2, max_value=40)),
            ),
            min_size=1,
            max_size=5,
        ),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DELIVERIES, st.randoms(use_true_random=False))
def test_the_same_deliveries_in_any_order_give_the_same_release(deliveries: list, shuffler) -> None:  # type: ignore[no-untyped-def,type-arg]
    given_deliveries = [
        (
            "counts",
            HEADER + "".join(f"{u},{d},{s},{'' if n is None else n}\n" for u, d, s, n in rows),
            at(f"2021-08-2{hour}T08:00"),
        )
        for hour, rows in deliveries
    ]
    shuffled = list(given_deliveries)
    shuffler.shuffle(shuffled)
    digests = []
    for order in (given_deliveries, shuffled, [*shuffled, *given_deliveries]):
        with tempfile.TemporaryDirectory() as folder:
            place = installation(Path(folder))
            place.deliver(*order)
            try:
                place.build()
            except Exception as error:  # nothing usable: then in every order
                digests.append(type(error).__name__)
            else:
                digests.append(place.content())
    assert len(set(digests)) == 1
