"""The pointer to the current release and the durable way it is moved: whole or not at all, even without power."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CURRENT = "CURRENT"
ATTEMPTS = "attempts.json"
BUILDING = ".building-"
FILES = ("picture.duckdb", "analysis.duckdb", "registry.duckdb")
RELEASE_VERSION = 2


def release_folder(data: Path, release_id: str) -> Path:
    """The folder of one release."""
    return data / "releases" / release_id


def current_id(data: Path) -> str | None:
    """The id of the current release, or None before the first one; reads one small file."""
    try:
        text = (data / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    return text or None


def release_ids(data: Path) -> list[str]:
    """The ids of the kept releases, oldest first."""
    folder = data / "releases"
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if (path / "manifest.json").is_file() and path.name[0] != ".")


def read_manifest(data: Path, release_id: str) -> dict[str, Any]:
    """What the release says of itself; FileNotFoundError if it is not there."""
    path = release_folder(data, release_id) / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(data: Path, release_id: str) -> bool:
    """True when every file of a release is there as its manifest says, and no log that would be replayed into it."""
    try:
        names = read_manifest(data, release_id)["files"]
    except (FileNotFoundError, ValueError, KeyError):
        return False
    return damage(data, release_id, names) is None


def damage(data: Path, release_id: str, names: Iterable[str]) -> str | None:
    """What is wrong with these files of a release, in words; None where they are as its manifest says.

    Of a database with one changed bit DuckDB notices half on opening, the rest on a later question: here all of them.
    """
    folder = release_folder(data, release_id)
    try:
        written = read_manifest(data, release_id).get("files", {})
    except FileNotFoundError:
        written = {}
    except ValueError:
        return "a manifest that cannot be read"
    for name in names:
        if not (folder / name).is_file():
            return f"{name} is missing"
        if (folder / f"{name}.wal").exists():
            return f"{name} with a write-ahead log beside it"
        if name in written and sha256_of(folder / name) != written[name]:
            return f"{name} changed since it was written"
    return None


def sync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(data: Path, building: Path, release_id: str) -> None:
    """Make a built folder the current release: files synced, folder renamed, pointer replaced, folders synced."""
    target = release_folder(data, release_id)
    if target.exists() and not is_whole(data, release_id):
        shutil.rmtree(target)
    if target.exists():
        shutil.rmtree(building)
    else:
        for path in building.iterdir():
            sync(path)
        sync(building)
        building.rename(target)
        sync(target.parent)
    point(data, release_id)


def point(data: Path, release_id: str) -> None:
    """Replace the pointer file atomically and durably."""
    replace_text(data / CURRENT, release_id + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader, also one after a power cut, finds the old text or the new one, whole."""
    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync(path.parent)


def write_attempts(data: Path, attempts: list[dict[str, Any]]) -> None:
    """Say beside the releases how the last attempt at each source went, so that a screen can tell old from failing."""
    partial = data / f".{ATTEMPTS}.part"
    partial.write_text(json.dumps(attempts, ensure_ascii=False, default=str), encoding="utf-8")
    partial.replace(data / ATTEMPTS)


def read_attempts(data: Path) -> list[dict[str, Any]]:
    """For each source its name, when it was last asked (ISO) and what went wrong then; empty before the first pull."""
    try:
        attempts: list[dict[str, Any]] = json.loads((data / ATTEMPTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return attempts


def sweep(data: Path, keep: int) -> None:
    """Remove half-built folders and all but the newest `keep` releases; the current one always stays."""
    folder = data / "releases"
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.startswith(BUILDING):
            shutil.rmtree(path, ignore_errors=True)
    current = current_id(data)
    by_age = sorted(release_ids(data), key=lambda name: (folder / name / "manifest.json").stat().st_mtime_ns)
    for release_id in by_age[: max(0, len(by_age) - keep)]:
        if release_id != current:
            shutil.rmtree(folder / release_id, ignore_errors=True)
