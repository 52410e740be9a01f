"""A source that is late raises one amber line on every page that uses it, and on no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analytics.sources import datasets_of
from data_sources.contracts import CONTRACTS
from data_sources.lateness import Signs
from data_sources.turns import Turn, write_turns
from pages.components import cached, frame
from pages.components.navigation import PAGES, Entry
from tests.analytics.release_fixture import SmallRelease, at
from tests.pages import outbreak
from tests.pages.conftest import Open, shown

AtTime = Callable[..., None]
NOTE = re.compile(r'<p class="tc-note" role="status">([^<]*)</p>')
LAST = date(2021, 8, 29)
AS_OF = at("2021-08-29 18:00")


def province(*, demonstration: bool = False, as_of: datetime = AS_OF) -> SmallRelease:
    """Two districts with cases, tests and telecom figures; each source delivered an hour before the release."""
    made = SmallRelease(as_of=as_of, demonstration=demonstration).unit("747").unit("748")
    day = as_of.date()
    for unit in ("747", "748"):
        made.observe("case_counts.cases", unit, day - timedelta(days=30), [5] * 31)
        made.observe("tests.results_returned", unit, day - timedelta(days=30), [100] * 31)
        made.observe("tests.positives", unit, day - timedelta(days=30), [2] * 31)
        made.observe("mobility.active_subscribers", unit, day - timedelta(days=30), [1000] * 31)
        made.observe("mobility.stationary_subscribers", unit, day - timedelta(days=30), [400] * 31)
    issued, rows = as_of - timedelta(hours=1), (5, 5, 0, None, None, 300)
    titles = {"case_counts": "Báo cáo ca bệnh", "tests": "Xét nghiệm", "mobility": "Viễn thông"}
    for dataset, title in titles.items():
        name = "forms" if dataset == "case_counts" else dataset
        made.insert("source_status", (name, title, dataset, "http", issued, day, *rows))
    return made


def notes(html: str) -> list[str]:
    return [note for note in NOTE.findall(html) if note.startswith(("Trễ hạn", "Late"))]


@pytest.fixture
def at_time(monkeypatch: pytest.MonkeyPatch) -> AtTime:
    """at_time(moment): the pages take this for the present."""

    def chosen(moment: datetime, signs: Signs | None = None) -> None:
        monkeypatch.setattr(frame, "present", lambda release: (moment, signs or Signs()))

    return chosen


def test_each_page_names_the_late_sources_it_uses(open_page: Open, tmp_path: Path, at_time: AtTime) -> None:
    province().write(tmp_path)
    at_time(AS_OF + timedelta(hours=24.5))
    in_time = shown(open_page("overview", data=tmp_path))
    assert (notes(in_time), "Trực tiếp" in in_time) == ([], True)
    at_time(AS_OF + timedelta(hours=30))
    tested = "Xét nghiệm"
    expected = {
        "overview": "Báo cáo ca bệnh, Xét nghiệm và Viễn thông",
        "cases": "Báo cáo ca bệnh",
        "mobility": "Báo cáo ca bệnh và Viễn thông",
    }
    for page, names in expected.items():
        html = shown(open_page(page, data=tmp_path))
        assert notes(html) == [f"Trễ hạn: {names} chưa có số mới từ 17:00 ngày 29/8/2021 (cho phép 26 giờ)."]
        assert "chưa có bản mới từ" not in html  # said once
        assert "Trực tiếp" not in html
    ranked = notes(shown(open_page("rankings", data=tmp_path, indicator="positivity_7d")))
    assert ranked == [f"Trễ hạn: {tested} chưa có số mới từ 17:00 ngày 29/8/2021 (cho phép 26 giờ)."]
    english = notes(shown(open_page("map", data=tmp_path, indicator="positivity_7d", lang="en")))
    assert english == [f"Late: nothing new from {tested} since 17:00 on 29 Aug 2021 (allowed: 26 hours)."]


def test_the_demonstration_counts_until_its_own_time_and_real_data_until_now(open_page: Open, tmp_path: Path) -> None:
    made = province(demonstration=True)
    made.write(tmp_path / "demonstration")
    assert notes(shown(open_page("overview", data=tmp_path / "demonstration"))) == []
    province().write(tmp_path / "old")
    [line] = notes(shown(open_page("overview", data=tmp_path / "old")))
    assert "từ 17:00 ngày 29/8/2021" in line
    province(as_of=datetime.now(AS_OF.tzinfo) - timedelta(hours=1)).write(tmp_path / "fresh")
    assert notes(shown(open_page("overview", data=tmp_path / "fresh"))) == []
    # Within the demonstration a source may be late by its own clock.
    made = province(demonstration=True, as_of=AS_OF + timedelta(minutes=1))
    issued, rows = AS_OF - timedelta(days=3), (5, 5, 0, None, None, 300)
    made.insert("source_status", ("slow", "Sổ sức khỏe", "health_book", "http", issued, LAST, *rows))
    made.write(tmp_path / "slow")
    [line] = notes(shown(open_page("overview", data=tmp_path / "slow")))
    assert line == "Trễ hạn: Sổ sức khỏe chưa có số mới từ 18:00 ngày 26/8/2021 (cho phép 26 giờ)."


def test_a_watch_that_died_is_told_within_the_hour(open_page: Open, tmp_path: Path) -> None:
    now = datetime.now(AS_OF.tzinfo)
    province(as_of=now - timedelta(minutes=90)).write(tmp_path)
    assert notes(shown(open_page("cases", data=tmp_path))) == []
    asked = now - timedelta(minutes=61)
    write_turns(tmp_path, [Turn(source="forms", next_due=asked, last_attempt=asked, last_success=asked)])
    [line] = notes(shown(open_page("cases", data=tmp_path)))
    assert line.startswith("Trễ hạn: Báo cáo ca bệnh chưa hỏi lại được từ ")
    assert line.endswith("(cho phép 1 giờ).")


def test_many_late_sources_are_counted_and_their_names_are_text(
    open_page: Open, tmp_path: Path, at_time: AtTime
) -> None:
    made = province()
    issued, rows = AS_OF - timedelta(hours=1), (5, 5, 0, None, None, 300)
    for number in range(4):
        bad = f"<img src=x onerror=alert({number})>"
        made.insert("source_status", (f"s{number}", bad, "vaccination", "http", issued, LAST, *rows))
    made.write(tmp_path)
    at_time(AS_OF + timedelta(days=2))
    html = shown(open_page("overview", data=tmp_path))
    assert "Báo cáo ca bệnh, Xét nghiệm, Viễn thông và 4 nguồn khác chưa có số mới" in html
    assert "<img" not in html


@pytest.mark.parametrize("entry", [entry for entry in PAGES if entry.datasets], ids=lambda entry: entry.name)
def test_a_page_declares_every_dataset_its_indicators_are_read_from(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: Entry
) -> None:
    outbreak.release().write(tmp_path)
    asked: set[str] = set()
    read, rank, series = cached.read, cached.rank, cached.series
    monkeypatch.setattr(cached, "read", lambda release, ids, *rest: (asked.update(ids), read(release, ids, *rest))[1])
    monkeypatch.setattr(cached, "rank", lambda release, name, *rest: (asked.add(name), rank(release, name, *rest))[1])
    monkeypatch.setattr(
        cached, "series", lambda release, name, *rest: (asked.add(name), series(release, name, *rest))[1]
    )
    shown(open_page(entry.name, data=tmp_path, role="analyst", cold=True))
    needed = {dataset for name in asked for dataset in datasets_of(name)}
    needed -= {name for name in needed if CONTRACTS[name].late_after_hours is None}
    assert needed <= set(entry.datasets)


def test_what_pages_declare_are_datasets() -> None:
    assert {name for entry in PAGES for name in entry.datasets or ()} <= set(CONTRACTS)
