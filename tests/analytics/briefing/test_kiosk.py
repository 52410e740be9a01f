"""A wall's link: ours and unexpired, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.briefing.kiosk import KEY_FILE, LONGEST, check, issue
from data_sources.refusal import Refused

NOW = datetime(2021, 8, 29, 12, tzinfo=UTC)


def test_a_link_holds_until_it_ends(tmp_path: Path) -> None:
    token = issue(tmp_path, NOW, timedelta(hours=24))
    assert check(tmp_path, token, NOW + timedelta(hours=23, minutes=59)) == NOW + timedelta(hours=24)
    with pytest.raises(Refused, match="expired"):
        check(tmp_path, token, NOW + timedelta(hours=24))


def test_no_link_lasts_longer_than_a_month(tmp_path: Path) -> None:
    assert check(tmp_path, issue(tmp_path, NOW, timedelta(days=4000)), NOW) == NOW + LONGEST


def test_another_hosts_link_and_a_lengthened_one_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "own").mkdir()
    foreign = issue(tmp_path / "other", NOW)
    own = issue(tmp_path / "own", NOW)
    ends, signature = own.split(".")
    for token in (foreign, f"{int(ends) + 3600}.{signature}", f"{ends}.", "", ".", f"-{own}", f"{own}0"):
        with pytest.raises(Refused):
            check(tmp_path / "own", token, NOW)


def test_the_key_is_the_owners_alone_and_taking_it_away_ends_every_link(tmp_path: Path) -> None:
    token = issue(tmp_path, NOW)
    file = tmp_path / KEY_FILE
    assert file.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [file]
    assert issue(tmp_path, NOW) == token
    file.unlink()
    with pytest.raises(Refused):
        check(tmp_path, token, NOW)


@given(st.text(max_size=100))
def test_whatever_is_sent_is_refused(tmp_path_factory: pytest.TempPathFactory, token: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "kiosk"
    folder.mkdir(exist_ok=True)
    issue(folder, NOW)
    with pytest.raises(Refused):
        check(folder, token, NOW)
