"""The nearest spellings of many names at once, for the guesses that go with a name nobody has."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

NEAR = 0.6
"""Least similarity (1 - edits / length, marks ignored) of a guess: two slips in the five letters of a short name."""
ALL_COMPARED = 2000
"""With more keys than this (no province's communes reach it) a name is compared with those of its first letter only:
10,000 names of communes of the whole country then take 0.8 s and not 2.0 s, and a slip in the first letter goes
without a guess."""
COMPARED_AT_ONCE = 4_000_000
"""Pairs compared in one step, so that the matrix of their similarities stays within 16 MB."""


def nearest_keys(queries: list[str], keys: list[str], count: int) -> list[list[str]]:
    """For each query at most `count` keys similar to it, the most similar first; none where nothing is near."""
    if len(keys) <= ALL_COMPARED:
        return _nearest(queries, keys, count)
    by_letter: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_letter[key[:1]].append(key)
    asked: dict[str, list[int]] = defaultdict(list)
    for number, query in enumerate(queries):
        asked[query[:1]].append(number)
    answers: list[list[str]] = [[] for _ in queries]
    for letter, numbers in asked.items():
        found = _nearest([queries[number] for number in numbers], by_letter[letter], count)
        for number, answer in zip(numbers, found, strict=True):
            answers[number] = answer
    return answers


def _nearest(queries: list[str], keys: list[str], count: int) -> list[list[str]]:
    if not keys:
        return [[] for _ in queries]
    answers: list[list[str]] = []
    best = min(count, len(keys))
    step = max(1, COMPARED_AT_ONCE // len(keys))
    for start in range(0, len(queries), step):
        scores = process.cdist(
            queries[start : start + step],
            keys,
            scorer=OSA.normalized_similarity,
            score_cutoff=NEAR,
            dtype=np.float32,
        )
        columns = np.argpartition(-scores, best - 1, axis=1)[:, :best]
        for row, places in zip(scores, columns, strict=True):
            order = sorted((-float(row[place]), keys[place]) for place in places.tolist() if row[place] > 0)
            answers.append([key for _, key in order])
    return answers
