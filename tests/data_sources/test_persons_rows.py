"""Contacts, check-ins and encounters: what each says of a person stays with analysts, its figures go to everyone."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from analytics.readings import read
from analytics.release import open_release
from data_sources import archive, pointer
from data_sources.pseudonym import load_key
from tests.deliveries import Installation, at, settings_of

CODES = ("BRVT-000001", "BRVT-000002", "BRVT-000003", "BRVT-000004", "TX-000001", "BZ-7f3a91")


def source(name: str, dataset: str) -> dict[str, Any]:
    return {"name": name, "dataset": dataset, "kind": "files", "path": f"{name}/*.csv", "issued_column": "sent"}


# Four contacts of one case: one became a case on the 24th, one was lost on the 26th, one is still followed, and one
# was found by an app and never put on the list. The first three were under follow-up from the 21st on.
CONTACTS = """contact_code,source_case,unit,day,named_at,told_at,quarantined_at,found_by,on_f1_list,follow_up_status,ended_on,last_seen_day,sent
BRVT-000002,BRVT-000001,752,2021-08-21,2021-08-21T09:00:00+07:00,2021-08-21T10:00:00+07:00,2021-08-21T15:00:00+07:00,interview,có,Đang theo dõi,,2021-08-21,2021-08-21T16:00:00+07:00
BRVT-000003,BRVT-000001,752,2021-08-21,2021-08-21T09:00:00+07:00,2021-08-21T11:00:00+07:00,2021-08-22T12:00:00+07:00,qr,có,Đang theo dõi,,,2021-08-22T14:00:00+07:00
BRVT-000004,BRVT-000001,752,2021-08-21,,,,interview,có,Đang theo dõi,,2021-08-23,2021-08-23T16:00:00+07:00
TX-000001,BRVT-000001,752,2021-08-22,,,,bluezone,không,,,,2021-08-22T16:00:00+07:00
BRVT-000002,BRVT-000001,752,2021-08-21,2021-08-21T09:00:00+07:00,2021-08-21T10:00:00+07:00,2021-08-21T15:00:00+07:00,interview,có,Chuyển F0,2021-08-24,2021-08-24,2021-08-24T20:00:00+07:00
BRVT-000003,BRVT-000001,752,2021-08-21,2021-08-21T09:00:00+07:00,2021-08-21T11:00:00+07:00,2021-08-22T12:00:00+07:00,qr,có,Mất liên lạc,2021-08-26,,2021-08-26T20:00:00+07:00
"""  # noqa: E501
ENCOUNTERS = """device,other_device,started_at,minutes,rssi_class,sent
BRVT-000001,TX-000001,2021-08-19T07:40:00+07:00,25,Gần,2021-08-21T16:00:00+07:00
BRVT-000001,BZ-7f3a91,2021-08-19T09:40:00+07:00,2,Xa,2021-08-21T16:00:00+07:00
BRVT-000001,BZ-7f3a91,2021-08-19T10:40:00+07:00,2000,Xa,2021-08-21T16:00:00+07:00
"""
CHECKINS = """person_code,venue,place_kind,unit,time_in,time_out,sent
BRVT-000001,QR-752-0004,Chợ,Long Điền,2021-08-19T07:40:00+07:00,2021-08-19T08:20:00+07:00,2021-08-21T16:00:00+07:00
BRVT-000003,QR-752-0004,Chợ,Long Điền,2021-08-19T07:45:00+07:00,,2021-08-21T16:00:00+07:00
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("persons")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("TOANCANH_KEY", "0123456789abcdef" * 4)
    sources = (source("f1", "contacts"), source("bluezone", "encounters"), source("qr", "checkins"))
    installation = Installation(folder / "var", settings_of(folder, *sources))
    issued = at("2021-08-27 08:00:00")
    reports = [
        *installation.deliver(("f1", CONTACTS, issued), name="f1.csv"),
        *installation.deliver(("bluezone", ENCOUNTERS, issued), name="bluezone.csv"),
        *installation.deliver(("qr", CHECKINS, issued), name="qr.csv"),
    ]
    assert [report.reasons for report in reports] == [
        {},
        {"out_of_range": 1},
        {},
    ]  # no encounter lasts longer than a day
    installation.build()
    monkeypatch.undo()
    return installation


