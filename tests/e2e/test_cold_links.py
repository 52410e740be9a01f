"""Every page from a link into a server that no session has used, on a wide screen and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from data_sources.settings import parse
from pages.components.navigation import PAGES
from tests.analytics import test_aid, test_communication, test_declarations, test_doses
from tests.deliveries import Installation, at
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
    "annotations": ("Biện pháp và sự kiện", "Chưa có gì được ghi thêm", "Lịch biện pháp đi kèm số liệu", "Chỉ thị 16"),
    "briefing": ("Trình chiếu",),
}
"""What a page must say of the steady province with Long Điền chosen."""
RICH = {
    "cases": ("Ca bệnh", "trung bình 7 ngày"),
    "trails": ("Vệt di chuyển F0",),
    "mobility": ("Di biến động", "đứng yên"),
    "sources": ("Nguồn dữ liệu",),
    "tracing": ("Truy vết",),
    "care": ("Cách ly và điều trị",),
    "platforms": ("Nền tảng số",),
    "quality": ("Chất lượng báo cáo",),
}
"""What a page must say of the outbreak, which has line lists, trails and telecom."""
RESPONSE = {
    "communication": (
        "Truyền thông và đường dây nóng",
        "cuộc gọi nhiều hơn hai ngày trước 20%",
        "3 tin sai chưa đóng, lâu nhất 28 ngày",
        "Bản tin gần nhất: 18:00 ngày 19/8/2021",
        "2 đợt gửi trong kỳ, gần nhất 20/8/2021",
    ),
    "aid": (
        "Kết nối cứu trợ",
        "Yêu cầu chờ lâu nhất đã 10 ngày",
        "4 yêu cầu và 4 lời đề nghị đang mở",
        "R1",
        "chưa ai nhận",
    ),
    "vaccination": (
        "Tiêm chủng",
        "TP Vũng Tàu còn 200 mũi chưa nhập, nhiều nhất",
        "18-49 tuổi: 600 người đã tiêm mũi 1",
    ),
    "declarations": ("Khai báo y tế", "1 ngày trong tuần có số khai triệu chứng cao hơn", "90–100%", "50–60%"),
}
"""What a page must say of Vũng Tàu, of rows that came through files: worked out by hand in tests/analytics."""
FED = {
    **test_communication.FED,
    "aid": lambda: test_aid.HEAD + test_aid.MORNING.lstrip(),
    "vaccination": test_doses.rows,
    "declarations": test_declarations.declared_csv,
}
OF_THE_PROVINCE = ("channel_posts", "broadcasts", "misinformation")
MOST_BYTES = 500_000
"""No page sends more than this besides the scripts (performance.md)."""

SPILT = """
[...document.querySelectorAll('.tc-panel')].filter(e =>
    e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).overflowY === 'visible'
).map(e => [e.innerText.slice(0, 60), e.scrollHeight, e.clientHeight])
"""
"""Panels that are lower than what stands in them, so that it lies on what comes after them."""


def test_every_page_is_opened_by_one_of_these_tests() -> None:
    assert {entry.name for entry in PAGES} == {*CONTENT, *RICH, *RESPONSE, "submit"}, "submit: test_submit.py"


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    release().write(folder)
    return folder


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with calls, posts, sends, rumours, aid, doses and declarations, through the ordinary ingest."""
    folder = tmp_path_factory.mktemp("fed")
    sources = [
        {"name": name, "dataset": name, "kind": "files", "path": f"{name}/*.csv"}
        | ({"unit_level": "province"} if name in OF_THE_PROVINCE else {})
        for name in FED
    ]
    document = {"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": sources, "demonstration": True}
    installed = Installation(folder / "var", parse(document, folder))
    for name, content in FED.items():
        installed.deliver((name, content(), at("2021-08-29T20:00")), name=f"{name}.csv")
    installed.build()
    return folder / "var"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", CONTENT)
def test_a_cold_link_opens_the_page_it_names(browser: Browser, data: Path, page: str, size: str) -> None:
    opened_cold(browser, data, page, size, CONTENT[page])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", RICH)
def test_a_cold_link_opens_pages_of_persons_and_feeds(browser: Browser, outbreak: Path, page: str, size: str) -> None:
    opened_cold(browser, outbreak, page, size, RICH[page])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", RESPONSE)
def test_a_cold_link_opens_pages_of_the_response(browser: Browser, fed: Path, page: str, size: str) -> None:
    opened_cold(browser, fed, page, size, RESPONSE[page], ("747", "TP Vũng Tàu"))


def opened_cold(
    browser: Browser,
    folder: Path,
    page: str,
    size: str,
    content: tuple[str, ...],
    unit: tuple[str, str] = ("752", "Long Điền"),
) -> None:
    """The page from a link into a fresh server: its content, its weight, and nothing else asked or complained of."""
    with served(folder) as address, visit(browser, address, size) as seen:
        seen.open(f"/{page}?unit={unit[0]}")
        seen.page.wait_for_timeout(1500)  # late complaints, late requests
        text = seen.text()
        for words in content:
            assert words in text, f"{page} does not say {words!r}"
        assert "Dữ liệu minh họa" in text
        assert seen.page.input_value("input[aria-label='Đơn vị']") == unit[1]
        assert seen.page.evaluate(SPILT) == []
        assert seen.foreign == []
        assert seen.complaints == []
        assert seen.fits_across()
        assert seen.bytes_of_files() + seen.bytes_of_messages < MOST_BYTES
        assert seen.page.evaluate("document.fonts.check('600 16px \"Be Vietnam Pro\"', 'Điền ượng')")
        assert seen.page.get_attribute("html", "lang") == "vi"
