"""A name means the unit that bore it on the day of the row (fault 26)."""

from __future__ import annotations

from pathlib import Path

from tests.deliveries import Installation, at, counts_source, settings_of

HEADER = "unit,day,detection,cases\n"


def test_fault_26_one_file_across_a_merger_finds_both_units(tmp_path: Path) -> None:
    place = Installation(tmp_path, settings_of(tmp_path, counts_source()))
    rows = (
        "Huyện Đất Đỏ,2024-12-31,community,3\nHuyện Long Đất,2025-01-01,community,5\nLong Điền,2025-01-02,community,7\n"
    )
    report = place.deliver(("counts", HEADER + rows, at("2025-01-03T08:00")))[0]
    assert (report.rows_kept, report.rows_set_aside) == (2, 1)
    place.build()
    found = place.query(
        "SELECT unit, day::VARCHAR, value FROM observation WHERE stratum = '' AND measure = 'case_counts.cases'"
    )
    assert sorted(found) == [("753", "2024-12-31", 3.0), ("753", "2025-01-01", 5.0)]
    aside = place.query("SELECT found, reason FROM set_aside WHERE field = 'unit'", file="analysis.duckdb")
    assert [row[0] for row in aside] == ["Long Điền"]


def test_fault_26_after_the_districts_were_abolished_their_names_are_not_taken(tmp_path: Path) -> None:
    place = Installation(tmp_path, settings_of(tmp_path, counts_source()))
    rows = "Châu Đức,2025-06-30,community,3\nChâu Đức,2025-07-01,community,5\n"
    report = place.deliver(("counts", HEADER + rows, at("2025-07-03T08:00")))[0]
    assert (report.rows_kept, report.rows_set_aside) == (1, 1)
