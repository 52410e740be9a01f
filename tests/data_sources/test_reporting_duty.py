"""Who owes which report, worked out from what arrived; a register of reports that is delivered comes first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analytics.readings import read
from analytics.release import open_release
from data_sources.contracts import CONTRACTS
from data_sources.contracts.submissions import FORMS
from data_sources.reporting_duty import is_daily_form
from tests.deliveries import Installation, at, counts_source, settings_of

COUNTS = counts_source(issued_column="sent")
DUTY = {
    "name": "duty",
    "dataset": "submissions",
    "kind": "files",
    "path": "duty/*.csv",
    "issued_column": "sent",
}
ROWS = """unit,day,cases,sent
747,2021-08-19,4,2021-08-20T18:00:00+07:00
747,2021-08-20,3,2021-08-20T18:00:00+07:00
747,2021-08-21,2,2021-08-22T09:30:00+07:00
747,2021-08-22,5,2021-08-22T19:00:00+07:00
748,2021-08-21,1,2021-08-21T17:00:00+07:00
750,2021-08-20,0,2021-08-20T20:00:00+07:00
750,2021-08-20,1,2021-08-24T08:00:00+07:00
"""


def duty_rows(made: Installation) -> list[tuple[object, ...]]:
    return made.query(
        "SELECT unit, day::VARCHAR, received_at::VARCHAR, rows, issued::VARCHAR, until::VARCHAR FROM row_submissions"
        " WHERE form = 'case_counts' ORDER BY unit, day, issued"
    )


def test_the_duty_follows_from_what_arrived(tmp_path: Path) -> None:
    made = Installation(tmp_path / "var", settings_of(tmp_path, COUNTS))
    made.deliver(("counts", ROWS, at("2021-08-24 09:00:00")))
    made.build()
    rows = duty_rows(made)
    # The 19th came before anybody was asked for it; the 23rd is owed and due on the 24th at two in the morning.
    assert [row for row in rows if row[0] == "747"] == [
        ("747", "2021-08-20", "2021-08-20 18:00:00+07", 1, "2021-08-20 18:00:00+07", None),
        ("747", "2021-08-21", None, 0, "2021-08-22 02:00:00+07", "2021-08-22 09:30:00+07"),
        ("747", "2021-08-21", "2021-08-22 09:30:00+07", 1, "2021-08-22 09:30:00+07", None),
        ("747", "2021-08-22", "2021-08-22 19:00:00+07", 1, "2021-08-22 19:00:00+07", None),
        ("747", "2021-08-23", None, 0, "2021-08-24 02:00:00+07", None),
    ]
    # A unit owes from its own first report on, and a correction is not a second report.
    assert [row[1:3] for row in rows if row[0] == "748"] == [
        ("2021-08-21", "2021-08-21 17:00:00+07"),
        ("2021-08-22", None),
        ("2021-08-23", None),
    ]
    assert [row[2] for row in rows if row[0] == "750"] == ["2021-08-20 20:00:00+07", None, None, None]
    sums = made.query(
        "SELECT unit, measure, sum(value) FROM observation WHERE stratum = '' AND measure IN ('submissions.due',"
        " 'submissions.on_time', 'submissions.received') AND unit IN ('747', '748') GROUP BY ALL ORDER BY ALL"
    )
    assert sums == [
        ("747", "submissions.due", 4.0),
        ("747", "submissions.on_time", 2.0),
        ("747", "submissions.received", 3.0),
        ("748", "submissions.due", 3.0),
        ("748", "submissions.on_time", 1.0),
        ("748", "submissions.received", 1.0),
    ]
    assert made.query(
        "SELECT issued::VARCHAR, value FROM observation_history WHERE measure = 'submissions.received'"
        " AND stratum = 'form=case_counts' AND unit = '747' AND day = DATE '2021-08-21' ORDER BY issued"
    ) == [("2021-08-22 02:00:00+07", 0.0), ("2021-08-22 09:30:00+07", 1.0)]
    release = open_release(made.data, "leader")
    week = read(release, ["on_time_share"], ["747"], date(2021, 8, 23))["on_time_share", "747"]
    assert (week.value, week.absence) == (None, "not_enough_days")  # four days of seven
    release.close()


WITH_FIELDS = """unit,day,detection,cases,deaths,recovered,sent
747,2021-08-20,community,3,0,,2021-08-20T18:00:00+07:00
747,2021-08-20,quarantine,4,,1,2021-08-20T18:00:00+07:00
747,2021-08-21,community,2,,,2021-08-21T18:00:00+07:00
747,2021-08-21,quarantine,hai,1,,2021-08-21T18:00:00+07:00
747,2021-08-21,arrival,một,1,,2021-08-21T18:00:00+07:00
747,2021-08-22,community,nhiều,1,,2021-08-22T18:00:00+07:00
748,2021-08-21,community,1,0,,2021-08-21T17:00:00+07:00
748,2021-08-23,community,1,0,,2021-08-24T01:00:00+07:00
Huyện Nào Đó,2021-08-21,community,1,0,,2021-08-21T17:00:00+07:00
747,2031-08-22,community,5,1,,2021-08-22T18:00:00+07:00
"""


def test_without_a_register_rows_sent_back_and_fields_filled_are_known_by_unit(tmp_path: Path) -> None:
    made = Installation(tmp_path / "var", settings_of(tmp_path, COUNTS))
    made.deliver(("counts", WITH_FIELDS, at("2021-08-24 09:00:00")))
    made.build()
    parts = made.query("SELECT reason, unit, day::VARCHAR, rows FROM set_aside_part ORDER BY unit, day, reason")
    assert parts == [
        ("number_unreadable", "747", "2021-08-21", 2),
        ("number_unreadable", "747", "2021-08-22", 1),
        ("day_out_of_range", "747", "2021-08-24", 1),
        ("unit_unknown", None, "2021-08-21", 1),
    ]
    assert sum(part[3] for part in parts) == made.query("SELECT sum(rows) FROM set_aside_reason")[0][0]
    told = made.query(
        "SELECT unit, day::VARCHAR, received_at IS NOT NULL, required_fields, required_filled, rows_rejected"
        " FROM row_submissions WHERE form = 'case_counts' AND until IS NULL ORDER BY unit, day"
    )
    # Cases and deaths are asked for: three reports of four state deaths; recovered, stated in one of four, is not.
    assert told == [
        ("747", "2021-08-20", True, 2, 2, 0),
        ("747", "2021-08-21", True, 2, 1, 2),
        ("747", "2021-08-22", False, 0, 0, 1),
        ("748", "2021-08-21", True, 2, 2, 0),
        ("748", "2021-08-22", False, 0, 0, 0),
        ("748", "2021-08-23", True, 2, 2, 0),
    ]


def test_what_a_whole_file_repeats_is_sent_back_once_and_what_it_mends_not_at_all(tmp_path: Path) -> None:
    made = Installation(tmp_path / "var", settings_of(tmp_path, counts_source()))
    cells = {"747": "hai", "748": "ba", "750": "1"}
    first = "unit,day,cases\n" + "".join(f"{unit},2021-08-20,{cell}\n" for unit, cell in cells.items())
    second = first.replace("748,2021-08-20,ba", "748,2021-08-20,3")
    made.deliver(("counts", first, at("2021-08-20 19:00:00")), ("counts", second, at("2021-08-21 19:00:00")))
    made.build()
    assert made.query("SELECT unit, rows FROM set_aside_part") == [("747", 1)]


def test_a_register_that_is_delivered_is_the_authority(tmp_path: Path) -> None:
    made = Installation(tmp_path / "var", settings_of(tmp_path, COUNTS, DUTY))
    register = (
        "form,unit,day,due_at,received_at,rows,sent\n"
        "Báo cáo ca bệnh ngày,747,2021-08-20,2021-08-20T17:00:00+07:00,2021-08-20T18:00:00+07:00,1,"
        "2021-08-20T18:00:00+07:00\n"
    )
    made.deliver(("counts", ROWS, at("2021-08-24 09:00:00")))
    made.deliver(("duty", register, at("2021-08-24 09:00:00")), name="duty.csv")
    made.build()
    assert duty_rows(made) == [
        ("747", "2021-08-20", "2021-08-20 18:00:00+07", 1, "2021-08-20 18:00:00+07", None),
    ]
    assert made.query("SELECT value FROM observation WHERE measure = 'submissions.on_time' AND stratum = ''") == [
        (0.0,)
    ]


def test_a_form_is_named_by_its_dataset() -> None:
    forms = {choice.value for choice in FORMS} - {"other"}
    assert forms <= set(CONTRACTS)
    assert {name for name in CONTRACTS if is_daily_form(CONTRACTS[name])} >= {"case_counts", "tests", "treatment"}
    assert not is_daily_form(CONTRACTS["population"]) and not is_daily_form(CONTRACTS["cases"])


def test_files_of_the_past_owe_nothing(tmp_path: Path) -> None:
    """A year's file that arrives at once says nothing of who was late in it."""
    made = Installation(tmp_path / "var", settings_of(tmp_path, counts_source()))
    made.deliver(("counts", "unit,day,cases\n747,2020-08-20,3\n747,2020-08-21,2\n", at("2021-08-24 09:00:00")))
    made.build()
    assert duty_rows(made) == []
    assert made.query("SELECT count(*) FROM observation WHERE measure LIKE 'submissions.%'") == [(0,)]
