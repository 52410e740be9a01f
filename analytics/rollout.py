"""Which platform is live in which unit, since when, with how many people trained and accounts in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analytics.release import Release
from analytics.sql import query

Stage = Literal["live", "overdue", "planned", "none"]


@dataclass(frozen=True)
class Rollout:
    """One platform in one unit as last reported."""

    platform: str
    unit: str
    planned_on: date | None
    started_on: date | None
    trained_staff: int | None
    active_accounts: int | None
    day: date
    """The day the row is about."""

    def stage(self, day: date) -> Stage:
        """Live since its start, overdue past its planned day, planned before it, none without either."""
        if self.started_on is not None and self.started_on <= day:
            return "live"
        planned = self.planned_on or self.started_on
        if planned is None:
            return "none"
        return "planned" if planned >= day else "overdue"


def rollouts(release: Release, day: date) -> dict[tuple[str, str], Rollout]:
    """The state of each platform and unit on `day`, by (platform, unit); absent where nothing was ever reported."""
    if not release.has_table("row_rollout"):
        return {}
    rows = release.cursor().execute(query("rollout_states"), {"day": day, "known": release.moment(None)}).fetchall()
    return {(row[0], row[1]): Rollout(*row) for row in rows}
