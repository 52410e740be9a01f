"""The reporting duty cell by cell, agreement of systems and the rollout, from rows whose answers are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.duty import agreements, completeness_course, duties, known_at
from analytics.release import Release, open_release
from analytics.rollout import rollouts
from data_sources.settings import parse
from tests.deliveries import Installation, at

DAY = date(2021, 8, 29)


def duty_csv() -> str:
    """Three days of 747 (on time, late, missing) and 748 (all on time), due at 20:30; 747 fills half of its fields."""
    lines = ["form,unit,day,due_at,received_at,rows,required_fields,required_filled,rows_rejected"]
    times = {0: "", 1: "22:00", 2: "19:00"}
    for back, time in times.items():
        day = DAY - timedelta(days=back)
        received = f"{day}T{time}:00+07:00" if time else ""
        lines.append(f"tests,747,{day},{day}T20:30:00+07:00,{received},4,10,5,{back}")
        lines.append(f"tests,748,{day},{day}T20:30:00+07:00,{day}T18:00:00+07:00,4,10,10,0")
    return "\n".join(lines) + "\n"


def counted_csv() -> str:
    rows = [f"747,{DAY - timedelta(days=back)},10,4" for back in range(7)]
    rows += [f"748,{DAY - timedelta(days=back)},10,10" for back in range(7)]
    return "unit,day,doses_given,doses_entered\n" + "\n".join(rows) + "\n"


ROLLOUT = """platform,unit,day,planned_on,started_on,trained_staff,active_accounts
tracing,747,2021-08-28,2021-08-10,2021-08-13,10,4
tracing,748,2021-08-28,2021-08-20,,3,0
tracing,750,2021-08-28,2021-09-06,,,
"""


def write(folder: Path) -> Path:
    names = ("submissions", "vaccination", "rollout")
    sources = [{"name": name, "dataset": name, "kind": "files", "path": f"drop/{name}*.csv"} for name in names]
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": sources}, folder)
    installed = Installation(folder / "var", settings)
    for name, content in (("submissions", duty_csv()), ("vaccination", counted_csv()), ("rollout", ROLLOUT)):
        installed.deliver((name, content, at("2021-08-30T08:00")), name=f"{name}.csv")
    installed.build()
    return folder / "var"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("duty"))


@pytest.fixture(scope="module")
def release(data: Path) -> Iterator[Release]:
    opened = open_release(data, "leader")
    yield opened
    opened.close()


def test_each_report_is_on_time_late_or_missing_and_not_due_before_its_hour(release: Release) -> None:
    cells = {(item.unit, item.day): item for item in duties(release, DAY - timedelta(days=6), DAY)}
    assert len(cells) == 6
    end = known_at(release, DAY)
    mine = [cells["747", DAY - timedelta(days=back)].punctuality(end) for back in (2, 1, 0)]
    assert mine == ["on_time", "late", "missing"]
    assert cells["747", DAY].punctuality(at("2021-08-29T20:00")) == "not_due"
    assert cells["747", DAY - timedelta(days=1)].punctuality(at("2021-08-28T21:00")) == "missing"


def test_completeness_is_fields_filled_over_fields(release: Release) -> None:
    found = completeness_course(release, "77", DAY - timedelta(days=3), DAY)
    assert found == {"tests": [None, 75.0, 75.0, 75.0]}
    assert completeness_course(release, "748", DAY, DAY) == {"tests": [100.0]}


def test_two_systems_agree_or_not_and_what_is_missing_is_neither(release: Release) -> None:
    found = {(item.pair, item.unit): item for item in agreements(release, DAY)}
    assert (found["given_entered", "747"].first, found["given_entered", "747"].second) == (70, 28)
    assert found["given_entered", "747"].agrees is False
    assert found["given_entered", "748"].agrees is True
    assert found["given_entered", "755"].agrees is None
    assert {pair for pair, _ in found} == {"given_entered"}


def test_a_platform_is_live_overdue_or_planned(release: Release) -> None:
    states = {unit: item.stage(DAY) for (_, unit), item in rollouts(release, DAY).items()}
    assert states == {"747": "live", "748": "overdue", "750": "planned"}
    assert rollouts(release, date(2021, 8, 27)) == {}
