"""Using the product: links, filters, themes, the back button, downloads; one server for all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from analytics.palette import palettes
from tests.e2e.serving import READY, served, visit
from tests.pages.steady_province import incidence

pytestmark = [pytest.mark.browser, pytest.mark.slow]


FOCUSED = "(e => e.matches('a, input, summary') ? e.ariaLabel || e.innerText || e.tagName : '')(document.activeElement)"
"""What a screen reader would say of the element that has the keyboard."""
CUT_CHANGES = """
[...document.querySelectorAll('.tc-changes li')].filter(e =>
    e.getBoundingClientRect().bottom > e.parentElement.getBoundingClientRect().bottom + 1
).map(e => e.innerText)
"""
"""What changed since yesterday, where its panel ends before the sentence does."""


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served(data, role="demo") as url:
        yield url


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_overview_is_one_screen_without_scrolling(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        for theme in ("light", "dark", "projector"):
            for language in ("vi", "en"):
                seen.open(f"/?theme={theme}&lang={language}")
                tall = seen.page.evaluate("document.querySelector('.stMain').scrollHeight")
                assert tall <= 1080, f"{theme}, {language}: {tall} px"
                panels = seen.page.evaluate(
                    "[...document.querySelectorAll('.tc-row .tc-panel')].map(e => [e.scrollHeight, e.clientHeight])"
                )
                assert all(inner <= outer + 1 for inner, outer in panels), f"{theme}, {language}: cut off {panels}"
                assert seen.page.evaluate(CUT_CHANGES) == [], f"{theme}, {language}"
        assert seen.complaints == []


def test_a_tile_opens_its_indicator_within_the_session(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/?unit=752")
        seen.page.evaluate("window.sameDocument = true")
        seen.page.click(".tc-tile:has-text('Tỷ lệ dương tính')")
        expect(seen.page.locator("h1")).to_contain_text("Xếp hạng")
        assert query(seen.page.url) == {"indicator": "positivity_7d", "unit": "752"}
        assert seen.page.evaluate("window.sameDocument")
        seen.page.go_back()
        expect(seen.page.locator("h1")).to_contain_text("Toàn cảnh Long Điền")
        assert seen.complaints == []


def test_a_district_of_the_map_becomes_the_filter_and_stays_across_pages(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/")
        seen.page.click("a[aria-label^='Long Điền:'] path")
        expect(seen.page.locator("h1")).to_contain_text("Toàn cảnh Long Điền")
        assert query(seen.page.url) == {"unit": "752"}
        seen.page.click(".tc-nav a:has-text('Bản đồ')")
        expect(seen.page.locator("h1")).to_contain_text("Bản đồ")
        assert query(seen.page.url) == {"unit": "752"}
        expect(seen.page.get_by_role("combobox", name="Đơn vị")).to_have_value("Long Điền")


def test_a_pick_goes_into_the_address_and_the_back_button_takes_it_out(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/rankings")
        seen.page.get_by_role("combobox", name="Đơn vị").click()
        seen.page.get_by_role("option", name="TP Bà Rịa").click()
        expect(seen.page.locator("h2", has_text="TP Bà Rịa: tỷ lệ mắc 7 ngày")).to_be_visible()
        assert query(seen.page.url)["unit"] == "748"
        seen.page.go_back()
        expect(seen.page.locator("h2", has_text="Long Điền: tỷ lệ mắc 7 ngày")).to_be_visible()
        assert "unit" not in query(seen.page.url)


@pytest.mark.parametrize(("theme", "scheme"), [("light", "dark"), ("dark", "light"), ("projector", "light")])
def test_the_theme_of_the_address_wins_over_the_device(browser: Browser, address: str, theme: str, scheme: str) -> None:
    with visit(browser, address) as seen:
        seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        seen.open(f"/rankings?theme={theme}")
        seen.page.wait_for_selector(".stSelectbox input", state="attached")
        paper = seen.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        field = seen.page.evaluate("getComputedStyle(document.querySelector('.stSelectbox input')).color")
        dark = theme != "light"
        assert paper == ("rgb(11, 22, 32)" if dark else "rgb(242, 244, 246)")
        assert field == ("rgb(242, 246, 250)" if dark else "rgb(16, 36, 58)")
        assert query(seen.page.url)["theme"] == theme
        assert seen.complaints == []


def test_the_language_switch_keeps_everything_else(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/rankings?unit=752&indicator=positivity_7d")
        seen.page.click(".tc-tools a:has-text('English')")
        expect(seen.page.locator("h1")).to_contain_text("Rankings")
        assert query(seen.page.url) == {"unit": "752", "indicator": "positivity_7d", "lang": "en"}
        assert seen.page.get_attribute("html", "lang") == "en"


def test_everything_can_be_reached_by_keyboard(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/")
        reached = {}
        for _ in range(60):
            seen.page.keyboard.press("Tab")
            told = str(seen.page.evaluate(FOCUSED))
            reached[told] = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        for words in ("Xếp hạng", "English", "Tỷ lệ dương tính", "Long Điền: "):
            outlines = [outline for told, outline in reached.items() if words in told]
            assert outlines, f"{words} cannot be reached"
            assert "none" not in outlines, f"{words} does not show that it has the keyboard"
        assert "Đơn vị" in reached


def test_rows_can_be_downloaded_as_csv_and_xlsx(browser: Browser, address: str, tmp_path: Path) -> None:
    with visit(browser, address) as seen:
        seen.open("/rankings")
        with seen.page.expect_download() as csv:
            seen.page.click("button:has-text('Tải CSV')")
        csv.value.save_as(tmp_path / "rows.csv")
        text = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
        assert "752" in text
        assert f"{incidence('752'):.6f}"[:8] in text
        with seen.page.expect_download() as xlsx:
            seen.page.click("button:has-text('Tải Excel')")
        assert re.fullmatch(r"incidence_7d_district_\d{8}\.xlsx", xlsx.value.suggested_filename)
        xlsx.value.save_as(tmp_path / "rows.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
        cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        assert "Dữ liệu minh họa" in cells
        assert "752" in cells


def test_without_webgl_the_map_page_shows_the_plain_map(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        seen.page.goto(f"{address}/map")
        seen.page.wait_for_selector(READY)
        assert seen.page.is_visible(".st-key-tc_plain_map path.tc-unit")
        assert not seen.page.is_visible(".st-key-tc_deck")


def test_a_click_on_the_deck_filters_the_page(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/map")
        seen.page.wait_for_timeout(1500)  # the first picture of the deck
        box = seen.page.locator(".st-key-tc_deck canvas").first.bounding_box()
        assert box
        # Xuyên Mộc is the wide unit in the north-east of the layout.
        seen.page.mouse.click(box["x"] + box["width"] * 0.68, box["y"] + box["height"] * 0.42)
        expect(seen.page.get_by_role("combobox", name="Đơn vị")).to_have_value("Xuyên Mộc")
        assert query(seen.page.url) == {"unit": "751"}


def as_rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


def test_a_past_moment_is_told_in_colour_on_every_page_it_leads_to_and_one_click_leads_back(
    browser: Browser, address: str
) -> None:
    with visit(browser, address) as seen:
        seen.open("/rankings?as_of=2021-08-27&unit=752")
        page, stamp = seen.page, seen.page.locator(".tc-stale[role=status]")
        expect(stamp).to_contain_text("Như đã biết lúc 23:59 ngày 27/8/2021")
        amber = stamp.evaluate("e => getComputedStyle(e).backgroundColor")
        assert amber == as_rgb(palettes()["light"]["near_paper"])
        expect(page.locator(".tc-live")).to_have_count(0)
        page.click(".tc-nav a:has-text('Bản đồ')")
        expect(page.locator("h1")).to_contain_text("Bản đồ")
        expect(stamp).to_contain_text("23:59 ngày 27/8/2021")
        assert query(page.url)["as_of"] == "2021-08-27"
        page.click("text=Về số liệu mới nhất")
        expect(stamp).to_have_count(0)
        expect(page.locator(".tc-live")).to_have_count(1)
        assert query(page.url) == {"unit": "752"}
        assert seen.complaints == []
