"""What `status` says of sources that are late: by the clock, and by the demonstration's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_sources import __main__ as command
from data_sources import inspection
from data_sources.ingest import pull
from data_sources.messages import Message
from data_sources.settings import Settings, parse
from data_sources.turns import Turn, write_turns
from tests.deliveries import at, counts_source, drop

ISSUED = at("2021-08-28T18:00")


def settings(folder: Path, *, demonstration: bool) -> Settings:
    document = {
        "province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"},
        "demonstration": demonstration,
        "source": [counts_source(title="Biểu mẫu", every="5m", late_after="30h")],
    }
    return parse(document, folder)


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A data folder with a release of one file, of a demonstration or not."""
    folders = {}
    for demonstration in (True, False):
        folder = tmp_path_factory.mktemp("status")
        drop(folder / "drop", "a.csv", "unit,day,detection,cases\n747,2021-08-28,community,3\n", ISSUED)
        pull(settings(folder, demonstration=demonstration), folder / "var", received_at=ISSUED + timedelta(hours=1))
        folders[demonstration] = folder / "var"
    return folders


def late(data: Path, hours: float) -> list[tuple[str, str, int]]:
    found = inspection.status(data, ISSUED + timedelta(hours=hours))["late"]
    return [(one["source"], one["why"], one["allowance_seconds"]) for one in found]


def test_late_by_more_than_the_allowance_and_never_in_the_demonstration(pulled: dict[bool, Path]) -> None:
    assert late(pulled[False], 30) == []
    assert late(pulled[False], 30.1) == [("counts", "no_news", 30 * 3600)]
    assert late(pulled[True], 24 * 365) == []


def test_the_command_names_the_late_source_its_turn_and_a_dead_watch(
    pulled: dict[bool, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pulled[False]
    asked = at("2021-08-28T20:00")
    error = Message("trouble.timeout").stored()
    write_turns(data, [Turn(source="counts", next_due=asked, last_success=asked, failures=2, error=error)])

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return at("2021-08-28T22:00").astimezone(UTC)

    monkeypatch.setattr(command, "datetime", Clock)
    assert command.main(["status", "--data", str(data), "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert "counts: next asked 20:00 28 Aug 2021, failed 2 times. timeout" in said
    assert "no watch is running" in said
    assert "late: counts: no answer since 20:00 28 Aug 2021, allowed are 1 hours" in said
    assert command.main(["status", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert "counts: lần hỏi tới 20:00 28/8/2021, đã hỏng 2 lần. hết giờ chờ" in said
    assert "trễ: counts: không trả lời từ 20:00 28/8/2021, cho phép 1 giờ" in said
    assert command.main(["status", "--data", str(data), "--json"]) == 0
    document = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert [one["why"] for one in document["late"]] == ["not_asked"]
    assert document["sources"][0]["late_after_seconds"] == 30 * 3600
    assert document["watching"] is False


def test_before_the_first_pull_nothing_is_late(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["status", "--data", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["late"] == []
    assert not (tmp_path / "watch.lock").exists()
