"""Faults 80 and 81: a person erased from every byte that is kept, for good, and the audit that says so without names.

Canaries: the person's code, name, phone and address occur nowhere else, so that any byte left of them is found.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest

from data_sources import archive, audit, inbox, pointer, purge
from data_sources.__main__ import main
from data_sources.erasure import Request, erase
from data_sources.ingest import pull
from data_sources.pseudonym import load_key
from data_sources.purge import DUE, Purged
from data_sources.refusal import Refused
from tests.deliveries import RECEIVED, Installation, at, settings_of

CODE, NAME, PHONE, ADDRESS = "CANARY-77", "Trần Yến Hoàng Oanh", "0987600077", "77 ngõ Chim Hoàng Yến"
CANARIES = (CODE, NAME, PHONE, ADDRESS)
HEADER = "case_code,unit,day,source_case,name,phone,address,birth_date,age\n"
THEIRS = f"{CODE},752,2021-08-20,BN1,{NAME},{PHONE},{ADDRESS},1987-05-17,34\n"
BN1 = "BN1,752,2021-08-19,,Nguyễn Văn Một,0912000001,1 đường Một,1990-01-02,31\n"
BN2 = f"BN2,747,2021-08-21,{CODE},Nguyễn Thị Hai,0912000002,2 đường Hai,1991-02-03,30\n"
LIST = HEADER + BN1 + THEIRS + BN2
TRACES = f"case_code,unit,day,contacts_found\nBN1,752,2021-08-19,2\n{CODE},752,2021-08-20,5\n"
POINTS = "case_code,visited_at,longitude,latitude,place_kind\n" + "".join(
    f"{code},2021-08-1{n} 08:00,107.2{n},10.4{n},market\n" for n in range(5, 9) for code in ("BN1", CODE)
)
ASIDE = HEADER + f"{CODE},{ADDRESS},2021-08-20,,{NAME},{PHONE},,,134\n" + BN1
TORN = HEADER + BN1 + f"{CODE},752,2021-08-20,,{NAME},{PHONE},số 5, {ADDRESS},,34\n" + BN2
REFUSED = f"case_code,name\n{CODE},{NAME}\n"
WHY = Request(reason="Đơn số 12/2021", by="trưởng phòng dữ liệu", person=CODE)


def sources() -> list[dict[str, object]]:
    return [
        {"name": name, "dataset": dataset, "kind": "files", "path": f"{name}/*.csv", "complete": False}
        for name, dataset in (("list", "cases"), ("tracing", "traces"), ("trails", "trail_points"))
    ]


def empty(folder: Path) -> Installation:
    place = Installation(folder / "var", settings_of(folder, *sources()))
    place.data.mkdir(parents=True, exist_ok=True)
    return place


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for line in LIST.splitlines():
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that can hold the person: rows kept and set aside, torn, refused; in a workbook; in two releases."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOANCANH_KEY", "0123456789abcdef" * 4)
        place = empty(folder)
        place.deliver(("list", LIST, at("2021-08-21T18:00")), ("list", ASIDE, at("2021-08-21T18:10")), name="a.csv")
        place.build()
        place.deliver(("tracing", TRACES, at("2021-08-22T18:00")), ("trails", POINTS, at("2021-08-22T18:00")))
        place.deliver(("list", TORN, at("2021-08-23T18:00")), ("list", REFUSED, at("2021-08-23T18:10")), name="b.csv")
        place.deliver(("list", workbook(), at("2021-08-23T19:00")), name="c.xlsx")
        place.deliver(("list", REFUSED.encode() + bytes(3), at("2021-08-23T19:10")), name="d.csv")
        place.build()
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Installation:
    shutil.copytree(made / "var", tmp_path / "var")
    return empty(tmp_path)


def texts(data: Path) -> Iterator[tuple[str, str]]:
    """Every file below the data folder, as bytes, and opened with the key where it is sealed or a database."""
    key = load_key()
    for path in sorted(path for path in data.rglob("*") if path.is_file()):
        name = str(path.relative_to(data))
        yield name, path.read_bytes().decode("utf-8", "replace")
        plain = path
        if path.suffix == ".aes":
            plain = data.parent / "opened"
            plain.write_bytes(b"".join(archive.decrypt(path, key)))
            yield f"{name}, opened", plain.read_bytes().decode("utf-8", "replace")
        if path.name.endswith(".rows.aes"):
            yield f"{name}, rows", str(duckdb.connect().execute(f"SELECT * FROM read_parquet('{plain}')").fetchall())
        elif path.suffix == ".aes" and plain.read_bytes()[:2] == b"PK":
            book = openpyxl.load_workbook(io.BytesIO(plain.read_bytes()))
            yield f"{name}, cells", str([[cell.value for cell in row] for row in book.active.iter_rows()])
        elif path.suffix == ".duckdb":
            yield from tables(path)


def tables(path: Path) -> Iterator[tuple[str, str]]:
    con = duckdb.connect()
    if path.name in ("identities.duckdb", "registry.duckdb"):
        archive.attach_encrypted(con, path, "one", load_key(), read_only=True)
    else:
        con.execute(f"ATTACH '{path}' AS one (READ_ONLY)")
    for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'one'").fetchall():
        yield f"{path.name}.{table}", str(con.execute(f'SELECT * FROM one."{table}"').fetchall())
    con.close()


def traces_of(data: Path) -> set[str]:
    """Where anything of the person is left: canaries and the pseudonym."""
    sought = (*CANARIES, load_key().pseudonym(CODE))
    return {name for name, text in texts(data) for word in sought if word in text}


def current(place: Installation) -> str:
    release = pointer.current_id(place.data)
    assert release is not None
    return release


def test_fault_80_nothing_is_left_of_an_erased_person_in_any_byte(place: Installation) -> None:
    before = traces_of(place.data)
    for kind in ("warehouse.duckdb.rows_cases", "rows_traces", "rows_trail_points", "identities.duckdb.identity",
                 "warehouse.duckdb.set_aside", "registry.duckdb.identity", "analysis.duckdb.cases", ".aes, opened",
                 ".aes, cells", "analysis.duckdb.trail_point"):  # fmt: skip
        assert any(kind in name for name in before), f"the person was never in {kind}: nothing would be shown"
    assert len(pointer.release_ids(place.data)) == 2
    purged = erase(place.settings, place.data, WHY, now=RECEIVED)
    assert traces_of(place.data) == set()
    assert not list(place.data.rglob("*.wal")) and not (place.data / DUE).exists()
    assert pointer.release_ids(place.data) == [current(place)] == [purged.release]
    # Two rows of cases (the list and the workbook), a trace, four points; one delivery that nobody can read.
    assert (purged.rows, purged.releases, purged.copies_removed) == (2 + 1 + 4, 2, 1)


def test_fault_80_the_others_stay_and_references_to_the_person_are_blank(place: Installation) -> None:
    people = "SELECT person, source_person, unit, age FROM cases ORDER BY unit"
    before = place.query(people, file="analysis.duckdb")
    first, erased, second = (load_key().pseudonym(code) for code in ("BN1", CODE, "BN2"))
    assert {row[0] for row in before} == {first, erased, second}
    erase(place.settings, place.data, WHY, now=RECEIVED)
    assert place.query(people, file="analysis.duckdb") == [(second, None, "747", 30), (first, None, "752", 31)]
    assert place.query("SELECT sum(value) FROM observation WHERE measure = 'cases.f0' AND stratum = ''") == [(2.0,)]
    kept = [text for name, text in texts(place.data) if name.endswith("rows")]
    assert sum("Nguyễn Văn Một" in text for text in kept) == 4, "the rows of others stay in the archive"
    reasons = dict(place.query("SELECT reason, rows FROM set_aside_reason WHERE source = 'list'"))
    assert reasons["erased"] == 3, "in the list, in the file with the bad row, and in the workbook"


def test_fault_80_a_later_delivery_of_the_person_leaves_nothing(place: Installation, tmp_path: Path) -> None:
    erase(place.settings, place.data, WHY, now=RECEIVED)
    place.deliver(("list", LIST, at("2021-08-25T18:00")))  # the same bytes
    full = LIST + "BN3,748,2021-08-24,,,,,,20\n"
    [report] = place.deliver(("list", full, at("2021-08-25T18:10")))  # the same row among others
    assert (report.rows_in, report.rows_kept, report.reasons) == (4, 3, {"erased": 1})
    place.settings = settings_of(tmp_path, *({**one, "ignore": ["age"]} for one in sources()[:1]), *sources()[1:])
    for content in (LIST, TORN, REFUSED, workbook()):  # the same bytes, read anew with other settings
        place.deliver(("list", content, at("2021-08-26T18:00")))
    [report] = place.deliver(("list", HEADER + THEIRS, at("2021-08-27T18:00")))
    place.build()
    shutil.rmtree(place.data / "spill")  # as a pull does with its spool
    assert traces_of(place.data) == set()
    assert report.held is None and not place.query("SELECT * FROM held_batch WHERE reason LIKE '%no rows%'")


def test_fault_80_erased_before_or_after_it_was_delivered_is_the_same(tmp_path: Path) -> None:
    contents = []
    for name, first in (("before", True), ("after", False)):
        place = empty(tmp_path / name)
        place.deliver(("tracing", TRACES, at("2021-08-21T18:00")))
        if first:
            erase(place.settings, place.data, WHY, now=RECEIVED)
        place.deliver(("list", LIST, at("2021-08-22T18:00")), ("list", ASIDE, at("2021-08-22T18:10")))
        if first:
            place.build()
        else:
            erase(place.settings, place.data, WHY, now=RECEIVED)
        contents.append(place.content())
    assert contents[0] == contents[1]


@pytest.mark.parametrize("step", ["_purge_archive", "build_release", "rewrite"])
def test_fault_80_an_erasure_killed_halfway_is_finished_by_the_next_pull(
    place: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:

    def killed(*given: object) -> Purged:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(purge, step, killed)
        erase(place.settings, place.data, WHY, now=RECEIVED)
    assert traces_of(place.data) != set()
    for source in sources():
        (tmp_path / str(source["name"])).mkdir(exist_ok=True)
    pull(place.settings, place.data, received_at=RECEIVED)
    assert traces_of(place.data) == set()


def test_fault_80_retention_removes_everybody_whose_last_event_is_older(tmp_path: Path) -> None:
    place = empty(tmp_path)
    old = HEADER + THEIRS.replace("2021-08-20", "2020-03-01") + BN1.replace("2021-08-19", "2020-03-01")
    place.deliver(("list", old, at("2020-03-02T18:00")), ("list", HEADER + BN2, at("2021-08-22T18:00")))
    place.deliver(("tracing", "case_code,unit,day\nBN1,752,2021-08-20\n", at("2021-08-22T18:00")))
    place.build()
    nobody = Request(reason="Quy định lưu trữ 3650 ngày", by="quản trị", older_than_days=3650)
    purged = erase(place.settings, place.data, nobody, now=at("2021-08-29T18:00"))
    assert (purged.rows, purged.identities, purged.copies_removed, purged.copies_without_rows) == (0, 0, 0, 0)
    by_age = Request(reason="Quy định lưu trữ 365 ngày", by="quản trị", older_than_days=365)
    purged = erase(place.settings, place.data, by_age, now=at("2021-08-29T18:00"))
    assert (purged.rows, purged.copies_removed) == (1, 1), "one row; the old delivery goes whole from the archive"
    assert traces_of(place.data) == set()
    people = {row[0] for row in place.query("SELECT person FROM cases", file="analysis.duckdb")}
    assert people == {load_key().pseudonym("BN1"), load_key().pseudonym("BN2")}, "BN1 was traced this year"


@pytest.mark.parametrize(("request_", "match"), [
    (Request(reason="x", by="y", person="CANARY-78"), "occurs in no row"),
    (Request(reason=f"theo đơn của {NAME.lower()}", by="y", person=CODE), "does not say who"),
    (Request(reason=f"ca {CODE}", by="y", person=CODE), "does not say who"),
])  # fmt: skip
def test_fault_80_a_slip_or_a_telling_reason_changes_nothing(
    place: Installation, request_: Request, match: str
) -> None:
    before = current(place)
    with pytest.raises(Refused, match=match) as refusal:
        erase(place.settings, place.data, request_, now=RECEIVED)
    assert not any(word in str(refusal.value) for word in CANARIES)
    assert current(place) == before and not (place.data / audit.FILE).exists()


def test_fault_80_only_in_the_archive_is_known_too(tmp_path: Path) -> None:
    place = empty(tmp_path)
    place.deliver(("list", HEADER + BN1, at("2021-08-21T18:00")), ("list", ASIDE, at("2021-08-21T18:10")))
    place.build()
    erase(place.settings, place.data, WHY, now=RECEIVED)
    assert traces_of(place.data) == set()


def test_fault_80_a_delivery_read_with_settings_of_before_is_found_too(place: Installation, tmp_path: Path) -> None:
    now = settings_of(tmp_path, {**sources()[0], "ignore": ["age"]}, *sources()[1:])
    erase(now, place.data, WHY, now=RECEIVED)
    assert traces_of(place.data) == set()


def test_fault_80_a_form_that_still_waits_to_be_taken_in_is_taken_in_first(tmp_path: Path) -> None:
    place = empty(tmp_path)
    place.deliver(("list", HEADER + BN1, at("2021-08-21T18:00")))
    form = HEADER.replace("case_code", "Mã ca") + THEIRS + BN2
    inbox.submit(
        place.data,
        dataset="cases",
        file="f.csv",
        content=form.encode(),
        unit=None,
        by="Phòng y tế",
        received_at=at("2021-08-22T18:00"),
    )
    assert any("inbox" in name for name in traces_of(place.data))
    erase(place.settings, place.data, WHY, now=RECEIVED)
    assert traces_of(place.data) == set()
    people = {row[0] for row in place.query("SELECT person FROM cases", file="analysis.duckdb")}
    assert people == {load_key().pseudonym("BN1"), load_key().pseudonym("BN2")}


def test_fault_80_by_command_with_the_code_from_standard_input(
    place: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[province]\ncode = "77"\nname = "x"\n'
        + "".join(
            "[[source]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in one.items())
            for one in sources()
        )
    )
    common = ["--config", str(config), "--data", str(place.data), "--reason", "Đơn 12"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{CODE}\n"))
    assert main(["erase", "--person", "-", *common]) == 0
    assert "rows and" in capsys.readouterr().out
    assert traces_of(place.data) == set()
    assert main(["erase", "--person", CODE, *common]) == 1, "nobody of that code is left"
    assert CODE not in capsys.readouterr().err


def test_fault_81_the_audit_says_what_and_why_but_not_who_and_shows_what_was_changed(place: Installation) -> None:
    erase(place.settings, place.data, WHY, now=RECEIVED)
    path = place.data / audit.FILE
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["act"] for line in lines] == ["erase", "erased"]
    assert (lines[0]["reason"], lines[0]["by"], lines[0]["persons"]) == (WHY.reason, WHY.by, 1)
    assert lines[1]["rows"] == 7
    assert audit.verify(place.data, load_key()) == 2
    whole = path.read_bytes()
    for changed in (whole.replace(b"12/2021", b"13/2021"), whole.split(b"\n", 1)[1], whole[:200] + whole[201:]):
        path.write_bytes(changed)
        with pytest.raises(Refused, match="line 1 changed"):
            audit.verify(place.data, load_key())
        with pytest.raises(Refused, match="line 1 changed"):
            erase(place.settings, place.data, Request(reason="x", by="y", person="BN1"), now=RECEIVED)
    assert place.query("SELECT count(*) FROM cases", file="analysis.duckdb") == [(2,)], "nothing is done unaudited"


def test_fault_81_without_an_audit_nothing_is_erased(place: Installation) -> None:
    (place.data / audit.FILE).mkdir()
    before = current(place)
    with pytest.raises(Refused, match="an audit that can be written"):
        erase(place.settings, place.data, WHY, now=RECEIVED)
    assert current(place) == before and not (place.data / DUE).exists()
    assert len(place.query("SELECT * FROM cases", file="analysis.duckdb")) == 3
