"""Indicators computed a second time, in pandas, from the observations as they lie in the file, gaps included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from analytics.indicators import INDICATORS
from analytics.indicators.risk import SERIAL_INTERVAL_MEAN_DAYS, SERIAL_INTERVAL_SD_DAYS
from analytics.readings import series
from analytics.release import Release, current_id, open_release
from analytics.rt import reproduction_number, serial_interval
from tests.analytics.small_province import FIRST, LAST, UNITS, small_province

PROVINCE = "77"
DAYS = pd.date_range(FIRST, LAST)
SINCE = LAST - timedelta(days=20)
RESIDENTS = pd.Series({code: float(residents) for code, (_, residents) in UNITS.items()})
ADULTS = pd.Series({code: float(round(0.717 * residents)) for code, (_, residents) in UNITS.items()})
LINE_LISTS = ("cases", "traces", "aid")


class Observed:
    """The observation table as one frame of days by units for each measure and stratum."""

    def __init__(self, file: Path) -> None:
        with duckdb.connect(str(file), read_only=True) as con:
            self.rows = con.execute("SELECT * FROM observation").df()

    def daily(self, measure: str, stratum: str = "") -> pd.DataFrame:
        found = self.rows[(self.rows["measure"] == measure) & (self.rows["stratum"] == stratum)]
        frame = found.pivot(index="day", columns="unit", values="value")
        frame = frame.reindex(index=DAYS, columns=list(UNITS))
        if stratum:
            total = self.daily(measure)
            frame = frame.mask(frame.isna() & total.notna(), 0.0)
        return frame.fillna(0.0) if measure.split(".")[0] in LINE_LISTS else frame


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province where one report in eight, and one stratum in ten, never came."""
    made = small_province(seed=5)
    random = np.random.default_rng(5)
    lost = {
        (dataset, unit, FIRST + timedelta(days=number))
        for dataset in ("case_counts", "tests", "vaccination", "mobility", "hotline", "devices", "rollout")
        for unit in UNITS
        for number in np.flatnonzero(random.random(len(DAYS)) < 0.12).tolist()
    }
    made.observations = [
        row
        for row in made.observations
        if (row[0].split(".")[0], row[2], row[3]) not in lost and not (row[1] and random.random() < 0.1)
    ]
    folder = tmp_path_factory.mktemp("gaps")
    made.write(folder)
    return folder


@pytest.fixture(scope="module")
def release(data: Path) -> Release:
    return open_release(data, "leader")


@pytest.fixture(scope="module")
def observed(data: Path) -> Observed:
    return Observed(data / "releases" / str(current_id(data)) / "picture.duckdb")


def window(frame: pd.DataFrame, days: int, how: str = "sum") -> pd.DataFrame:
    rolled = frame.rolling(days, min_periods={7: 5, 14: 10, 1: 1}[days])
    return rolled.sum() if how == "sum" else rolled.mean()


