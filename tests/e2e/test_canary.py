"""Personal data planted in every field of every contract, and searched for in every byte a briefing sends or exports.

The rows go through the ordinary ingest; a browser reads every page, the projection and the wall, and presses every
button that gives a file. Nobody's name, number, place, free text or pseudonym may be in what it received.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import unicodedata
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from shutil import which
from urllib.request import urlopen

import duckdb
import openpyxl
import pytest
from playwright.sync_api import Browser, Error, Page, Response, WebSocket, expect

from analytics.briefing import kiosk
from analytics.briefing.pdf import to_pdf
from analytics.briefing.pptx import to_pptx
from analytics.briefing.workbook import to_xlsx
from data_sources import pointer
from data_sources.contracts import CONTRACTS
from data_sources.ingest import PullReport, pull
from data_sources.pseudonym import load_key
from pages.components.navigation import pages_of
from tests.analytics.briefing.sample_slides import sample
from tests.canary_rows import OF_THE_PROVINCE, canaries, csv_of, decimal, planted, rows, stem, value
from tests.deliveries import RECEIVED, at, drop, settings_of
from tests.e2e.canary_search import Search
from tests.e2e.serving import READY, served, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("canary")]

KEY = "0123456789abcdef" * 4
ISSUED = at("2021-08-29T18:00")
PERSONS = ("person", "source_person", "other_person")
NEVER_IN_PICTURE = {"person", "case_code", "contact_code", "person_code", "device", "other_device", "account",
                    "phone", "address", "birth_date", "symptoms", "venue"}  # fmt: skip
NAMED = {"unit", "unit_period"}
"""Tables whose column `name` is a unit's."""
AT_REST = "[data-test-script-state='notRunning']"
BUTTONS = "[data-testid=stDownloadButton] button"
LEAST_FILES = 25
SETTLED_MILLISECONDS = 400
ANSWERED = (200, 206)
"""Answers with a body of ours; the others are headers alone, and those are kept."""
ALIKE = {"briefing"}
"""Pages whose files are taken in both languages; of the others the Vietnamese ones."""


@dataclass(frozen=True)
class Planted:
    data: Path
    report: PullReport
    search: Search
    pseudonyms: list[str]


def wrong_rows() -> str:
    """Cases whose cells stand one and more places to the right: what names somebody lies under every other header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [column.name for column in CONTRACTS["cases"].columns]
    writer.writerow(names)
    for number, row in enumerate(rows(CONTRACTS["cases"])):
        cells = [row.get(name, "") for name in names]
        turn = 1 + number % (len(cells) - 1) if number % 4 == 0 else 0
        writer.writerow(cells[-turn:] + cells[:-turn] if turn else cells)
    return out.getvalue()


def headless() -> str:
    """A list whose first line is a person's row with no number in it, so that it is taken for the header."""
    cases = CONTRACTS["cases"]
    first = ["x", *(value(cases, cases.column(name), 0) for name in ("name", "address")), "x", "x"]
    names = ("case_code", "name", "unit", "day", "age")
    lines = [first, *([row.get(name, "") for name in names] for row in rows(cases))]
    return "\n".join(",".join(line) for line in lines) + "\n"


FAULTY = {"wrong_rows": wrong_rows, "headless": headless}


