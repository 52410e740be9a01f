"""Servers for the benchmarks: the product over a pulled demonstration, and an empty Streamlit app as the reference."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
START_SECONDS = 60.0
EMPTY_APP = 'import streamlit as st\n\nst.write("empty")\n'


@dataclass(frozen=True)
class Served:
    """A running server: its port on loopback and its process."""

    port: int
    process: int


def demonstration(place: Path) -> Path:
    """The data folder of the demonstration, pulled as a newcomer would."""
    data = place / "var"
    command = [sys.executable, "-m", "data_sources", "pull", "--data", str(data), "--until", "2021-08-29"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return data


@contextmanager
def product(data: Path) -> Iterator[Served]:
    """The product, for leaders."""
    with _serving(ROOT / "app.py", ROOT, {"TOANCANH_DATA": str(data), "TOANCANH_ROLE": "leader"}) as served:
        yield served


@contextmanager
def empty(place: Path) -> Iterator[Served]:
    """A Streamlit app that writes one word."""
    script = place / "empty.py"
    script.write_text(EMPTY_APP, encoding="utf-8")
    with _serving(script, place, {}) as served:
        yield served


@contextmanager
def _serving(script: Path, folder: Path, environment: dict[str, str]) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    with subprocess.Popen(
        command, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield Served(port, process.pid)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 (loopback)
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not answer")
