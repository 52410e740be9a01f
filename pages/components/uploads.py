"""How much may be uploaded: nothing where no page takes files, and no more than stewards ever send elsewhere.

Streamlit keeps uploaded files in memory until their session ends, and takes them at one address whatever a page asks
for. It caps a single file (`server.maxUploadSize`); this caps what one session and all together send in an hour.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data_sources.forms.judged import LARGEST_FORM_MEGABYTES

UPLOADS = "/_stcore/upload_file/"
MEGABYTE = 1_048_576
WINDOW_SECONDS = 3600.0
MOST_FILES_A_SESSION = 60
"""A district hands in twelve forms a day; someone who mends one five times stays far below."""
MOST_MEGABYTES_A_SESSION = 4 * LARGEST_FORM_MEGABYTES
MOST_MEGABYTES_IN_ALL = 512
"""What the server's memory bears beside its pages (performance.md: under 500 MiB without uploads)."""
MOST_SESSIONS_KNOWN = 10_000


@dataclass
class Sent:
    """What was sent within the window: times and sizes, oldest first."""

    parts: deque[tuple[float, int]] = field(default_factory=deque)

    def forget(self, before: float) -> None:
        """Leave out what was sent before that time."""
        while self.parts and self.parts[0][0] < before:
            self.parts.popleft()

    @property
    def megabytes(self) -> float:
        """The sum of the sizes."""
        return sum(size for _, size in self.parts) / MEGABYTE


class UploadGate:
    """Lets an upload pass where a page takes files and the quotas are not used up (ASGI middleware)."""

    def __init__(self, app: ASGIApp, taken: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        """`taken` says whether this process has a page that takes files."""
        self.app = app
        self.taken = taken
        self.clock = clock
        self.sessions: dict[str, Sent] = {}
        self.all = Sent()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        if not self.taken():
            await PlainTextResponse("no page here takes files", status_code=403)(scope, receive, send)
            return
        session = scope["path"].removeprefix(UPLOADS).partition("/")[0]
        now = self.clock()
        mine = self._of(session, now)
        if (
            len(mine.parts) >= MOST_FILES_A_SESSION
            or mine.megabytes >= MOST_MEGABYTES_A_SESSION
            or self.all.megabytes >= MOST_MEGABYTES_IN_ALL
        ):
            headers = {"Retry-After": str(int(WINDOW_SECONDS))}
            answer = PlainTextResponse("too many uploads within the hour", status_code=429, headers=headers)
            await answer(scope, receive, send)
            return
        await self._counted(scope, receive, send, mine, now)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, mine: Sent, now: float) -> None:
        """Pass the request on and count its body as it comes, whatever its headers say."""
        size = 0

        async def counting() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            return message

        try:
            await self.app(scope, counting, send)
        finally:
            mine.parts.append((now, size))
            self.all.parts.append((now, size))

    def _of(self, session: str, now: float) -> Sent:
        before = now - WINDOW_SECONDS
        self.all.forget(before)
        if len(self.sessions) >= MOST_SESSIONS_KNOWN:
            for sent in self.sessions.values():
                sent.forget(before)
            self.sessions = {name: sent for name, sent in self.sessions.items() if sent.parts}
        mine = self.sessions.setdefault(session, Sent())
        mine.forget(before)
        return mine
