"""A watched folder: whole files that are new or changed, copied into the spool under their hash.

A folder that others write into is not trusted: symbolic links, devices and files still being copied are not read, and
a name is only ever shown, never used as a path of ours.
"""

from __future__ import annotations

import errno
import fnmatch
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data_sources.connectors import Delivery
from data_sources.connectors.clock import REAL_CLOCK, ZONE, Clock
from data_sources.connectors.spool import SpoolFile
from data_sources.messages import Message, Value
from data_sources.readers.content import HEAD_BYTES, format_of
from data_sources.readers.names import shown
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import Settings, SourceSettings

SETTLED_SECONDS = 10.0
"""A file last written longer ago is taken as whole; copying programs write far more often."""
LOOK_SECONDS = 2.0
"""Between the two looks at a file that was written just now."""
MOST_FILE_BYTES = 4 * 1024**3
CHUNK_BYTES = 1_048_576
UNFINISHED = ("*.part", "*.tmp", "*.partial", "*.crdownload", "*.filepart", "~$*", ".*")
STATE_PREFIX = "file:"
_MAGIC = "*?["


@dataclass(frozen=True)
class Found:
    """One file that matches: its path below the folder, as bytes of the system and as safe text."""

    parts: tuple[str, ...]
    size: int
    mtime_ns: int

    @property
    def name(self) -> str:
        """The path below the folder, safe to show."""
        return shown("/".join(self.parts))


def fetch_files(
    source: SourceSettings,
    settings: Settings,
    spool: Path,
    state: dict[str, str],
    *,
    clock: Clock = REAL_CLOCK,
    look_seconds: float = LOOK_SECONDS,
) -> Iterator[Delivery]:
    """A delivery for each whole file that is new or changed, oldest first; each with the state of all so far.

    Raises Unreachable when the folder or no file of the pattern is there. Files that may not be read (links, devices,
    too large) are refused together, after the good ones were delivered.
    """
    pattern = settings.path(source.path or "")
    root, parts = _split(pattern, settings.directory)
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        raise Unreachable("no_folder", source=source.name, folder=str(root), pattern=str(pattern)) from None
    try:
        found, refused, skipped = _matches(descriptor, parts)
        if not found and not refused:
            if skipped:
                raise Unreachable("no_whole_file", source=source.name, pattern=str(pattern), skipped=skipped)
            raise Unreachable("no_file", source=source.name, pattern=str(pattern))
        kept = {key: value for key, value in state.items() if not key.startswith(STATE_PREFIX)}
        kept |= {_key(file): state[_key(file)] for file in found if _key(file) in state}
        for file in _whole(descriptor, found, state, clock, look_seconds):
            try:
                delivery = _deliver(source, descriptor, file, spool, kept)
            except Refused as refusal:
                refused.append(_unread(file.name, refusal.message.values["found"]))
                continue
            if delivery is not None:
                yield delivery
    finally:
        os.close(descriptor)
    if refused:
        raise Refused("unread_files", source=source.name, folder=str(root), files=refused[:20])


def _unread(name: str, why: Value) -> Message:
    return Message("part.file_why", name=name, why=why)