@pytest.fixture(scope="module")
def planted_data(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("canary")
    sources: list[dict[str, object]] = []
    for name in CONTRACTS:
        level = {"unit_level": "province"} if name in OF_THE_PROVINCE else {}
        sources.append({"name": name, "dataset": name, "kind": "files", "path": f"drop/{name}.csv", **level})
    sources += [{"name": name, "dataset": "cases", "kind": "files", "path": f"drop/{name}.csv"} for name in FAULTY]
    for name, contract in CONTRACTS.items():
        drop(folder / "drop", f"{name}.csv", csv_of(contract), ISSUED)
    for name, made in FAULTY.items():
        drop(folder / "drop", f"{name}.csv", made(), ISSUED)
    data = folder / "var"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOANCANH_KEY", KEY)
        report = pull(settings_of(folder, *sources), data, received_at=RECEIVED)
        known = pseudonyms(data)
    return Planted(data, report, Search(canaries(), known), known)


def release(data: Path) -> Path:
    current = pointer.current_id(data)
    assert current is not None
    return pointer.release_folder(data, current)


def pseudonyms(data: Path) -> list[str]:
    """Every pseudonym in the analysts' file."""
    with duckdb.connect(str(release(data) / "analysis.duckdb"), read_only=True) as con:
        columns = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE list_contains(?, column_name)", [list(PERSONS)]
        ).fetchall()
        found = {
            row[0]
            for table, column in columns
            for row in con.execute(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall()
        }
    return sorted(found - {None})


def test_every_contract_was_planted_and_its_rows_were_kept(planted_data: Planted) -> None:
    told = {one.name: one for one in planted_data.report.sources}
    for name, contract in CONTRACTS.items():
        assert told[name].rows_in > 0
        assert (told[name].rows_kept, told[name].error, told[name].held) == (told[name].rows_in, None, None), name
        assert not contract.about_persons or any(planted(contract, column) for column in contract.columns)
    assert all(told[name].held or told[name].rows_set_aside for name in FAULTY)
    assert load_key().pseudonym(value(CONTRACTS["cases"], CONTRACTS["cases"].column("case_code"), 0)) in set(
        planted_data.pseudonyms
    )
    assert len(planted_data.pseudonyms) > 200


def test_the_analysts_file_and_the_deliveries_hold_them_and_the_picture_does_not(planted_data: Planted) -> None:
    search, folder = planted_data.search, release(planted_data.data)
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{folder / 'picture.duckdb'}' AS picture (READ_ONLY)")
        con.execute(f"ATTACH '{folder / 'analysis.duckdb'}' AS analysis (READ_ONLY)")
        tables = con.execute(
            "SELECT database_name, table_name, list(column_name) FROM duckdb_columns()"
            " WHERE database_name IN ('picture', 'analysis') GROUP BY ALL"
        ).fetchall()
        held: dict[str, list[str]] = {"picture": [], "analysis": []}
        filled = 0
        for database, table, columns in tables:
            for column in columns:
                content = con.execute(f'SELECT DISTINCT "{column}"::VARCHAR FROM {database}."{table}"').fetchall()
                held[database] += search.everywhere(f"{database}.{table}.{column}", repr(content).encode())
            if database == "picture":
                filled += bool(content)
                assert not NEVER_IN_PICTURE & set(columns), table
                assert table in NAMED or "name" not in columns, table
    assert filled > 20
    assert any("pseudonym" in one for one in held["analysis"]) and any("symptoms" in one for one in held["analysis"])
    assert held["picture"] == []
    plain = (folder / "picture.duckdb").read_bytes()
    as_stored = {one.sought for one in canaries() if one.kind in ("word", "digits")} | set(planted_data.pseudonyms)
    assert [one for one in as_stored if one.encode() in plain] == []


@dataclass
class Recorder:
    """Everything that passes between a browser page and the server, and every file it is given."""

    page: Page
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    waiting: list[Response] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on(
            "request", lambda request: self._keep(f"asked {request.url}", request.url, request.post_data or "")
        )
        self.page.on("response", lambda answer: self.waiting.append(answer))
        self.page.on("console", lambda message: self._keep("console", message.text))
        self.page.on("websocket", self._listen)

    def _keep(self, name: str, *content: str | bytes) -> None:
        self.taken += [(name, one.encode() if isinstance(one, str) else one) for one in content if one]

    def _listen(self, stream: WebSocket) -> None:
        self._keep("socket", stream.url)
        stream.on("framereceived", lambda frame: self._keep("frame received", frame))
        stream.on("framesent", lambda frame: self._keep("frame sent", frame))

    def drain(self) -> None:
        """Read the bodies of what was answered, before the browser forgets them."""
        answers, self.waiting = self.waiting, []
        for answer in answers:
            self._keep(f"headers of {answer.url}", json.dumps(answer.headers))
            if "attachment" in answer.headers.get("content-disposition", "") or answer.status not in ANSWERED:
                continue
            try:
                content = answer.body()
            except Error:  # the browser has left the page and forgotten it: it is asked for again
                with urlopen(answer.url, timeout=30) as again:
                    content = again.read()
            self._keep(f"body of {answer.url}", content)

    def press(self) -> None:
        """Press every button that gives a file, and keep the files."""
        for place in range(self._buttons()):
            with self.page.expect_download(timeout=30_000) as coming:
                self.page.locator(BUTTONS).nth(place).click()
            name = coming.value.suggested_filename
            self.files.append(name)
            self._keep(f"file {name}", name, coming.value.path().read_bytes())

    def _buttons(self) -> int:
        """How many there are once none has come for a while; the foot of a page may stand before all of it does."""
        count = -1
        while count != (count := self.page.locator(BUTTONS).count()):
            self.page.wait_for_timeout(SETTLED_MILLISECONDS)
        return count

    def open(self, address: str) -> None:
        """A page of the product, drawn to its end."""
        self.page.goto(address)
        self.page.wait_for_selector(READY, timeout=30_000)
        self.page.wait_for_selector(AT_REST, state="attached", timeout=30_000)


def test_no_byte_of_the_briefing_names_anybody(browser: Browser, planted_data: Planted) -> None:
    pages = [entry.name for entry in pages_of("briefing")]
    token = kiosk.issue(planted_data.data, datetime.now(UTC))
    with served(planted_data.data, "briefing") as address, visit(browser, address) as seen:
        record = Recorder(seen.page)
        for language in ("vi", "en"):
            for name in pages:
                record.open(f"{address}/{name}?lang={language}")
                if language == "vi" or name in ALIKE:
                    record.press()
                record.drain()
            seen.page.goto(f"{address}/present/show?lang={language}")
            last = seen.page.locator(".sh-slide").count()
            assert last > 10
            for number in range(2, last + 1):
                seen.page.keyboard.press("ArrowRight")
                expect(seen.page.locator(".sh-number")).to_have_text(f"{number} / {last}")
            record.drain()
            seen.page.goto(f"{address}/present/wall?key={token}&lang={language}")
            expect(seen.page.locator(".sw-figures")).to_be_visible()
            record.drain()
        seen.page.goto("about:blank")
        assert seen.foreign == []
    bodies = [name for name, _ in record.taken if name.startswith("body")]
    assert len(set(record.files)) >= LEAST_FILES
    for ending in (".csv", ".xlsx", ".pptx", ".pdf"):
        assert any(name.endswith(ending) for name in record.files), ending
    assert any("/present/show" in name for name in bodies) and any("/present/wall" in name for name in bodies)
    assert sum(name == "frame received" for name, _ in record.taken) > 10 * len(pages)
    assert any(name == "frame sent" for name, _ in record.taken)
    once = {content: name for name, content in record.taken}
    leaks = sorted({leak for content, name in once.items() for leak in planted_data.search.everywhere(name, content)})
    assert leaks == []


def test_the_same_recorder_finds_them_where_an_analyst_reads(browser: Browser, planted_data: Planted) -> None:
    with served(planted_data.data, "analyst") as address, visit(browser, address) as seen:
        record = Recorder(seen.page)
        record.open(f"{address}/cases?period=60")
        expect(seen.page.locator(BUTTONS)).to_have_count(4)  # the curve and the list, each in two forms
        record.press()
        record.drain()
    found = {
        name.split(" ")[0]
        for name, content in record.taken
        if any("pseudonym" in one for one in planted_data.search.everywhere(name, content))
    }
    assert found >= {"frame", "file"}, record.files


NAME = f"{stem('cases.name')} Văn Ẩn 007"
PHONE = value(CONTRACTS["cases"], CONTRACTS["cases"].column("phone"), 7)
TITLED = replace(sample(), title=NAME)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("F0")["C3"] = NAME
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SPELLINGS: dict[str, Callable[[], bytes]] = {
    "as written": NAME.encode,
    "other form of the letters": unicodedata.normalize("NFD", NAME).encode,
    "without marks": lambda: stem("cases.name").replace("ơ", "o").replace("ễ", "e").replace("đ", "d").encode(),
    "capitals": NAME.upper().encode,
    "in an address": urllib.parse.quote(NAME).encode,
    "in a form": urllib.parse.quote_plus(NAME).encode,
    "in JSON": lambda: json.dumps({"a": NAME}).encode(),
    "in markup": lambda: escape(NAME).encode("ascii", "xmlcharrefreplace"),
    "UTF-16": lambda: b"\xff" + NAME.encode("utf-16-be"),
    "within a frame": lambda: b"\x0a\x1f\x00\x01" + NAME.encode() + b"\xff\x00",
    "gzip": lambda: gzip.compress(NAME.encode()),
    "workbook": workbook,
    "slides": lambda: to_pptx(TITLED),
    "slides' workbook": lambda: to_xlsx(TITLED),
    "PDF": lambda: to_pdf(TITLED),
    "a phone": PHONE.encode,
    "a phone in groups": lambda: f"+84 {PHONE[1:4]} {PHONE[4:7]} {PHONE[7:]}".encode(),
    "a phone with dots": lambda: f"{PHONE[:4]}.{PHONE[4:7]}.{PHONE[7:]}".encode(),
    "a birthday": lambda: b"sinh 8/1/1931",
    "a birthday in words": lambda: b"born 8 Jan 1931",
    "a birthday in milliseconds": lambda: b"[-1230163200000]",
    "a place": lambda: f"[107.1,{decimal('latitude', 3)}]".encode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_search_finds_a_canary_in_every_spelling_and_file(planted_data: Planted, spelling: str) -> None:
    if spelling == "PDF" and not which("pdftotext"):
        pytest.skip("no pdftotext on this machine: install the package poppler-utils")
    assert planted_data.search.everywhere(spelling, SPELLINGS[spelling]()) != []


def test_the_search_finds_a_pseudonym_and_leaves_other_text_alone(planted_data: Planted) -> None:
    search = planted_data.search
    assert set(search.found(json.dumps({"id": planted_data.pseudonyms[7].upper()}).encode())) == {"pseudonym"}
    assert search.found("Nguyễn Văn An 0912 345 678, 29/8/2021, 107.24275".encode()) == {}


def test_a_day_among_the_digits_of_a_hash_is_nobodys(planted_data: Planted) -> None:
    assert planted_data.search.found(b"\x0a\x20d41d8cd98f00a19310108bcf8427e0ab\x0a") == {}
    assert planted_data.search.found(b"\x0a\x0819310108\x0a") == {"cases.birth_date": "\n\x0819310108\n"}
