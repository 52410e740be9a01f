"""Rt against the published estimates of Cori et al. 2013 for the school outbreak of influenza, 2009."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.rt import LEAST_CASES, Floats, posterior, reproduction_number, serial_interval

ROOT = Path(__file__).parents[2]
TOLERANCE = 1e-9
COLUMNS = {
    "mean": "Mean(R)",
    "sd": "Std(R)",
    "q025": "Quantile.0.025(R)",
    "q50": "Median(R)",
    "q975": "Quantile.0.975(R)",
}


@pytest.fixture
def incidence(shared_data: Path) -> Floats:
    return pd.read_csv(shared_data / "epiestim/csv/Flu2009_incidence.csv")["I"].to_numpy(dtype=np.float64)


def published(shared_data: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(shared_data / "epiestim/expected" / name)


def test_rt_with_the_given_serial_interval(shared_data: Path, incidence: Floats) -> None:
    weights = pd.read_csv(shared_data / "epiestim/csv/Flu2009_si_distr.csv")["w"].to_numpy(dtype=np.float64)
    ours, theirs = reproduction_number(incidence, weights), published(shared_data, "Example1_R.csv")
    assert list(ours.last + 1) == list(theirs["t_end"])
    for name, column in COLUMNS.items():
        np.testing.assert_allclose(getattr(ours, name), theirs[column], rtol=0, atol=TOLERANCE)
    assert ours.mean[0] == pytest.approx(1.735608909, abs=5e-10)
    assert (ours.q025[0], ours.q975[0]) == pytest.approx((1.028631840, 2.624495900), abs=5e-8)


def test_rt_with_a_mean_and_standard_deviation(shared_data: Path, incidence: Floats) -> None:
    weights = serial_interval(2.6, 1.5, len(incidence))
    ours, theirs = reproduction_number(incidence, weights), published(shared_data, "Example3_R.csv")
    for name, column in COLUMNS.items():
        np.testing.assert_allclose(getattr(ours, name), theirs[column], rtol=0, atol=TOLERANCE)
    assert ours.mean[0] == pytest.approx(1.735797664, abs=5e-10)


def test_the_discretised_serial_interval(shared_data: Path) -> None:
    text = (shared_data / "epiestim/expected/Example3_si_distr.csv").read_text(encoding="utf-8")
    theirs = np.array([float(cell) for cell in text.replace("\n", ",").split(",") if cell])
    ours = serial_interval(2.6, 1.5, len(theirs) - 1)
    np.testing.assert_allclose(ours, theirs[:-1], rtol=0, atol=1e-12)


def test_cases_known_to_be_imported_infect_but_are_not_infected_here() -> None:
    cases = np.array([1.0, 2, 3, 5, 8, 13, 8, 9, 4, 3])
    imported = np.zeros_like(cases)
    imported[[0, 4]] = [1, 8]
    weights = serial_interval(2.6, 1.5, len(cases))
    with_arrivals = reproduction_number(cases, weights, imported=imported)
    assert with_arrivals.cases[0] == cases[1:8].sum() - 8
    assert (with_arrivals.mean < reproduction_number(cases, weights).mean).tolist() == [True, True, True]


def test_eleven_cases_are_the_least_whose_estimate_varies_by_less_than_a_third() -> None:
    for cases, shown in ((LEAST_CASES, True), (LEAST_CASES - 1, False)):
        mean, sd, _ = posterior(np.array([float(cases)]), np.array([10.0]))
        assert bool((sd / mean)[0] <= 0.3) is shown


@pytest.mark.parametrize("cases", [[1, 2, 3], [1, 2, np.nan, 4, 5, 6, 7, 8, 9], [1, 2, -1, 4, 5, 6, 7, 8, 9]])
def test_series_that_cannot_be_estimated_are_refused(cases: list[float]) -> None:
    with pytest.raises(ValueError, match="Rt"):
        reproduction_number(np.array(cases, dtype=np.float64), serial_interval(2.6, 1.5, 9))


def test_the_command_writes_the_published_estimates(shared_data: Path, tmp_path: Path) -> None:
    source = pd.read_csv(shared_data / "epiestim/csv/Flu2009_incidence.csv")
    source.set_axis(["date", "cases"], axis=1).to_csv(tmp_path / "cases.csv", index=False)
    command = [sys.executable, "-m", "analytics", "rt", "--cases", str(tmp_path / "cases.csv")]
    by_mean = subprocess.run(
        [*command, "--si-mean", "2.6", "--si-sd", "1.5"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    (tmp_path / "rt.csv").write_text(by_mean.stdout, encoding="utf-8")
    ours, theirs = pd.read_csv(tmp_path / "rt.csv"), published(shared_data, "Example3_R.csv")
    assert list(ours.columns) == ["start", "end", "mean", "sd", "q025", "q50", "q975"]
    assert list(ours["end"]) == list(theirs["date_end"])
    shown = ours["mean"].notna()
    for name, column in COLUMNS.items():
        np.testing.assert_allclose(ours.loc[shown, name], theirs.loc[shown, column], rtol=0, atol=TOLERANCE)
    by_file = subprocess.run(
        [*command, "--si", str(shared_data / "epiestim/csv/Flu2009_si_distr.csv"), "--json"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = json.loads(by_file.stdout)
    assert rows[0]["mean"] == pytest.approx(1.735608909, abs=5e-10)
    assert rows[0]["start"] == "2009-04-28"
