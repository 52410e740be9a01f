"""What people wrote stands on the curves of a briefing's files and of the daily report, as of the moment they show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.briefing.files import Wanted, composed, daily, make
from analytics.briefing.model import Briefing, Curve
from analytics.release import Release
from data_sources.annotations import FILE, Draft, withdraw, write


@pytest.fixture
def data(province: Release, tmp_path: Path) -> Iterator[Path]:
    last = province.last_day
    event = Draft(
        kind="event",
        first_day=last - timedelta(days=4),
        last_day=None,
        units=(province.province.code,),
        vi="Diễn tập ứng phó",
        source="KH 12",
        author="leader",
    )
    write(tmp_path, event, datetime(2021, 8, 1, tzinfo=UTC))
    yield tmp_path


def labels(briefing: Briefing) -> set[str]:
    return {
        band.label
        for slide in briefing.slides
        for block in slide.blocks
        if isinstance(block, Curve)
        for band in block.bands
    }


def test_the_curves_of_files_show_it_and_without_a_folder_there_is_none(province: Release, data: Path) -> None:
    assert "Diễn tập ứng phó" in labels(composed(province, Wanted(data=data)))
    assert "Diễn tập ứng phó" not in labels(composed(province, Wanted()))
    assert "Diễn tập ứng phó" in labels(daily(province, Wanted(data=data)))


def test_as_of_before_its_withdrawal_it_is_still_there(province: Release, data: Path) -> None:
    withdraw(data, 1, "leader", province.as_of + timedelta(days=30))
    assert "Diễn tập ứng phó" not in labels(composed(province, Wanted(data=data)))
    assert "Diễn tập ứng phó" in labels(composed(province, Wanted(data=data, as_of=province.as_of)))


def test_a_damaged_file_is_said_and_the_briefing_is_made(province: Release, data: Path) -> None:
    (data / FILE).write_bytes(b"no database" * 500)
    made = make(province, "xlsx", Wanted(data=data))
    assert made.content.startswith(b"PK")
    assert any("Chưa hiện được biện pháp" in fault.text for fault in made.faults)
