"""Persons whom two units may have reported under two codes, by pseudonym; for analysts only."""

from __future__ import annotations

import pandas as pd

from analytics.release import Release
from data_sources.refusal import Refused

COLUMNS = ("person", "unit", "day", "other_person", "other_unit", "other_day")


def possible_same_person(release: Release) -> pd.DataFrame:
    """Each pair once, the newest first, with COLUMNS; empty where no source gives names with birth dates or phones.

    Refused for a role other than analysts: a pair says that two rows are about one person.
    """
    if release.role != "analyst":
        raise Refused(
            needed="the analyst role",
            found=release.role,
            where="persons reported twice",
            remedy="Rows about persons are open to analysts only; use the counts by source.",
        )
    return release.cursor().execute(
        "SELECT person, unit, day, other_person, other_unit, other_day FROM analysis.possible_same_person"
        " ORDER BY greatest(day, other_day) DESC, person, other_person"
    ).df()  # fmt: skip
