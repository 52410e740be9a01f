"""An earlier moment is read as the release of that moment would have said it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.breakdown import by_stratum
from analytics.indicators import INDICATORS
from analytics.readings import read
from analytics.release import open_release
from analytics.sentences import changes, decisions
from tests.analytics.release_fixture import SmallRelease, at
from tests.analytics.small_province import small_province

THEN = at("2021-08-24 12:00")
REVISED = 400


def revised(seed: int) -> SmallRelease:
    """The small province with late corrections, late withdrawals, and cells told again after a withdrawal."""
    made, random = small_province(seed=seed), np.random.default_rng(seed)
    for place in random.choice(len(made.observations), REVISED, replace=False).tolist():
        measure, stratum, unit, day, value, issued = made.observations[place]
        if made.observations[place][3] < THEN.date() - timedelta(days=21) and random.random() < 0.9:
            continue  # most corrections are about the last weeks
        for turn in range(int(random.integers(1, 4))):
            later = issued + timedelta(hours=int(random.integers(1, 240)) + 240 * turn)
            told = None if random.random() < 0.2 else float(value or 0.0) + int(random.integers(0, 3))
            made.observations.append((measure, stratum, unit, day, told, later))
    told_before = [
        (*row[:2], THEN.date() - timedelta(days=1), THEN - timedelta(hours=6)) for row in made.tables["coverage"]
    ]
    return made.insert("coverage", *told_before)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_release_read_as_of_then_is_the_release_of_then(tmp_path: Path, seed: int) -> None:
    made = revised(seed)
    of_then = dataclasses.replace(made, as_of=THEN)
    of_then.observations = [row for row in made.observations if row[5] <= THEN]
    of_then.tables = {
        name: [row for row in rows if name != "coverage" or row[3] <= THEN] for name, rows in made.tables.items()
    }
    opened = []
    for name, release in (("now", made), ("then", of_then)):
        folder = tmp_path / name
        folder.mkdir()
        release.write(folder)
        opened.append(open_release(folder, "leader"))
    now, then = opened
    assert now.evaluation.cube.shape == then.evaluation.cube.shape
    units = [now.province.code, *(unit.code for unit in now.units.reporting())]
    differing = 0
    for back in (0, 1, 5, 20):
        day = THEN.date() - timedelta(days=back)
        found, expected = read(now, INDICATORS, units, day, THEN), read(then, INDICATORS, units, day)
        differing += sum(found[key] != newest for key, newest in read(now, INDICATORS, units, day).items())
        for key, reading in expected.items():
            assert plain(found[key]) == pytest.approx(plain(reading), nan_ok=True), (key, day)
    assert differing > 100, "then and now must differ for this to say anything"
    day = THEN.date()
    assert changes(now, day, "vi", THEN) == changes(then, day, "vi")
    assert decisions(now, day, "vi", THEN) == decisions(then, day, "vi")
    curves = [by_stratum(release, "cases_new", "detection", units[0], day - timedelta(days=30), day, as_of)
              for release, as_of in ((now, THEN), (then, None))]  # fmt: skip
    assert curves[0].equals(curves[1])


def plain(reading: Any) -> dict[str, Any]:
    """Every field of a reading and of its quality, each by its name."""
    fields = dataclasses.asdict(reading)
    quality = fields.pop("quality")
    return {name: value for name, value in (fields | quality).items() if name != "threshold"}
