"""Uploads sent straight to their address, past the page: what is taken, what is refused, and how much in all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from starlette.types import Message, Receive, Scope, Send

from pages.components import uploads
from pages.components.uploads import MEGABYTE, UPLOADS, UploadGate
from tests.e2e.conftest import browser, data  # noqa: F401 (fixtures)
from tests.e2e.serving import served, visit

SEND = """
async ([url, size, kind]) => {
  const token = document.cookie.match(/_streamlit_xsrf=([^;]+)/);
  const form = new FormData();
  const bytes = new Uint8Array(size); bytes.set([0x4d, 0x5a, 0x90, 0x00]);
  form.append('file', new File([bytes], 'report.exe', {type: kind}));
  const headers = token ? {'X-Xsrftoken': token[1]} : {};
  return (await fetch(url, {method: 'PUT', body: form, headers, credentials: 'include'})).status;
}
"""


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:  # noqa: F811
    with served(data, role="steward") as url:
        yield url


def upload_address(page: Page) -> str:
    """The address of this session's uploads, as its own page uses it."""
    with page.expect_request(lambda request: request.method == "PUT") as asked:
        page.set_input_files(
            "input[type=file]", files={"name": "a.csv", "mimeType": "text/csv", "buffer": b"unit,day,cases\n"}
        )
    return asked.value.url


@pytest.mark.browser
@pytest.mark.slow
def test_fault_33_34_a_program_sent_past_the_page_is_never_a_form_and_a_large_one_is_413(
    browser: Browser,  # noqa: F811
    address: str,
    data: Path,  # noqa: F811
) -> None:
    with visit(browser, address) as seen:
        seen.open("/submit")
        url = upload_address(seen.page)
        # Another file of the same session, which no widget asked for: it is kept in memory and read by nobody.
        assert seen.page.evaluate(SEND, [url + "x", 4096, "application/x-msdownload"]) < 300
        assert not (data / "inbox").exists()
        assert seen.page.evaluate(SEND, [url + "y", 33 * MEGABYTE, "text/csv"]) == 413


@pytest.mark.browser
@pytest.mark.slow
def test_fault_34_a_process_without_the_page_takes_no_upload_at_all(browser: Browser, data: Path) -> None:  # noqa: F811
    with served(data, role="leader") as url, visit(browser, url) as seen:
        seen.open("/")
        assert seen.page.evaluate(SEND, [f"{url}{UPLOADS}session/file", 16, "text/csv"]) == 403


class Door:
    """The gate before an application that reads everything and says 204."""

    def __init__(self, *, taken: bool = True) -> None:
        self.now = 0.0
        self.gate = UploadGate(self.application, taken=lambda: taken, clock=lambda: self.now)

    async def application(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def put(self, session: str, size: int, path: str = UPLOADS, method: str = "PUT") -> int:
        parts = [b"x" * min(MEGABYTE, size - start) for start in range(0, size, MEGABYTE)] or [b""]
        answers: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(message: Message) -> None:
            answers.append(message)

        scope: dict[str, Any] = {"type": "http", "method": method, "path": f"{path}{session}/file", "headers": []}
        with ThreadPoolExecutor(1) as pool:  # the browser's loop runs in this thread
            pool.submit(asyncio.run, self.gate(scope, receive, send)).result()
        return int(answers[0]["status"])


def test_fault_34_one_session_may_send_so_much_an_hour_and_another_still_may() -> None:
    door = Door()
    taken = [door.put("greedy", 30 * MEGABYTE) for _ in range(6)]
    assert taken == [204, 204, 204, 204, 204, 429]
    assert door.put("other", 1000) == 204
    door.now += uploads.WINDOW_SECONDS + 1
    assert door.put("greedy", 1000) == 204


def test_fault_34_many_small_files_of_one_session_are_capped_by_number() -> None:
    door = Door()
    taken = [door.put("many", 10) for _ in range(uploads.MOST_FILES_A_SESSION + 3)]
    assert taken.count(429) == 3


def test_fault_34_all_sessions_together_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_MEGABYTES_IN_ALL", 4)
    door = Door()
    assert [door.put(f"session-{number}", MEGABYTE) for number in range(6)] == [204] * 4 + [429] * 2


def test_fault_34_other_requests_pass_and_a_closed_gate_takes_nothing() -> None:
    assert Door().put("a", 10, path="/_stcore/media/") == 204
    assert Door(taken=False).put("a", 10) == 403
    assert Door(taken=False).put("a", 10, method="DELETE") == 204
