"""Live without waste: a new release is on every open screen within five seconds; otherwise nothing runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.serving import served, visit
from tests.pages.steady_province import THIS_WEEK, newer, write_steady

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WITHIN_SECONDS = 5.0
QUIET_SECONDS = 7.0
"""Three turns of the watch."""


def test_a_new_release_is_shown_on_every_open_screen_and_nothing_runs_before(browser: Browser, tmp_path: Path) -> None:
    write_steady(tmp_path)
    before = sum(count for unit, count in THIS_WEEK.items() if unit != "753")
    with served(tmp_path) as address, visit(browser, address) as one, visit(browser, address, "phone") as other:
        for seen in (one, other):
            seen.open("/")
            expect(seen.page.locator(".tc-tile").first).to_contain_text(f"{before},0")
        one.page.wait_for_timeout(500)
        runs = [seen.full_runs for seen in (one, other)]
        one.page.wait_for_timeout(QUIET_SECONDS * 1000)
        other.page.wait_for_timeout(100)
        assert [seen.full_runs for seen in (one, other)] == runs
        identifier = newer(tmp_path, 5)
        started = time.monotonic()
        for seen in (one, other):
            expect(seen.page.locator(".tc-tile").first).to_contain_text(
                f"{before + 5},0", timeout=WITHIN_SECONDS * 1000
            )
            expect(seen.page.locator(".tc-footer")).to_contain_text(identifier, timeout=1000)
        assert time.monotonic() - started < WITHIN_SECONDS
        one.page.wait_for_timeout(3000)
        other.page.wait_for_timeout(100)
        assert [seen.full_runs - was for seen, was in zip((one, other), runs, strict=True)] == [1, 1]
        assert one.complaints == other.complaints == []


def test_the_first_release_opens_a_screen_that_waits_for_it(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as address, visit(browser, address) as seen:
        seen.page.goto(address)
        expect(seen.page.locator(".tc-empty")).to_contain_text("Chưa có số liệu")
        write_steady(tmp_path)
        expect(seen.page.locator("h1")).to_contain_text("Toàn cảnh", timeout=WITHIN_SECONDS * 1000)
