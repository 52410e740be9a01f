"""The demonstration's server keeps the conventions of the real systems, tried over loopback."""

from __future__ import annotations

import gzip
import json
import os
import socket
import struct
import urllib.request
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from data_sources.demo import TOKEN_VARIABLE, URL_VARIABLE, demo_province
from data_sources.demo.feeds import FEEDS
from data_sources.demo.server import DemoServer

SECONDS = 20
NIGHT = "2021-08-21T23:59:59+07:00"


def get(server: DemoServer, path: str, headers: dict[str, str] | None = None, **query: str | int) -> requests.Response:
    wanted = {"Authorization": f"Bearer {server.token}", **(headers or {})}
    return requests.get(server.url + path, params=query, headers=wanted, timeout=SECONDS)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic {token}", "{token}"])
def test_nothing_is_said_without_the_token(demo_server: DemoServer, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.format(token=demo_server.token)}
    answer = requests.get(demo_server.url + "/api/cases", headers=headers, timeout=SECONDS)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "BRVT" not in answer.text


def test_it_listens_on_loopback_only(demo_server: DemoServer) -> None:
    assert demo_server.url.startswith("http://127.0.0.1:")


def test_pages_add_up_to_the_total(demo_server: DemoServer) -> None:
    first = get(demo_server, "/api/case-counts", page=1, page_size=2_500).json()
    assert set(first) == {"issued_at", "total", "page", "pages", "rows"}
    assert first["pages"] == -(-first["total"] // 2_500) == 3
    rows = list(first["rows"])
    for page in range(2, first["pages"] + 1):
        answer = get(demo_server, "/api/case-counts", page=page, page_size=2_500).json()
        assert (answer["page"], answer["total"]) == (page, first["total"])
        rows += answer["rows"]
    assert len(rows) == first["total"]
    assert max(row["issued_at"] for row in rows) == first["issued_at"]
    whole = get(demo_server, "/api/case-counts", page_size=20_000).json()
    assert whole["rows"] == rows
    assert get(demo_server, "/api/case-counts", page=9, page_size=2_500).json()["rows"] == []


def test_increments_are_exclusive_below_and_inclusive_above(demo_server: DemoServer) -> None:
    until = get(demo_server, "/api/traces", page_size=20_000, updated_until=NIGHT).json()
    cursor = until["issued_at"]
    assert all(row["issued_at"] <= NIGHT for row in until["rows"])
    again = get(demo_server, "/api/traces", page_size=20_000, updated_until=cursor).json()
    assert again["rows"] == until["rows"]
    nothing = get(demo_server, "/api/traces", updated_after=cursor, updated_until=NIGHT).json()
    assert (nothing["total"], nothing["pages"], nothing["rows"], nothing["issued_at"]) == (0, 1, [], None)
    rest = get(demo_server, "/api/traces", page_size=20_000, updated_after=cursor).json()
    whole = get(demo_server, "/api/traces", page_size=20_000).json()
    assert until["rows"] + rest["rows"] == whole["rows"]
    assert all(row["issued_at"] > cursor for row in rest["rows"])


def test_times_of_another_zone_and_unescaped_plus_signs_are_understood(demo_server: DemoServer) -> None:
    expected = get(demo_server, "/api/traces", updated_until=NIGHT).json()["total"]
    assert expected > 10
    assert get(demo_server, "/api/traces", updated_until="2021-08-21T16:59:59Z").json()["total"] == expected
    assert get(demo_server, "/api/traces", updated_until="2021-08-21T23:59:59").json()["total"] == expected
    headers = {"Authorization": f"Bearer {demo_server.token}"}
    raw = urllib.request.Request(f"{demo_server.url}/api/traces?updated_until={NIGHT}", headers=headers)
    with urllib.request.urlopen(raw, timeout=SECONDS) as answer:
        assert json.load(answer)["total"] == expected


@pytest.mark.parametrize(
    ("query", "named"),
    [({"page": "0"}, "page"), ({"page_size": "many"}, "page_size"), ({"updated_after": "yesterday"}, "updated_after")],
)
def test_a_wrong_parameter_is_named(demo_server: DemoServer, query: dict[str, str], named: str) -> None:
    answer = get(demo_server, "/api/tests", **query)
    assert answer.status_code == 400
    assert named in answer.json()["error"]


def test_an_unknown_address_names_the_known_ones(demo_server: DemoServer) -> None:
    answer = get(demo_server, "/api/nothing")
    assert answer.status_code == 404
    assert all(feed.path in answer.json()["error"] for feed in FEEDS)


def test_a_file_is_sent_again_only_when_it_changed(demo_server: DemoServer) -> None:
    path = "/files/tiem-chung.csv"
    first = get(demo_server, path)
    assert first.status_code == 200
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    same = get(demo_server, path, {"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert get(demo_server, path, {"If-Modified-Since": modified}).status_code == 304
    assert get(demo_server, path, {"If-Modified-Since": "Thu, 01 Apr 2021 00:00:00 GMT"}).status_code == 200
    assert get(demo_server, path, {"If-None-Match": '"another"', "If-Modified-Since": modified}).status_code == 200
    earlier = get(demo_server, path, {"If-None-Match": tag}, updated_until=NIGHT)
    assert earlier.status_code == 200
    assert earlier.headers["ETag"] != tag
    assert first.content.startswith(earlier.content)
    assert len(earlier.content) < len(first.content)
    assert parsedate_to_datetime(earlier.headers["Last-Modified"]) <= datetime.fromisoformat(NIGHT)


def test_a_file_before_its_first_row_is_its_header(demo_server: DemoServer) -> None:
    answer = get(demo_server, "/files/so-suc-khoe.csv", updated_until="2021-04-02T00:00:00+07:00")
    assert answer.text.strip() == "Đơn vị,Ngày,Số máy cài,Đang hoạt động,Cập nhật lúc"


def test_answers_are_compressed_for_those_who_take_it(demo_server: DemoServer) -> None:
    for path in ("/api/quarantine-sites", "/files/di-bien-dong.csv"):
        headers = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {demo_server.token}"}
        with urllib.request.urlopen(urllib.request.Request(demo_server.url + path, headers=headers)) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            packed = answer.read()
            assert int(answer.headers["Content-Length"]) == len(packed)
        plain = get(demo_server, path, {"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(packed) == plain.content
        assert len(packed) < len(plain.content) / 3


def test_one_connection_serves_many_requests(demo_server: DemoServer) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {demo_server.token}"
        for feed in FEEDS:
            answer = session.get(demo_server.url + feed.path, params={"page_size": 20}, timeout=SECONDS)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].startswith(
                "application/json" if feed.format == "json" else "text/csv"
            )


def kept_files(cache: Path) -> dict[Path, int]:
    """Every file of rows with its time, but for drafts: another test may be generating beside this one."""
    found = [path for path in cache.rglob("*.rows") if "draft" not in path.parent.name]
    return {path: path.stat().st_mtime_ns for path in found}


def test_the_second_start_generates_nothing(demo_cache: Path, demo_server: DemoServer) -> None:
    told: list[str] = []
    files = kept_files(demo_cache)
    with DemoServer(demo_cache, token="another", tell=told.append) as second:
        assert second.url != demo_server.url
        assert get(second, "/files/dan-so.csv").content == get(demo_server, "/files/dan-so.csv").content
    assert told == []
    assert files == kept_files(demo_cache)
    with pytest.raises(requests.ConnectionError):
        get(second, "/files/dan-so.csv")


def test_the_environment_is_put_back(
    demo_cache: Path, demo_server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_VARIABLE, "http://somewhere.else")
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    with demo_province(demo_cache):
        answer = requests.get(
            os.environ[URL_VARIABLE] + "/files/dan-so.csv",
            headers={"Authorization": f"Bearer {os.environ[TOKEN_VARIABLE]}"},
            timeout=SECONDS,
        )
        assert answer.status_code == 200
    assert os.environ[URL_VARIABLE] == "http://somewhere.else"
    assert TOKEN_VARIABLE not in os.environ


def test_a_client_that_goes_away_harms_nobody(demo_server: DemoServer, capfd: pytest.CaptureFixture[str]) -> None:
    host, port = demo_server.url.removeprefix("http://").split(":")
    request = (
        f"GET /api/cases?page_size=20000 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {demo_server.token}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=SECONDS) as client:
        client.sendall(request.encode())
        client.recv(1_000)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert get(demo_server, "/files/dan-so.csv").status_code == 200
    assert capfd.readouterr().err == ""
