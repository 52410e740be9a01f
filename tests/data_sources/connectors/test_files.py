"""A watched folder: what is new or changed is delivered once, under its hash, with the time it was written."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data_sources.connectors import Delivery
from data_sources.connectors.clock import Clock
from data_sources.connectors.files import fetch_files
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import ProvinceSettings, Settings, SourceSettings, UnitSettings
from tests.data_sources.readers.samples import simple_workbook

WRITTEN = datetime(2021, 8, 21, 3, tzinfo=UTC)


def pull(directory: Path, pattern: str, state: dict[str, str] | None = None) -> list[Delivery]:
    """All deliveries of one pull of files by `pattern`, seen from the folder `directory`."""
    spool = directory / "spool"
    spool.mkdir(exist_ok=True)
    settings = Settings(
        province=ProvinceSettings(code="77", name="BRVT"), units=UnitSettings(), sources=(), directory=directory
    )
    source = SourceSettings(name="forms", dataset="case_counts", kind="files", path=pattern)
    clock = Clock(sleep=lambda seconds: None, now=lambda: WRITTEN + timedelta(days=1))
    return list(fetch_files(source, settings, spool, state or {}, clock=clock))


def write(path: Path, content: bytes = b"a,b\n1,2\n", written: datetime = WRITTEN) -> Path:
    """A file that was finished at `written`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (written.timestamp(), written.timestamp()))
    return path


def test_each_matching_file_is_delivered_oldest_first(tmp_path: Path) -> None:
    write(tmp_path / "drop" / "b.csv", written=WRITTEN - timedelta(hours=1))
    write(tmp_path / "drop" / "a.csv", b"a,b\n3,4\n")
    write(tmp_path / "drop" / "c.xlsx", simple_workbook(("a", "b", "c"), (1, 2, 3)), WRITTEN + timedelta(hours=1))
    write(tmp_path / "drop" / "readme.txt")
    found = pull(tmp_path, "drop/*.[cx]*")
    assert [(one.name, one.format) for one in found] == [("b.csv", "csv"), ("a.csv", "csv"), ("c.xlsx", "xlsx")]
    first = found[1]
    assert first.sha256 == hashlib.sha256(b"a,b\n3,4\n").hexdigest() == first.path.name
    assert first.path.read_bytes() == b"a,b\n3,4\n"
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert first.issued_at.isoformat() == "2021-08-21T10:00:00+07:00"
    assert first.declared_rows is None


def test_unchanged_files_are_not_read_again(tmp_path: Path) -> None:
    write(tmp_path / "drop" / "a.csv")
    write(tmp_path / "drop" / "b.csv", b"x,y\n1,2\n")
    found = pull(tmp_path, "drop/*.csv")
    state = found[-1].state
    assert len(state) == 2
    assert pull(tmp_path, "drop/*.csv", state) == []
    write(tmp_path / "drop" / "a.csv", b"a,b\n9,9\n", WRITTEN + timedelta(hours=2))
    [again] = pull(tmp_path, "drop/*.csv", state)
    assert again.name == "a.csv"
    assert set(again.state) == set(state)
    assert pull(tmp_path, "drop/*.csv", again.state) == []


def test_a_touched_file_with_the_same_bytes_is_not_delivered(tmp_path: Path) -> None:
    write(tmp_path / "drop" / "a.csv")
    state = pull(tmp_path, "drop/*.csv")[-1].state
    write(tmp_path / "drop" / "a.csv", written=WRITTEN + timedelta(hours=1))
    assert pull(tmp_path, "drop/*.csv", state) == []


def test_files_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    write(tmp_path / "drop" / "a.csv")
    state = pull(tmp_path, "drop/*.csv")[-1].state | {"etag": "kept"}
    (tmp_path / "drop" / "a.csv").unlink()
    write(tmp_path / "drop" / "b.csv", b"x,y\n1,2\n")
    [delivery] = pull(tmp_path, "drop/*.csv", state)
    assert set(delivery.state) == {"etag", 'file:"b.csv"'}


def test_variables_folders_and_deep_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "else where"
    write(elsewhere / "vt" / "2021" / "a.csv")
    write(elsewhere / "ld" / "b.csv", b"x,y\n1,2\n")
    monkeypatch.setenv("FORMS", str(elsewhere))
    assert [one.name for one in pull(tmp_path, "${FORMS}/*/*.csv")] == ["ld/b.csv"]
    assert sorted(one.name for one in pull(tmp_path, "${FORMS}/**/*.csv")) == ["ld/b.csv", "vt/2021/a.csv"]
    assert [one.name for one in pull(tmp_path, "${FORMS}/vt/2021/a.csv")] == ["a.csv"]


def test_names_that_hold_signs_of_a_pattern_are_found_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "form [2021]"
    write(folder / "a[1].csv")
    assert [one.name for one in pull(folder, "a[1].csv")] == ["a[1].csv"]
    assert [one.name for one in pull(folder, "*.csv")] == ["a[1].csv"]


def test_a_folder_that_is_itself_a_link_may_be_watched(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.csv")
    (tmp_path / "drop").symlink_to(tmp_path / "real")
    assert [one.name for one in pull(tmp_path, "drop/*.csv")] == ["a.csv"]


def test_no_file_and_no_folder_are_said_with_the_path_that_was_looked_at(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"folder .*/drop: needed the folder of .*/drop/\*\.csv, found no folder"):
        pull(tmp_path, "drop/*.csv")
    write(tmp_path / "drop" / "a.csv.part")
    write(tmp_path / "drop" / ".hidden.csv")
    with pytest.raises(Unreachable, match=r"needed a file that matches .*/drop/\*\.csv, found no file matches"):
        pull(tmp_path, "drop/*.csv")


def test_a_file_that_is_no_table_is_refused_after_the_good_ones(tmp_path: Path) -> None:
    write(tmp_path / "drop" / "a.csv", b"%PDF-1.7", WRITTEN - timedelta(hours=1))
    write(tmp_path / "drop" / "b.csv")
    spool = tmp_path / "spool"
    spool.mkdir()
    settings = Settings(
        province=ProvinceSettings(code="77", name="x"), units=UnitSettings(), sources=(), directory=tmp_path
    )
    source = SourceSettings(name="forms", dataset="case_counts", kind="files", path="drop/*.csv")
    pulled = fetch_files(source, settings, spool, {})
    assert next(pulled).name == "b.csv"
    with pytest.raises(Refused, match=r"a\.csv \(a PDF document\)"):
        next(pulled)
    assert len(list(spool.iterdir())) == 1
