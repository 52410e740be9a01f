"""Fault 69: publishing killed at each of its steps leaves a pointer to a whole release, and the rerun completes."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data_sources import pointer
from tests.data_sources.test_pointer import build

STEPS = (
    (os, "fsync"),
    (os, "rename"),
    (os, "replace"),
    (os, "unlink"),
    (os, "open"),
    (Path, "replace"),
    (Path, "rename"),
)


def publish_until(data: Path, building: Path, step: int) -> bool:
    """Publish in a child that kills itself at the step of that number; True when it came to its end before."""
    child = os.fork()
    if child == 0:
        done = 0

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*given: Any, **named: Any) -> Any:
                nonlocal done
                done += 1
                if done == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*given, **named)

            return call

        for owner, name in STEPS:
            setattr(owner, name, counted(getattr(owner, name)))
        pointer.publish(data, building, "r2")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status == 0


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # Python 3.12 on fork beside xdist's threads
def test_fault_69_a_kill_at_each_step_of_publishing_leaves_a_whole_release(tmp_path: Path) -> None:
    pointer.publish(tmp_path / "made", build(tmp_path / "made", "one"), "r1")
    build(tmp_path / "made", "two")
    seen = []
    for step in range(1, 60):
        data = Path(shutil.copytree(tmp_path / "made", tmp_path / f"killed-{step}"))
        building = data / "releases" / f"{pointer.BUILDING}1"
        ended = publish_until(data, building, step)
        current = pointer.current_id(data)
        assert current in ("r1", "r2") and pointer.is_whole(data, current)
        seen.append(current)
        if ended:
            break
        pointer.sweep(data, keep=5)  # as the next pull begins, before it builds the same again
        assert pointer.current_id(data) == current and pointer.is_whole(data, current)
        pointer.publish(data, build(data, "two"), "r2")
        assert pointer.current_id(data) == "r2" and pointer.is_whole(data, "r2")
        assert pointer.release_ids(data) == ["r1", "r2"]
    assert ended and len(seen) > 8, "each step was tried, up to the last"
    assert seen == sorted(seen) and {"r1", "r2"} == set(seen), "once the pointer names the new one it stays"
