"""Faults of HTTP sources, by the numbers of faults.md: each is tried against a server on loopback that misbehaves."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from data_sources.connectors.asking import LONGEST_WAIT_SECONDS
from data_sources.connectors.limits import Hosts
from data_sources.refusal import Held, Refused, Unreachable
from data_sources.settings import HttpSettings
from tests.data_sources.connectors.loopback import FakeClock, pull, raw_server, source_of

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"


def drip(connection: socket.socket, data: bytes, seconds: float = 0.1) -> None:
    """Send one byte at a time, for longer than any test lasts."""
    for place in range(len(data)):
        connection.sendall(data[place : place + 1])
        time.sleep(seconds)


def test_fault_01_refused_connection_is_unreachable_after_bounded_retries(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    clock = FakeClock()
    with pytest.raises(Unreachable, match="3 attempts"):
        pull(source_of(f"http://127.0.0.1:{port}/a"), tmp_path, clock=clock)
    assert clock.waits == [0.5, 1.0]
    assert list(tmp_path.iterdir()) == []


def test_fault_02_endless_body_ends_at_total_deadline(tmp_path: Path) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(HEAD + b"\r\na,b\n")
        drip(connection, b"1,2\n" * 1000)

    with raw_server(answer) as url:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="total_seconds"):
            pull(source_of(url, total_seconds=1.0, read_seconds=30.0), tmp_path)
        assert time.monotonic() - began < 2.0
    assert list(tmp_path.iterdir()) == []


def test_fault_02_headers_that_never_end_end_at_total_deadline(tmp_path: Path) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        drip(connection, HEAD + b"X-Slow: " + b"z" * 10_000)

    with raw_server(answer) as url:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="total_seconds"):
            pull(source_of(url, total_seconds=1.0, read_seconds=30.0), tmp_path)
        assert time.monotonic() - began < 2.0


def test_fault_02_silence_ends_at_the_read_deadline_of_each_attempt(tmp_path: Path) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        time.sleep(5)

    with raw_server(answer) as url:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="2 attempts"):
            pull(source_of(url, read_seconds=0.3, retries=1), tmp_path)
        assert 0.5 < time.monotonic() - began < 2.0


def test_fault_02_many_quick_pages_end_at_total_deadline(tmp_path: Path) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.1)
        number = request.split(b"page=")[1].split(b"&")[0].split(b" ")[0]
        body = b'[{"a": ' + number + b"}]"
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with raw_server(answer) as url:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="total_seconds"):
            pull(source_of(url, page_parameter="page", page_size=1, total_seconds=1.0), tmp_path)
        assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_fault_03_busy_server_is_asked_again_with_growing_waits(
    httpserver: HTTPServer, tmp_path: Path, status: int
) -> None:
    for _ in range(2):
        httpserver.expect_ordered_request("/a").respond_with_data("busy", status=status)
    httpserver.expect_ordered_request("/a").respond_with_data("a,b\n1,2\n")
    clock = FakeClock()
    assert len(pull(source_of(httpserver.url_for("/a")), tmp_path, clock=clock)) == 1
    assert clock.waits == [0.5, 1.0]


def test_fault_03_retry_after_is_honoured_as_seconds_and_as_a_date(httpserver: HTTPServer, tmp_path: Path) -> None:
    for value in ("3", "Sun, 29 Aug 2021 11:00:05 GMT"):
        httpserver.expect_ordered_request("/a").respond_with_data("", status=429, headers={"Retry-After": value})
    httpserver.expect_ordered_request("/a").respond_with_data("a,b\n1,2\n")
    clock = FakeClock()
    pull(source_of(httpserver.url_for("/a")), tmp_path, clock=clock)
    assert clock.waits == [3.0, 5.0]


def test_fault_03_retry_after_is_capped_and_never_passes_the_deadline(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=503, headers={"Retry-After": "86400"})
    clock = FakeClock()
    with pytest.raises(Unreachable):
        pull(source_of(httpserver.url_for("/a"), total_seconds=300.0), tmp_path, clock=clock)
    assert clock.waits == [LONGEST_WAIT_SECONDS] * 2
    short = FakeClock()
    with pytest.raises(Unreachable, match="total_seconds"):
        pull(source_of(httpserver.url_for("/a"), total_seconds=5.0), tmp_path, clock=short)
    assert short.waits == []


def test_fault_03_attempts_are_bounded(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=500)
    with pytest.raises(Unreachable, match="status 500"):
        pull(source_of(httpserver.url_for("/a"), retries=3), tmp_path)
    assert len(httpserver.log) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_fault_03_a_refusal_of_the_server_is_not_asked_again(
    httpserver: HTTPServer, tmp_path: Path, status: int
) -> None:
    httpserver.expect_request("/a").respond_with_data("no", status=status)
    with pytest.raises(Refused, match=f"status {status}"):
        pull(source_of(httpserver.url_for("/a")), tmp_path)
    assert len(httpserver.log) == 1


DOCUMENT = json.dumps({"total": 2, "page": 1, "pages": 1, "rows": [{"a": 1}, {"a": "é"}]}, ensure_ascii=False).encode()


@pytest.mark.parametrize("cut", range(0, len(DOCUMENT), 7))
def test_fault_04_body_shorter_than_its_length_refuses_the_batch(tmp_path: Path, cut: int) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(DOCUMENT) + DOCUMENT[:cut])

    with raw_server(answer) as url, pytest.raises(Refused, match="whole body"):
        pull(source_of(url, retries=1), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", range(1, len(DOCUMENT) - 1, 7))
def test_fault_04_truncated_json_with_a_right_length_refuses_the_batch(
    httpserver: HTTPServer, tmp_path: Path, cut: int
) -> None:
    httpserver.expect_request("/a").respond_with_data(DOCUMENT[:cut])
    with pytest.raises(Refused):
        pull(source_of(httpserver.url_for("/a")), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_fault_04_cut_chunked_and_cut_gzip_bodies_refuse_the_batch(tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 1000)

    def chunked(connection: socket.socket, request: bytes) -> None:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n8\r\na,b\n1,2\n\r\n40\r\n3,4\n")

    def gzipped(connection: socket.socket, request: bytes) -> None:
        connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + packed[:-9])

    for answer in (chunked, gzipped):
        with raw_server(answer) as url, pytest.raises((Refused, Unreachable)):
            pull(source_of(url, retries=0), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_fault_04_a_cut_that_does_not_come_again_is_overcome(tmp_path: Path) -> None:
    attempts: list[int] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        attempts.append(1)
        body = b"a,b\n1,2\n3,4\n"
        sent = body if len(attempts) > 1 else body[:6]
        connection.sendall(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + sent)

    with raw_server(answer) as url:
        [delivery] = pull(source_of(url), tmp_path)
    assert delivery.path.read_bytes() == b"a,b\n1,2\n3,4\n"


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><html><body>Sign in</body></html>", b"\n  <HTML><head>", b"<?xml version='1.0'?><e/>"]
)
def test_fault_05_login_page_instead_of_csv_is_refused(httpserver: HTTPServer, tmp_path: Path, page: bytes) -> None:
    httpserver.expect_request("/a.csv").respond_with_data(page, content_type="text/csv")
    with pytest.raises(Refused, match=r"web page|XML"):
        pull(source_of(httpserver.url_for("/a.csv")), tmp_path)


def test_fault_05_login_page_in_the_middle_of_pages_refuses_all_of_them(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a", query_string={"page": "1"}).respond_with_json(
        {"total": 2, "pages": 2, "rows": [{"a": 1}]}
    )
    httpserver.expect_request("/a", query_string={"page": "2"}).respond_with_data("<html>expired</html>")
    with pytest.raises(Refused, match="web page"):
        pull(source_of(httpserver.url_for("/a"), page_parameter="page", page_size=1), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("body", ["[]", '{"total": 0, "pages": 1, "rows": []}', "a,b\n", "a,b", ""])
def test_fault_07_zero_rows_are_held_and_not_read_as_zero_cases(
    httpserver: HTTPServer, tmp_path: Path, body: str
) -> None:
    httpserver.expect_request("/a").respond_with_data(body)
    with pytest.raises(Held, match="Zero rows are not zero cases"):
        pull(source_of(httpserver.url_for("/a")), tmp_path)


def test_fault_07_nothing_new_in_an_incremental_pull_is_no_delivery(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a").respond_with_json({"total": 0, "pages": 0, "rows": []})
    source = source_of(httpserver.url_for("/a"), page_parameter="page", cursor_parameter="after")
    assert pull(source, tmp_path, {"cursor": "2021-08-01T00:00:00+07:00"}) == []
    with pytest.raises(Held):
        pull(source, tmp_path)


def test_fault_16_a_time_still_to_come_does_not_move_the_cursor(httpserver: HTTPServer, tmp_path: Path) -> None:
    times = ["2021-08-29T10:00:00+07:00", "2201-01-01T00:00:00+07:00", "2021-08-29T09:00:00+07:00"]
    rows = [{"a": number, "issued_at": moment} for number, moment in enumerate(times)]
    httpserver.expect_request("/a").respond_with_json({"total": 3, "pages": 1, "rows": rows})
    source = source_of(httpserver.url_for("/a"), page_parameter="page", cursor_parameter="after")
    [delivery] = pull(source, tmp_path, clock=FakeClock())
    assert delivery.state["cursor"] == times[0]


@pytest.mark.parametrize("total", [1, 3, 100])
def test_fault_08_rows_that_do_not_add_up_to_the_declared_total_are_refused(
    httpserver: HTTPServer, tmp_path: Path, total: int
) -> None:
    httpserver.expect_request("/a").respond_with_json(
        {"total": total, "page": 1, "pages": 1, "rows": [{"a": 1}, {"a": 2}]}
    )
    for options in ({}, {"page_parameter": "page"}):
        with pytest.raises(Refused, match=f"{total} rows, as the source declares"):
            pull(source_of(httpserver.url_for("/a"), **options), tmp_path)


def test_fault_08_data_that_change_between_pages_are_refused(httpserver: HTTPServer, tmp_path: Path) -> None:
    for page, total in (("1", 2), ("2", 3)):
        rows = {"total": total, "pages": 2, "rows": [{"a": page}]}
        httpserver.expect_request("/a", query_string={"page": page}).respond_with_json(rows)
    with pytest.raises(Refused, match="one state of the data"):
        pull(source_of(httpserver.url_for("/a"), page_parameter="page", page_size=1), tmp_path)


def test_fault_08_a_server_that_sends_the_same_page_again_is_refused(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a").respond_with_json([{"a": 1}, {"a": 2}])
    with pytest.raises(Refused, match="page_parameter"):
        pull(source_of(httpserver.url_for("/a"), page_parameter="page", page_size=2), tmp_path)


def other_host(httpserver: HTTPServer, path: str) -> str:
    """The same server under a name that was not allowed."""
    return httpserver.url_for(path).replace("localhost", "127.0.0.2").replace("127.0.0.1", "127.0.0.2")


def test_fault_27_redirect_to_another_host_is_refused_and_not_followed(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T", "abc")
    reached: list[bytes] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        reached.append(request)
        connection.sendall(HEAD + b"Content-Length: 8\r\n\r\na,b\n1,2\n")

    with raw_server(answer) as elsewhere:
        httpserver.expect_request("/a").respond_with_data("", status=302, headers={"Location": elsewhere})
        source = source_of(httpserver.url_for("/a"), auth="env:T")
        with pytest.raises(Refused, match="allowed hosts"):
            pull(source, tmp_path)
        assert reached == []
        port = elsewhere.split(":")[2].split("/")[0]
        allowed = source_of(httpserver.url_for("/a"), auth="env:T", hosts=(f"127.0.0.1:{port}",))
        assert len(pull(allowed, tmp_path)) == 1
    assert b"authorization" not in reached[0].lower()


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "http://169.254.169.254/latest", "//evil.example/x"]
)
def test_fault_27_redirect_to_another_scheme_or_network_is_refused(
    httpserver: HTTPServer, tmp_path: Path, target: str
) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=302, headers={"Location": target})
    with pytest.raises(Refused):
        pull(source_of(httpserver.url_for("/a")), tmp_path)


def test_fault_27_redirects_in_a_circle_are_refused(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=302, headers={"Location": "/a"})
    with pytest.raises(Refused, match="redirects"):
        pull(source_of(httpserver.url_for("/a")), tmp_path)
    assert len(httpserver.log) == 6


@pytest.mark.parametrize(
    "url",
    [
        "http://data.example.vn/a",
        "http://10.0.0.5/a",
        "ftp://data.example.vn/a",
        "file:///etc/passwd",
        "https://user:geheim@data.example.vn/a",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/a",
        "https://data.example.vn:port/a",
    ],
)
def test_fault_27_addresses_that_must_not_be_asked_are_refused_before_anything_is_sent(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(Refused) as refusal:
        pull(source_of(url), tmp_path)
    assert "geheim" not in str(refusal.value)


def test_fault_27_https_is_never_left_for_http() -> None:
    hosts = Hosts(HttpSettings(url="https://localhost:8443/a", hosts=("localhost:80",)))
    hosts.check("https://localhost:8443/b")
    with pytest.raises(Refused):
        hosts.check("http://localhost:80/a")
    with pytest.raises(Refused):
        hosts.check("https://localhost:9443/a")


def test_fault_28_gzip_bomb_is_stopped_at_the_cap_of_unpacked_bytes(tmp_path: Path) -> None:
    megabyte = b"0" * (1 << 20)
    bomb = gzip.compress(b"a,b\n" + megabyte * 64)
    sent: list[int] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n")
        for _ in range(10_000):
            connection.sendall(bomb)
            sent.append(len(bomb))

    with raw_server(answer) as url:
        before = threading.active_count()
        with pytest.raises(Refused, match="at most 2 MB"):
            pull(source_of(url, megabytes=2), tmp_path)
        assert threading.active_count() <= before + 1
    assert sum(sent) < 64 * len(bomb)
    assert list(tmp_path.iterdir()) == []


def test_fault_28_the_cap_counts_all_pages_together(httpserver: HTTPServer, tmp_path: Path) -> None:
    for page in range(1, 6):
        rows = [{"a": f"{page}-{number}", "text": "x" * 1000} for number in range(500)]
        httpserver.expect_request("/a", query_string={"page": str(page)}).respond_with_json(rows)
    with pytest.raises(Refused, match="at most 1 MB"):
        pull(source_of(httpserver.url_for("/a"), page_parameter="page", page_size=500, megabytes=1), tmp_path)


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip"])
def test_fault_28_other_encodings_are_refused(httpserver: HTTPServer, tmp_path: Path, encoding: str) -> None:
    httpserver.expect_request("/a").respond_with_data(b"abc", headers={"Content-Encoding": encoding})
    with pytest.raises(Refused, match="encoding"):
        pull(source_of(httpserver.url_for("/a")), tmp_path)


def test_fault_55_tokens_queries_and_rows_are_in_no_message(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T", "s3cret-token")
    person: dict[str, Any] = {"error": "Nguyễn Văn A, 0912345678"}
    replies: list[dict[str, Any]] = [
        {"response_data": "Nguyễn Văn A 0912345678", "status": 500},
        {"response_data": json.dumps(person), "status": 200},
        {"response_data": '{"rows": [{"phone": "0912345678"', "status": 200},
        {
            "response_data": "",
            "status": 302,
            "headers": {"Location": "https://other.example/?token=s3cret-token&phone=0912345678"},
        },
    ]
    for reply in replies:
        httpserver.clear()
        httpserver.expect_request("/a").respond_with_data(**reply)
        with pytest.raises((Refused, Unreachable)) as error:
            pull(source_of(httpserver.url_for("/a?phone=0912345678"), auth="env:T", retries=0), tmp_path)
        said = f"{error.value} {error.value.__cause__} {error.value.__suppress_context__ or error.value.__context__}"
        assert "s3cret" not in said
        assert "0912345678" not in said
        assert "Nguyễn" not in said
