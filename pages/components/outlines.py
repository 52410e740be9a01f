"""The outlines of a release's units, laid out once a release."""

from __future__ import annotations

from analytics import outlines as layout
from analytics.outlines import Inset, Outline, Outlines
from analytics.release import Release
from pages.components import cached

__all__ = ["Inset", "Outline", "Outlines", "geometries", "outlines"]


@cached.per_release
def geometries(release: Release, codes: tuple[str, ...]) -> dict[str, str]:
    """GeoJSON geometry text of each of `codes` that has a boundary."""
    return layout.geometries(release, codes)


@cached.per_release
def outlines(release: Release, codes: tuple[str, ...]) -> Outlines:
    """The units of `codes` laid out; without any boundary, an empty layout that names every unit as missing."""
    return layout.lay_out(release, codes)
