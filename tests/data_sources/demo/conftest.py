"""The demonstration, generated once a session, and its rows on disk, kept for the next run of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_sources.demo.generator import Demonstration, generate
from data_sources.demo.server import DemoServer


@pytest.fixture(scope="session")
def demonstration() -> Demonstration:
    return generate()


@pytest.fixture(scope="session")
def demo_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that outlives one run: its content is named after the generator's code."""
    return tmp_path_factory.getbasetemp().parent / "demonstration"


@pytest.fixture(scope="session")
def demo_server(demo_cache: Path) -> Iterator[DemoServer]:
    with DemoServer(demo_cache) as server:
        yield server
