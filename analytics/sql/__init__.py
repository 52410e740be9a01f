"""Named queries, one file each; values are bound, never written into the text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The text of `analytics/sql/<name>.sql`."""
    return (files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
