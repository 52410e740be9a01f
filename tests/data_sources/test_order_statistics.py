"""The k-th smallest of a changing collection is what sorting it anew gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data_sources.order_statistics import kth_smallest, largest, middle, weights_of

VALUES = st.lists(st.integers(min_value=-5, max_value=5), max_size=30)


def changes(random: np.random.Generator, values: list[int]) -> tuple[list[int], list[int]]:
    """Each value comes and, now and then, one that is there goes again."""
    value, weight, there = [], [], []
    for number in values:
        value.append(number)
        weight.append(1)
        there.append(number)
        if random.random() < 0.4:
            gone = there.pop(int(random.integers(len(there))))
            value.append(gone)
            weight.append(-1)
    return value, weight


@given(VALUES, VALUES, st.integers(min_value=0, max_value=1000))
def test_questions_of_two_stretches(first: list[int], second: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    (value_1, weight_1), (value_2, weight_2) = changes(random, first), changes(random, second)
    value = np.array(value_1 + value_2, dtype=np.int64)
    weight = np.array(weight_1 + weight_2, dtype=np.int64)
    asked, expected = [], []
    for end_1 in range(len(value_1) + 1):
        end_2 = int(random.integers(len(value_2) + 1))
        left: list[int] = []
        for one, sign in [*zip(value_1[:end_1], weight_1, strict=False), *zip(value_2[:end_2], weight_2, strict=False)]:
            left.append(one) if sign > 0 else left.remove(one)
        asked.append((0, len(value_1), end_1, len(value_1) + end_2))
        expected.append(sorted(left))
    low = np.array([[item[0] for item in asked], [item[1] for item in asked]], dtype=np.int64)
    high = np.array([[item[2] for item in asked], [item[3] for item in asked]], dtype=np.int64)
    np.testing.assert_array_equal(weights_of(weight, low, high), [len(item) for item in expected])
    medians = [float(np.median(item)) if item else np.nan for item in expected]
    np.testing.assert_array_equal(middle(value, weight, low, high), medians)
    most = [item[-1] if item else np.nan for item in expected]
    np.testing.assert_array_equal(largest(value, weight, low, high), most)
    some = [place for place, item in enumerate(expected) if item]
    k = np.array([int(random.integers(len(expected[place]))) for place in some], dtype=np.int64)
    if some:
        found = kth_smallest(value, weight, low[:, some], high[:, some], k)
        assert found.tolist() == [expected[place][number] for place, number in zip(some, k.tolist(), strict=True)]
