"""Reading a drawing with the keyboard alone and with the pointer, and writing what then stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.serving import served, visit
from tests.pages.steady_province import THIS_WEEK, write_steady

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CURVE = ".tc-course .tc-chart"
FOCUSED_CHART = "document.activeElement.matches('[data-points]') ? document.activeElement.ariaLabel : ''"
TODAY = f"29/8/2021: ca mới {sum(THIS_WEEK.values()) - THIS_WEEK['753']}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("charts")
    write_steady(data)
    with served(data, role="demo") as url:
        yield url


def tab_to(page: Page, words: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if words in str(page.evaluate(FOCUSED_CHART)):
            return
    raise AssertionError(f"no drawing says {words!r} to the keyboard")


def test_a_curve_is_read_day_by_day_with_the_arrow_keys(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/?period=28")
        runs = seen.full_runs
        tab_to(seen.page, "Ca mắc mới trung bình 7 ngày")
        chart = seen.page.locator(CURVE)
        said = str(chart.get_attribute("data-said")).split("|")
        assert len(said) == 28
        described = str(chart.get_attribute("aria-describedby"))
        assert "Phím mũi tên" in seen.page.inner_text(f"#{described}")
        tip, voice = seen.page.locator(".tc-tip"), seen.page.locator(".tc-voice")
        for key, day in (("End", 27), ("ArrowLeft", 26), ("ArrowLeft", 25), ("Home", 0), ("ArrowLeft", 0),
                         ("ArrowRight", 1), ("End", 27), ("ArrowRight", 27)):  # fmt: skip
            seen.page.keyboard.press(key)
            expect(tip).to_have_text(said[day])
            expect(voice).to_have_text(said[day])
        assert said[27].startswith(TODAY)
        assert voice.get_attribute("aria-live") == "polite"
        box, plot = tip.bounding_box(), seen.page.locator(f"{CURVE} .tc-plot").bounding_box()
        assert box and plot
        assert abs(box["x"] + box["width"] / 2 - (plot["x"] + plot["width"])) < box["width"]
        seen.page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        assert seen.page.evaluate("document.activeElement === document.body")
        assert seen.full_runs == runs  # all of it without the server
        assert seen.complaints == []


def test_a_map_is_read_unit_by_unit_and_enter_takes_one(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/")
        tab_to(seen.page, "Long Điền")
        names = seen.page.eval_on_selector_all(
            ".tc-where .tc-map a[aria-label]", "links => links.map(e => e.ariaLabel)"
        )
        seen.page.keyboard.press("Home")
        expect(seen.page.locator(".tc-voice")).to_have_text(names[0])
        while not seen.page.inner_text(".tc-voice").startswith("Long Điền:"):
            seen.page.keyboard.press("ArrowRight")
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("h1")).to_contain_text("Toàn cảnh Long Điền")
        assert seen.complaints == []


def test_the_map_page_shows_its_plain_map_to_the_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/map")
        seen.page.wait_for_timeout(1000)  # the first picture of the deck
        tab_to(seen.page, "Long Điền")
        seen.page.keyboard.press("End")
        expect(seen.page.locator(".tc-voice")).to_contain_text("Côn Đảo")
        path = seen.page.locator(".st-key-tc_plain_map path.tc-unit").first.bounding_box()
        assert path
        assert path["width"] > 30
        assert not seen.page.is_visible(".st-key-tc_deck")
        seen.page.keyboard.press("Escape")
        expect(seen.page.locator(".st-key-tc_deck")).to_be_visible()
        assert seen.fits_across()


def test_the_pointer_shows_the_same_words(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/?period=28")
        plot = seen.page.locator(f"{CURVE} .tc-plot").bounding_box()
        assert plot
        seen.page.mouse.move(plot["x"] + plot["width"] - 2, plot["y"] + plot["height"] / 2)
        expect(seen.page.locator(".tc-tip")).to_contain_text(TODAY)
        seen.page.mouse.move(plot["x"], plot["y"] - 200)
        expect(seen.page.locator(".tc-tip")).to_be_hidden()


def test_an_event_is_written_and_stands_on_the_curve_of_its_unit(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen, visit(browser, address) as other:
        other.open("/?unit=752")
        page = seen.page
        seen.open("/annotations?kind=event&unit=752")
        text, source = page.get_by_label("Nội dung (tiếng Việt)"), page.get_by_label("Nguồn: số văn bản")
        text.fill("Gọi 0987 654 321")
        source.fill("CDC tỉnh")
        page.get_by_role("button", name="Ghi", exact=True).click()
        expect(page.locator(".tc-said")).to_contain_text("một số điện thoại, bắt đầu bằng “098…”")
        expect(text).to_have_value("Gọi 0987 654 321")  # what was typed is not lost
        text.fill("Ổ dịch chợ")
        page.get_by_role("button", name="Ghi", exact=True).click()
        expect(page.locator(".tc-said")).to_contain_text("Đã ghi số 1")
        expect(page.locator(".tc-panel h2").first).to_contain_text("1 sự kiện")
        # A screen that stood open all the while has it too, and nobody touched it.
        expect(other.page.locator(f"{CURVE} .tc-mark.is-event")).to_have_count(1)
        seen.open("/?unit=752")
        assert "sự kiện: Ổ dịch chợ" in str(page.locator(CURVE).get_attribute("data-said"))
        expect(page.locator(f"{CURVE} .tc-mark.is-event")).to_have_count(1)
        seen.open("/?unit=747")
        assert "Ổ dịch chợ" not in str(page.locator(CURVE).get_attribute("data-said"))
        assert seen.complaints == []


def test_marks_on_a_curve_never_lie_on_one_another(browser: Browser, address: str) -> None:
    with visit(browser, address, "phone") as seen:
        for path in ("/?unit=752", "/rankings?unit=752"):
            seen.open(path)
            boxes = seen.page.eval_on_selector_all(
                ".tc-mark", "marks => marks.map(e => e.getBoundingClientRect()).map(b => [b.x, b.y, b.right, b.bottom])"
            )
            crossed = [
                (one, other)
                for place, one in enumerate(boxes)
                for other in boxes[place + 1 :]
                if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
            ]
            assert crossed == []
            assert seen.fits_across()
