"""Sites on the map: quarantine sites, treatment facilities and checkpoints, and what may be said of each on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from analytics.disclosure import Protected
from analytics.release import AsOf, Release
from data_sources.contracts import CONTRACTS

PROTECTED = """
SELECT unit, site, field, shown, low, high FROM picture.site_count WHERE dataset = ? AND day = ? AND issued <= ?
"""
EXACT = """
SELECT unit, site, field, CAST(value AS VARCHAR), CAST(value AS DOUBLE), CAST(value AS DOUBLE)
FROM analysis.site_count_exact WHERE dataset = ? AND day = ? AND issued <= ?
"""


@dataclass(frozen=True)
class Site:
    """One site on one day; `counts` holds by field what is known and may be shown, exact where low equals high."""

    dataset: str
    unit: str
    site: str
    kind: str
    longitude: float | None
    latitude: float | None
    counts: dict[str, Protected] = field(default_factory=dict)

    def middle(self, name: str) -> float | None:
        """The middle of what is known of a count, for a colour or a share; None where it is withheld or missing."""
        return self.counts[name].middle if name in self.counts else None


def sites(
    release: Release, dataset: str, day: date, units: Iterable[str] | None = None, as_of: AsOf = None
) -> list[Site]:
    """Every site of a dataset in `units` (everywhere by default) with its counts of `day`, by unit and name.

    Analysts have exact counts. For the others people are counted under the small-number rule: a text with the
    interval it stands for, or nothing where the district's published total would give a site away. A day that was
    told or corrected after `as_of` has no counts. KeyError for a dataset without sites.
    """
    if CONTRACTS[dataset].site is None:
        raise KeyError(f"{dataset} has no sites")
    codes = None if units is None else list(units)
    rows = release.cursor().execute(
        "SELECT unit, site, kind, longitude, latitude FROM picture.site WHERE dataset = $dataset"
        " AND ($units::VARCHAR[] IS NULL OR list_contains($units::VARCHAR[], unit)) ORDER BY unit, site",
        {"dataset": dataset, "units": codes},
    )
    found = {(row[0], row[1]): Site(dataset, *row) for row in rows.fetchall()}
    values = [dataset, day, release.moment(as_of)]
    shown = release.cursor().execute(EXACT if release.role == "analyst" else PROTECTED, values)
    for unit, site, name, text, low, high in shown.fetchall():
        if (unit, site) in found:
            found[unit, site].counts[name] = Protected(text, low, high)
    return list(found.values())
