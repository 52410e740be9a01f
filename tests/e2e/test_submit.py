"""A data steward at the upload page: a good form, a bad one that is mended, and files that mean harm."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, FilePayload, expect

from data_sources.forms.template import SHEET
from pages.components.markup import JOINER
from tests.data_sources.forms.filled import FIRST_ROW, counts, filled, saved
from tests.e2e.serving import SIZES, Visit, served, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served(data, role="steward") as url:
        yield url


def drop(seen: Visit, name: str, content: bytes) -> None:
    payload: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    seen.page.set_input_files("input[type=file]", files=payload)


def bad_form() -> bytes:
    book = load_workbook(io.BytesIO(filled("case_counts", counts)))
    sheet = book[SHEET]
    sheet.cell(FIRST_ROW, 4).value = "1O"
    sheet.cell(FIRST_ROW + 6, 1).value = "Bà Rịe"
    return saved(book)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 20_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("language", "said"), [("vi", ("Chọn tệp", "tối đa 32 MB")), ("en", ("Choose a file", "at most 32 MB"))]
)
def test_the_file_field_speaks_the_readers_language(
    browser: Browser, address: str, language: str, said: tuple[str, str]
) -> None:
    drawn = "(node) => [getComputedStyle(node).fontSize, getComputedStyle(node, '::after').content]"
    with visit(browser, address) as seen:
        seen.open(f"/submit?lang={language}")
        zone = seen.page.get_by_test_id("stFileUploaderDropzone")
        for words, own in zip(said, ("button p", "[data-testid=stFileUploaderDropzoneInstructions] span"), strict=True):
            size, content = zone.locator(own).first.evaluate(drawn)
            assert size == "0px" and words in content


@pytest.mark.parametrize("size", SIZES)
def test_a_good_form_is_handed_in_and_waits_with_its_receipt(
    browser: Browser, address: str, data: Path, size: str
) -> None:
    with visit(browser, address, size) as seen:
        seen.open("/submit")
        drop(seen, "báo cáo.xlsx", filled("case_counts", lambda row: {"cases": 3 + (size == "phone"), "deaths": 0}))
        expect(seen.page.get_by_text("Cả 20 dòng dùng được")).to_be_visible()
        expect(seen.page.get_by_role("button", name="Nộp 20 dòng")).to_be_disabled()
        seen.page.get_by_role("textbox", name="Người nộp").fill("TTYT thành phố Vũng Tàu")
        seen.page.get_by_role("button", name="Nộp 20 dòng").click()
        expect(seen.page.get_by_text("Đã nhận, mã biên nhận")).to_be_visible()
        receipts = [json.loads(path.read_text()) for path in (data / "inbox").glob("*/receipt.json")]
        assert any(one["by"] == "TTYT thành phố Vũng Tàu" and one["file"] == "báo cáo.xlsx" for one in receipts)
        assert seen.foreign == []
        assert seen.complaints == []


def test_a_bad_form_names_its_cells_and_a_doubtful_name_is_chosen(browser: Browser, address: str) -> None:
    with visit(browser, address) as seen:
        seen.open("/submit")
        drop(seen, "bad.xlsx", bad_form())
        expect(seen.page.get_by_text("18 dòng dùng được, 2 dòng có lỗi")).to_be_visible()
        row = seen.page.get_by_role("row").filter(has_text="1O")
        expect(row).to_contain_text(str(FIRST_ROW))
        expect(row).to_contain_text("D · Ca mắc mới")
        with seen.page.expect_download() as download:
            seen.page.get_by_role("button", name="Tải tệp đã đánh dấu ô lỗi").click()
        marked = load_workbook(io.BytesIO(download.value.path().read_bytes()))[SHEET]
        assert marked.cell(FIRST_ROW, 4).comment is not None
        seen.page.get_by_test_id("stSelectbox").filter(has_text="Bà Rịe").locator("input").click()
        seen.page.get_by_role("option").filter(has_text="Bà Rịa").first.click()
        expect(seen.page.get_by_text("19 dòng dùng được, 1 dòng có lỗi")).to_be_visible()
        assert seen.complaints == []


def test_what_a_sender_writes_is_no_markup_in_a_label(browser: Browser, address: str) -> None:
    written = "Bà Rịe ![b](http://203.0.113.9/b.png) [x](http://203.0.113.9/) *y* www.203.0.113.9.vn :red[z] a@b.vn $x$"
    book = load_workbook(io.BytesIO(filled("case_counts", counts)))
    book[SHEET].cell(FIRST_ROW + 6, 1).value = written
    with visit(browser, address) as seen:
        seen.open("/submit")
        drop(seen, "bad.xlsx", saved(book))
        label = seen.page.get_by_test_id("stSelectbox").filter(has_text="Bà Rịe")
        expect(label).to_be_visible()
        assert written in str(label.text_content()).replace(JOINER, "")
        assert label.locator("img, a, em, .katex").count() == 0
        assert seen.foreign == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", bomb()),
        ("report.xlsx", b"MZ\x90\x00" + b"\0" * 4096),
        ("report.csv", b"<!DOCTYPE html><html><body>login</body></html>"),
        ("../../etc/passwd.csv", b"\x00\x01\x02\x03" * 100),
    ],
)
def test_a_hostile_file_is_refused_and_the_page_lives(
    browser: Browser, address: str, name: str, content: bytes
) -> None:
    with visit(browser, address) as seen:
        seen.open("/submit")
        drop(seen, Path(name).name, content)
        expect(seen.page.get_by_text("Không nhận được tệp này")).to_be_visible(timeout=20_000)
        expect(seen.page.get_by_role("button", name="Nộp")).to_have_count(0)
        drop(seen, "good.xlsx", filled("case_counts", counts))
        expect(seen.page.get_by_text("Cả 20 dòng dùng được")).to_be_visible(timeout=20_000)


def test_leaders_and_briefings_have_no_upload(browser: Browser, data: Path) -> None:
    with served(data, role="leader") as url, visit(browser, url) as seen:
        seen.open("/submit")
        assert seen.page.locator("input[type=file]").count() == 0
