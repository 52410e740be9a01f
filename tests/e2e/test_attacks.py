"""Attacks through the browser's door: markup in data, another origin, an address that asks for more."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from pages.components.navigation import PAGES
from tests.e2e.serving import served, visit
from tests.pages.outbreak import release

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ATTACK = (
    '<img src=x onerror="window.__xss=1"><script>window.__xss=2</script>\'"><svg onload=window.__xss=3>'
    "\n\n![beacon](http://203.0.113.9/x.png) [link](javascript:window.__xss=4) :red[x] ${alert(1)}"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose data attack: names of units, communes, titles of sources, measures of the calendar."""
    folder: Path = tmp_path_factory.mktemp("attack")
    made = release()
    for unit in made.units:
        if unit["code"] in ("747", "755"):
            unit["name"] = unit["short_name"] = f"{unit['code']} {ATTACK}"
    made.insert("source_status", ("attack", ATTACK, "tests", "http", made.as_of, None, 1, 1, 0, ATTACK, ATTACK, 900))
    made.insert("set_aside_reason", ("attack", ATTACK, 3))
    made.insert("held_batch", ("attack", ATTACK, made.as_of, 3, ATTACK))
    made.insert("format_note", ("attack", ATTACK))
    made.insert("calendar", ("77", ATTACK, made.as_of.date(), None, ATTACK, ATTACK, ATTACK))
    made.write(folder)
    with served(folder, role="analyst") as url:
        yield url


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_markup_in_data_is_inert_on_every_page(browser: Browser, address: str, page: str) -> None:
    with visit(browser, address) as seen:
        seen.open(f"/{page}?unit=747")
        seen.page.wait_for_timeout(1000)
        assert seen.page.evaluate("window.__xss") is None
        assert seen.foreign == []
        assert seen.page.locator("img[src='x'], a[href^='javascript:']").count() == 0
        assert "Trang này gặp lỗi" not in seen.text()


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        ("http://evil.example", None, 403),
        ("http://evil.example:{port}", "evil.example:{port}", 403),  # a name made to point at this machine
        ("http://127.0.0.1:{port}", None, 101),
    ],
)
def test_only_this_origin_may_open_a_session(address: str, origin: str, host: str | None, expected: int) -> None:
    port = urlsplit(address).port
    assert port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Origin": origin.format(port=port),
    }
    connection.putrequest("GET", "/_stcore/stream", skip_host=host is not None)
    if host is not None:
        connection.putheader("Host", host.format(port=port))
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == expected
    connection.close()


def test_files_beside_the_app_are_not_served(address: str) -> None:
    port = urlsplit(address).port
    assert port
    for path in (
        "/app.py",
        "/assets/palette.toml",
        "/fonts/../app.py",
        "/fonts/..%2f..%2fapp.py",
        "/.streamlit/config.toml",
    ):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        body = connection.getresponse().read().decode("utf-8", errors="replace")
        connection.close()
        assert "frame.run()" not in body
        assert "[server]" not in body
        assert "label_dark" not in body
