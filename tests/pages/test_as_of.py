"""Every page as of a past moment shows what the release of that moment showed, says so, and stays as it is."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest
import streamlit as st

from analytics.release import Role, open_release, release_ids
from data_sources import pointer
from pages.components import as_of, downloads
from pages.components.navigation import PAGES
from tests.analytics.release_fixture import SmallRelease, at
from tests.analytics.small_province import small_province
from tests.pages.conftest import Open, shown

THEN = at("2021-08-24 17:00")
DAY = date(2021, 8, 24)
STAMP = "Như đã biết lúc 23:59 ngày 24/8/2021"
OWN_STAMP = ("briefing", "annotations")
"""Pages that say the moment themselves; their content is tried with them."""
REVISED = at("2021-08-27 10:00")


def known_until(made: SmallRelease) -> SmallRelease:
    """The release that was built of what had been issued by THEN."""
    of_then = dataclasses.replace(made, as_of=THEN)
    of_then.observations = [row for row in made.observations if row[5] <= THEN]
    of_then.tables = {
        name: [row for row in rows if name != "coverage" or row[3] <= THEN] for name, rows in made.tables.items()
    }
    return of_then


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data folder of 29/8 with corrections of the weeks before THEN and new strata, and one of THEN."""
    made = small_province()
    made.tables.pop("completeness")  # told of the newest rows only: as of then it is not known
    told = [(*row[:2], DAY, THEN) for row in made.tables["coverage"]]
    made.insert("coverage", *told)
    made.insert("calendar", ("77", "directive_16", date(2021, 7, 19), None, "Chỉ thị 16", "Directive 16", "x"))
    then = known_until(made)
    made.insert("calendar", ("77", "directive_15", date(2021, 8, 26), None, "Chỉ thị 15", "Directive 15", "x"))
    newest = {row[:4]: row for row in sorted(then.observations, key=lambda row: row[5])}
    late = [row for place, row in enumerate(newest.values()) if row[3] >= date(2021, 8, 1) and place % 5 == 0]
    made.observations += [(*row[:4], (row[4] or 0) + 1 + place % 3, REVISED) for place, row in enumerate(late)]
    made.observe(
        "vaccination.people_full", "752", date(2021, 8, 10), [7.0] * 9, stratum="age_group=12-17", issued=REVISED
    )
    made.observe("tracing_counts.checkins", "755", date(2021, 8, 1), [None] * 24, issued=REVISED, withdrawn=True)
    later, earlier = tmp_path_factory.mktemp("later"), tmp_path_factory.mktemp("then")
    made.write(later)
    then.write(earlier)
    return later, earlier


def content(html: str) -> str:
    """What a page shows, without what must differ: stamps, notes, links' parameters, the release's name."""
    html = re.sub(r'<div class="tc-bar">.*?</div></div>', "", html, flags=re.DOTALL)
    html = re.sub(r'<div class="tc-title">.*?</div>', "", html, flags=re.DOTALL)
    html = re.sub(r'<p class="tc-note" role="status">.*?</p>', "", html)
    html = re.sub(r'<footer class="tc-footer">.*?</footer>', "", html)
    html = re.sub(r"as_of=[^\"&]*(&amp;)?", "", html)
    html = re.sub(r"(\?|&amp;)(?=\")", "", html)
    html = html.replace('<div class="tc"></div>', "")
    html = re.sub(
        r'<a data-go href="./annotations\?[^>]*pin=[^>]*>[^<]*</a>', "", html
    )  # nothing is pinned to the past
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_a_page_as_of_then_is_the_page_of_then(open_page: Open, folders: tuple[Path, Path], page: str) -> None:
    later, earlier = folders
    role: Role = "analyst"
    html = shown(open_page(page, data=later, role=role, cold=True, as_of=DAY.isoformat()))
    if page in as_of.NEWEST_ONLY:
        assert STAMP not in html
        assert "Trang này luôn làm việc với số liệu mới nhất" in html
        return
    assert STAMP in html
    assert "Trực tiếp" not in html
    if page in OWN_STAMP:
        return
    assert content(html) == content(shown(open_page(page, data=earlier, role=role)))
    if page in as_of.KEPT:
        assert "Theo bản lúc 18:00 ngày 29/8/2021, không phải lúc 23:59 ngày 24/8/2021" in html
    if page not in ("sources", "catalogue", "submit", "trails"):
        assert content(html) != content(shown(open_page(page, data=later, role=role))), "then and now must differ"


