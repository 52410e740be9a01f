"""Faults whose machinery is tested in depth elsewhere, each shown here once under its number."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analytics.export import to_csv, to_xlsx
from analytics.readings import read
from analytics.release import open_release
from tests.deliveries import Installation, at, counts_source, settings_of

HEADER = "unit,day,detection,cases\n"


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
