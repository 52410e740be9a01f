"""What the server does before its first visitor, who would otherwise wait for it."""

from __future__ import annotations

from data_sources.refusal import Refused
from pages.components import cached, frame


def warm() -> None:
    """Import what the pages import and open the current release, if there is one."""
    import pages.components.deck  # noqa: F401  (shapely and pydeck take most of a second)
    from analytics.release import current_id

    pinned = current_id(frame.data_folder())
    if pinned is None:
        return
    try:
        cached.release(frame.data_folder(), frame.ROLES[0], pinned)
    except Refused:
        return  # the page says it, with the remedy