def test_nothing_in_everyone_s_file_names_a_person(made: Installation) -> None:
    current = pointer.current_id(made.data)
    assert current is not None
    known = {*CODES, *(load_key().pseudonym(code) for code in CODES)}
    with duckdb.connect(str(pointer.release_folder(made.data, current) / "picture.duckdb"), read_only=True) as con:
        for (table,) in con.execute("SELECT table_name FROM information_schema.tables").fetchall():
            columns = [row[0] for row in con.execute(f'DESCRIBE "{table}"').fetchall()]
            assert not {"person", "source_person", "contact_code", "device", "person_code"} & set(columns), table
            found = {str(value) for row in con.execute(f'SELECT * FROM "{table}"').fetchall() for value in row}
            assert not found & known, table
        assert con.execute("SELECT count(*) FROM observation WHERE measure LIKE 'contacts.%'").fetchone() != (0,)


def test_analysts_have_pseudonymous_rows_of_the_newest_version(made: Installation) -> None:
    name = {code: load_key().pseudonym(code) for code in CODES}
    rows = made.query(
        "SELECT person, source_person, follow_up_status, ended_on FROM contacts ORDER BY follow_up_status",
        file="analysis.duckdb",
    )
    assert rows == [
        (name["BRVT-000002"], name["BRVT-000001"], "became_case", date(2021, 8, 24)),
        (name["BRVT-000003"], name["BRVT-000001"], "lost", date(2021, 8, 26)),
        (name["BRVT-000004"], name["BRVT-000001"], "under_follow_up", None),
        (name["TX-000001"], name["BRVT-000001"], "unknown", None),
    ]
    assert made.query(
        "SELECT person, other_person, minutes, rssi_class FROM encounters ORDER BY started_at", file="analysis.duckdb"
    ) == [
        (name["BRVT-000001"], name["TX-000001"], 25, "near"),
        (name["BRVT-000001"], name["BZ-7f3a91"], 2, "far"),
    ]
    assert made.query(
        "SELECT person, venue, place_kind, unit, time_out IS NULL FROM checkins ORDER BY time_in",
        file="analysis.duckdb",
    ) == [
        (name["BRVT-000001"], "QR-752-0004", "market", "752", False),
        (name["BRVT-000003"], "QR-752-0004", "market", "752", True),
    ]


def test_both_phones_of_an_encounter_can_be_found_again(made: Installation) -> None:
    """Whom an app saw beside a case is on no list yet: without the code of that phone nobody could be warned."""
    current = pointer.current_id(made.data)
    assert current is not None
    con = duckdb.connect()
    path = pointer.release_folder(made.data, current) / "registry.duckdb"
    archive.attach_encrypted(con, path, "registry", load_key(), read_only=True)
    known = {code for (code,) in con.execute("SELECT code FROM registry.identity").fetchall()}
    con.close()
    assert known >= {"BZ-7f3a91", "TX-000001", "BRVT-000001"}


def test_contacts_under_follow_up_on_each_evening(made: Installation) -> None:
    release = open_release(made.data, "leader")
    open_on = {}
    for number in range(20, 27):
        day = date(2021, 8, number)
        open_on[number] = read(release, ["contacts_in_follow_up"], ["752"], day)["contacts_in_follow_up", "752"].value
    # The app's contact is in nobody's follow-up; the case left it on the 24th, the lost one on the 26th.
    assert open_on == {20: None, 21: 3, 22: 3, 23: 3, 24: 2, 25: 2, 26: 1}
    as_known = read(release, ["contacts_in_follow_up"], ["752"], date(2021, 8, 25), as_of=at("2021-08-24 12:00:00"))
    assert as_known["contacts_in_follow_up", "752"].value == 3  # at noon of the 24th nobody knew of the case yet
    release.close()


def test_counts_of_contacts_by_hand(made: Installation) -> None:
    sums = dict(
        made.query(
            "SELECT measure, sum(value) FROM observation WHERE stratum = '' AND measure LIKE 'contacts.%'"
            " GROUP BY measure"
        )
    )
    assert sums == {
        "contacts.named": 4,
        "contacts.followed": 3,
        "contacts.seen": 2,  # the lost one was never seen
        "contacts.with_times": 2,
        "contacts.quarantined_24h": 1,  # the other was taken after 27 hours
        "contacts.automatic": 2,
        "contacts.automatic_on_list": 1,
        "contacts.on_list": 3,
        "contacts.ended": 2,
        "contacts.lost": 1,
        "contacts.became_case": 1,
        "contacts.last_seen": 2,
    }
    ended = made.query("SELECT day, value FROM observation WHERE measure = 'contacts.lost' AND stratum = 'found_by=qr'")
    assert ended == [(date(2021, 8, 26), 1.0)]
