"""HTTP pulls that go well: pages, tokens, conditions, cursors, and what is remembered for the next time."""

from __future__ import annotations

import gzip
import json
import stat
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from data_sources.connectors.asking import Gunzip, retry_after
from data_sources.refusal import Refused
from tests.data_sources.connectors.loopback import NOW, pull, raw_server, source_of
from tests.data_sources.readers.samples import read_file, simple_workbook

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ROWS = [{"unit": "747", "cases": n, "issued_at": f"2021-08-{n % 28 + 1:02d}T10:00:00+07:00"} for n in range(23)]


def paged(rows: list[dict[str, Any]], **envelope: Any) -> Any:
    """A handler that serves `rows` in pages, asked incrementally by `updated_after` and `updated_until`."""

    def handle(request: Request) -> Response:
        after = request.args.get("updated_after", "")
        until = request.args.get("updated_until", "9")
        chosen = [row for row in rows if after < row["issued_at"] <= until]
        page, size = int(request.args["page"]), int(request.args["page_size"])
        pages = max(1, -(-len(chosen) // size))
        document = {
            "issued_at": "2021-08-29T18:00:00+07:00",
            "total": len(chosen),
            "page": page,
            "pages": pages,
            "rows": chosen[(page - 1) * size : page * size],
        }
        return Response(json.dumps(document | envelope), content_type="application/json")

    return handle


PAGES: dict[str, Any] = {
    "page_parameter": "page",
    "page_size_parameter": "page_size",
    "page_size": 10,
    "cursor_parameter": "updated_after",
    "cursor_field": "issued_at",
    "until_parameter": "updated_until",
    "total_field": "total",
}


def test_pages_become_one_delivery_with_all_rows(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASES_TOKEN", "t0ken")
    httpserver.expect_request("/api/cases", headers={"Authorization": "Bearer t0ken"}).respond_with_handler(paged(ROWS))
    [delivery] = pull(source_of(httpserver.url_for("/api/cases"), auth="env:CASES_TOKEN", **PAGES), tmp_path)
    assert delivery.name == "api/cases, pages 1-3"
    assert delivery.declared_rows == 23
    assert delivery.format == "json"
    assert delivery.issued_at == datetime(2021, 8, 29, 18, tzinfo=ZONE)
    assert [json.loads(line) for line in delivery.path.read_text(encoding="utf-8").splitlines()] == ROWS
    assert delivery.path.name == delivery.sha256
    assert stat.S_IMODE(delivery.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [delivery.sha256]
    assert read_file(delivery.path, delivery.format).loaded.rows == 23
    assert len(httpserver.log) == 3


def test_the_cursor_is_the_newest_issue_and_only_newer_rows_are_asked_for(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    rows = list(ROWS)
    httpserver.expect_request("/cases").respond_with_handler(paged(rows))
    source = source_of(httpserver.url_for("/cases"), **PAGES)
    [first] = pull(source, tmp_path)
    assert first.state == {"cursor": "2021-08-23T10:00:00+07:00"}
    assert pull(source, tmp_path, first.state) == []
    rows.append({"unit": "748", "cases": 1, "issued_at": "2021-08-29T09:00:00+07:00", "f1": [{"code": "x"}]})
    [second] = pull(source, tmp_path, first.state)
    assert second.declared_rows == 1
    assert second.state["cursor"] == "2021-08-29T09:00:00+07:00"
    read = read_file(second.path, second.format)
    assert read.loaded.columns == ("unit", "cases", "issued_at", "f1")


def test_until_asks_for_the_data_as_they_stood(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/cases").respond_with_handler(paged(ROWS))
    until = datetime(2021, 8, 5, 23, 59, tzinfo=ZONE)
    [delivery] = pull(source_of(httpserver.url_for("/cases"), **PAGES), tmp_path, until=until)
    assert delivery.declared_rows == 5
    assert delivery.issued_at == until
    early = datetime(2021, 7, 1, tzinfo=ZONE)
    assert pull(source_of(httpserver.url_for("/cases"), **PAGES), tmp_path, until=early) == []


def test_a_source_that_knows_no_earlier_state_is_refused_a_replay(httpserver: HTTPServer, tmp_path: Path) -> None:
    headers = {"Last-Modified": "Sun, 29 Aug 2021 11:00:00 GMT"}
    httpserver.expect_request("/a.csv").respond_with_data("a,b\n1,2\n", headers=headers)
    with pytest.raises(Refused, match="until_parameter"):
        pull(source_of(httpserver.url_for("/a.csv")), tmp_path, until=datetime(2021, 8, 1, tzinfo=ZONE))


def test_a_whole_file_is_asked_for_again_only_when_it_changed(httpserver: HTTPServer, tmp_path: Path) -> None:
    headers = {"ETag": '"v1"', "Last-Modified": "Sun, 29 Aug 2021 11:00:00 GMT"}
    httpserver.expect_ordered_request("/a.csv").respond_with_data("a,b\n1,2\n", headers=headers)
    conditions = {"If-None-Match": '"v1"', "If-Modified-Since": headers["Last-Modified"]}
    httpserver.expect_ordered_request("/a.csv", headers=conditions).respond_with_data("", status=304)
    source = source_of(httpserver.url_for("/a.csv"))
    [delivery] = pull(source, tmp_path)
    assert (delivery.format, delivery.declared_rows, delivery.name) == ("csv", None, "a.csv")
    assert delivery.issued_at == datetime(2021, 8, 29, 18, tzinfo=ZONE)
    assert delivery.state == {"etag": '"v1"', "last_modified": headers["Last-Modified"]}
    assert pull(source, tmp_path, delivery.state) == []


def test_a_workbook_is_delivered_as_it_is(httpserver: HTTPServer, tmp_path: Path) -> None:
    content = simple_workbook(("unit", "cases", "deaths"), ("A", 1, 2))
    httpserver.expect_request("/form.xlsx").respond_with_data(content)
    [delivery] = pull(source_of(httpserver.url_for("/form.xlsx")), tmp_path)
    assert delivery.format == "xlsx"
    assert delivery.path.read_bytes() == content
    assert delivery.issued_at.utcoffset() == timedelta(hours=7)


def test_a_list_without_an_envelope_is_counted(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_json([{"a": 1}, {"a": 2}])
    [delivery] = pull(source_of(httpserver.url_for("/list")), tmp_path)
    assert delivery.declared_rows == 2
    assert read_file(delivery.path, "json").data == [("1",), ("2",)]


def test_pages_without_an_envelope_end_with_one_that_is_not_full(httpserver: HTTPServer, tmp_path: Path) -> None:
    for page, rows in (("1", [{"a": 1}, {"a": 2}]), ("2", [{"a": 3}])):
        httpserver.expect_request("/list", query_string={"p": page}).respond_with_json(rows)
    [delivery] = pull(source_of(httpserver.url_for("/list"), page_parameter="p", page_size=2), tmp_path)
    assert read_file(delivery.path, "json").data == [("1",), ("2",), ("3",)]


def test_pages_of_csv_become_one_file_with_one_header(httpserver: HTTPServer, tmp_path: Path) -> None:
    for page, text in (("1", "a,b\r\n1,2\r\n3,4"), ("2", "a,b\r\n5,6\r\n7,8\r\n"), ("3", "a,b\r\n")):
        httpserver.expect_request("/csv", query_string={"p": page}).respond_with_data(text)
    [delivery] = pull(source_of(httpserver.url_for("/csv"), page_parameter="p", page_size=2), tmp_path)
    assert delivery.format == "csv"
    assert read_file(delivery.path).data == [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")]


def test_a_compressed_answer_is_unpacked(httpserver: HTTPServer, tmp_path: Path) -> None:
    body = b"a,b\n" + b"1,2\n" * 50_000
    half = len(body) // 2
    packed = gzip.compress(body[:half]) + gzip.compress(body[half:])
    httpserver.expect_request("/a").respond_with_data(packed, headers={"Content-Encoding": "gzip"})
    [delivery] = pull(source_of(httpserver.url_for("/a")), tmp_path)
    assert delivery.path.read_bytes() == body


def test_a_redirect_on_the_same_host_is_followed_with_the_token(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T", "abc")
    httpserver.expect_request("/old").respond_with_data("", status=301, headers={"Location": "/new?x=1"})
    httpserver.expect_request("/new", headers={"Authorization": "Bearer abc"}).respond_with_data("a,b\n1,2\n")
    [delivery] = pull(source_of(httpserver.url_for("/old"), auth="env:T"), tmp_path)
    assert delivery.path.read_bytes() == b"a,b\n1,2\n"


def test_proxies_of_the_environment_are_not_used(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    httpserver.expect_request("/a").respond_with_data("a,b\n1,2\n")
    assert len(pull(source_of(httpserver.url_for("/a")), tmp_path)) == 1


def test_a_server_without_dates_is_dated_by_our_clock(tmp_path: Path) -> None:
    def answer(connection: Any, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\na,b\n1,2\n")

    with raw_server(answer) as url:
        [delivery] = pull(source_of(url), tmp_path)
    assert delivery.issued_at == NOW


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 29 Aug 2021 11:00:30 GMT", 30.0),
        ("Sun, 29 Aug 2021 10:00:00 GMT", 0.0),
        ("soon", None),
        (None, None),
        ("-3", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize("value", ["", "tok\nen", "tökén"])
def test_a_token_that_is_missing_or_no_header_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("T", value)
    with pytest.raises(Refused, match="environment variable T"):
        pull(source_of("http://127.0.0.1:9/a", auth="env:T"), tmp_path)


def test_a_token_written_into_the_settings_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        pull(source_of("http://127.0.0.1:9/a", auth="s3cret"), tmp_path)
    assert "s3cret" not in str(refusal.value)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=3000), cuts=st.lists(st.integers(0, 3000), max_size=5), members=st.integers(1, 3))
def test_gzip_in_any_pieces_and_members_gives_the_same_bytes(body: bytes, cuts: list[int], members: int) -> None:
    packed = b"".join(gzip.compress(body) for _ in range(members))
    places = sorted({0, len(packed), *(cut for cut in cuts if cut < len(packed))})
    unpacker = Gunzip()
    pieces = [packed[start:end] for start, end in pairwise(places)]
    assert b"".join(out for piece in pieces for out in unpacker.feed(piece)) == body * members
    assert unpacker.whole
