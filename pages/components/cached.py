"""The only caching of the product: what was asked of a release is kept by release, role and scope.

A release never changes, so an answer about it never does either; what is kept is bounded by number, not by time.
Streamlit does not look at arguments whose names begin with `_` nor at the session's state when it compares
questions, so neither is used here: the release's id and the role stand in every key by construction.

    @cached.per_release
    def overview_readings(release: Release, unit: str, day: date) -> dict[...]: ...

    overview_readings(view.release, "77", view.selection.day)      # the arguments are the scope; all of them hashable
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from analytics import sentences
from analytics.indicators import INDICATORS
from analytics.mergers import merger_notes
from analytics.ranking import Ranking, rank
from analytics.readings import Reading, read, series, with_values
from analytics.release import Release, Role, current_id, open_release
from analytics.sentences import Sentence
from analytics.wording import Language

P = ParamSpec("P")
R = TypeVar("R")

RELEASES_KEPT_OPEN = 8
"""Two or three releases at a changeover, for each of three roles in the demonstration."""
MOMENTS_KEPT = 4
"""Past moments read at once: each keeps the figures that were asked for, 8 bytes a value."""
ANSWERS_KEPT = 512
"""All functions together: 8 units x 5 periods x 2 languages x 6 pages, with room for other days."""

PLAIN = (str, int, float, bool, date, type(None))

_functions: dict[str, Callable[..., Any]] = {}


@st.cache_resource(max_entries=RELEASES_KEPT_OPEN, show_spinner=False)
def _opened(data: str, release_id: str, role: Role, current: bool) -> Release:
    return open_release(Path(data), role, None if current else release_id)


def release(data: Path, role: Role, release_id: str) -> Release:
    """The release `release_id` as `role` sees it, opened once per process and role.

    Refused as `open_release` says. Where it is the current one and damaged, the newest readable older one stands in.
    """
    return _opened(str(data.resolve()), release_id, role, release_id == current_id(data))


def identity(release: Release) -> tuple[str, Role, str]:
    """What distinguishes one open release, as known at one moment, from another in every key."""
    return release.id, release.role, release.known.isoformat() if release.known else ""


@st.cache_resource(max_entries=MOMENTS_KEPT, show_spinner=False, hash_funcs={Release: identity})
def known_at(release: Release, moment: datetime) -> Release:
    """The release as it was known at `moment`, put together once per process and role."""
    return release.known_at(moment)


class Scope:
    """The arguments of a question; two scopes are the same where they are written the same.

    Only values whose writing is unique may be part of one, so that nothing is answered for something else. Streamlit's
    own comparison of nested tuples took half of a page's run.
    """

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.args, self.kwargs = args, kwargs
        self.written = repr((args, sorted(kwargs.items())))
        for value in (*args, *kwargs.values()):
            _must_be_plain(value)


def _must_be_plain(value: Any) -> None:
    if isinstance(value, tuple):
        for item in value:
            _must_be_plain(item)
    elif type(value) not in PLAIN:
        raise TypeError(f"a scope is made of {', '.join(kind.__name__ for kind in PLAIN)} and tuples, not {value!r}")


def written(scope: Scope) -> str:
    """What distinguishes one scope from another in every key."""
    return scope.written


@st.cache_data(max_entries=ANSWERS_KEPT, show_spinner=False, hash_funcs={Release: identity, Scope: written})
def _answer(function: str, release: Release, scope: Scope) -> Any:
    return _functions[function](release, *scope.args, **scope.kwargs)


def per_release(function: Callable[Concatenate[Release, P], R]) -> Callable[Concatenate[Release, P], R]:
    """`function` with its answers kept by its name, the release as known at one moment, the role and its arguments."""
    name = f"{function.__code__.co_filename}:{function.__qualname__}"  # page scripts are all called __main__
    _functions[name] = function

    @wraps(function)
    def ask(release: Release, /, *args: P.args, **kwargs: P.kwargs) -> R:
        answer: R = _answer(name, release, Scope(args, kwargs))
        return answer

    return ask


@per_release
def indicators_with_values(release: Release, day: date) -> tuple[str, ...]:
    """The ids of the indicators that may be compared and have a figure for a reporting unit on `day`."""
    units = tuple(unit.code for unit in release.units.reporting())
    comparable = [name for name, indicator in INDICATORS.items() if indicator.comparable]
    return with_values(release, comparable, units, day)


@dataclass(frozen=True)
class Curve:
    """An indicator of one unit over consecutive days; None is a day without a figure."""

    days: tuple[date, ...]
    values: tuple[float | None, ...]
    provisional: tuple[bool, ...]


@per_release
def readings(
    release: Release, indicator_ids: tuple[str, ...], units: tuple[str, ...], day: date
) -> dict[tuple[str, str], Reading]:
    """The reading of each indicator and unit on `day`, as `analytics.readings.read` gives them."""
    return read(release, indicator_ids, units, day)


@per_release
def ranking(release: Release, indicator_id: str, day: date, parent: str | None = None) -> Ranking:
    """The units in order, as `analytics.ranking.rank` gives them."""
    return rank(release, indicator_id, day, parent)


@per_release
def curves(
    release: Release, indicator_id: str, units: tuple[str, ...], first_day: date, last_day: date
) -> dict[str, Curve]:
    """The series of each unit from `first_day` to `last_day`, both included."""
    frame = series(release, indicator_id, units, first_day, last_day)
    found = {}
    for unit, rows in frame.groupby("unit", sort=False):
        values = tuple(None if value != value else float(value) for value in rows["value"])
        days = tuple(stamp.date() for stamp in rows["day"])
        found[str(unit)] = Curve(days, values, tuple(bool(flag) for flag in rows["provisional"]))
    return found


def daily(release: Release, indicator_id: str, unit: str, first_day: date, last_day: date) -> Curve:
    """The series of one unit."""
    return curves(release, indicator_id, (unit,), first_day, last_day)[unit]


@per_release
def joined(
    release: Release,
    indicator_ids: tuple[str, ...],
    units: tuple[str, ...],
    first: date,
    last: date,
    language: Language,
) -> list[str]:
    """What must be said of series older than their units, as `analytics.mergers.merger_notes` says it."""
    return merger_notes(release, indicator_ids, units, first, last, language)


@per_release
def headline(release: Release, day: date, language: Language, unit: str) -> list[Sentence]:
    """The situation of a unit in at most three sentences."""
    return sentences.headline(release, day, language, unit)


@per_release
def decisions(release: Release, day: date, language: Language) -> list[Sentence]:
    """What needs a decision in the units."""
    return sentences.decisions(release, day, language)


@per_release
def changes(release: Release, day: date, language: Language) -> list[Sentence]:
    """What changed since the day before."""
    return sentences.changes(release, day, language)
