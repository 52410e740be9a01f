"""The group State of the faults to survive: each test carries the number of its row.

Row 68 (kill at any moment) is in test_kill.py, 69 (while publishing) in test_publish_killed.py, 71 and 72 (the disk)
in test_faults_disk.py, 77 (one release for a whole page) in test_one_release.py, 80 and 81 (erasure and its audit) in
test_erasure.py.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from analytics.release import open_release
from data_sources import pointer
from data_sources.locks import BusyError
from data_sources.messages import Message, read_message
from data_sources.pseudonym import load_key
from data_sources.refusal import Refused
from data_sources.warehouse import Warehouse, ingest_lock
from tests.deliveries import Installation, at, counts_source, settings_of

ROOT = Path(__file__).parents[2]
HEADER = "unit,day,detection,cases\n"
FIRST = HEADER + "747,2021-08-20,community,10\n752,2021-08-20,community,3\n"
SECOND = HEADER + "747,2021-08-20,community,11\n752,2021-08-20,community,3\n"


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    one = Installation(tmp_path / "var", settings_of(tmp_path, counts_source()))
    one.data.mkdir()
    one.deliver(("counts", FIRST, at("2021-08-20T18:00")))
    one.build()
    return one


def cases(place: Installation) -> list[tuple[object, ...]]:
    return place.query(
        "SELECT unit, value FROM observation WHERE measure = 'case_counts.cases' AND stratum = '' ORDER BY 1"
    )


def current(place: Installation) -> str:
    found = pointer.current_id(place.data)
    assert found is not None
    return found


def test_fault_70_files_are_synced_before_the_pointer_and_the_folder_after_it(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_fsync, real_replace, real_rename = os.fsync, Path.replace, Path.rename

    def fsync(descriptor: int) -> None:
        order.append("fsync " + Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_fsync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        order.append("pointer" if Path(target).name == pointer.CURRENT else "other")
        return real_replace(self, target)

    def rename(self: Path, target: Path) -> Path:
        order.append("folder")
        return real_rename(self, target)

    place.deliver(("counts", SECOND, at("2021-08-21T18:00")))
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(Path, "rename", rename)
    place.build()
    renamed, pointed = order.index("folder"), order.index("pointer")
    assert "fsync picture.duckdb" in order[:renamed] and "fsync manifest.json" in order[:renamed]
    assert "fsync releases" in order[renamed:pointed]
    assert f"fsync {place.data.name}" in order[pointed:]


def test_fault_71_a_full_disk_leaves_the_old_release(place: Installation) -> None:
    """A limit on file size stands in for the full disk: every write past it fails in the same way."""
    before = current(place)
    big = HEADER + "".join(f"747,2021-{1 + n // 28 % 8:02d}-{1 + n % 28:02d},community,{n}\n" for n in range(224))
    path = place.data.parent / "drop" / "counts.csv"
    path.parent.mkdir()
    path.write_text(big)
    os.utime(path, (at("2021-08-21T18:00").timestamp(),) * 2)
    config = place.data.parent / "config.toml"
    config.write_text(
        '[province]\ncode = "77"\nname = "x"\n[[source]]\nname = "counts"\ndataset = "case_counts"\nkind = "files"\n'
        'path = "drop/*.csv"\n'
    )
    command = [sys.executable, "-m", "data_sources", "pull", "--config", str(config), "--data", str(place.data)]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    failed = subprocess.run(command, cwd=ROOT, preexec_fn=limit, capture_output=True, text=True, check=False)
    assert failed.returncode != 0
    assert current(place) == before and pointer.is_whole(place.data, before)
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert current(place) != before


def test_fault_73_a_second_ingest_is_told_busy_at_once_and_a_dead_one_holds_nothing(place: Installation) -> None:
    with ingest_lock(place.data), pytest.raises(BusyError, match="another ingest"), ingest_lock(place.data):
        pass
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys,time;from pathlib import Path;from data_sources.warehouse import ingest_lock\n"
            "with ingest_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)",
            str(place.data),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    with pytest.raises(BusyError), ingest_lock(place.data):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with ingest_lock(place.data):
        assert cases(place) == [("747", 10.0), ("752", 3.0)]


def test_fault_74_a_damaged_release_is_noticed_and_the_one_before_serves(place: Installation) -> None:
    first = current(place)
    place.deliver(("counts", SECOND, at("2021-08-21T18:00")))
    place.build()
    second = current(place)
    picture = pointer.release_folder(place.data, second) / "picture.duckdb"
    broken = bytearray(picture.read_bytes())
    broken[: len(broken) // 2] = bytes(len(broken) // 2)
    picture.write_bytes(broken)
    assert not pointer.is_whole(place.data, second)
    release = open_release(place.data, "leader")
    assert (release.id, release.fallback_from) == (first, second)
    release.close()
    place.build()
    assert pointer.is_whole(place.data, current(place)), "the next build replaces the damaged files"


def test_fault_74_any_flipped_bit_is_noticed_on_opening(place: Installation) -> None:
    first = current(place)
    place.deliver(("counts", SECOND, at("2021-08-21T18:00")))
    place.build()
    picture = pointer.release_folder(place.data, current(place)) / "picture.duckdb"
    whole = picture.read_bytes()
    generator = random.Random(74)
    for _ in range(25):
        flipped = bytearray(whole)
        flipped[generator.randrange(len(whole))] ^= 1 << generator.randrange(8)
        picture.unlink()  # a file under another number, as DuckDB keeps what it has read of the old one
        picture.write_bytes(flipped)
        release = open_release(place.data, "leader")
        assert release.id == first
        release.close()


def test_fault_75_a_write_ahead_log_is_never_published_and_one_put_there_is_noticed(place: Installation) -> None:
    folder = pointer.release_folder(place.data, current(place))
    assert not list(folder.glob("*.wal"))
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "picture.duckdb", "analysis.duckdb"}
    place.deliver(("counts", SECOND, at("2021-08-21T18:00")))
    place.build()
    (pointer.release_folder(place.data, current(place)) / "picture.duckdb.wal").write_bytes(b"stale")
    release = open_release(place.data, "leader")
    assert release.id == folder.name and release.fallback_from == current(place)
    release.close()
    place.build()
    release = open_release(place.data, "leader")
    assert release.id == current(place) and cases(place) == [("747", 11.0), ("752", 3.0)]
    release.close()


def test_fault_76_a_reader_keeps_its_release_while_a_new_one_is_published(place: Installation) -> None:
    old = open_release(place.data, "leader")
    place.deliver(("counts", SECOND, at("2021-08-21T18:00")))
    place.build()
    new = open_release(place.data, "leader")
    sql = "SELECT value FROM picture.observation WHERE measure = 'case_counts.cases' AND unit = '747' AND stratum = ''"
    assert old.cursor().execute(sql).fetchall() == [(10.0,)]
    assert new.cursor().execute(sql).fetchall() == [(11.0,)]
    old.close()
    new.close()


def test_fault_76_threads_never_get_each_others_rows(place: Installation) -> None:
    release = open_release(place.data, "leader")
    wrong: list[object] = []

    def ask(unit: str, expected: float) -> None:
        sql = "SELECT value FROM picture.observation WHERE measure = 'case_counts.cases' AND stratum = '' AND unit = ?"
        for _ in range(60):
            rows = release.cursor().execute(sql, [unit]).fetchall()
            if rows != [(expected,)]:
                wrong.append((unit, rows))

    threads = [threading.Thread(target=ask, args=pair) for pair in (("747", 10.0), ("752", 3.0)) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    release.close()
    assert wrong == []


def test_fault_78_another_version_of_the_warehouse_or_the_release_is_refused(place: Installation) -> None:
    con = duckdb.connect(str(place.data / "warehouse.duckdb"))
    con.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    con.close()
    with ingest_lock(place.data), pytest.raises(Refused, match="version 99"):
        Warehouse(place.data, load_key())
    folder = pointer.release_folder(place.data, current(place))
    con = duckdb.connect(str(folder / "picture.duckdb"))
    con.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    con.close()
    manifest = pointer.read_manifest(place.data, folder.name)
    manifest["files"]["picture.duckdb"] = pointer.sha256_of(folder / "picture.duckdb")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Refused, match="version 99"):
        open_release(place.data, "leader")


def test_fault_79_a_restored_backup_gives_the_same_release(place: Installation) -> None:
    backup = place.data.parent / "backup"
    shutil.copytree(place.data, backup)
    restored = Installation(backup, place.settings)
    restored.deliver(("counts", SECOND, at("2021-08-21T18:00")))
    restored.build()
    place.deliver(("counts", SECOND, at("2021-08-21T18:00")))
    place.build()
    assert restored.content() == place.content()


def test_fault_80_old_releases_are_removed_by_the_setting_and_the_current_one_never(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, counts_source())
    place = Installation(tmp_path / "var", settings)
    place.data.mkdir()
    for number in range(4):
        place.deliver(("counts", HEADER + f"747,2021-08-20,community,{number}\n", at(f"2021-08-2{number}T18:00")))
        place.build()
    pointer.sweep(place.data, keep=2)
    assert len(pointer.release_ids(place.data)) == 2
    assert current(place) in pointer.release_ids(place.data)


def test_fault_09_the_same_bytes_twice_change_nothing(place: Installation) -> None:
    before = (current(place), place.content())
    place.deliver(("counts", FIRST, at("2021-08-20T18:00")), ("counts", FIRST, at("2021-08-22T18:00")))
    place.build()
    assert (current(place), place.content()) == before


def test_fault_08_a_delivery_that_shrank_by_a_third_is_held_and_can_be_accepted(place: Installation) -> None:
    place.deliver(("counts", HEADER + "747,2021-08-20,community,12\n", at("2021-08-21T18:00")))
    place.build()
    assert cases(place) == [("747", 10.0), ("752", 3.0)]
    held = place.query("SELECT source, reason FROM held_batch")
    assert len(held) == 1 and read_message(held[0][1]) == Message("held.shrank", rows=1, before=2)
    from data_sources.inspection import accept

    assert accept(place.data, "counts", "counts.csv", "trưởng phòng dữ liệu") >= 1
    place.build()
    assert cases(place) == [("747", 12.0), ("752", 3.0)]


def test_fault_07_no_rows_is_not_no_cases(place: Installation) -> None:
    place.deliver(("counts", HEADER + "Nơi nào đó,2021-08-20,community,1\n", at("2021-08-21T18:00")))
    place.build()
    assert cases(place) == [("747", 10.0), ("752", 3.0)]
    held = read_message(place.query("SELECT reason FROM held_batch")[0][0])
    assert held.text("vi") == (
        "không dòng nào dùng được trong 1 dòng (không nhận ra đơn vị 1); không có dòng không có nghĩa là không có ca"
    )