def test_every_link_keeps_the_moment_and_one_leads_back(open_page: Open, folders: tuple[Path, Path]) -> None:
    html = shown(open_page("rankings", data=folders[0], as_of="2021-08-24T12:00:00+07:00"))
    links = re.findall(r'href="(\./[^"]*)"', html)
    back = [link for link in links if "as_of" not in link]
    assert len(links) > 20
    assert set(back) == {"./rankings"}, "only the way back is without it"
    assert "Như đã biết lúc 12:00 ngày 24/8/2021" in html


@pytest.mark.parametrize("value", ["2021-13-01", "2020-01-01", "2022-01-01", "yesterday", "20210824T180000-xyz", "'--"])
def test_what_is_not_understood_is_said_and_the_newest_data_are_shown(
    open_page: Open, folders: tuple[Path, Path], value: str
) -> None:
    html = shown(open_page("overview", data=folders[0], as_of=value))
    assert "Như đã biết" not in html
    assert "Địa chỉ có as_of = “" in html


def test_a_kept_release_is_opened_itself_and_one_that_is_gone_is_read_from_the_current(
    open_page: Open, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    later, earlier = folders
    then_id, now_id = release_ids(earlier)[0], release_ids(later)[0]
    expected = content(shown(open_page("rankings", data=earlier)))
    gone = shown(open_page("rankings", data=later, as_of=then_id))
    assert f"Bản phát hành {then_id} không còn được giữ" in gone
    both = tmp_path / "both"
    for folder, release_id in ((earlier, then_id), (later, now_id)):
        (both / "releases").mkdir(parents=True, exist_ok=True)
        (both / "releases" / release_id).symlink_to(folder / "releases" / release_id)
    (both / pointer.CURRENT).write_text(now_id, encoding="ascii")
    app = open_page("rankings", data=both, as_of=then_id)
    kept = shown(app)
    assert "không còn được giữ" not in kept
    assert then_id in kept
    for html in (gone, kept):
        assert "Như đã biết lúc 17:00 ngày 24/8/2021" in html
        assert content(html) == expected
    offered = re.findall(r">((?:bản lúc|hết ngày|mới nhất)[^<]*)</a>", kept)
    assert offered[:4] == [
        "mới nhất", "bản lúc 18:00 ngày 29/8/2021", "bản lúc 17:00 ngày 24/8/2021", "hết ngày 28/8/2021"
    ]  # fmt: skip


def test_the_chooser_writes_the_address_and_a_new_release_changes_nothing(open_page: Open, tmp_path: Path) -> None:
    made = small_province()
    made.write(tmp_path)
    html = shown(open_page("rankings", data=tmp_path, day="2021-08-29"))
    assert '<a data-go href="./rankings?as_of=2021-08-28">hết ngày 28/8/2021</a>' in html
    app = open_page("rankings", data=tmp_path, as_of="2021-08-28")
    app.date_input(key="pick_as_of_day").set_value(DAY).run()
    before = shown(app)
    assert STAMP in before
    made.as_of = at("2021-08-30 18:00")
    made.observe("case_counts.cases", "752", date(2021, 8, 23), [900.0] * 7, issued=made.as_of)
    made.write(tmp_path)
    assert content(shown(app.run())) == content(before)
    assert app.query_params["as_of"] == DAY.isoformat()


def test_a_file_says_as_of_when_it_is(
    open_page: Open, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []
    titles: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(downloads, "to_xlsx", lambda _, title, notes: titles.extend([(title, notes)]))
    monkeypatch.setattr(st, "download_button", lambda *args, **_: (offered.append(args[2]), args[1]()))
    shown(open_page("rankings", data=folders[0], as_of=DAY.isoformat()))
    assert [name.partition("_20210824")[2] for name in offered] == [
        f"_as_of_20210824T2359.{kind}" for kind in ("csv", "xlsx")
    ]
    ((title, notes),) = titles
    assert title.endswith(STAMP)
    assert notes[0] == STAMP


def test_before_anything_was_issued_nothing_is_shown_as_known(open_page: Open, tmp_path: Path) -> None:
    made = small_province()
    made.observations = [(*row[:5], made.as_of) for row in made.observations]
    made.tables["coverage"] = [(*row[:3], made.as_of) for row in made.tables["coverage"]]
    made.write(tmp_path)
    assert not open_release(tmp_path, "leader").known_at(DAY).evaluation.cube.shape.parts
    for page in ("overview", "rankings", "cases"):
        html = shown(open_page(page, data=tmp_path, as_of=DAY.isoformat()))
        assert STAMP in html
        assert "chưa có số liệu nào được phát hành" in html