def since_start(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.fillna(0.0).cumsum().where(frame.notna().cumsum() > 0)


def ratio(top: pd.DataFrame, bottom: pd.DataFrame | pd.Series | None, scale: float) -> pd.DataFrame:
    """Each unit's ratio, and the province's as the ratio of the sums over units that have both."""
    if bottom is None:
        return (top * scale).assign(**{PROVINCE: top.sum(axis=1, min_count=1) * scale})
    below = bottom if isinstance(bottom, pd.DataFrame) else top.notna() * bottom
    both = top.notna() & below.notna()
    units = top / below.where(below > 0) * scale
    top, below = top.where(both & (below > 0)), below.where(both)
    province = top.sum(axis=1) / below.sum(axis=1).where(below.sum(axis=1) > 0) * scale
    return units.assign(**{PROVINCE: province})


def local_cases(seen: Observed) -> pd.DataFrame:
    return seen.daily("case_counts.cases") - seen.daily("case_counts.cases", "detection=arrival").fillna(0.0)


def matched(top: pd.DataFrame, bottom: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    both = top.notna() & bottom.notna()
    return top.where(both), bottom.where(both)


def positivity(seen: Observed, stratum: str) -> pd.DataFrame:
    top, bottom = matched(seen.daily("tests.positives", stratum), seen.daily("tests.results_returned", stratum))
    top, bottom = window(top, 7), window(bottom, 7)
    shares = ratio(top, bottom, 100)
    sums = bottom.assign(**{PROVINCE: bottom.where(top.notna()).sum(axis=1)})
    return shares.where(sums >= 20)


def contacts_per_f0(seen: Observed) -> pd.DataFrame:
    top, bottom = (since_start(seen.daily(f"traces.{name}")) for name in ("f1_found", "f0_with_contacts_stated"))
    sums = bottom.assign(**{PROVINCE: bottom.sum(axis=1)})
    return ratio(top, bottom, 1).where(sums >= 5)


def days_to_close(seen: Observed) -> pd.DataFrame:
    gap = ratio(seen.daily("devices.pupils_without_device").ffill(limit=7), None, 1)
    pace = ratio(window(seen.daily("devices.devices_delivered"), 7, "mean"), None, 1)
    return gap / pace.where(pace > 0)


def slope(seen: Observed) -> pd.DataFrame:
    means = window(local_cases(seen), 7, "mean")
    # The province's slope is of the units that have all seven days, so that a silent unit is no fall.
    steady = means.rolling(7, min_periods=7).count() == 7
    out = pd.DataFrame(index=means.index, columns=[*UNITS, PROVINCE], dtype=float)
    for place in range(6, len(means)):
        block = means.iloc[place - 6 : place + 1]
        for unit in UNITS:
            if steady.iloc[place][unit]:
                out.loc[means.index[place], unit] = np.polyfit(range(7), block[unit], 1)[0]
        whole = block.loc[:, steady.iloc[place]]
        if not whole.empty and whole.shape[1]:
            out.loc[means.index[place], PROVINCE] = np.polyfit(range(7), whole.sum(axis=1), 1)[0]
    return out


def weekday_change(seen: Observed) -> pd.DataFrame:
    top, bottom = seen.daily("mobility.stationary_subscribers"), seen.daily("mobility.active_subscribers")
    shares = top / bottom
    out = pd.DataFrame(index=top.index, columns=list(UNITS), dtype=float)
    for place, day in enumerate(top.index):
        before = shares.iloc[[place - 7 * week for week in range(1, 9) if place - 7 * week >= 0]]
        for unit in UNITS:
            known = before[unit].dropna()
            if len(known) >= 4:
                out.loc[day, unit] = 100 * (shares.loc[day, unit] / known.median() - 1)
    return out


def days_to_70(seen: Observed) -> pd.DataFrame:
    people = seen.daily("vaccination.people_first")
    coverage = ratio(since_start(people), ADULTS, 100)
    pace = ratio(window(people, 7, "mean"), ADULTS, 100)
    return (70 - coverage).clip(lower=0) / pace


def risk_level(seen: Observed) -> pd.DataFrame:
    cases = window(seen.daily("case_counts.cases", "detection=community"), 7)
    incidence = ratio(cases, RESIDENTS, 100_000)
    coverage = ratio(since_start(seen.daily("vaccination.people_first")), ADULTS, 100)
    below = 1.0 + (incidence >= 20) + (incidence >= 50) + (incidence >= 150)
    level = below.where(coverage < 70, (below - 1).clip(lower=1))
    missed = (older_coverage(seen) < 80) & (incidence > 0)
    return (level + missed).clip(upper=4).where(incidence.notna() & coverage.notna())


def older_coverage(seen: Observed) -> pd.DataFrame:
    given = since_start(seen.daily("vaccination.people_full", "age_group=65+"))
    return ratio(given, (0.05 * RESIDENTS).round(), 100)


RECOMPUTED: dict[str, Callable[[Observed], pd.DataFrame]] = {
    "cases_new": lambda seen: ratio(local_cases(seen), None, 1),
    "cases_new_7d_mean": lambda seen: ratio(window(local_cases(seen), 7, "mean"), None, 1),
    "cases_cumulative": lambda seen: ratio(since_start(local_cases(seen)), None, 1),
    "cases_slope_7d": slope,
    "incidence_7d": lambda seen: ratio(window(local_cases(seen), 7), RESIDENTS, 100_000),
    "incidence_14d": lambda seen: ratio(window(local_cases(seen), 14), RESIDENTS, 100_000),
    "deaths_per_million": lambda seen: ratio(since_start(seen.daily("case_counts.deaths")), RESIDENTS, 1_000_000),
    "positivity_7d": lambda seen: positivity(seen, ""),
    "positivity_pcr_7d": lambda seen: positivity(seen, "method=pcr"),
    "coverage_first": lambda seen: ratio(since_start(seen.daily("vaccination.people_first")), ADULTS, 100),
    "doses_per_day_7d": lambda seen: ratio(window(seen.daily("vaccination.doses_given"), 7, "mean"), None, 1),
    "doses_entered_share": lambda seen: ratio(
        since_start(seen.daily("vaccination.doses_entered")), since_start(seen.daily("vaccination.doses_given")), 100
    ),
    "days_to_70pct_first": days_to_70,
    "contacts_per_traced_f0": contacts_per_f0,
    "hotline_waiting": lambda seen: ratio(
        *(
            window(frame, 7)
            for frame in matched(
                seen.daily("hotline.waiting_p50_seconds_by_answered"), seen.daily("hotline.answered_with_waiting_p50")
            )
        ),
        1,
    ),
    "aid_open": lambda seen: ratio(
        since_start(
            seen.daily("aid.opened", "kind=request")
            - seen.daily("aid.met", "kind=request").fillna(0.0)
            - seen.daily("aid.cancelled", "kind=request").fillna(0.0)
        ),
        None,
        1,
    ),
    "devices_days_to_close": days_to_close,
    "rollout_share": lambda seen: ratio(
        seen.daily("rollout.started").ffill(limit=7), seen.daily("rollout.planned").ffill(limit=7), 100
    ),
    "stationary_ratio": lambda seen: ratio(
        seen.daily("mobility.stationary_subscribers"), seen.daily("mobility.active_subscribers"), 100
    ),
    "mobility_change": weekday_change,
    "risk_level": risk_level,
    "coverage_full_65": older_coverage,
}


@pytest.mark.parametrize("name", RECOMPUTED)
def test_an_indicator_computed_twice_is_the_same(release: Release, observed: Observed, name: str) -> None:
    theirs = RECOMPUTED[name](observed)
    ours = series(release, name, list(theirs.columns), SINCE, LAST).pivot(index="day", columns="unit", values="value")
    theirs = theirs.loc[pd.Timestamp(SINCE) : pd.Timestamp(LAST), ours.columns]
    assert theirs.notna().any(axis=None)
    np.testing.assert_allclose(ours.to_numpy(), theirs.to_numpy(dtype=float), rtol=1e-9, atol=1e-9)


def test_gaps_were_met(observed: Observed) -> None:
    assert observed.daily("case_counts.cases").isna().sum().sum() > 50
    assert observed.daily("tests.positives").isna().sum().sum() > 50


def test_rt_of_the_province_is_that_of_its_cases(tmp_path: Path) -> None:
    """The indicator's short memory of 28 days against the estimate from the whole series."""
    made = small_province(seed=7)
    made.write(tmp_path)
    seen = Observed(tmp_path / "releases" / str(current_id(tmp_path)) / "picture.duckdb")
    every = seen.daily("case_counts.cases").sum(axis=1).to_numpy()
    arrivals = seen.daily("case_counts.cases", "detection=arrival").sum(axis=1).to_numpy()
    weights = serial_interval(SERIAL_INTERVAL_MEAN_DAYS, SERIAL_INTERVAL_SD_DAYS, len(every))
    theirs = reproduction_number(every, weights, imported=arrivals)
    frame = series(open_release(tmp_path, "leader"), "rt", [PROVINCE], LAST - timedelta(days=30), LAST)
    np.testing.assert_allclose(frame["value"], theirs.mean[-31:], rtol=1e-4)
    np.testing.assert_allclose(frame["low"], theirs.q025[-31:], rtol=1e-4)
    np.testing.assert_allclose(frame["high"], theirs.q975[-31:], rtol=1e-4)


def test_every_family_is_recomputed() -> None:
    themes = {INDICATORS[name].theme for name in RECOMPUTED}
    wanted = {"cases", "risk", "tests", "vaccination", "tracing", "mobility"}
    assert wanted | {"communication", "aid", "schooling", "rollout"} <= themes


def test_the_day_asked_for_is_the_day_answered(release: Release, observed: Observed) -> None:
    day = date(2021, 8, 20)
    frame = series(release, "cases_new_all", ["747"], day, day)
    value = observed.daily("case_counts.cases").loc[pd.Timestamp(day), "747"]
    assert frame["value"].iloc[0] == value or (np.isnan(value) and frame["value"].isna().all())
