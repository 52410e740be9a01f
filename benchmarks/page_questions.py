"""The typical questions of the pages: as the pages ask the product, and as SQL on the rows the province told.

Each SQL statement gives at least what the figures of its question are made of; what SQL cannot easily say (Rt, ranks
that chance allows, sentences) is left out of it, in its favour.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isclose
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.breakdown import by_stratum
from analytics.indicators import INDICATORS
from analytics.line_list import line_list
from analytics.ranking import Ranking, rank
from analytics.readings import Reading, read, series, with_values
from analytics.release import Release
from analytics.sentences import changes, decisions, headline
from analytics.structure import dimensions, distribution
from analytics.trails import trails

PERIOD_DAYS, RECENT_DAYS = 60, 28
"""What a page shows where the reader chooses nothing, and the days of a sparkline."""
ROWS_A_PAGE = 200
OVERVIEW = Path(__file__).parents[1] / "pages" / "overview.py"
COVERAGE, INCIDENCE, POSITIVITY, CASES, MEAN = (
    "coverage_first", "incidence_7d", "positivity_7d", "cases_new", "cases_new_7d_mean"
)  # fmt: skip
Readings = dict[tuple[str, str], Reading]
CONFIRMED = "f_class = 'F0' AND detection <> 'arrival'"


def _tiles() -> tuple[str, ...]:
    """The indicators of the overview's tiles; the page is a script and cannot be imported."""
    for node in ast.parse(OVERVIEW.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "TILES":
            return tuple(ast.literal_eval(node.value))
    raise LookupError(f"{OVERVIEW} names no TILES")


TILES = _tiles()
COMPARED = tuple(name for name, indicator in INDICATORS.items() if indicator.comparable)


@dataclass(frozen=True)
class Pages:
    """The release as a leader's and as an analyst's process has it open."""

    leader: Release
    analyst: Release

    @property
    def units(self) -> tuple[str, ...]:
        """The units that report."""
        return tuple(unit.code for unit in self.leader.units.reporting())

    @property
    def whole(self) -> str:
        """The province."""
        return self.leader.province.code


@dataclass(frozen=True)
class Question:
    """One question: asked of the product about a day and a unit, and of the rows by SQL with the same values."""

    name: str
    ask: Callable[[Pages, date, str], Any]
    rows: tuple[str, ...] = ()
    """Statements that name some of $day, $first, $recent, $unit and $known."""
    figures: Callable[[Pages, Any], dict[Any, float | None]] | None = None
    """Figures of the answer by what the first columns of the first statement's rows name them; the last is theirs."""
    among_ten: bool = True

    def is_same(self, pages: Pages, answer: Any, rows: Sequence[tuple[Any, ...]]) -> bool:
        """True where each of the rows has its figure in the answer, within the rounding of additions."""
        if self.figures is None:
            return True
        found = self.figures(pages, answer)
        return bool(rows) and all(isclose(found.get(row[:-1]) or 0.0, row[-1], rel_tol=1e-9) for row in rows)


def back(day: date, days: int) -> date:
    """The first of `days` days up to `day`."""
    return day - timedelta(days=days - 1)


def values(day: date, unit: str) -> dict[str, Any]:
    """What the statements name."""
    known = datetime.combine(day - timedelta(days=1), time.max, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    first, recent = back(day, PERIOD_DAYS), back(day, RECENT_DAYS)
    return {"day": day, "first": first, "recent": recent, "unit": unit, "known": known}


def _ranked(pages: Pages, answer: Ranking) -> dict[Any, float | None]:
    return {(row.unit,): row.value for row in answer.rows}


def _counted(pages: Pages, answer: Ranking) -> dict[Any, float | None]:
    return {(row.unit,): row.reading.numerator for row in answer.rows}


def _week(pages: Pages, answer: Readings) -> dict[Any, float | None]:
    return {(): answer[MEAN, pages.whole].numerator}


def _drawn(pages: Pages, answer: list[pd.DataFrame]) -> dict[Any, float | None]:
    return {(stamp.date(),): value for stamp, value in zip(answer[0]["day"], answer[0]["value"], strict=True)}


def _covered(pages: Pages, answer: pd.DataFrame) -> dict[Any, float | None]:
    return {
        (unit, stamp.date()): value
        for unit, stamp, value in zip(answer["unit"], answer["day"], answer["value"], strict=True)
    }


WEEK_OF_TILES = f"SELECT count(*) FROM cases WHERE {CONFIRMED} AND %s AND day BETWEEN $day - 6 AND $day"
CASES_OF_TILES = f"""
    SELECT count(*) FILTER (day > $day - 14 AND day <= $day - 7),
        count(*) FILTER (outcome = 'died'), count(*)
    FROM cases WHERE {CONFIRMED} AND %s AND day <= $day
"""
TESTS_OF_TILES = """
    SELECT sum(positives) FILTER (day > $day - 7), sum(results) FILTER (day > $day - 7), sum(samples)
    FROM tests WHERE day BETWEEN $day - 13 AND $day
"""
DOSES_OF_TILES = """
    SELECT count(*) FILTER (dose_number = '1' AND age_group <> '12-17'), count(*) FILTER (dose_number = '2'),
        count(*) FILTER (entered), count(*) FROM doses WHERE day <= $day
"""
OTHERS_OF_TILES = "SELECT sum(h % 9000), sum(h % 5000), sum(h % 500), sum(h % 1000) FROM calendar WHERE day = $day"
NOW = "until IS NULL"
THEN = "issued <= $known AND (until IS NULL OR until > $known)"
DAILY = f"SELECT day, count(*) FROM cases WHERE {CONFIRMED} AND {NOW} AND day BETWEEN $first AND $day GROUP BY day"

QUESTIONS = (
    Question(
        "overview: tiles of the province",
        lambda pages, day, unit: read(pages.leader, TILES, (pages.whole,), day),
        (WEEK_OF_TILES % NOW, CASES_OF_TILES % NOW, TESTS_OF_TILES, DOSES_OF_TILES, OTHERS_OF_TILES),
        _week,
    ),
    Question(
        "rankings: units by incidence",
        lambda pages, day, unit: rank(pages.leader, INCIDENCE, day),
        (
            f"SELECT unit, count(*) * 1e5 / any_value(residents) AS incidence FROM cases JOIN population USING (unit)"
            f" WHERE {CONFIRMED} AND {NOW} AND day BETWEEN $day - 6 AND $day GROUP BY unit ORDER BY incidence DESC",
        ),
        _ranked,
    ),
    Question(
        "map: every unit's figure and its last 28 days",
        lambda pages, day, unit: (
            read(pages.leader, (INCIDENCE,), (*pages.units, pages.whole), day),
            series(pages.leader, INCIDENCE, pages.units, back(day, RECENT_DAYS), day),
        ),
        (
            f"SELECT unit, day, count(*) FROM cases WHERE {CONFIRMED} AND {NOW} AND day BETWEEN $recent - 6 AND $day"
            " GROUP BY unit, day",
        ),
    ),
    Question(
        "epidemic curve: 60 days and their 7-day mean",
        lambda pages, day, unit: [
            series(pages.leader, name, (pages.whole,), back(day, PERIOD_DAYS), day) for name in (CASES, MEAN)
        ],
        (DAILY,),
        _drawn,
    ),
    Question(
        "curve by place of detection, 60 days",
        lambda pages, day, unit: by_stratum(pages.leader, CASES, "detection", pages.whole, back(day, PERIOD_DAYS), day),
        (DAILY.replace("SELECT day", "SELECT day, detection").replace("GROUP BY day", "GROUP BY day, detection"),),
    ),
    Question(
        "overview: what changed since the day before",
        lambda pages, day, unit: changes(pages.leader, day, "vi"),
        (
            f"SELECT unit, day, count(*) FROM cases WHERE {CONFIRMED} AND {NOW} AND day BETWEEN $day - 1 AND $day"
            " GROUP BY unit, day",
            f"SELECT day, count(*) FROM cases WHERE {CONFIRMED} AND {THEN} AND day BETWEEN $day - 14 AND $day - 1"
            " GROUP BY day",
            "SELECT unit, sum(positives) / sum(results) FROM tests WHERE day BETWEEN $day - 7 AND $day GROUP BY unit",
            DOSES_OF_TILES,
        ),
    ),
    Question(
        "overview: what needs a decision",
        lambda pages, day, unit: decisions(pages.leader, day, "vi"),
        (
            f"SELECT unit, day, count(*) FILTER (detection = 'community') FROM cases WHERE {CONFIRMED} AND {NOW}"
            " AND day BETWEEN $day - 16 AND $day GROUP BY unit, day",
            "SELECT unit, sum(positives) / sum(results) FROM tests WHERE day BETWEEN $day - 20 AND $day GROUP BY unit",
            "SELECT unit, count(*) FILTER (dose_number = '1'), count(*) FILTER (age_group = '65+'),"
            " count(*) FILTER (entered), count(*) FROM doses WHERE day <= $day GROUP BY unit",
        ),
    ),
    Question(
        "vaccination: coverage of every unit, 60 days",
        lambda pages, day, unit: series(
            pages.leader, COVERAGE, (*pages.units, pages.whole), back(day, PERIOD_DAYS), day
        ),
        (
            "SELECT unit, day,"
            " 100 * sum(count(*)) OVER (PARTITION BY unit ORDER BY day) / any_value(residents * 3 // 4)"
            " FROM doses JOIN population USING (unit) WHERE dose_number = '1' AND age_group <> '12-17' AND day <= $day"
            " GROUP BY unit, day QUALIFY day >= $first",
        ),
        _covered,
    ),
    Question(
        "rankings: units by positivity",
        lambda pages, day, unit: rank(pages.leader, POSITIVITY, day),
        (
            "SELECT unit, 100 * sum(positives) / sum(results) AS share FROM tests"
            " WHERE day BETWEEN $day - 6 AND $day GROUP BY unit ORDER BY share DESC",
        ),
        _ranked,
    ),
    Question(
        "line list: one unit, 60 days, the first 200 rows",
        lambda pages, day, unit: line_list(
            pages.analyst, units=(unit,), first_day=back(day, PERIOD_DAYS), last_day=day, limit=ROWS_A_PAGE
        ),
        (
            f"SELECT count(*) FROM cases WHERE unit = $unit AND {NOW} AND day BETWEEN $first AND $day",
            f"SELECT * FROM cases WHERE unit = $unit AND {NOW} AND day BETWEEN $first AND $day"
            f" ORDER BY day DESC, person LIMIT {ROWS_A_PAGE}",
        ),
        lambda pages, answer: {(): answer.total},
    ),
    Question(
        "the tiles as known the day before",
        lambda pages, day, unit: read(pages.leader, TILES, (pages.whole,), day, day - timedelta(days=1)),
        (WEEK_OF_TILES % THEN, CASES_OF_TILES % THEN, TESTS_OF_TILES, DOSES_OF_TILES, OTHERS_OF_TILES),
        _week,
    ),
    Question(
        "which indicators have a figure",
        lambda pages, day, unit: with_values(pages.leader, COMPARED, pages.units, day),
        among_ten=False,
    ),
    Question(
        "overview: the headline",
        lambda pages, day, unit: headline(pages.leader, day, "vi", pages.whole),
        among_ten=False,
    ),
    Question(
        "the ranking as known the day before",
        lambda pages, day, unit: rank(pages.leader, INCIDENCE, day, None, day - timedelta(days=1)),
        (
            f"SELECT unit, count(*) FROM cases WHERE {CONFIRMED} AND {THEN} AND day BETWEEN $day - 6 AND $day"
            " GROUP BY unit ORDER BY 2 DESC",
        ),
        _counted,
        among_ten=False,
    ),
    Question(
        "who the cases are: one dimension, 60 days",
        lambda pages, day, unit: distribution(
            pages.analyst, dimensions(pages.analyst)[0], back(day, PERIOD_DAYS), day, (unit,)
        ),
        (
            f"SELECT age // 10, count(*) FROM cases WHERE f_class = 'F0' AND {NOW} AND unit = $unit"
            " AND day BETWEEN $first AND $day GROUP BY 1",
        ),
        among_ten=False,
    ),
    Question(
        "line list: the whole province, 60 days, the first 50 rows",
        lambda pages, day, unit: line_list(pages.analyst, first_day=back(day, PERIOD_DAYS), last_day=day, limit=50),
        (
            f"SELECT count(*) FROM cases WHERE {NOW} AND day BETWEEN $first AND $day",
            f"SELECT * FROM cases WHERE {NOW} AND day BETWEEN $first AND $day ORDER BY day DESC, person LIMIT 50",
        ),
        lambda pages, answer: {(): answer.total},
        among_ten=False,
    ),
    Question(
        "trails: the list of one unit, 60 days",
        lambda pages, day, unit: trails(pages.analyst, (unit,), back(day, PERIOD_DAYS), day),
        (
            "SELECT v.person, any_value(c.unit), min(v.visited_at), max(v.visited_at), count(*) FROM visits AS v"
            f" JOIN cases AS c ON c.person = v.person WHERE c.unit = $unit AND c.{NOW} GROUP BY v.person",
        ),
        among_ten=False,
    ),
)
"""The ten of the targets, "changes and decisions" being two of them, and six more that pages ask as often."""
