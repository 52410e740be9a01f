"""The projected briefing in a real browser: keys, autoplay, a lost server; the wall that follows releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analytics.briefing import kiosk
from tests.e2e.serving import served, visit
from tests.pages.steady_province import THIS_WEEK, newer, write_steady

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLIDES = 12
MEAN = sum(count for unit, count in THIS_WEEK.items() if unit != "753")
SHOWN = ".sh-slide:not([hidden])"
CLOCK = re.compile(r"^\d\d:\d\d$")
READABLE_PX = {"title": 54, "body": 34, "footer": 24}
"""At 1920x1080, for a reader 10 m away (design of the screens)."""


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served(data, "briefing") as found:
        yield found


def at(page: Page, number: int) -> None:
    expect(page.locator(SHOWN)).to_have_count(1)
    expect(page.locator(SHOWN)).to_have_id(f"slide-{number}")
    expect(page.locator(".sh-number")).to_have_text(f"{number} / {SLIDES}")


def outside(page: Page) -> list[str]:
    """What reaches beyond the screen, or is cut off in its own box."""
    found: list[str] = page.evaluate(
        """() => {
          const slide = document.querySelector('.sh-slide:not([hidden])') || document.body;
          const foot = document.querySelector('.sh-foot').getBoundingClientRect().top;
          const wrong = [];
          for (const one of slide.querySelectorAll('h2, p, li, td, th, .sh-tile, .tc-place, .tc-legend, .tc-chart')) {
            const box = one.getBoundingClientRect();
            if (box.width && (box.right > innerWidth + 1 || box.bottom > foot + 2)) wrong.push(one.innerText);
            if (one.matches('.sh-tile') && one.scrollHeight > one.clientHeight + 1) wrong.push('cut: ' + one.innerText);
          }
          return wrong;
        }"""
    )
    return found


def test_the_whole_briefing_by_keys(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        page = seen.page
        page.goto(f"{address}/present/show")
        titles = []
        for number in range(1, SLIDES + 1):
            at(page, number)
            titles.append(page.locator(f"{SHOWN} h2").inner_text())
            assert outside(page) == [], number
            expect(page.locator(".sh-stamp")).to_have_text("Số liệu đến 18:00 ngày 29/8/2021")
            assert CLOCK.match(page.locator(".sh-clock").inner_text())
            page.keyboard.press("ArrowRight" if number % 2 else "Space")
        assert len(set(titles)) > SLIDES // 2
        at(page, SLIDES)
        assert f"slide={SLIDES}" in page.url
        page.keyboard.press("Home")
        at(page, 1)
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        at(page, SLIDES - 1)
        page.reload()
        at(page, SLIDES - 1)
        page.keyboard.press("t")
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        page.keyboard.press("?")
        expect(page.locator(".sh-help")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".sh-help")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.locator("h1")).to_contain_text("Trình chiếu", timeout=15_000)
        assert seen.foreign == [] and seen.complaints == []


def test_type_is_readable_from_ten_metres_on_every_slide(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.page.goto(f"{address}/present/show?theme=light")
        sizes = seen.page.evaluate(
            """() => Object.fromEntries(Object.entries({title: '.sh-title', footer: '.sh-foot'})
              .map(([name, css]) => [name, parseFloat(getComputedStyle(document.querySelector(css)).fontSize)]))"""
        )
        assert sizes["title"] >= READABLE_PX["title"] and sizes["footer"] >= READABLE_PX["footer"]
        bodies = seen.page.evaluate(
            """() => [...document.querySelectorAll('.sh-body.is-told .sh-statements li')]
              .map(one => parseFloat(getComputedStyle(one).fontSize))"""
        )
        assert bodies and min(bodies) >= READABLE_PX["body"]


def test_it_plays_by_itself_with_a_countdown_and_pauses(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        page = seen.page
        page.goto(f"{address}/present/show?autoplay=5&slide={SLIDES}")
        at(page, SLIDES)
        expect(page.locator(".sh-countdown")).to_have_text("3 giây", timeout=4000)
        at(page, SLIDES)
        expect(page.locator(".sh-number")).to_have_text(f"1 / {SLIDES}", timeout=5000)
        expect(page.locator(".sh-countdown")).to_have_text("4 giây", timeout=3000)
        page.keyboard.press("p")
        expect(page.locator(".sh-countdown")).to_have_text("")
        page.wait_for_timeout(6000)
        at(page, 1)


def test_a_lost_server_leaves_every_slide_standing_with_its_time(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        page = seen.page
        page.goto(f"{address}/present/show?slide=2")
        page.context.set_offline(True)
        notice = page.locator(".sh-notice")
        expect(notice).to_contain_text("Mất kết nối từ", timeout=10_000)
        page.keyboard.press("ArrowRight")
        at(page, 3)
        expect(page.locator(".sh-stamp")).to_have_text("Số liệu đến 18:00 ngày 29/8/2021")
        page.keyboard.press("r")
        page.keyboard.press("Escape")
        at(page, 3)
        page.context.set_offline(False)
        expect(notice).to_have_text("", timeout=10_000)


def test_a_new_release_is_told_and_taken_when_asked(browser: Browser, tmp_path: Path) -> None:
    write_steady(tmp_path)
    with served(tmp_path, "briefing") as address, visit(browser, address) as seen:
        page = seen.page
        page.goto(f"{address}/present/show")
        at(page, 1)
        expect(page.locator(SHOWN)).to_contain_text(f"{MEAN},0")
        newer(tmp_path, 5)
        expect(page.locator(".sh-notice")).to_contain_text("Có số liệu mới", timeout=5000)
        expect(page.locator(SHOWN)).to_contain_text(f"{MEAN},0")
        page.keyboard.press("r")
        expect(page.locator("#slide-1")).to_contain_text(f"{MEAN + 5},0", timeout=10_000)


@pytest.mark.parametrize(("wide", "tall"), [(1920, 1080), (3840, 2160)])
def test_the_wall_is_one_screen_and_follows_the_release(browser: Browser, tmp_path: Path, wide: int, tall: int) -> None:
    write_steady(tmp_path)
    token = kiosk.issue(tmp_path, datetime.now(UTC))
    with served(tmp_path, "leader") as address, visit(browser, address) as seen:
        page = seen.page
        page.set_viewport_size({"width": wide, "height": tall})
        page.goto(f"{address}/present/wall?key={token}")
        expect(page.locator(".sw-figures")).to_contain_text(f"{MEAN},0")
        assert outside(page) == []
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        title = page.locator(".sw-figures .sh-title").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        assert title >= 38 * tall / 1080 - 0.1
        newer(tmp_path, 5)
        expect(page.locator(".sw-figures")).to_contain_text(f"{MEAN + 5},0", timeout=6000)
        page.context.set_offline(True)
        expect(page.locator(".sh-notice")).to_contain_text("Mất kết nối từ", timeout=10_000)
        expect(page.locator(".sw-figures")).to_contain_text(f"{MEAN + 5},0")
        page.context.set_offline(False)
        (tmp_path / kiosk.KEY_FILE).unlink()
        expect(page.locator("main")).to_contain_text("liên kết", timeout=10_000)
        expect(page.locator(".sw-figures")).to_have_count(0)
