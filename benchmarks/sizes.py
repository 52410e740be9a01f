"""How large the benchmarks are; every size is a flag of the command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The sizes of one run; the defaults are those of the targets and take under twelve minutes on two cores."""

    rows: int = 10_000_000
    """Vaccination rows in the file that is ingested."""
    cases: int = 10_000_000
    """Rows of the line list behind the page queries."""
    doses: int = 30_000_000
    """Doses behind the page queries."""
    aid: int = 2_000_000
    """Rows of aid that the page queries' figures may not notice: requests and offers as they open and end."""
    calls: int = 2_000_000
    """Rows of the hotline beside them."""
    days: int = 600
    """Days of the data behind the page queries."""
    asked: int = 30
    """How often each page question is asked, each time about another day or unit."""
    asked_of_rows: int = 3
    """How often the same question is asked of the raw rows."""
    viewers: int = 50
    viewer_seconds: int = 40
    visits: int = 5
    """First views of a page in a browser, ours and the empty app's in turn."""
    unit_names: int = 10_000
    """Distinct names of units."""
    form_rows: int = 2_000
    large_form_rows: int = 100_000
    """Rows of the forms that are judged."""
    repeats: int = 3
    """How often the ingest is done, in turn with its reference."""
