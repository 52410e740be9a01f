"""The server's own part: who may connect, what every answer carries, no reference to another host."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pages.components import server

ROOT = Path(__file__).parents[3]


def ask(path: str, query: str = "", *, host: str = "127.0.0.1", kind: str = "http") -> list[dict[str, Any]]:
    """The ASGI messages that the doorkeeper sends for one request; the app behind it answers 200."""
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-from", b"streamlit")]})
        await send({"type": "http.response.body", "body": b"inner"})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [],
        "server": (host, 8501),
    }
    # In a thread of its own: a browser test in the same process leaves its event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, server.Doorkeeper(app)(scope, receive, send)).result()
    return sent


def headers(sent: list[dict[str, Any]]) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize("path", ["/", "/rankings", "/_stcore/health", "/static/js/index.js", "/media/x.csv"])
def test_every_answer_carries_the_security_headers(path: str) -> None:
    found = headers(ask(path))
    assert "frame-ancestors 'none'" in found["content-security-policy"]
    assert "default-src 'self'" in found["content-security-policy"]
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "no-referrer"
    if path in ("/", "/rankings", "/media/x.csv"):
        assert found["cache-control"] == "no-store"


def test_the_policy_names_no_other_host_and_no_inline_script() -> None:
    policy = server.content_security_policy()
    assert not re.search(r"https?:|\*|//", policy)
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in script
    assert "'unsafe-eval'" not in script


def test_the_shell_refers_to_this_host_only_and_says_its_language() -> None:
    html = server.shell("vi", "dark")
    assert '<html lang="vi" data-theme="dark">' in html
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", html)
    assert "Streamlit</title>" not in html
    assert 'href="./assets/frame.css?' in html
    assert html.index("assets/frame.js") < html.index("static/js/index")  # it must run before Streamlit's own


def test_pages_are_answered_here_and_services_by_streamlit() -> None:
    assert "x-from" not in headers(ask("/rankings"))
    for path in ("/_stcore/health", "/rankings/_stcore/health", "/static/js/a.js", "/fonts/regular.ttf"):
        assert headers(ask(path))["x-from"] == "streamlit"


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("theme=dark", "/map?theme=dark&embed_options=dark_theme"),
        ("theme=projector&unit=752", "/map?theme=projector&unit=752&embed_options=dark_theme"),
        ("theme=light", "/map?theme=light&embed_options=light_theme"),
        ("embed_options=dark_theme", "/map"),
        ("theme=%22onload%3D&embed_options=dark_theme", "/map?theme=%22onload%3D"),
    ],
)
def test_the_theme_of_the_address_reaches_streamlits_widgets(query: str, target: str) -> None:
    sent = ask("/map", query)
    assert sent[0]["status"] == 307
    assert headers(sent)["location"] == target


def test_an_unknown_theme_never_reaches_the_html() -> None:
    body = ask("/map", "theme=%22%3E%3Cscript%3E")[1]["body"].decode()
    assert "data-theme" not in body


def test_the_default_page_has_one_address() -> None:
    sent = ask("/overview", "unit=752")
    assert (sent[0]["status"], headers(sent)["location"]) == (307, "./?unit=752")


@pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "192.168.1.9", "203.0.113.5", "::", "2001:db8::1"])  # noqa: S104
def test_a_connection_on_another_address_is_refused_with_the_reason(host: str) -> None:
    sent = ask("/", host=host)
    assert sent[0]["status"] == 403
    said = sent[1]["body"].decode()
    assert "chưa có đăng nhập" in said
    assert "no sign-in yet" in said
    assert ask("/_stcore/stream", host=host, kind="websocket") == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("10.0.0.1", False),
        ("example.vn", False),
        ("", False),
        (None, False),
    ],
)
def test_loopback_is_recognised(address: str | None, expected: bool) -> None:
    assert server.is_loopback(address) is expected


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])  # noqa: S104
def test_the_server_refuses_to_serve_every_address(address: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", address, "--server.port", port]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    said = ran.stdout + ran.stderr
    assert ran.returncode != 0
    assert f"server.address = '{address}'" in said
    assert "chưa có đăng nhập" in said
    assert "Traceback" not in said


def test_an_unknown_role_class_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from pages.components import frame

    monkeypatch.setenv("TOANCANH_ROLE", "admin")
    allowed = "TOANCANH_ROLE = 'admin': allowed are leader, briefing, analyst, steward, demo"
    with pytest.raises(SystemExit, match=allowed):
        frame.process_role()
