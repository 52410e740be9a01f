"""A watched folder: whole files only, never a link, each read again only when it has changed."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data_sources.connectors import Delivery
from data_sources.readers.content import find_format
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import Settings, SourceSettings

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
SETTLED_SECONDS = 3.0
"""A file untouched for this long is whole: copying over a slow line writes at least once a second."""
LOOK_AGAIN_SECONDS = 1.0
LARGEST_BYTES = 4 * 1024**3
CHUNK_BYTES = 1024 * 1024


def fetch_files(
    source: SourceSettings,
    settings: Settings,
    spool: Path,
    state: dict[str, str],
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Delivery]:
    """A delivery for each whole file that is new or changed since `state`, oldest first.

    Unreachable when no file matches the path; Refused for a link or a file that is too large, after the others.
    """
    pattern = settings.path(source.path or "")
    found = sorted(Path(name) for name in glob.glob(str(pattern), recursive=True))  # noqa: PTH207 (a pattern with **)
    files = [path for path in found if not _is_unfinished(path)]
    if not files:
        raise Unreachable(f"source {source.name}: no file matches {source.path}; put the files there or correct path")
    known: dict[str, list[object]] = json.loads(state.get("files", "{}"))
    known = {name: seen for name, seen in known.items() if name in {path.name for path in files}}
    refused: Refused | None = None
    for path in sorted(files, key=lambda one: (one.lstat().st_mtime_ns, one.name)):
        try:
            opened = _open(path, source, _root(pattern))
        except Refused as error:
            refused = error
            continue
        with os.fdopen(opened, "rb") as file:
            before = os.fstat(opened)
            mark: list[object] = [before.st_size, before.st_mtime_ns]
            if known.get(path.name, [])[:2] == mark:
                continue
            if clock() - before.st_mtime < SETTLED_SECONDS:
                sleep(LOOK_AGAIN_SECONDS)
                again = path.stat()
                if (again.st_size, again.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
                    continue  # it is still being written; the next pull takes it
            digest = hashlib.sha256()
            kept = spool / f"{len(known)}-{before.st_ino}"
            with kept.open("wb") as copy:
                while chunk := file.read(CHUNK_BYTES):
                    digest.update(chunk)
                    copy.write(chunk)
        known[path.name] = [*mark, digest.hexdigest()]
        yield Delivery(
            source=source.name,
            name=path.name,
            path=kept,
            sha256=digest.hexdigest(),
            issued_at=datetime.fromtimestamp(before.st_mtime, ZONE),
            format=find_format(kept, path.name, source.read.format),
            declared_rows=None,
            state={"files": json.dumps(known)},
        )
    if refused is not None:
        raise refused


def _root(pattern: Path) -> Path:
    """The part of a pattern before its first wildcard."""
    fixed = []
    for part in pattern.parts[:-1]:
        if any(letter in part for letter in "*?["):
            break
        fixed.append(part)
    return Path(*fixed)


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.suffix.lower() in UNFINISHED or path.is_dir()


def _open(path: Path, source: SourceSettings, root: Path) -> int:
    """A descriptor of a regular file; Refused for a link at the file or at a folder below the watched one."""
    for folder in path.parents:
        if folder == root or folder in root.parents:
            break
        if folder.is_symlink():
            raise _refused(source, path, "a link to a folder")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _refused(source, path, "a link" if path.is_symlink() else f"unreadable ({error.strerror})") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_BYTES:
        os.close(descriptor)
        kind = "no regular file" if not stat.S_ISREG(status.st_mode) else f"{status.st_size} bytes"
        raise _refused(source, path, kind)
    return descriptor


def _refused(source: SourceSettings, path: Path, found: str) -> Refused:
    return Refused(
        needed=f"a regular file of at most {LARGEST_BYTES // 1024**3} GiB",
        found=found,
        where=f"source {source.name}, file {path.name[:120]!r}",
        remedy="Put the file itself into the folder.",
    )
