"""Rows set aside: every row once over the pages, values bound, and nothing for a role without row-level data."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.release import open_release
from analytics.set_aside import COLUMNS, set_aside
from data_sources.refusal import Refused
from tests.analytics.release_fixture import SmallRelease

ROWS = [
    ("forms", "b.xlsx", "1", number, "unit", f"Long Dien {number}", "Long Điền", "unit_doubtful") for number in range(7)
] + [("lab", "a.csv", None, number, "day", "31/2", "dd/mm/yyyy", "day_unreadable") for number in range(4)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    SmallRelease().unit("747").insert("analysis.set_aside", *ROWS).write(tmp_path)
    return tmp_path


def test_pages_together_are_all_rows_once(data: Path) -> None:
    release = open_release(data, "analyst")
    pages = [set_aside(release, offset=start, limit=3) for start in range(0, 12, 3)]
    seen = [tuple(row) for page in pages for row in page.rows.astype(object).itertuples(index=False, name=None)]
    assert {page.total for page in pages} == {len(ROWS)}
    assert [row[:2] + row[3:] for row in seen] == [row[:2] + row[3:] for row in sorted(ROWS, key=lambda row: row[:2])]
    assert tuple(pages[0].rows.columns) == COLUMNS


@pytest.mark.parametrize(
    ("source", "reason", "expected"),
    [("lab", None, 4), (None, "unit_doubtful", 7), ("lab", "unit_doubtful", 0), ("' OR 1=1 --", None, 0)],
)
def test_filters_are_bound_values(data: Path, source: str | None, reason: str | None, expected: int) -> None:
    found = set_aside(open_release(data, "analyst"), source=source, reason=reason)
    assert (found.total, len(found.rows)) == (expected, expected)


@pytest.mark.parametrize("role", ["leader", "briefing"])
def test_refused_to_roles_without_rows(data: Path, role: str) -> None:
    with pytest.raises(Refused, match="analyst"):
        set_aside(open_release(data, role), limit=1)  # type: ignore[arg-type]
