"""The first view of the overview in a browser, and of an empty Streamlit app, in turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measured import Figure, spread
from benchmarks.serving import demonstration, empty, product
from benchmarks.sizes import Sizes

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
OURS_READY, EMPTY_READY = ".tc-footer", '[data-testid="stMarkdownContainer"]'
MOST_TIMES_EMPTY = 1.5
MOST_KILOBYTES = 500.0
SCRIPT = ".js"


def run(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """Seconds until the last part is drawn, and the kilobytes sent besides scripts."""
    data = demonstration(place)
    ours, reference, weights = [], [], []
    with empty(place) as blank, product(data) as served, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        visit(browser, blank.port, EMPTY_READY)
        visit(browser, served.port, OURS_READY)
        for _ in range(sizes.visits):
            reference.append(visit(browser, blank.port, EMPTY_READY)[0])
            seconds, kilobytes = visit(browser, served.port, OURS_READY)
            ours.append(seconds)
            weights.append(kilobytes)
        browser.close()
    yield spread(
        "first view of the overview", ours, "s", against="empty app", reference=median(reference),
        at_most=MOST_TIMES_EMPTY,
    )  # fmt: skip
    yield spread("sent besides scripts", weights, "kB", at_most=MOST_KILOBYTES, judged="value")


def visit(browser: Browser, port: int, ready: str) -> tuple[float, float]:
    """Seconds to the last part of the page in a browser without a cache, and kilobytes besides scripts."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    sent = [0]
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sent.append(len(frame))))
    requests = []
    page.on("requestfinished", lambda request: requests.append(request))
    begun = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_selector(ready, timeout=60_000)
    seconds = time.perf_counter() - begun
    for request in requests:
        if not request.url.split("?")[0].endswith(SCRIPT):
            sent.append(request.sizes()["responseBodySize"])
    context.close()
    return seconds, sum(sent) / 1000