def _split(pattern: Path, directory: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder above the first part with a sign of a pattern, and the parts from there on.

    The folder of the settings, and a path that is there as it is written, are no patterns, whatever their names hold.
    """
    parts = pattern.parts
    fixed = len(directory.parts) if pattern.is_relative_to(directory) else 0
    signed = (place for place, part in enumerate(parts) if place >= fixed and any(sign in part for sign in _MAGIC))
    first = len(parts) - 1 if os.path.lexists(pattern) else next(signed, len(parts) - 1)
    return Path(*parts[:first]), parts[first:]


def _matches(descriptor: int, parts: tuple[str, ...]) -> tuple[list[Found], list[Message], int]:
    """Regular files that match below an open folder, what matches but may not be read, and how many are unfinished."""
    found: list[Found] = []
    refused: dict[str, Message] = {}
    skipped = 0

    def look(folder: int, above: tuple[str, ...], rest: tuple[str, ...]) -> None:
        nonlocal skipped
        pattern, below = rest[0], rest[1:]
        if pattern == "**":
            look(folder, above, below or ("*",))
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        for entry in listed:
            whole = (*above, entry.name)
            name = shown("/".join(whole))
            deeper = pattern == "**" or bool(below)
            if pattern != "**" and entry.name != pattern and not fnmatch.fnmatchcase(entry.name, pattern):
                continue
            if _is_unfinished(entry.name):
                skipped += 1
            elif entry.is_symlink():
                # A link on the way would lead out of the folder as surely as one at its end.
                refused[name] = Message("part.link")
            elif deeper:
                if entry.is_dir(follow_symlinks=False):
                    try:
                        inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                    except OSError:
                        refused[name] = Message("part.closed_folder")
                        continue
                    try:
                        look(inner, whole, rest if pattern == "**" else below)
                    finally:
                        os.close(inner)
            elif not entry.is_dir(follow_symlinks=False):
                described = entry.stat(follow_symlinks=False)
                if not stat.S_ISREG(described.st_mode):
                    refused[name] = Message("part.no_regular_file")
                elif described.st_size > MOST_FILE_BYTES:
                    refused[name] = Message("part.over_size", most=MOST_FILE_BYTES // 1024**3)
                else:
                    found.append(Found(whole, described.st_size, described.st_mtime_ns))

    look(descriptor, (), parts)
    unique = {file.parts: file for file in found}
    unread = [_unread(name, why) for name, why in sorted(refused.items())]
    return sorted(unique.values(), key=lambda file: (file.mtime_ns, file.parts)), unread, skipped


def _is_unfinished(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in UNFINISHED)


def _key(file: Found) -> str:
    return STATE_PREFIX + json.dumps("/".join(file.parts))


def _remembered(file: Found, state: dict[str, str]) -> dict[str, object] | None:
    try:
        known = json.loads(state[_key(file)])
    except (KeyError, json.JSONDecodeError):
        return None
    return known if isinstance(known, dict) else None


def _whole(
    descriptor: int, found: list[Found], state: dict[str, str], clock: Clock, look_seconds: float
) -> list[Found]:
    """New or changed files that are no longer being written: settled, or the same at a second look."""
    changed = []
    for file in found:
        known = _remembered(file, state)
        if known is None or (known.get("size"), known.get("mtime_ns")) != (file.size, file.mtime_ns):
            changed.append(file)
    now = clock.now().timestamp()
    fresh = {file.parts for file in changed if now - file.mtime_ns / 1e9 < SETTLED_SECONDS}
    if fresh:
        clock.sleep(look_seconds)
    return [file for file in changed if file.parts not in fresh or _same_again(descriptor, file)]


def _same_again(descriptor: int, file: Found) -> bool:
    try:
        opened = _open(descriptor, file.parts)
    except OSError:
        return False
    try:
        described = os.fstat(opened)
    finally:
        os.close(opened)
    return (described.st_size, described.st_mtime_ns) == (file.size, file.mtime_ns)


def _open(folder: int, parts: tuple[str, ...]) -> int:
    """The file at `parts` below an open folder, no link followed on the way."""
    current = os.dup(folder)
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=current)
            os.close(current)
            current = below
        return os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=current)
    finally:
        os.close(current)


def _deliver(source: SourceSettings, folder: int, file: Found, spool: Path, kept: dict[str, str]) -> Delivery | None:
    """Copy a file into the spool; None when it changed meanwhile or holds the same bytes as before."""
    try:
        opened = _open(folder, file.parts)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise _refusal(Message("part.link"), file) from None
        if error.errno == errno.ENOENT:
            return None
        raise _refusal(Message("part.closed_file"), file) from None
    with os.fdopen(opened, "rb") as stream, SpoolFile(spool) as copy:
        before = os.fstat(stream.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise _refusal(Message("part.no_regular_file"), file)
        while chunk := stream.read(CHUNK_BYTES):
            copy.write(chunk)
            if copy.size > MOST_FILE_BYTES:
                raise _refusal(Message("part.endless_file"), file)
        after = os.fstat(stream.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or copy.size != after.st_size:
            return None
        kind = format_of(copy.head(HEAD_BYTES), file.name)
        path, sha256 = copy.keep()
    known = _remembered(file, kept)
    kept[_key(file)] = json.dumps({"size": after.st_size, "mtime_ns": after.st_mtime_ns, "sha256": sha256})
    if known is not None and known.get("sha256") == sha256:
        path.unlink()
        return None
    return Delivery(
        source=source.name,
        name=file.name,
        path=path,
        sha256=sha256,
        issued_at=datetime.fromtimestamp(after.st_mtime, ZONE),
        format=kind,
        declared_rows=None,
        state=dict(kept),
    )


def _refusal(found: Message, file: Found) -> Refused:
    return Refused("not_a_regular_file", file=file.name, found=found)
