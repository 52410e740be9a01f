"""`python -m analytics indicators`: the shape, the ranks, the messages."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from analytics.__main__ import main
from analytics.briefing import kiosk
from analytics.indicators import INDICATORS
from analytics.release import Release
from tests.analytics.release_fixture import SmallRelease
from tests.analytics.small_province import LAST, UNITS

KEYS = [
    "id", "unit", "day", "value", "numerator", "denominator", "trend", "rank", "rank_of", "rank_national",
    "rank_national_of", "quality",
]  # fmt: skip
QUALITY = ["reported_units", "expected_units", "newest_report_age_hours", "fields_complete_share", "provisional"]
Captured = pytest.CaptureFixture[str]


def figures(captured: Captured, *arguments: str) -> list[dict[str, object]]:
    assert main(["indicators", "--json", *arguments]) == 0
    found = captured.readouterr()
    assert "release" in found.err
    rows: list[dict[str, object]] = json.loads(found.out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    return rows


def test_every_indicator_for_the_province_and_its_units(province_data: Path, capsys: Captured) -> None:
    rows = figures(capsys, "--day", LAST.isoformat(), "--data", str(province_data))
    assert {(row["id"], row["unit"]) for row in rows} == {
        (name, unit) for name in INDICATORS for unit in ("77", *UNITS)
    }
    for row in rows:
        assert list(row) == KEYS
        assert list(row["quality"]) == QUALITY  # type: ignore[call-overload]
        assert row["trend"] in ("up", "down", "flat", "unknown")
        assert row["day"] == LAST.isoformat()
    share = next(row for row in rows if row["id"] == "doses_entered_share" and row["unit"] == "747")
    assert 80 < float(str(share["value"])) < 100
    assert share["rank_of"] == 8 and share["rank"] in (7, 8)
    assert share["rank_national"] is None


def test_one_unit_one_indicator_and_the_newest_day_by_default(province_data: Path, capsys: Captured) -> None:
    rows = figures(capsys, "--unit", "752", "--id", "incidence_7d", "--data", str(province_data))
    assert [(row["unit"], row["id"], row["day"]) for row in rows] == [("752", "incidence_7d", LAST.isoformat())]
    ratio = float(str(rows[0]["numerator"])) / float(str(rows[0]["denominator"])) * 100_000
    assert math.isclose(float(str(rows[0]["value"])), ratio)


def test_the_folder_that_holds_var_will_do(tmp_path: Path, capsys: Captured) -> None:
    made = SmallRelease().unit("747", population=10).observe("case_counts.cases", "747", LAST, [3])
    made.write(tmp_path / "var")
    rows = figures(capsys, "--id", "cases_new", "--unit", "747", "--data", str(tmp_path))
    assert rows[0]["value"] == 3


def test_the_national_rank_is_among_provinces(opened: Callable[..., Release], tmp_path: Path, capsys: Captured) -> None:
    made = SmallRelease().unit("747", population=1000, population_18_plus=500)
    made.observe("health_book.installs", "747", LAST, [50])
    for number, installs in enumerate((100, 30, None)):
        made.unit(
            f"0{number}", f"Tỉnh {number}", level="province", parent=None, reporting=False, population_18_plus=500
        )
        made.observe("health_book.installs", f"0{number}", LAST, [installs])
    opened(made)
    rows = figures(capsys, "--id", "health_book_share", "--data", str(tmp_path))
    assert {
        row["unit"]: (row["rank"], row["rank_of"], row["rank_national"], row["rank_national_of"]) for row in rows
    } == {
        "77": (None, None, 2, 3),
        "747": (None, None, None, None),
    }


def test_as_of_reads_history(tmp_path: Path, capsys: Captured) -> None:
    made = (
        SmallRelease().unit("747", population=10).observe("case_counts.cases", "747", LAST - timedelta(days=1), [3, 9])
    )
    made.write(tmp_path)
    arguments = ("--id", "cases_new", "--unit", "747", "--data", str(tmp_path), "--day", LAST.isoformat())
    assert figures(capsys, *arguments)[0]["value"] == 9
    before = figures(capsys, *arguments, "--as-of", (LAST - timedelta(days=1)).isoformat())
    assert before[0]["value"] is None
    assert figures(capsys, *arguments, "--as-of", "2021-08-29T17:30:00+07:00")[0]["value"] == 9


def test_without_json_there_is_a_table(province_data: Path, capsys: Captured) -> None:
    assert main(["indicators", "--data", str(province_data), "--id", "incidence_7d"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("id\tunit\tvalue")
    assert len(lines) == 10


def test_what_cannot_be_answered_is_said(tmp_path: Path, province_data: Path, capsys: Captured) -> None:
    assert main(["indicators", "--data", str(tmp_path)]) == 1
    assert "data_sources pull" in capsys.readouterr().err
    assert main(["indicators", "--data", str(province_data), "--unit", "999"]) == 2
    assert "999" in capsys.readouterr().err
    assert main(["indicators", "--data", str(province_data), "--config", str(tmp_path / "none.toml")]) == 2
    assert "none.toml" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["indicators", "--data", str(province_data), "--id", "no_such"])


def test_rt_refuses_files_it_cannot_use(tmp_path: Path, capsys: Captured) -> None:
    def attempt(text: str, *more: str) -> str:
        (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
        interval = more or ("--si-mean", "5", "--si-sd", "2")
        assert main(["rt", "--cases", str(tmp_path / "cases.csv"), *interval]) != 0
        return capsys.readouterr().err

    days = [date(2021, 8, 1) + timedelta(days=number) for number in range(10)]
    assert "line 1: needed the columns date and cases, found day, n" in attempt("day,n\n2021-08-01,3\n")
    assert "line 3" in attempt("date,cases\n2021-08-01,3\n01/08/2021,4\n")
    assert "here 2021-08-02" in attempt("date,cases\n2021-08-01,3\n2021-08-03,4\n")
    assert "at least 8 days" in attempt("date,cases\n2021-08-01,3\n2021-08-02,4\n")
    assert "0 or more" in attempt("date,cases\n" + "\n".join(f"{day},-1" for day in days))
    assert "--si-mean" in attempt("date,cases\n2021-08-01,3\n", "--si-mean", "5")
    assert "mean above 1" in attempt(
        "date,cases\n" + "\n".join(f"{day},1" for day in days), "--si-mean", "1", "--si-sd", "2"
    )


def test_kiosk_prints_a_link_that_the_wall_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kiosk", "--data", str(tmp_path), "--hours", "2", "--server", "http://wall.example/", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    address, _, token = told["address"].partition("?key=")
    assert address == "http://wall.example/present/wall"
    ends = kiosk.check(tmp_path, token, datetime.now(UTC))
    assert ends == datetime.fromisoformat(told["ends"])
    assert timedelta(hours=1.9) < ends - datetime.now(UTC) <= timedelta(hours=2)
    assert main(["kiosk", "--data", str(tmp_path), "--hours", "0"]) == 2
    assert main(["kiosk", "--data", str(tmp_path / "nowhere")]) == 1
