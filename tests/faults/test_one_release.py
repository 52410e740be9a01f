"""Fault 77: all blocks of a page tell of one release, also when another is published while the page is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analytics.release import Release, current_id
from pages.components import cached
from tests.pages.conftest import Open, _nothing_cached, open_page, shown, steady_data  # noqa: F401 (fixtures)
from tests.pages.steady_province import newer, write_steady


@pytest.mark.parametrize(("page", "questions"), [("overview", 1), ("overview", 4), ("map", 4), ("sources", 4)])
def test_fault_77_a_release_published_while_a_page_is_drawn_waits_for_its_next_run(
    open_page: Open,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    questions: int,
) -> None:
    data = tmp_path / "var"
    old = write_steady(data)
    app = open_page(page, data=data)
    asked: list[str] = []  # a question is the page's beginning, the fourth lies in its middle
    published: list[str] = []
    real: Callable[..., Any] = Release.cursor

    def cursor(release: Release) -> Any:
        asked.append(release.id)
        if len(asked) == questions and not published:
            published.append(newer(data, 7))
        return real(release)

    answer = cached._answer

    def answered(function: str, release: Release, scope: cached.Scope) -> Any:
        asked.append(release.id)
        if len(asked) == questions and not published:
            published.append(newer(data, 7))
        return answer(function, release, scope)

    monkeypatch.setattr(Release, "cursor", cursor)
    monkeypatch.setattr(cached, "_answer", answered)
    before = shown(app)
    app.run()
    assert published == [current_id(data)] and published != [old], "it was published while the page was drawn"
    assert len(asked) > questions and set(asked) == {old}
    assert shown(app) == before
    asked.clear()
    app.run()
    assert asked and set(asked) == set(published), "the next run tells of the new one, and of it alone"
