"""The projection and the wall as documents: what they hold, what they refuse, and that they follow the release."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from analytics.briefing import kiosk
from analytics.briefing.declared import OWN_FILE
from data_sources.annotations import Draft, write
from pages.components import projection
from tests.asgi import Client
from tests.pages.steady_province import LAST, THIS_WEEK, newer, write_steady


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, steady_data: Path) -> Client:
    monkeypatch.setenv("TOANCANH_DATA", str(steady_data))
    monkeypatch.setenv("TOANCANH_ROLE", "briefing")
    return Client(projection.routes())


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def slides_of(html: str) -> dict[str, str]:
    found = re.findall(r'<section class="sh-slide" id="slide-\d+" data-id="([^"]+)".*?</section>', html, re.DOTALL)
    parts = re.split(r'<section class="sh-slide"', html)[1:]
    return {name: text_of(part) for name, part in zip(found, parts, strict=True)}


def test_every_slide_of_the_standard_briefing_is_in_one_document(client: Client) -> None:
    answer = client.get("/present/show")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    slides = slides_of(answer.text)
    assert list(slides) == [
        *("situation", "map", "rankings", "cases", "tests", "treatment"),
        *("vaccination", "tracing", "mobility", "response", "changes", "decisions"),
    ]
    mean = sum(count for unit, count in THIS_WEEK.items() if unit != "753")
    assert f"{mean},0 ca/ngày" in slides["situation"]
    assert "Long Điền 98,0" in slides["map"]
    assert "Đất Đỏ" in slides["rankings"] and "Chưa báo cáo" in slides["rankings"]
    assert "Chỉ thị 16" in slides["cases"]
    assert "chưa có số liệu" in slides["mobility"]
    assert "Số liệu đến 18:00 ngày 29/8/2021" in text_of(answer.text)


def test_nothing_in_it_asks_another_host(client: Client) -> None:
    for path in ("/present/show", "/present/show?lang=en&theme=light"):
        html = client.get(path).text
        addresses = re.findall(r'(?:href|src)="([^"]+)"', html)
        assert addresses and all(address.startswith(("../", "#")) for address in addresses)


def test_slides_are_picked_and_ordered_by_the_address(client: Client) -> None:
    html = client.get("/present/show?slides=decisions,curve.positivity_7d.752.28,map,nonsense&lang=en").text
    assert list(slides_of(html)) == ["decisions", "curve.positivity_7d.752.28", "map"]
    assert "cannot read the slide nonsense" in text_of(html)


def test_an_earlier_day_and_moment_are_told_in_colour(client: Client) -> None:
    before = LAST - timedelta(days=2)
    html = client.get(f"/present/show?as_of={before}").text
    assert '<span class="sh-stamp is-history">Như đã biết lúc 23:59 ngày 27/8/2021</span>' in html
    assert "27/8/2021" in slides_of(html)["situation"]


def test_a_moment_that_cannot_be_read_is_said_and_never_taken_for_another(client: Client) -> None:
    html = client.get("/present/show?as_of=yesterday").text
    assert "as_of = yesterday" in text_of(html) and "is-history" not in html


def test_a_past_release_is_told_in_colour_and_holds_its_own_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = write_steady(tmp_path)
    newer(tmp_path, 5)
    monkeypatch.setenv("TOANCANH_DATA", str(tmp_path))
    client = Client(projection.routes())
    before = client.get("/present/show").text
    past = client.get(f"/present/show?as_of={first}").text
    mean = sum(count for unit, count in THIS_WEEK.items() if unit != "753")
    assert f"{mean + 5},0" in text_of(before) and "is-history" not in before
    assert f"{mean},0" in text_of(past) and 'class="sh-stamp is-history"' in past


def test_two_kept_releases_are_compared_where_the_last_meeting_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = write_steady(tmp_path)
    second = newer(tmp_path, 5)
    monkeypatch.setenv("TOANCANH_DATA", str(tmp_path))
    client = Client(projection.routes())
    mean = sum(count for unit, count in THIS_WEEK.items() if unit != "753")
    told = slides_of(client.get(f"/present/show?slides=changes&since={first}").text)["changes"]
    assert "từ bản số liệu 18:00 ngày 29/8/2021" in told
    assert f"khi đó {mean},0, nay {mean + 5},0" in told and "được bổ sung 35" in told
    week = slides_of(client.get("/present/show?slides=changes").text)["changes"]
    assert "từ bản số liệu" not in week and "Thay đổi từ cuộc họp 22/8/2021" in week
    gone = text_of(client.get("/present/show?slides=changes&since=20210825T120000-000000000000").text)
    assert "không còn" in gone and "từ bản số liệu" in gone
    later = text_of(client.get(f"/present/show?slides=changes&as_of={first}&since={second}").text)
    assert f"since = {second}: không phải" in later


@pytest.mark.parametrize(
    "query",
    [
        "day=2021-99-99&as_of=tomorrow&since=x&autoplay=-5",
        "as_of=../../etc/passwd&slides=%00&theme=<script>",
        "slides=<script>alert(1)</script>&lang=xx",
        "autoplay=99999999999999999999",
    ],
)
def test_whatever_the_address_holds_is_answered_and_nothing_of_it_becomes_markup(client: Client, query: str) -> None:
    answer = client.get(f"/present/show?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_the_wall_opens_by_its_link_alone(client: Client, steady_data: Path) -> None:
    assert client.get("/present/wall").status_code == 403
    now = datetime.now(UTC)
    ended = kiosk.issue(steady_data, now - timedelta(hours=30), timedelta(hours=24))
    refused = client.get(f"/present/wall?key={ended}")
    assert refused.status_code == 403 and "hết hạn" in refused.text
    assert client.get(f"/present/now?key={ended}").status_code == 403
    token = kiosk.issue(steady_data, now)
    html = client.get(f"/present/wall?key={token}").text
    for part in ("sw-figures", "sw-map", "sw-curve", "sw-decisions"):
        assert f'class="{part}"' in html
    assert "Long Điền" in text_of(html)
    assert client.get(f"/present/now?key={token}").json()["release"]
    assert "<form" not in html and "<button" not in html and "<input" not in html


def test_a_new_release_is_in_the_next_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_steady(tmp_path)
    monkeypatch.setenv("TOANCANH_DATA", str(tmp_path))
    client = Client(projection.routes())
    first = client.get("/present/show").text
    identifier = newer(tmp_path, 5)
    assert client.get("/present/now").json() == {"release": identifier}
    second = client.get("/present/show").text
    mean = sum(count for unit, count in THIS_WEEK.items() if unit != "753")
    assert f"{mean},0" in text_of(first) and f"{mean + 5},0" in text_of(second)


def test_without_a_release_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOANCANH_DATA", str(tmp_path))
    client = Client(projection.routes())
    answer = client.get("/present/show")
    assert answer.status_code == 503 and "python -m data_sources pull" in answer.text


def test_a_briefing_of_ones_own_stands_beside_the_data_and_its_faults_are_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_steady(tmp_path)
    monkeypatch.setenv("TOANCANH_DATA", str(tmp_path))
    own = tmp_path / OWN_FILE
    own.write_text(
        '[[slide]]\nid = "a"\nvi = "Riêng"\nform = "map"\nindicators = ["incidence_7d", "no_such"]\n', encoding="utf-8"
    )
    client = Client(projection.routes())
    html = client.get("/present/show").text
    assert list(slides_of(html)) == ["a"]
    assert "Dòng 5: không có chỉ số no_such" in text_of(html)


def test_measures_and_events_stand_on_the_slides_axis_as_of_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_steady(tmp_path)
    monkeypatch.setenv("TOANCANH_DATA", str(tmp_path))
    client = Client(projection.routes())
    assert "Phong tỏa chợ" not in client.get("/present/show").text
    shared = {"last_day": None, "units": ("77",)}
    measure = {"kind": "measure", "vi": "Phong tỏa chợ", "source": "QĐ 123", "author": "leader"}
    comment = {"kind": "comment", "vi": "Số dồn của hai ngày", "indicator": "cases_new_7d_mean", "author": "analyst"}
    for given, day in ((measure, date(2021, 8, 10)), (comment, date(2021, 8, 12))):
        write(tmp_path, Draft(**shared, **given, first_day=day), datetime(2021, 8, 20, tzinfo=UTC))
    slides = slides_of(client.get("/present/show").text)
    assert "Phong tỏa chợ" in slides["cases"] and "12/8/2021: Số dồn của hai ngày" in slides["cases"]
    assert "Phong tỏa chợ" not in client.get("/present/show?as_of=2021-08-19").text
    token = kiosk.issue(tmp_path, datetime.now(UTC))
    assert "Phong tỏa chợ" in client.get(f"/present/wall?key={token}").text
