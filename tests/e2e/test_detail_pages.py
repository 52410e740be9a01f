"""Cases, trails, mobility and sources in a browser: cold links, playback without traffic, no row astray."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.e2e.serving import Visit, served, visit
from tests.pages import outbreak
from tests.pages.outbreak import people

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_BYTES = 500_000
"""No page sends more than this besides the scripts (performance.md)."""
PLAY = (36, 47)
"""Where the play button of the timeline is, from the lower left corner of the figure, in pixels."""
CLOCK = (260, 50)
"""Width and height of the corner of the figure that holds the time, in pixels."""
MOST_STEPS = 5
"""Presses of a key until the wanted entry of a filtered list is reached."""
CONTENT = {
    "cases": ("Ca mắc mới", "Khu phong tỏa", "3 ngày cuối", "Chỉ thị 16", "Loại tiếp xúc hay gặp nhất"),
    "trails": ("F0", "lần dừng theo thứ tự", "Bấm ▶", "Nơi ở"),
    "mobility": ("Hệ số thuê bao đứng yên", "hơn nền cùng thứ", "Long Điền", "Nền"),
    "sources": ("2/4 nguồn cần xử lý", "3 ngày trước", "data_sources accept", "tên đơn vị chưa chắc"),
}
PSEUDONYM = re.compile(rb"[0-9a-f]{12}")


@pytest.fixture(scope="module")
def outbreak_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    outbreak.release().write(folder)
    return folder


@pytest.fixture(scope="module")
def leaders(outbreak_data: Path) -> Iterator[str]:
    with served(outbreak_data) as address:
        yield address


@pytest.fixture(scope="module")
def analysts(outbreak_data: Path) -> Iterator[str]:
    with served(outbreak_data, "analyst") as address:
        yield address


def received(page: Page) -> list[bytes]:
    """The list that fills with every message the page receives from now on."""
    messages: list[bytes] = []

    def listen(stream: WebSocket) -> None:
        stream.on("framereceived", lambda frame: messages.append(frame if isinstance(frame, bytes) else frame.encode()))

    page.on("websocket", listen)
    return messages


def check(seen: Visit, page: str) -> None:
    """What holds of every page on every screen."""
    seen.page.wait_for_timeout(1200)  # late complaints, late requests
    text = seen.text()
    for words in CONTENT[page]:
        assert words in text, f"{page} does not say {words!r}"
    assert seen.foreign == []
    assert seen.complaints == []
    assert seen.fits_across()
    assert seen.bytes_of_files() + seen.bytes_of_messages < MOST_BYTES


@pytest.mark.parametrize("page", CONTENT)
def test_a_cold_link_opens_the_page_it_names(browser: Browser, outbreak_data: Path, page: str) -> None:
    with served(outbreak_data) as address, visit(browser, address) as seen:
        seen.open(f"/{page}")
        check(seen, page)


@pytest.mark.parametrize("page", CONTENT)
def test_a_phone_shows_the_same(browser: Browser, leaders: str, page: str) -> None:
    with visit(browser, leaders, "phone") as seen:
        seen.open(f"/{page}")
        check(seen, page)


@pytest.mark.parametrize("page", CONTENT)
def test_every_theme_and_the_other_language_draw_without_complaint(browser: Browser, leaders: str, page: str) -> None:
    with visit(browser, leaders) as seen:
        for theme in ("light", "dark", "projector"):
            seen.open(f"/{page}?lang=en&theme={theme}")
            seen.page.wait_for_timeout(500)
            assert seen.fits_across()
            assert "Demonstration data" in seen.text()
        assert seen.complaints == []


def test_leaders_receive_no_person_and_analysts_do(browser: Browser, leaders: str, analysts: str) -> None:
    known = {str(row["person"]).encode() for row in people()}
    for address, expected in ((leaders, False), (analysts, True)):
        with visit(browser, address) as seen:
            messages = received(seen.page)
            for page in ("cases", "trails", "sources"):
                seen.open(f"/{page}")
                seen.page.wait_for_timeout(500)
            found = known & set(PSEUDONYM.findall(b"\n".join(messages)))
            assert bool(found) is expected
            assert (b"Long Dien3" in b"\n".join(messages)) is expected


def clock(seen: Visit) -> bytes:
    """A picture of the figure."""
    return seen.page.locator(".st-key-tc_playback canvas").first.screenshot()


def test_playback_moves_without_traffic_and_only_when_asked(browser: Browser, leaders: str) -> None:
    with visit(browser, leaders) as seen:
        messages = received(seen.page)
        sent: list[str] = []
        seen.page.on("request", lambda request: sent.append(request.url))
        seen.open("/trails")
        canvas = seen.page.locator(".st-key-tc_playback canvas").first
        canvas.scroll_into_view_if_needed()
        seen.page.wait_for_timeout(1500)
        runs, requests, came = seen.full_runs, len(sent), len(messages)
        box = canvas.bounding_box()
        assert box
        standing = {clock(seen)}
        seen.page.wait_for_timeout(1200)
        standing.add(clock(seen))
        assert len(standing) == 1  # nothing moves by itself
        seen.page.mouse.click(box["x"] + PLAY[0], box["y"] + box["height"] - PLAY[1])
        pictures = set(standing)
        for _ in range(4):
            seen.page.wait_for_timeout(950)
            pictures.add(clock(seen))
        assert len(pictures) == 5
        assert seen.full_runs == runs
        assert [url for url in sent[requests:] if "/_stcore/" not in url] == []
        # What still comes is the watch for a newer release, one small turn each two seconds.
        assert sum(map(len, messages[came:])) < 20_000


def focused_key(seen: Visit) -> str | None:
    """Which control of the playback has the focus."""
    key: str | None = seen.page.evaluate("document.activeElement?.dataset?.key ?? null")
    return key


def tab_to(seen: Visit, key: str) -> None:
    """Press Tab until this control of the playback has the focus."""
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        if focused_key(seen) == key:
            return
    raise AssertionError(f"Tab never reaches {key}")


def told_time(seen: Visit) -> bytes:
    """A picture of the time that the figure tells in its upper left corner."""
    canvas = seen.page.locator(".st-key-tc_playback canvas").first
    canvas.evaluate("element => element.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    assert box
    return seen.page.screenshot(clip={"x": box["x"], "y": box["y"], "width": CLOCK[0], "height": CLOCK[1]})


def after(seen: Visit, key: str) -> bytes:
    """The time told once the figure stands still after a key."""
    seen.page.keyboard.press(key)
    seen.page.wait_for_timeout(1500)
    return told_time(seen)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_playback_is_reached_and_worked_by_keyboard_alone(browser: Browser, leaders: str, size: str) -> None:
    with visit(browser, leaders, size) as seen:
        seen.open("/trails")
        canvas = seen.page.locator(".st-key-tc_playback canvas").first
        canvas.wait_for()
        seen.page.wait_for_timeout(1500)
        tab_to(seen, "play")
        assert seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        beginning = told_time(seen)
        second = after(seen, "ArrowRight")
        assert second != beginning
        assert after(seen, "ArrowLeft") == beginning
        tab_to(seen, "next")
        assert after(seen, "Enter") == second
        seen.page.keyboard.press("Shift+Tab")
        assert focused_key(seen) == "previous"
        assert after(seen, "Space") == beginning
        seen.page.keyboard.press("Shift+Tab")
        assert focused_key(seen) == "play"
        seen.page.keyboard.press("Enter")
        playing = set()
        for _ in range(3):
            seen.page.wait_for_timeout(950)
            playing.add(told_time(seen))
        assert len(playing) == 3
        paused = after(seen, "Enter")
        seen.page.wait_for_timeout(1500)
        assert told_time(seen) == paused
        # What the figure shows is told in words beside it: every place in order with its times.
        assert seen.page.locator(".tc-step").count() >= 2
        assert seen.page.get_by_role("button", name="Phát hoặc dừng").count() == 1
        assert seen.complaints == []


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("desk", "projector"), ("phone", "light")])
def test_an_empty_page_its_note_and_its_footer_lie_below_each_other(
    browser: Browser, leaders: str, size: str, theme: str
) -> None:
    with visit(browser, leaders, size) as seen:
        seen.open(f"/catalogue?q=zzzz&period=9&theme={theme}")
        seen.page.wait_for_timeout(500)
        boxes = [seen.page.locator(name).first.bounding_box() for name in (".tc-note", ".tc-empty", ".tc-footer")]
        edges = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
        assert len(edges) == 3
        assert all(end <= start for (_, end), (start, _) in pairwise(edges))


def test_a_person_is_found_and_stays_out_of_the_address(browser: Browser, analysts: str) -> None:
    source = next(str(row["source_person"]) for row in people() if row["source_person"])
    wanted = [row for row in people() if source in (row["person"], row["source_person"])]
    with visit(browser, analysts) as seen:
        seen.open("/cases?period=60")
        seen.page.locator(".st-key-person input").fill(source)
        seen.page.keyboard.press("Enter")
        heading = seen.page.locator(".tc-list h2")
        expect(heading).to_have_text(f"{len(wanted)} người trong danh sách khớp bộ lọc")
        assert source not in seen.page.url
        seen.page.wait_for_timeout(2500)  # a turn of the watch changes nothing
        expect(heading).to_have_text(f"{len(wanted)} người trong danh sách khớp bộ lọc")


def test_choosing_trails_is_in_the_address(browser: Browser, leaders: str) -> None:
    with visit(browser, leaders) as seen:
        seen.open("/trails")
        field = seen.page.locator(".st-key-pick_trails input")
        field.click()
        field.fill("F0 3 ")
        wanted = seen.page.get_by_role("option", name=re.compile(r"^F0 3 "))
        expect(wanted).to_be_visible()
        for _ in range(MOST_STEPS):  # the list's first entry takes all that match
            seen.page.keyboard.press("ArrowDown")
            if field.get_attribute("aria-activedescendant") == wanted.get_attribute("id"):
                break
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("h2").filter(has_text="F0 3: 8 lần dừng")).to_be_visible()
        assert re.search(r"trails=[0-9a-f]{8}\.\d+\.3\b", seen.page.url)
        shown = seen.page.url
        seen.page.goto(shown)
        expect(seen.page.locator("h2").filter(has_text="F0 3: 8 lần dừng")).to_be_visible()


def test_the_line_list_leaves_as_a_file(browser: Browser, analysts: str, tmp_path: Path) -> None:
    with visit(browser, analysts) as seen:
        seen.open("/cases?unit=752&period=14&class=F0")
        with seen.page.expect_download() as waiting:
            seen.page.locator(".st-key-csv_danh-sach-ca button").click()
        file = tmp_path / "list.csv"
        waiting.value.save_as(file)
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        first = outbreak.days()[-14]
        wanted = [row for row in people() if row["unit"] == "752" and row["f_class"] == "F0" and row["day"] >= first]
        assert len(lines) == len(wanted) + 1
        assert {line.split(",")[0] for line in lines[1:]} == {row["person"] for row in wanted}
