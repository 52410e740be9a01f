"""The pages and who sees them: one line for each. A new page is its script and its line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from analytics.release import Role

EVERYONE: tuple[Role, ...] = get_args(Role)
STEWARDS: tuple[Role, ...] = ("steward", "analyst")
"""Who may hand forms in: the data stewards of the units, and the analysts who help them."""


@dataclass(frozen=True)
class Entry:
    """One page: `pages/<name>.py`, its title `page_<name>` in assets/text/frame.toml, at /<name>; the first at /.

    Pages of one `group` stand under its name, `group_<group>`, in a list that opens.
    """

    name: str
    roles: tuple[Role, ...] = EVERYONE
    group: str = ""
    datasets: tuple[str, ...] | None = None
    """The datasets its figures come from: where a source of one is late, the page says so. None: all of them, or those
    of the indicator chosen on it (`View.uses`)."""


TRACING = ("traces", "contacts", "encounters", "checkins", "tracing_counts", "cases")

PAGES = (
    Entry("overview"),
    Entry("rankings"),
    Entry("map"),
    Entry("briefing"),
    Entry("cases", group="epidemic", datasets=("case_counts", "cases")),
    Entry("trails", group="epidemic", datasets=("trail_points", "traces", "cases")),
    Entry("tracing", group="epidemic", datasets=TRACING),
    Entry("mobility", group="epidemic", datasets=("mobility", "case_counts", "cases")),
    Entry("testing", group="epidemic", datasets=("tests", "case_counts")),
    Entry("vaccination", group="response", datasets=("vaccination", "health_book")),
    Entry("care", group="response", datasets=("quarantine_sites", "treatment", "case_counts")),
    Entry("declarations", group="response", datasets=("declarations",)),
    Entry("communication", group="response", datasets=("hotline", "channel_posts", "broadcasts", "misinformation")),
    Entry("aid", group="response", datasets=("aid",)),
    Entry("annotations", group="response", datasets=()),
    Entry("platforms", group="data", datasets=("rollout", "health_book", "devices")),
    Entry("quality", group="data", datasets=("submissions",)),
    Entry("sources", group="data"),
    Entry("submit", STEWARDS, group="data", datasets=()),
    Entry("catalogue", group="data"),
)


def pages_of(role: Role) -> tuple[Entry, ...]:
    """The pages `role` sees, in the order of the navigation; the overview first for everyone."""
    return tuple(entry for entry in PAGES if role in entry.roles)


def takes_files(role: str) -> bool:
    """True where a process of this role, or the demonstration that serves all of them, has the page for forms."""
    return role in (*STEWARDS, "demo")
