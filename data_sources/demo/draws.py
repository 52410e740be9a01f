"""Random draws and the types of the arrays they fill."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
TimeArray = npt.NDArray[np.datetime64]
DurationArray = npt.NDArray[np.timedelta64]
ObjectArray = npt.NDArray[np.object_]


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A random stream of its own for each purpose, so that a new module changes nothing that was drawn before."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def choose(rng: np.random.Generator, probabilities: FloatArray) -> IntArray:
    """One column number for each row of `probabilities` (rows need not sum to 1), drawn in proportion."""
    cumulative = np.cumsum(probabilities, axis=1)
    drawn = rng.random(len(probabilities)) * cumulative[:, -1]
    column = (cumulative <= drawn[:, None]).sum(axis=1)
    return np.asarray(np.minimum(column, probabilities.shape[1] - 1), dtype=np.int64)


def in_proportion(total: int, weights: FloatArray | IntArray) -> IntArray:
    """`total` in whole parts proportional to `weights`; the largest remainders are rounded up."""
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    parts[np.argsort(parts - exact)[: total - int(parts.sum())]] += 1
    return np.asarray(parts, dtype=np.int64)
