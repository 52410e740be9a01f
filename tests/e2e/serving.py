"""The product as a reader meets it: a server process of its own, and a browser that can reach nothing else."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.e2e import forks

START_SECONDS = 30.0
READY = ".tc-footer"
"""The last thing a page draws."""
SIZES = {"desk": (1920, 1080), "phone": (390, 844)}
SOFTWARE_GL = "GL Driver Message"
"""Chromium without a graphics card warns about its own speed; that is not the page's."""


@contextmanager
def served(data: Path, role: str = "leader") -> Iterator[str]:
    """A fresh server on a free loopback port; its address. No session has run in it yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"TOANCANH_DATA": str(data), "TOANCANH_ROLE": role}
    with tempfile.NamedTemporaryFile(prefix="toancanh-server-", suffix=".log") as log:
        process = forks.fork(port, environment, Path(log.name))
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/_stcore/health", process, Path(log.name))
            yield address
        finally:
            _end(process)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _end(process: int) -> None:
    """End the server and whatever it started; at once where it does not listen."""
    for signalled, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)):
        deadline = time.monotonic() + seconds
        with suppress(ProcessLookupError):
            os.killpg(process, signalled)
        while time.monotonic() < deadline:
            if not _lives(process):
                return
            time.sleep(0.02)


def _wait_for(url: str, process: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        said = log.read_text(encoding="utf-8", errors="replace")
        if "Traceback" in said or not (said or _lives(process)):
            raise AssertionError(f"the server ended by itself:\n{said}")
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url} within {START_SECONDS} s")


@dataclass
class Visit:
    """One browser page and what it asked, received and complained about."""

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    finished: list[Request] = field(default_factory=list)
    bytes_of_messages: int = 0
    full_runs: int = 0

    def watch(self) -> None:
        """Note everything; the browser itself finds no other host (tests/e2e/conftest.py)."""
        self.page.on("request", self._ask)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("websocket", self._listen)
        self.page.on("requestfinished", lambda request: self.finished.append(request))

    def _ask(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https") and asked.netloc != urlsplit(self.address).netloc:
            self.foreign.append(request.url)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and SOFTWARE_GL not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def bytes_of_files(self) -> int:
        """The bytes that came besides scripts and messages."""
        files = [one for one in self.finished if not one.url.split("?")[0].endswith((".js", ".wasm"))]
        return sum(one.sizes()["responseBodySize"] for one in files)

    def _listen(self, stream: WebSocket) -> None:
        if urlsplit(stream.url).netloc != urlsplit(self.address).netloc:
            self.foreign.append(stream.url)
        stream.on("framereceived", self._received)

    def _received(self, frame: str | bytes) -> None:
        self.bytes_of_messages += len(frame)
        if isinstance(frame, bytes):
            message = ForwardMsg()
            message.ParseFromString(frame)
            if message.HasField("new_session") and not message.metadata.run.fragment_ids:
                self.full_runs += 1

    def open(self, path: str) -> None:
        """Go to `path` and wait until the page is drawn to its end."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(READY, timeout=20_000)

    def text(self) -> str:
        """What a reader can read."""
        return self.page.inner_text(".stMain")

    def fits_across(self) -> bool:
        """True where nothing makes the page wider than the screen."""
        wide: bool = self.page.evaluate(
            "[document.documentElement, document.querySelector('.stMain')].every(e => e.scrollWidth <= e.clientWidth)"
        )
        return wide


@contextmanager
def visit(browser: Browser, address: str, size: str = "desk") -> Iterator[Visit]:
    """A visit in a fresh context, as of a reader who was never here before."""
    wide, tall = SIZES[size]
    context = browser.new_context(viewport={"width": wide, "height": tall}, accept_downloads=True)
    seen = Visit(context.new_page(), address)
    seen.watch()
    try:
        yield seen
    finally:
        context.close()
