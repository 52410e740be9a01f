"""Forms handed in through the app: kept whole, taken in once by the next pull, and told what became of them."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data_sources import inbox
from data_sources.forms import FORMS
from data_sources.ingest import pull
from data_sources.pseudonym import load_key
from data_sources.refusal import Refused
from data_sources.settings import SettingError, Settings, parse
from tests.data_sources.forms.filled import SENT, filled
from tests.deliveries import Installation, counts_source, drop, settings_of

CSV = "Đơn vị,Ngày,Ca mắc mới\nVũng Tàu,2021-08-29,5\nVũng Tầu,2021-08-28,4\n".encode()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    drop(
        tmp_path / "drop",
        "counts.csv",
        "unit,day,cases\n747,2021-08-28,1\n747,2021-08-29,1\n",
        SENT - timedelta(days=1),
    )
    return settings_of(tmp_path, counts_source())


def hand_in(data: Path, content: bytes = CSV, **more: Any) -> inbox.Submission:
    given = {"dataset": "case_counts", "file": "báo cáo.csv", "unit": None, "by": "TTYT Vũng Tàu", "received_at": SENT}
    return inbox.submit(data, content=content, **{**given, **more})


def test_a_form_is_taken_in_once_and_its_bytes_move_to_the_archive(tmp_path: Path, settings: Settings) -> None:
    data = tmp_path / "var"
    receipt = hand_in(data)
    assert [one.id for one in inbox.waiting(data)] == [receipt.id]
    report = pull(settings, data, received_at=SENT + timedelta(hours=1))
    mine = next(one for one in report.sources if one.name == "nop_case_counts")
    assert (mine.rows_in, mine.rows_kept, mine.rows_set_aside) == (2, 1, 1)
    assert list(inbox.waiting(data)) == []
    known = inbox.submissions(data)
    assert known[0].outcome is not None
    assert known[0].outcome["rows_kept"] == 1
    assert not (data / "inbox" / receipt.id / "content").exists()
    assert [path.read_bytes() for path in (data / "deliveries" / "nop_case_counts").iterdir()] == [CSV]
    again = pull(settings, data, received_at=SENT + timedelta(hours=2))
    assert again.release == report.release


def test_of_the_form_and_the_system_the_newer_issue_counts(tmp_path: Path, settings: Settings) -> None:
    data = tmp_path / "var"
    hand_in(data)
    pull(settings, data, received_at=SENT + timedelta(hours=1))
    installed = Installation(data, settings)
    sql = (
        "SELECT day::VARCHAR, value FROM observation WHERE measure = 'case_counts.cases' AND stratum = '' ORDER BY day"
    )
    assert installed.query(sql) == [("2021-08-28", 1.0), ("2021-08-29", 5.0)]
    path = drop(tmp_path / "drop", "counts.csv", "unit,day,cases\n747,2021-08-28,1\n747,2021-08-29,7\n", SENT)
    later = (SENT + timedelta(hours=3)).timestamp()
    os.utime(path, (later, later))
    pull(settings, data, received_at=SENT + timedelta(hours=4))
    assert installed.query(sql) == [("2021-08-28", 1.0), ("2021-08-29", 7.0)]


def test_names_that_the_sender_decided_are_taken_and_another_units_rows_are_not(
    tmp_path: Path, settings: Settings
) -> None:
    data = tmp_path / "var"
    hand_in(data, units={"Vũng Tầu": "747"})
    hand_in(data, content=CSV + "Bà Rịa,2021-08-29,9\n".encode(), unit="747")
    report = pull(settings, data, received_at=SENT + timedelta(hours=1))
    mine = next(one for one in report.sources if one.name == "nop_case_counts")
    assert (mine.rows_in, mine.rows_kept) == (5, 3)
    assert mine.reasons["unit_of_another"] == 1


def test_the_same_bytes_still_waiting_are_one_submission(tmp_path: Path) -> None:
    first, second = hand_in(tmp_path), hand_in(tmp_path, received_at=SENT + timedelta(minutes=1))
    assert first.id == second.id
    assert hand_in(tmp_path, units={"Vũng Tầu": "747"}).id != first.id
    assert len(list(inbox.waiting(tmp_path))) == 2


def test_too_many_waiting_forms_are_refused_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 2)
    hand_in(tmp_path)
    hand_in(tmp_path, unit="747")
    with pytest.raises(Refused):
        hand_in(tmp_path, unit="748")
    assert len(list(inbox.waiting(tmp_path))) == 2


def test_a_submission_cut_off_while_it_was_written_is_no_submission(tmp_path: Path) -> None:
    receipt = hand_in(tmp_path)
    half = tmp_path / "inbox" / ".20210830T080000-half-1"
    half.mkdir()
    (half / "content").write_bytes(b"half")
    assert [one.id for one in inbox.waiting(tmp_path)] == [receipt.id]
    inbox.sweep(tmp_path)
    assert not half.exists()


def test_an_old_template_is_held_with_its_reason_on_the_receipt(tmp_path: Path, settings: Settings) -> None:
    data = tmp_path / "var"
    hand_in(data, content=filled("tests", lambda row: {"samples": 3, "results_returned": 3, "positives": 0}))
    pull(settings, data, received_at=SENT + timedelta(hours=1))
    outcome = inbox.submissions(data)[0].outcome
    assert outcome is not None
    assert "tests" in outcome["held"]
    assert outcome["rows_kept"] == 0


def test_personal_forms_wait_readable_by_the_server_alone_and_are_archived_encrypted(
    tmp_path: Path, settings: Settings
) -> None:
    data = tmp_path / "var"
    content = "Mã ca,Đơn vị,Ngày,Loại,Điện thoại\nCANARY-1,Vũng Tàu,2021-08-29,F0,0900000001\n".encode()
    receipt = hand_in(data, content=content, dataset="cases")
    folder = data / "inbox" / receipt.id
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder / "content")] == ["0o700", "0o600"]
    pull(settings, data, received_at=SENT + timedelta(hours=1))
    assert load_key() is not None
    for path in data.rglob("*"):
        if path.is_file():
            assert b"CANARY-1" not in path.read_bytes(), path
            assert b"0900000001" not in path.read_bytes(), path


def test_a_settings_file_cannot_name_the_inbox(tmp_path: Path) -> None:
    source = {"name": "x", "dataset": "case_counts", "kind": "inbox"}
    with pytest.raises(SettingError, match="inbox"):
        parse({"province": {"code": "77", "name": "BRVT"}, "source": [source]}, tmp_path)


def test_every_form_makes_a_source() -> None:
    assert {inbox.source_of(dataset).dataset for dataset in FORMS} == set(FORMS)
