"""The group Sources of the faults to survive, as far as rows and batches are judged; HTTP itself has its own file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.ingest import SourceReport
from data_sources.messages import read_message
from tests.deliveries import RECEIVED, Installation, at, counts_source, settings_of

HEADER = "unit,day,detection,cases\n"
ROW = "747,2021-08-20,community,10\n"
ISSUED = at("2021-08-21T18:00")


def place_with(folder: Path, *sources: dict[str, Any]) -> Installation:
    place = Installation(folder / "var", settings_of(folder, *(sources or (counts_source(),))))
    place.data.mkdir(exist_ok=True)
    return place


def deliver(place: Installation, text: str, source: str = "counts") -> SourceReport:
    return place.deliver((source, text, ISSUED))[0]


def test_fault_06_a_lost_required_column_refuses_the_batch_and_names_it(tmp_path: Path) -> None:
    report = deliver(place_with(tmp_path), "unit,detection,cases\n747,community,10\n")
    assert report.held is not None and report.held.code == "refused.required_column_missing"
    assert "cần cột “Ngày”" in report.held.text("vi") and "[source.columns]" in report.held.text("vi")
    assert report.rows_kept == 0


def test_fault_06_a_renamed_column_of_the_settings_refuses_the_batch(tmp_path: Path) -> None:
    place = place_with(tmp_path, counts_source(columns={"cases": "Số ca"}))
    report = deliver(place, HEADER + ROW)
    assert report.held is not None and "cần cột “Số ca”" in report.held.text("vi")


def test_fault_06_a_new_column_is_said_and_the_rows_go_on(tmp_path: Path) -> None:
    report = deliver(place_with(tmp_path), "unit,day,detection,cases,weather\n747,2021-08-20,community,10,rain\n")
    assert report.rows_kept == 1
    assert any("weather" in note.text("en") for note in report.notes)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(["unit", "day", "detection", "cases"]), kind=st.sampled_from(["abc", "1e3x", "--", "mười"])
)
def test_fault_06_column_order_does_not_matter_and_another_type_is_set_aside(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], kind: str
) -> None:
    values = {"unit": "747", "day": "2021-08-20", "detection": "community", "cases": "10"}
    wrong = values | {"unit": "752", "cases": kind}
    lines = [",".join(order), *(",".join(row[name] for name in order) for row in (values, wrong))]
    report = deliver(place_with(tmp_path_factory.mktemp("order")), "\n".join(lines) + "\n")
    assert (report.rows_kept, report.reasons) == (1, {"number_unreadable": 1})


def test_fault_10_the_same_key_with_new_values_keeps_both_versions(tmp_path: Path) -> None:
    place = place_with(tmp_path)
    place.deliver(("counts", HEADER + ROW, at("2021-08-20T18:00")))
    place.deliver(("counts", HEADER + "747,2021-08-20,community,12\n", at("2021-08-22T18:00")))
    place.build()
    versions = place.query(
        "SELECT value FROM observation_history WHERE measure = 'case_counts.cases' AND stratum = '' ORDER BY issued"
    )
    assert versions == [(10.0,), (12.0,)]


def test_fault_13_a_negative_count_is_kept_as_a_correction_and_flagged(tmp_path: Path) -> None:
    report = deliver(place_with(tmp_path), HEADER + ROW + "752,2021-08-20,community,-3\n")
    assert report.rows_kept == 2
    assert report.reasons == {"flag:negative_correction": 1}


def test_fault_13_a_negative_stock_is_no_correction(tmp_path: Path) -> None:
    source = {"name": "sites", "dataset": "quarantine_sites", "kind": "files", "path": "x"}
    report = deliver(
        place_with(tmp_path, source), "unit,day,site,present\n747,2021-08-20,A,-4\n748,2021-08-20,B,4\n", "sites"
    )
    assert report.reasons == {"out_of_range": 1}


def test_fault_14_a_cumulative_figure_that_falls_is_flagged(tmp_path: Path) -> None:
    source = {"name": "books", "dataset": "health_book", "kind": "files", "path": "x"}
    rows = "747,2021-08-19,100\n747,2021-08-20,90\n747,2021-08-21,120\n748,2021-08-21,5\n"
    report = deliver(place_with(tmp_path, source), "unit,day,installs\n" + rows, "books")
    assert report.rows_kept == 4 and report.reasons == {"flag:cumulative_fell": 1}


@pytest.mark.parametrize("day", ["2021-08-22", "2201-08-20", "1900-01-01", "0021-08-20"])
def test_fault_15_a_day_that_cannot_be_is_set_aside_with_its_reason(tmp_path: Path, day: str) -> None:
    report = deliver(place_with(tmp_path), HEADER + ROW + f"752,{day},community,3\n")
    assert report.rows_kept == 1
    assert set(report.reasons) <= {"day_out_of_range", "day_unreadable"} and sum(report.reasons.values()) == 1


def test_fault_16_an_issue_still_to_come_counts_as_issued_when_received(tmp_path: Path) -> None:
    place = place_with(tmp_path)
    report = place.deliver(("counts", HEADER + ROW, RECEIVED + timedelta(days=400)))[0]
    assert any("still to come" in note.text("en") for note in report.notes)
    assert place.build().as_of == RECEIVED


@pytest.mark.parametrize("issued", ["2021-08-21T19:30:00+07:00", "2201-08-20T00:00:00+07:00", "29/8/2021 10:00"])
def test_fault_16_a_row_issued_after_its_delivery_counts_as_issued_with_it(tmp_path: Path, issued: str) -> None:
    source = counts_source(issued_column="sent", columns={"cases": "cases"})
    place = place_with(tmp_path, source)
    good = "747,2021-08-20,community,10,2021-08-20T18:00:00+07:00\n"
    rows = good + f"752,2021-08-20,community,3,{issued}\n748,2021-08-20,community,4,\n"
    report = deliver(place, HEADER.strip() + ",sent\n" + rows)
    assert (report.rows_kept, report.reasons) == (3, {"flag:issued_after_delivery": 1})
    assert place.build().as_of == ISSUED
    told = place.query("SELECT unit, issued FROM report WHERE dataset = 'case_counts' ORDER BY 1")
    assert told == [("747", at("2021-08-20T18:00")), ("748", ISSUED), ("752", ISSUED)]
    flagged = place.query("SELECT rows FROM set_aside_reason WHERE reason = 'flag:issued_after_delivery'")
    assert flagged == [(1,)]


def test_fault_16_clocks_that_differ_a_little_are_believed_and_an_unreadable_issue_is_said(tmp_path: Path) -> None:
    place = place_with(tmp_path, counts_source(issued_column="sent"))
    rows = "747,2021-08-20,community,10,2021-08-21T18:40:00+07:00\n752,2021-08-20,community,3,hôm qua\n"
    report = deliver(place, HEADER.strip() + ",sent\n" + rows)
    assert (report.rows_kept, report.reasons) == (2, {"flag:issue_unreadable": 1})
    assert place.build().as_of == at("2021-08-21T18:40")


def test_fault_22_the_same_row_twice_counts_once_and_a_contradiction_not_at_all(tmp_path: Path) -> None:
    rows = ROW + ROW + "752,2021-08-20,community,3\n752,2021-08-20,community,4\n"
    report = deliver(place_with(tmp_path), HEADER + rows)
    assert (report.rows_kept, report.reasons) == (1, {"conflict": 2, "duplicate": 1})


def test_fault_22_two_sources_of_one_figure_are_not_added_and_the_first_named_counts(tmp_path: Path) -> None:
    place = place_with(tmp_path, counts_source(), counts_source(name="second"))
    place.deliver(("second", HEADER + "747,2021-08-20,community,99\n748,2021-08-20,community,1\n", ISSUED))
    place.deliver(("counts", HEADER + ROW, ISSUED))
    place.build()
    rows = place.query(
        "SELECT unit, value FROM observation WHERE measure = 'case_counts.cases' AND stratum = '' ORDER BY 1"
    )
    assert rows == [("747", 10.0), ("748", 1.0)]


def test_fault_23_missing_personal_fields_are_accepted_and_completeness_says_so(tmp_path: Path) -> None:
    place = place_with(tmp_path, {"name": "list", "dataset": "cases", "kind": "files", "path": "x"})
    rows = "BN1,752,2021-08-20,34,Nguyễn Văn Thử\nBN2,752,2021-08-20,,\n"
    report = deliver(place, "case_code,unit,day,age,name\n" + rows, "list")
    assert report.rows_kept == 2
    place.build()
    assert place.query("SELECT filled, total FROM completeness WHERE dataset = 'cases' AND field = 'age'") == [(1, 2)]


def test_fault_24_numbers_as_people_write_them_or_set_aside(tmp_path: Path) -> None:
    rows = '747;2021-08-20;community;"1.234"\n748;2021-08-20;community;2.000\n752;2021-08-20;community;1O\n'
    report = deliver(place_with(tmp_path), "unit;day;detection;cases\n" + rows)
    assert (report.rows_kept, report.reasons) == (2, {"number_unreadable": 1})


def test_fault_25_another_provinces_file_is_held_whole(tmp_path: Path) -> None:
    place = place_with(tmp_path)
    place.deliver(("counts", HEADER + ROW, at("2021-08-20T18:00")))
    place.deliver(("counts", HEADER + "Biên Hòa,2021-08-20,community,3\nLong Khánh,2021-08-20,community,1\n", ISSUED))
    place.build()
    held = place.query("SELECT reason FROM held_batch")
    assert len(held) == 1 and "đơn vị của tỉnh khác 2" in read_message(held[0][0]).text("vi")


def test_fault_91_a_missing_or_zero_denominator_is_no_rate(tmp_path: Path) -> None:
    from analytics.readings import read
    from analytics.release import open_release

    source = {"name": "tests", "dataset": "tests", "kind": "files", "path": "x"}
    place = place_with(tmp_path, source)
    deliver(place, "unit,day,method,results_returned,positives\n747,2021-08-20,pcr,0,0\n", "tests")
    place.build()
    release = open_release(place.data, "leader")
    reading = read(release, ["positivity_pcr_7d"], ["747"], ISSUED.date() - timedelta(days=1))[
        "positivity_pcr_7d", "747"
    ]
    release.close()
    assert reading.value is None and reading.absence is not None


def test_fault_20_a_totals_row_is_a_checksum_and_no_data(tmp_path: Path) -> None:
    place = place_with(tmp_path)
    good = HEADER + ROW + "748,2021-08-20,community,5\nTổng cộng,,,15\n"
    report = deliver(place, good)
    assert (report.rows_in, report.rows_kept, report.held) == (2, 2, None)
    assert any("add up" in note.text("en") for note in report.notes)
    report = deliver(place, good.replace(",15", ",16"))
    assert report.held is not None
    assert report.held.text("vi") == (
        "Tệp counts.csv, cột “cases”: cần các dòng cộng lại bằng dòng tổng 16; thực tế: 15."
        " Hỏi nơi gửi các dòng còn thiếu hoặc tổng đúng."
    )


def test_fault_20_a_row_that_cannot_be_cut_into_columns_is_set_aside(tmp_path: Path) -> None:
    report = deliver(
        place_with(tmp_path), HEADER + ROW + "752,2021-08-20,community,3,4,5,6\n753,2021-08-20,community,1\n"
    )
    assert (report.rows_in, report.rows_kept, report.rows_set_aside) == (3, 2, 1)
