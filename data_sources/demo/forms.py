"""Frames as people would send them: names written many ways, repeated rows, impossible rows, their headers and words.

The dirt never carries information: a misspelled or impossible row is followed by the right row of the same key, a
repeated row repeats, and a row with a date of the year 2201 stands beside the right one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from data_sources.contracts import CONTRACTS
from data_sources.demo import places
from data_sources.demo.clock import LAST_DAY
from data_sources.demo.draws import IntArray, ObjectArray, stream
from data_sources.demo.feeds import ISSUED_AT, Feed
from data_sources.demo.residents import provinces

USUAL_NAME_SHARE, DECOMPOSED_SHARE = 0.72, 0.015
REPEATED_SHARE, MISSPELLED_SHARE, IMPOSSIBLE_SHARE = 0.002, 0.0008, 0.0006
LEAST_OF_EACH = 3
SHORT_TABLE_ROWS = 100
MISTAKEN_YEAR_OFFSET_DAYS = 65_744  # 180 years: 2021 typed as 2201
WRONG_BEFORE = pd.Timedelta(minutes=40)
IMPOSSIBLE_AGE = 250


def written(seed: int, feed: Feed, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `feed` with their headers and words, text as it stands in the file, in order of issue.

    The last column, `issued_at`, is a time for the server to select by.
    """
    rng = stream(seed, f"forms {feed.name}")
    frame = frame.assign(misspelled=False)
    # Points of a trail are left as they are: the same place at the same time may well be visited twice.
    if ("unit" in frame or feed.whole_province) and "day" in frame and len(frame) > SHORT_TABLE_ROWS:
        wrong = [] if feed.national else _wrong(rng, feed, frame)
        frame = pd.concat([frame, *wrong], ignore_index=True)
        repeated = frame.iloc[_some(rng, len(frame), REPEATED_SHARE)]
        frame = pd.concat([frame, repeated], ignore_index=True)
    frame = frame.sort_values(ISSUED_AT, kind="stable")
    result = pd.DataFrame(index=frame.index)
    for ours, theirs in feed.headers.items():
        result[theirs] = _column(rng, feed, frame, ours)
    result["_issued"] = frame[ISSUED_AT].to_numpy().astype("datetime64[s]")
    return result.reset_index(drop=True)


def rejected(seed: int, feed: Feed, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a feed that its reader must set aside as wrong, with the unit and day that were meant."""
    wrong = pd.concat(_wrong(stream(seed, f"forms {feed.name}"), feed, frame.assign(misspelled=False)))
    mistaken = wrong["day"] > pd.Timestamp(LAST_DAY)
    shifted = wrong["day"] - pd.Timedelta(days=MISTAKEN_YEAR_OFFSET_DAYS)
    return wrong.assign(day=wrong["day"].where(~mistaken, shifted))


def _some(rng: np.random.Generator, size: int, share: float) -> IntArray:
    return rng.choice(size, size=max(LEAST_OF_EACH, int(size * share)), replace=False)


def _wrong(rng: np.random.Generator, feed: Feed, frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows that must be set aside: each is an earlier version of a right row, or stands beside it."""
    earlier = frame[ISSUED_AT] - WRONG_BEFORE
    candidates = frame.assign(**{ISSUED_AT: earlier})
    if feed.dataset == "cases":
        # Cases themselves are left alone: only rows of contacts come wrong at first.
        first = ~frame.duplicated("case_code") & ~frame.duplicated("case_code", keep=False)
        candidates = candidates[first & (frame["f_class"] != "F0")]
    misspelled = candidates.iloc[_some(rng, len(candidates), MISSPELLED_SHARE)].assign(misspelled=True)
    impossible = candidates.iloc[_some(rng, len(candidates), IMPOSSIBLE_SHARE)].copy()
    if feed.dataset == "cases":
        impossible["age"] = IMPOSSIBLE_AGE
    elif feed.dataset == "tests":
        impossible["positives"] = impossible["results_returned"] + rng.integers(1, 9, len(impossible))
    elif feed.dataset == "mobility":
        impossible["stationary_subscribers"] = impossible["active_subscribers"] * 2
    elif feed.dataset == "aid":
        impossible["met_at"] = impossible["opened_at"] - pd.Timedelta(hours=3)
    elif feed.dataset == "hotline":
        impossible["answered"] = impossible["calls"] + rng.integers(1, 9, len(impossible))
    else:
        impossible["day"] = impossible["day"] + pd.Timedelta(days=MISTAKEN_YEAR_OFFSET_DAYS)
    return [impossible] if feed.whole_province else [misspelled, impossible]


def _column(rng: np.random.Generator, feed: Feed, frame: pd.DataFrame, name: str) -> pd.Series:
    column = frame[name]
    if name == "unit":
        names = _province_names(rng, column) if feed.national else _district_names(rng, column, frame["misspelled"])
        return pd.Series(names, index=frame.index)
    kind = "time" if name == ISSUED_AT else CONTRACTS[feed.dataset].column(name).type
    if kind == "day":
        return _each(column, "%d/%m/%Y" if feed.day_format == "dd/mm/yyyy" else "%Y-%m-%d")
    if kind == "time":
        return _each(column, "%Y-%m-%dT%H:%M:%S+07:00")
    if name in feed.words:
        return column.map(feed.words[name]).astype(object)
    if feed.grouped_numbers and pd.api.types.is_integer_dtype(column.dtype):
        return _grouped(column)
    return column


def _each(column: pd.Series, pattern: str) -> pd.Series:
    """Times as text; each distinct one is written once."""
    codes, values = pd.factorize(column)
    texts = np.array([*pd.DatetimeIndex(values).strftime(pattern), None], dtype=object)
    return pd.Series(texts[codes], index=column.index, dtype=object)


def _grouped(column: pd.Series) -> pd.Series:
    """Whole numbers with a point between thousands: 1.234."""
    codes, values = pd.factorize(column)
    texts = np.array([f"{int(value):,}".replace(",", ".") for value in values] + [None], dtype=object)
    return pd.Series(texts[codes], index=column.index, dtype=object)


def _vary(rng: np.random.Generator, number: IntArray, ways: Sequence[tuple[str, ...]]) -> ObjectArray:
    """One way of writing for each unit number: mostly the first, sometimes another, now and then decomposed (NFD)."""
    longest = max(len(way) for way in ways)
    table = np.array([[way[n % len(way)] for n in range(longest)] for way in ways], dtype=object)
    column = np.where(rng.random(len(number)) < USUAL_NAME_SHARE, 0, rng.integers(0, longest, len(number)))
    names: ObjectArray = table[number, column]
    for which in np.flatnonzero(rng.random(len(number)) < DECOMPOSED_SHARE):
        names[which] = unicodedata.normalize("NFD", names[which])
    return names


def _district_names(rng: np.random.Generator, codes: pd.Series, misspelled: pd.Series) -> ObjectArray:
    number = np.array([places.NUMBER_OF[code] for code in codes], dtype=np.int64)
    names = _vary(rng, number, [district.written for district in places.DISTRICTS])
    wrong = np.array([district.misspelled for district in places.DISTRICTS], dtype=object)[number]
    return np.where(misspelled.to_numpy(dtype=bool), wrong, names)


def _province_names(rng: np.random.Generator, codes: pd.Series) -> ObjectArray:
    table = provinces()
    number_of = {code: n for n, code in enumerate(table.code)}
    number = np.array([number_of[code] for code in codes], dtype=np.int64)
    ways = [(name, name.removeprefix("Tỉnh ").removeprefix("Thành phố ")) for name in table.name]
    return _vary(rng, number, ways)
