"""Uploads past the page: how much one session and all together may send (tests/e2e/test_uploads.py: the browser)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from pages.components import uploads
from pages.components.uploads import MEGABYTE, UPLOADS, UploadGate


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
