"""Releases that the tests of analytics share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.release import Release, Role, open_release
from tests.analytics.release_fixture import SmallRelease
from tests.analytics.small_province import small_province


@pytest.fixture(scope="session")
def province_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the release of `small_province`."""
    data = tmp_path_factory.mktemp("province")
    small_province().write(data)
    return data


@pytest.fixture(scope="session")
def province(province_data: Path) -> Release:
    """The province as a leader sees it."""
    return open_release(province_data, "leader")


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Release]:
    """Write a small release and open it."""

    def write_and_open(made: SmallRelease, role: Role = "leader") -> Release:
        made.write(tmp_path)
        return open_release(tmp_path, role)

    return write_and_open
