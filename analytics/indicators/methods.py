"""How a value follows from numerators and denominators, or from other indicators.

A method works on arrays whose last axis holds the lags it asks for, lag 0 being the day itself; NaN is missing.
Counts of several units are summed before a method sees them, so a larger area is always a ratio of sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from analytics.rates import Z_95
from analytics.rt import LEAST_CASES, posterior, serial_interval

Floats = NDArray[np.float64]
PERCENT = 100.0
Absence = Literal["no_data", "no_denominator", "too_small", "not_enough_days", "not_rising", "area_only"]


@dataclass(frozen=True)
class Estimate:
    """Values with their 95% interval, where the method itself knows one."""

    value: Floats
    low: Floats | None = None
    high: Floats | None = None


class Method(Protocol):
    """From numerators and denominators to a value."""

    @property
    def lags(self) -> tuple[int, ...]:
        """The days before the day that take part, 0 first."""

    @property
    def least_lags(self) -> int:
        """How many of the lags must have a value, the day itself among them."""

    @property
    def absence(self) -> Absence:
        """Why there is no value where the counts are there but do not allow one."""

    def estimate(self, numerator: Floats, denominator: Floats | None, scale: float) -> Estimate:
        """Values of shape numerator.shape[:-1]; NaN where there is none, never infinite."""


class Combination(Protocol):
    """From other indicators' values to a value."""

    @property
    def absence(self) -> Absence:
        """Why there is no value where every input has one."""

    def combine(self, inputs: tuple[Floats, ...], days: tuple[date, ...], below: tuple[Floats, ...] = ()) -> Floats:
        """Values of the shape of each input, (units, days); optional inputs follow the others.

        `below` are the indicators of the units below, each (units below, days), for one unit at a time.
        """


@dataclass(frozen=True)
class Share:
    """Numerator over denominator times scale, or the numerator alone where there is no denominator."""

    lags: tuple[int, ...] = (0,)
    least_lags: int = 1
    absence: Absence = "no_denominator"

    def estimate(self, numerator: Floats, denominator: Floats | None, scale: float) -> Estimate:
        """The ratio; NaN where the denominator is 0 or less."""
        return Estimate(ratio(numerator[..., 0], None if denominator is None else denominator[..., 0], scale))


@dataclass(frozen=True)
class Slope:
    """Least-squares slope over the last `days` days of a mean of counts: by how many it changes a day."""

    days: int = 7
    mean_days: int = 7
    """The days of the mean that is sloped, which its noise depends on."""
    absence: Absence = "not_enough_days"

    @property
    def lags(self) -> tuple[int, ...]:
        """The days of the slope."""
        return tuple(range(self.days))

    @property
    def least_lags(self) -> int:
        """All of them: a sum over units that did not all report each day would slope by itself."""
        return self.days

    def estimate(self, numerator: Floats, denominator: Floats | None, scale: float) -> Estimate:
        """Slope over time, lag 0 being the newest day, with the interval Poisson counts give it.

        The slope is a weighted sum of the daily counts beneath the means, so its variance is the sum of squared
        weights times the level.
        """
        y = ratio(numerator, denominator, scale)
        x = -np.arange(self.days, dtype=np.float64)
        weights = (x - x.mean()) / ((x - x.mean()) ** 2).sum()
        slope = (y * weights).sum(axis=-1)
        daily_weights = np.convolve(weights, np.full(self.mean_days, 1 / self.mean_days))
        level = np.maximum(numerator.mean(axis=-1), 0.0)
        per_case = ratio(np.ones(level.shape), None if denominator is None else denominator[..., 0], scale)
        noise = Z_95 * np.sqrt(level * (daily_weights**2).sum()) * per_case
        return Estimate(slope, slope - noise, slope + noise)


@dataclass(frozen=True)
class ChangeOnWeekday:
    """Change against the median of the same weekday of the whole weeks before, in percent of that median."""

    weeks: int = 8
    least_weeks: int = 4
    absence: Absence = "not_enough_days"

    @property
    def lags(self) -> tuple[int, ...]:
        """The day and the same weekday of each of the weeks before."""
        return tuple(7 * week for week in range(self.weeks + 1))

    @property
    def least_lags(self) -> int:
        """The day itself and the least number of weeks."""
        return self.least_weeks + 1

    def estimate(self, numerator: Floats, denominator: Floats | None, scale: float) -> Estimate:
        """Value over baseline minus 1, in percent whatever the scale.

        NaN where fewer than `least_weeks` weeks have a value or the baseline is 0.
        """
        y = ratio(numerator, denominator, 1.0)
        before = y[..., 1:]
        enough = np.isfinite(before).sum(axis=-1) >= self.least_weeks
        filled = np.where(enough[..., None], before, 1.0)
        baseline = np.where(enough, _median(filled), np.nan)
        return Estimate(ratio(y[..., 0] - baseline, baseline, PERCENT))


def _median(values: Floats) -> Floats:
    """The median over the last axis of the values there are; a tenth of the time of np.nanmedian for a few values."""
    ordered = np.sort(values, axis=-1)
    present = np.isfinite(values).sum(axis=-1, keepdims=True)
    places = ((present - 1) // 2, present // 2)
    low, high = (np.take_along_axis(ordered, np.maximum(at, 0), axis=-1)[..., 0] for at in places)
    middle: Floats = (low + high) / 2
    return middle


def ratio(numerator: Floats, denominator: Floats | None, scale: float) -> Floats:
    """Numerator / denominator * scale; NaN where the denominator is missing, 0 or negative."""
    if denominator is None:
        return numerator * scale
    usable = denominator > 0
    # Scaled first: of whole numbers that is rounded once, so that a share of exactly 29% is not 28.999999999999996.
    out: Floats = np.divide(numerator * scale, denominator, out=np.full(numerator.shape, np.nan), where=usable)
    return out


@dataclass(frozen=True)
class ReproductionNumber:
    """Rt over a window of daily counts: numerators are local cases, denominators all cases, who infect."""

    mean_days: float
    sd_days: float
    window: int = 7
    reach_days: int = 28
    """Days after which infectivity is left out; a serial interval of 5.2 (sd 3) days has 2e-6 of it left there."""
    absence: Absence = "too_small"

    @property
    def lags(self) -> tuple[int, ...]:
        """The window and every day whose cases may have infected the window's."""
        return tuple(range(self.window + self.reach_days))

    @property
    def least_lags(self) -> int:
        """All of them: an unreported day is not a day without cases."""
        return self.window + self.reach_days

    def estimate(self, numerator: Floats, denominator: Floats | None, scale: float) -> Estimate:
        """The posterior mean with its 95% interval; NaN below LEAST_CASES local cases in the window."""
        weights = serial_interval(self.mean_days, self.sd_days, self.reach_days + 1)
        # Infectivity of the window's days as weights on the lags, because it is linear in the cases.
        kernel = np.convolve(np.ones(self.window), weights)
        every = numerator if denominator is None else denominator
        local = numerator[..., : self.window].sum(axis=-1)
        force = every @ kernel
        shown = np.isfinite(local) & np.isfinite(force) & (local >= LEAST_CASES)
        mean, _, (low, _, high) = posterior(np.where(shown, local, 0.0), np.where(shown, force, 0.0))
        return Estimate(*(np.where(shown, figure, np.nan) * scale for figure in (mean, low, high)))
