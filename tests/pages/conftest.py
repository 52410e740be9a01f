"""The app under AppTest: through app.py, on any data folder, in any role, warm or cold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.pages.steady_province import ROOT, write_steady

Open = Callable[..., AppTest]


def shown(app: AppTest) -> str:
    """Everything the page shows as HTML and text, one string."""
    assert not app.exception, [item.message for item in app.exception]
    return "\n".join(item.value for item in app.markdown)


def points_of(html: str) -> list[str]:
    """What the points of the first drawing of the page say, under the pointer and to the arrow keys."""
    found = re.search(r' data-said="([^"]*)"', html)
    assert found, "no drawing says its points"
    return unescape(found.group(1)).split("|")


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(scope="session")
def steady_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the steady province."""
    data = tmp_path_factory.mktemp("steady")
    write_steady(data)
    return data


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, steady_data: Path) -> Open:
    """open_page("rankings", role="analyst", cold=True, unit="752"): the page after its first run.

    Cold means that no session of the process has run the navigation yet, as after a restart of the server.
    """

    def opened(
        page: str, *, data: Path | None = None, role: str = "leader", cold: bool = False, **address: str
    ) -> AppTest:
        monkeypatch.setenv("TOANCANH_DATA", str(data or steady_data))
        monkeypatch.setenv("TOANCANH_ROLE", role)
        monkeypatch.chdir(ROOT)
        PagesManager.uses_pages_directory = None if cold else False
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        if page != "overview":
            if not cold:
                app.run()
            app.switch_page(f"pages/{page}.py")
        return app.run()

    return opened
