from __future__ import annotations

import json
from pathlib import Path

from data_sources import pointer


def build(data: Path, text: str) -> Path:
    building = data / "releases" / f"{pointer.BUILDING}1"
    building.mkdir(parents=True)
    (building / "picture.duckdb").write_text(text)
    files = {"picture.duckdb": pointer.sha256_of(building / "picture.duckdb")}
    (building / "manifest.json").write_text(json.dumps({"files": files}))
    return building


def test_before_the_first_release_there_is_none(tmp_path: Path) -> None:
    assert pointer.current_id(tmp_path) is None
    assert pointer.release_ids(tmp_path) == []


def test_publish_moves_the_pointer_and_keeps_the_old_release(tmp_path: Path) -> None:
    pointer.publish(tmp_path, build(tmp_path, "one"), "r1")
    pointer.publish(tmp_path, build(tmp_path, "two"), "r2")
    assert pointer.current_id(tmp_path) == "r2"
    assert pointer.release_ids(tmp_path) == ["r1", "r2"]
    assert pointer.is_whole(tmp_path, "r1") and pointer.is_whole(tmp_path, "r2")


def test_a_damaged_release_of_the_same_id_is_replaced(tmp_path: Path) -> None:
    pointer.publish(tmp_path, build(tmp_path, "one"), "r1")
    (pointer.release_folder(tmp_path, "r1") / "picture.duckdb").write_text("bit flip")
    assert not pointer.is_whole(tmp_path, "r1")
    pointer.publish(tmp_path, build(tmp_path, "one"), "r1")
    assert pointer.is_whole(tmp_path, "r1")


def test_sweep_removes_half_built_folders_and_old_releases_but_never_the_current(tmp_path: Path) -> None:
    for number in range(4):
        pointer.publish(tmp_path, build(tmp_path, str(number)), f"r{number}")
    pointer.point(tmp_path, "r0")
    build(tmp_path, "half")
    pointer.sweep(tmp_path, keep=2)
    assert pointer.release_ids(tmp_path) == ["r0", "r2", "r3"]
    assert not list((tmp_path / "releases").glob(f"{pointer.BUILDING}*"))
