"""Uploads sent straight to their address, past the page: a program is never a form, a large file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pages.components.uploads import MEGABYTE, UPLOADS
from tests.e2e.serving import served, visit

SEND = """
async ([url, size, kind]) => {
  const token = document.cookie.match(/_streamlit_xsrf=([^;]+)/);
  const form = new FormData();
  const bytes = new Uint8Array(size); bytes.set([0x4d, 0x5a, 0x90, 0x00]);
  form.append('file', new File([bytes], 'report.exe', {type: kind}));
  const headers = token ? {'X-Xsrftoken': token[1]} : {};
  return (await fetch(url, {method: 'PUT', body: form, headers, credentials: 'include'})).status;
}
"""


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served(data, role="steward") as url:
        yield url


def upload_address(page: Page) -> str:
    """The address of this session's uploads, as its own page uses it."""
    with page.expect_request(lambda request: request.method == "PUT") as asked:
        page.set_input_files(
            "input[type=file]", files={"name": "a.csv", "mimeType": "text/csv", "buffer": b"unit,day,cases\n"}
        )
    return asked.value.url


@pytest.mark.browser
@pytest.mark.slow
def test_fault_33_34_a_program_sent_past_the_page_is_never_a_form_and_a_large_one_is_413(
    browser: Browser,
    address: str,
    data: Path,
) -> None:
    with visit(browser, address) as seen:
        seen.open("/submit")
        url = upload_address(seen.page)
        # Another file of the same session, which no widget asked for: it is kept in memory and read by nobody.
        assert seen.page.evaluate(SEND, [url + "x", 4096, "application/x-msdownload"]) < 300
        assert not (data / "inbox").exists()
        assert seen.page.evaluate(SEND, [url + "y", 33 * MEGABYTE, "text/csv"]) == 413


@pytest.mark.browser
@pytest.mark.slow
def test_fault_34_a_process_without_the_page_takes_no_upload_at_all(browser: Browser, data: Path) -> None:
    with served(data, role="leader") as url, visit(browser, url) as seen:
        seen.open("/")
        assert seen.page.evaluate(SEND, [f"{url}{UPLOADS}session/file", 16, "text/csv"]) == 403
