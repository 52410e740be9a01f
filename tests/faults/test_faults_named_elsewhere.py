"""Faults whose machinery is tested in depth elsewhere, each shown here once under its number."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from analytics.export import to_csv, to_xlsx
from analytics.readings import read
from analytics.release import current_id, open_release
from data_sources.__main__ import main
from data_sources.forms import FORMS
from data_sources.forms.template import SHEET
from tests.data_sources.forms.filled import blank
from tests.deliveries import Installation, at, counts_source, settings_of
from tests.pages.conftest import Open, _nothing_cached, open_page, shown, steady_data  # noqa: F401 (fixtures)

HEADER = "unit,day,detection,cases\n"


def test_fault_01_a_source_that_is_down_leaves_the_release_and_is_said(
    tmp_path: Path,
    open_page: Open,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = HTTPServer(host="127.0.0.1")
    issued = {"Last-Modified": "Fri, 20 Aug 2021 11:00:00 GMT"}
    server.expect_request("/a.csv").respond_with_data(HEADER + "747,2021-08-20,community,10\n", headers=issued)
    server.start()
    (tmp_path / "config.toml").write_text(
        f'[province]\ncode = "77"\nname = "x"\n[[source]]\nname = "counts"\ndataset = "case_counts"\nkind = "http"\n'
        f'[source.http]\nurl = "{server.url_for("/a.csv")}"\nretries = 1\n',
        encoding="utf-8",
    )
    data = tmp_path / "var"
    pull = ["pull", "--config", str(tmp_path / "config.toml"), "--data", str(data), "--language", "en"]
    assert main(pull) == 0
    before = current_id(data)
    server.stop()
    assert main(pull) == 1
    assert "2 attempts" in capsys.readouterr().out
    assert current_id(data) == before and before is not None
    html = shown(open_page("overview", data=data))
    assert re.search(r'class="tc-note"[^>]*>[^<]*20/8', html), "the picture is old, and says since when"


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.integers(0, 300), min_size=2, max_size=12))
def test_fault_14_every_fall_of_a_cumulative_figure_is_flagged_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int]
) -> None:
    source = {"name": "books", "dataset": "health_book", "kind": "files", "path": "x"}
    folder = tmp_path_factory.mktemp("books")
    place = Installation(folder / "var", settings_of(folder, source))
    place.data.mkdir()
    rows = "".join(f"747,2021-08-{day:02d},{count}\n" for day, count in enumerate(counts, start=1))
    [report] = place.deliver(("books", "unit,day,installs\n" + rows, at("2021-08-21T18:00")))
    fallen = sum(count < max(counts[:place]) for place, count in enumerate(counts) if place)
    assert report.reasons == ({"flag:cumulative_fell": fallen} if fallen else {})


def test_fault_25_a_template_of_another_form_or_version_is_held(tmp_path: Path) -> None:
    place = Installation(tmp_path / "var", settings_of(tmp_path, counts_source()))
    place.data.mkdir()
    old = openpyxl.load_workbook(io.BytesIO(blank("case_counts")))
    old[SHEET]["A2"].value = old[SHEET]["A2"].value.replace(FORMS["case_counts"].version, "0-00000000")
    stream = io.BytesIO()
    old.save(stream)
    for content, found in ((blank("tests"), "tests"), (stream.getvalue(), "0-00000000")):
        [report] = place.deliver(("counts", content, at("2021-08-30T08:00")))
        assert report.held is not None and found in report.held.text("en") and report.rows_kept == 0


def test_fault_11_a_backfill_changes_history_and_what_was_known_then_stays_readable(tmp_path: Path) -> None:
    place = Installation(tmp_path / "var", settings_of(tmp_path, counts_source(complete=False)))
    place.data.mkdir()
    place.deliver(("counts", HEADER + "747,2021-08-20,community,10\n", at("2021-08-20T18:00")))
    place.deliver(
        ("counts", HEADER + "747,2021-08-18,community,7\n747,2021-08-20,community,12\n", at("2021-08-23T18:00"))
    )
    place.build()
    release = open_release(place.data, "leader")
    day = at("2021-08-20T00:00").date()
    now = read(release, ["cases_new_all"], ["747"], day)["cases_new_all", "747"]
    then = read(release, ["cases_new_all"], ["747"], day, at("2021-08-21T00:00"))["cases_new_all", "747"]
    early = at("2021-08-18T00:00").date()
    filled = read(release, ["cases_new_all"], ["747"], early)["cases_new_all", "747"]
    unknown = read(release, ["cases_new_all"], ["747"], early, at("2021-08-21T00:00"))["cases_new_all", "747"]
    release.close()
    assert (now.value, then.value, filled.value, unknown.value) == (12, 10, 7, None)


def test_fault_12_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    early = ("counts", HEADER + "747,2021-08-20,community,10\n", at("2021-08-20T18:00"))
    late = ("counts", HEADER + "747,2021-08-20,community,12\n", at("2021-08-22T18:00"))
    digests = []
    for name, order in (("in", (early, late)), ("out", (late, early))):
        place = Installation(tmp_path / name, settings_of(tmp_path, counts_source(complete=False)))
        place.data.mkdir()
        place.deliver(*order)
        place.build()
        digests.append(place.content())
    assert digests[0] == digests[1]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_fault_38_an_export_holds_no_live_formula(text: str) -> None:
    frame = pd.DataFrame({"name": [text]})
    rows = list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"), newline="")))
    assert not rows[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(frame)))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s"}
