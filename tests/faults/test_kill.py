"""Faults 68 and 69: a pull killed at any moment leaves a whole release, and the rerun completes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from data_sources import pointer
from data_sources.archive import attach_encrypted
from data_sources.pseudonym import load_key
from tests.deliveries import at, drop

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("KILLS", "20"))
CONFIG = """
[province]
code = "77"
name = "Bà Rịa - Vũng Tàu"

[[source]]
name = "counts"
dataset = "case_counts"
kind = "files"
path = "drop/*.csv"

[[source]]
name = "list"
dataset = "cases"
kind = "files"
path = "list/*.csv"
"""


def fill(folder: Path, days: int, extra: int) -> None:
    """`days` daily files of the eight units; `extra` makes the newest contents differ."""
    start = at("2021-06-01T18:00")
    for number in range(days):
        day = start + timedelta(days=number)
        lines = [
            f"{unit},{day:%Y-%m-%d},community,{(number * 7 + unit + extra) % 40}"
            for unit in (747, 748, *range(750, 756))
        ]
        drop(
            folder / "drop",
            f"{day:%Y-%m-%d}.csv",
            "unit,day,detection,cases\n" + "\n".join(lines) + "\n",
            day + timedelta(minutes=extra),
        )
    people = "".join(f"BN{one},752,2021-06-02,Người Thử {one},09{extra:04d}{one:04d}\n" for one in range(50))
    header = "case_code,unit,day,name,phone\n"
    drop(folder / "list", "list.csv", header + people, start + timedelta(days=2, minutes=extra))


def start(folder: Path, data: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "data_sources",
        "pull",
        "--config",
        str(folder / "config.toml"),
        "--data",
        str(data),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def readable(data: Path) -> str | None:
    """The current release's id after reading it whole, or None before the first."""
    current = pointer.current_id(data)
    if current is not None:
        assert pointer.is_whole(data, current), "the pointer names a release that is not whole"
        con = duckdb.connect(str(pointer.release_folder(data, current) / "picture.duckdb"), read_only=True)
        assert con.execute("SELECT count(*) FROM observation").fetchone() != (0,)
        con.close()
    return current


@pytest.mark.slow
@pytest.mark.timeout(300 + 30 * KILLS)
def test_fault_68_kill_at_any_moment_leaves_the_old_or_the_new_release(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    data = tmp_path / "var"
    fill(tmp_path, 6, 0)
    begun = time.monotonic()
    assert start(tmp_path, data).wait() == 0
    whole = time.monotonic() - begun
    generator = random.Random(68)
    for number in range(KILLS):
        before = readable(data)
        fill(tmp_path, 6, number + 1)
        process = start(tmp_path, data)
        time.sleep(whole * generator.uniform(0.15, 1.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = readable(data)
        assert after is not None and (after == before or after in pointer.release_ids(data))
    assert start(tmp_path, data).wait() == 0
    fresh = tmp_path / "fresh"
    assert start(tmp_path, fresh).wait() == 0
    current, reference = pointer.current_id(data), pointer.current_id(fresh)
    assert current is not None and reference is not None
    newest = "SELECT measure, unit, day, stratum, value FROM observation ORDER BY ALL"
    rows, key = [], load_key()
    for folder, name in ((data, current), (fresh, reference)):
        con = duckdb.connect(str(pointer.release_folder(folder, name) / "picture.duckdb"), read_only=True)
        rows.append(con.execute(newest).fetchall())
        attach_encrypted(con, pointer.release_folder(folder, name) / "registry.duckdb", "known", key, read_only=True)
        rows[-1] += con.execute("SELECT * FROM known.identity ORDER BY person").fetchall()
        con.close()
    assert rows[0] == rows[1], "after the rerun the figures are those of an undisturbed pull"
    assert json.loads((pointer.release_folder(data, current) / "manifest.json").read_text())["id"] == current
    assert not list((data / "releases").glob(f"{pointer.BUILDING}*"))
