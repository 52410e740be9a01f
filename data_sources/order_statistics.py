"""The smallest, middle or newest of a collection that changes, at very many moments of it, without sorting it anew.

The changes lie in one array in order of time. A question names stretches of that array and a place k; its answer is
the k-th smallest of what the stretches leave over, where a change of weight -1 takes back one of weight 1. All
questions are answered at once by descending a wavelet matrix (Claude, Navarro and Ordóñez, Information Systems 47,
2015), bit by bit from the highest: 20 passes over an array for a million distinct values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def weights_of(weight: Integers, low: Integers, high: Integers) -> Integers:
    """How many elements each question's stretches leave over; `low` and `high` are of (stretches, questions)."""
    before = np.concatenate(([0], np.cumsum(weight)))
    return np.asarray((before[high] - before[low]).sum(axis=0), dtype=np.int64)


def kth_smallest(value: Integers, weight: Integers, low: Integers, high: Integers, k: Integers) -> Integers:
    """For each question the k-th smallest value (0 first) of the stretches [low, high) of the changes.

    `low` and `high` have the shape (stretches, questions); k lies between 0 and `weights_of` minus 1. In every value
    the changes of a question's stretches must sum to 0 or more, which they do where only what came is taken back.
    """
    distinct, rank = np.unique(value, return_inverse=True)
    rank = rank.astype(np.int32)
    weight = weight.astype(np.int32)
    low, high, k = low.astype(np.int32), high.astype(np.int32), k.astype(np.int64)
    found = np.zeros(k.shape, dtype=np.int64)
    for bit in reversed(range(max(len(distinct) - 1, 1).bit_length())):
        upper = (rank >> bit) & 1 == 1
        lower_before = np.concatenate(([0], np.cumsum(~upper))).astype(np.int32)
        weight_before = np.concatenate(([0], np.cumsum(np.where(upper, 0, weight)))).astype(np.int32)
        below = (weight_before[high] - weight_before[low]).sum(axis=0)
        rises = k >= below
        k = np.where(rises, k - below, k)
        found |= rises.astype(np.int64) << bit
        low, high = (
            np.where(rises, lower_before[-1] + place - lower_before[place], lower_before[place])
            for place in (low, high)
        )
        order = np.concatenate((np.flatnonzero(~upper), np.flatnonzero(upper)))
        rank, weight = rank[order], weight[order]
    return np.asarray(distinct[found], dtype=np.int64)


def middle(value: Integers, weight: Integers, low: Integers, high: Integers) -> NDArray[np.float64]:
    """The median for each question: the mean of the two middle values where they are even; NaN where none is left."""
    left = weights_of(weight, low, high)
    out = np.full(left.shape, np.nan)
    some = np.flatnonzero(left > 0)
    if len(some):
        out[some] = kth_smallest(value, weight, low[:, some], high[:, some], (left[some] - 1) // 2)
        even = some[left[some] % 2 == 0]
        if len(even):
            out[even] = (out[even] + kth_smallest(value, weight, low[:, even], high[:, even], left[even] // 2)) / 2
    return out


def largest(value: Integers, weight: Integers, low: Integers, high: Integers) -> NDArray[np.float64]:
    """The largest value for each question; NaN where none is left."""
    left = weights_of(weight, low, high)
    out = np.full(left.shape, np.nan)
    some = np.flatnonzero(left > 0)
    if len(some):
        out[some] = kth_smallest(value, weight, low[:, some], high[:, some], left[some] - 1)
    return out
