"""Every page from a link into a server that no session has used, on a wide screen and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages.components.navigation import PAGES
from tests.e2e.serving import SIZES, served, visit
from tests.pages.outbreak import release
from tests.pages.steady_province import incidence

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG_DIEN = f"{incidence('752'):.1f}".replace(".", ",")
CONTENT = {
    "overview": ("Toàn cảnh Long Điền", "Cần quyết định", "19,0", LONG_DIEN, "cách bờ 180 km"),
    "rankings": ("Xếp hạng", "Long Điền cao nhất", LONG_DIEN, "chưa có số liệu"),
    "map": ("Bản đồ", LONG_DIEN, "50 – dưới 150", "Bấm vào một đơn vị"),
    "testing": ("Xét nghiệm", "Tỷ lệ dương tính nói gì?"),
    "catalogue": ("Danh mục chỉ số", "incidence_7d", "ngưỡng nguy hiểm 3%"),
}
"""What a page must say of the steady province with Long Điền chosen."""
RICH = {
    "cases": ("Ca bệnh", "trung bình 7 ngày"),
    "trails": ("Vệt di chuyển F0",),
    "mobility": ("Di biến động", "đứng yên"),
    "sources": ("Nguồn dữ liệu",),
    "communication": ("Truyền thông và đường dây nóng",),
    "aid": ("Kết nối cứu trợ",),
    "tracing": ("Truy vết",),
    "vaccination": ("Tiêm chủng",),
    "care": ("Cách ly và điều trị",),
    "declarations": ("Khai báo y tế",),
    "platforms": ("Nền tảng số",),
    "quality": ("Chất lượng báo cáo",),
}
"""What a page must say of the outbreak, which has line lists, trails and telecom."""
MOST_BYTES = 500_000
"""No page sends more than this besides the scripts (performance.md)."""


def test_every_page_is_opened_by_one_of_these_tests() -> None:
    assert {entry.name for entry in PAGES} == set(CONTENT) | set(RICH) | {"submit"}, "submit: tests/e2e/test_submit.py"


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    release().write(folder)
    return folder


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", CONTENT)
def test_a_cold_link_opens_the_page_it_names(browser: Browser, data: Path, page: str, size: str) -> None:
    opened_cold(browser, data, page, size, CONTENT[page])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", RICH)
def test_a_cold_link_opens_pages_of_persons_and_feeds(browser: Browser, outbreak: Path, page: str, size: str) -> None:
    opened_cold(browser, outbreak, page, size, RICH[page])


def opened_cold(browser: Browser, folder: Path, page: str, size: str, content: tuple[str, ...]) -> None:
    """The page from a link into a fresh server: its content, its weight, and nothing else asked or complained of."""
    with served(folder) as address, visit(browser, address, size) as seen:
        seen.open(f"/{page}?unit=752")
        seen.page.wait_for_timeout(1500)  # late complaints, late requests
        text = seen.text()
        for words in content:
            assert words in text, f"{page} does not say {words!r}"
        assert "Dữ liệu minh họa" in text
        assert seen.page.input_value("input[aria-label='Đơn vị']") == "Long Điền"
        assert seen.foreign == []
        assert seen.complaints == []
        assert seen.fits_across()
        assert seen.bytes_of_files + seen.bytes_of_messages < MOST_BYTES
        assert seen.page.evaluate("document.fonts.check('600 16px \"Be Vietnam Pro\"', 'Điền ượng')")
        assert seen.page.get_attribute("html", "lang") == "vi"
