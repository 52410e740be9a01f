"""Faults 71 and 72: a disk that is full, read-only or out of inodes, and no more files to open; as root too.

Each is tried on a whole pull in a child process: it ends at once with one sentence and a code, the release that was
current stays whole, and the next pull without the fault completes.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data_sources import pointer
from tests.deliveries import at, drop

ROOT = Path(__file__).parents[2]
CONFIG = """
[province]
code = "77"
name = "Bà Rịa - Vũng Tàu"

[[source]]
name = "counts"
dataset = "case_counts"
kind = "files"
path = "drop/*.csv"
"""
HEADER = "unit,day,detection,cases\n"
DROP_FROM_BOUNDING_SET, OVERRIDE_PERMISSIONS = 24, 1
"""PR_CAPBSET_DROP and CAP_DAC_OVERRIDE of Linux: without it root too is bound by the permissions of a folder."""
ITS_OWN_MOUNTS = (("unshare", "-m"), ("unshare", "-Urm"))


class Place:
    """A data folder with one release, and one more delivery that waits to be pulled."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.config = folder / "config.toml"
        self.before = pointer.current_id(self.data)

    def command(self, data: Path | None = None) -> list[str]:
        options = ["--config", str(self.config), "--data", str(data or self.data)]
        return [sys.executable, "-m", "data_sources", "pull", *options]

    def pull(self, limit: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(), cwd=ROOT, preexec_fn=limit, capture_output=True, text=True, check=False, timeout=120
        )

    def assert_unharmed(self, failed: subprocess.CompletedProcess[str]) -> None:
        """The pull failed in one sentence; the release before it serves and the next pull completes."""
        assert failed.returncode == 1, failed.stderr
        assert "Traceback" not in failed.stderr and len(failed.stderr.strip().splitlines()) <= 3, failed.stderr
        self.assert_whole(self.before)
        mended = self.pull()
        assert mended.returncode == 0, mended.stderr
        self.assert_whole(pointer.current_id(self.data))
        assert pointer.current_id(self.data) != self.before

    def assert_whole(self, release_id: str | None) -> None:
        assert release_id is not None and pointer.current_id(self.data) == release_id
        assert pointer.is_whole(self.data, release_id)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    drop(folder / "drop", "a.csv", HEADER + "747,2021-08-20,community,10\n", at("2021-08-20T18:00"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOANCANH_KEY", "0123456789abcdef" * 4)
        assert Place(folder).pull().returncode == 0
    drop(folder / "drop", "b.csv", HEADER + "747,2021-08-21,community,11\n", at("2021-08-21T18:00"))
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Place:
    return Place(Path(shutil.copytree(made, tmp_path / "place")))


def bound_by_permissions() -> None:
    """In the child: root loses the right to write where nobody may."""
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(DROP_FROM_BOUNDING_SET, OVERRIDE_PERMISSIONS, 0, 0, 0) != 0:
        raise OSError("the permission cannot be given up")


@contextmanager
def read_only(*paths: Path) -> Iterator[None]:
    modes = [(path, path.stat().st_mode) for path in paths]
    for path, _ in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes:
            path.chmod(mode)


@pytest.mark.parametrize("what", ["everything", "the releases"])
def test_fault_72_a_read_only_disk_ends_the_pull_and_the_old_release_serves(place: Place, what: str) -> None:
    whole = [place.data, *place.data.rglob("*")]
    with read_only(*(whole if what == "everything" else [place.data / "releases"])):
        failed = place.pull(bound_by_permissions)
    assert "Permission denied" in failed.stderr
    place.assert_unharmed(failed)


def test_fault_72_no_more_files_to_open_ends_the_pull_and_the_old_release_serves(place: Place) -> None:
    def few_files() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))

    failed = place.pull(few_files)
    assert "Too many open files" in failed.stderr
    place.assert_unharmed(failed)


def allowed(way: tuple[str, ...]) -> bool:
    return subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0


def in_small_filesystem(place: Place, kilobytes: int, inodes: int) -> subprocess.CompletedProcess[str]:
    """A pull with the data folder on a tmpfs of that size, copied back as it was left; skipped where none may be."""
    tried = [
        (way, subprocess.run([*way, "true"], capture_output=True, check=False).returncode) for way in ITS_OWN_MOUNTS
    ]
    enter = next((way for way, code in tried if code == 0), None)
    if enter is None:
        pytest.skip("this machine allows no mounts of one's own, not even in a user namespace")
    small = place.data.parent / "small"
    small.mkdir()
    script = (
        f"mount -t tmpfs -o size={kilobytes}k,nr_inodes={inodes} none {small} && cp -a {place.data} {small}/var"
        f' || exit 99; "$@"; code=$?; rm -rf {place.data}; cp -a {small}/var {place.data}; exit $code'
    )
    return subprocess.run(
        [*enter, "sh", "-c", script, "pull", *place.command(small / "var")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare of util-linux")
@pytest.mark.parametrize(("more_kilobytes", "more_inodes"), [(100, 1000), (100_000, 4)])
def test_fault_71_a_disk_without_room_or_inodes_ends_the_pull_and_the_old_release_serves(
    place: Place, more_kilobytes: int, more_inodes: int
) -> None:
    found = [place.data, *place.data.rglob("*")]
    kilobytes = sum(-(-path.stat().st_size // 4096) * 4 + 4 for path in found)
    failed = in_small_filesystem(place, kilobytes + more_kilobytes, len(found) + 1 + more_inodes)
    if failed.returncode == 99:
        pytest.skip("this machine allows no tmpfs of one's own")
    assert "hệ thống từ chối" in failed.stderr, failed.stderr
    place.assert_unharmed(failed)
