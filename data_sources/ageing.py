"""Ages that no single row states and no sum gives: how long open items have waited, how old the newest bulletin is.

Each figure belongs to a unit and a day and is taken at the day's end, of the items that were open then. What was known
changes: items are told late, corrected, withdrawn. So a figure has a version for every time of issue that changed it,
from the day's first moment on, and reading it as of any time gives what could be known then. A larger area has its own
figure, from all its rows, because medians cannot be added up.

For one unit and stratum, the collection of items known to be open now changes only where something is issued: that is
the timeline, and the figure of a day, at a moment of that day, is asked of the timeline up to the moment. What is told
after a day has ended changes the day's own collection: late changes, asked together with the timeline up to the day's
end. Both are found by SQL over the kept versions; the questions are answered by data_sources/order_statistics.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data_sources.contracts import CONTRACTS
from data_sources.contracts.model import Contract
from data_sources.mapping import quoted
from data_sources.order_statistics import Integers, largest, middle

Areas = Callable[[str], tuple[str, ...]]
"""The codes of the areas a unit's rows count in: itself, and what it lies in up to the province."""

CHANGES_AT_ONCE = 1_000_000
"""Units and strata are worked through in parts of about so many changes: 200 MB, whatever the size of a dataset."""
SLOT_MICROSECONDS = 300 * 1_000_000
MOST_VERSIONS = 288
"""A figure that changed more often than every five minutes keeps the last version of each five minutes, at its own
time of issue: nobody reads it as of a second, and two million requests would otherwise leave six million versions."""
SECONDS_A_DAY = 86_400
UTC_OFFSET_SECONDS = 7 * 3600
"""Asia/Ho_Chi_Minh has had no other offset since 1975."""
MICROSECONDS = 1_000_000
NEVER = "DATE '9999-12-31'"


@dataclass(frozen=True)
class Ageing:
    """One derived measure: whose age, from which time, until which of the times that end an item."""

    dataset: str
    measure: str
    began: str
    ended: tuple[str, ...] = ()
    strata: tuple[tuple[str, ...], ...] = ((),)
    where: str = "TRUE"
    """SQL over the row's columns: which rows count."""
    statistic: Literal["median", "newest"] = "median"

    @property
    def contract(self) -> Contract:
        """The contract of the dataset."""
        return CONTRACTS[self.dataset]


AGEINGS = (
    Ageing("channel_posts", "bulletin_age_hours", "published_at", where="kind = 'bulletin'", statistic="newest"),
    Ageing(
        "broadcasts",
        "sms_age_hours",
        "started_at",
        where="kind = 'sms' AND audience = 'all_subscribers'",
        statistic="newest",
    ),
    Ageing("misinformation", "open_age_p50_hours", "found_at", ("closed_at",)),
    Ageing(
        "aid",
        "open_age_p50_hours",
        "opened_at",
        ("met_at", "cancelled_at"),
        strata=(("kind",),),
        where="kind = 'request'",
    ),
)


def add_ages(con: duckdb.DuckDBPyConnection, present: list[str], areas: Areas) -> None:
    """Add every derived measure of the datasets `present` to the temporary table `history`."""
    newest = con.execute("SELECT max(day) FROM history WHERE measure NOT LIKE 'population.%'").fetchone()
    if newest is None or newest[0] is None:
        return
    con.execute("CREATE OR REPLACE TEMP TABLE newest_day AS SELECT ?::DATE AS day", [newest[0]])
    for ageing in AGEINGS:
        if ageing.dataset in present:
            _add(con, ageing, areas)


def _add(con: duckdb.DuckDBPyConnection, ageing: Ageing, areas: Areas) -> None:
    table = quoted(f"version_{ageing.dataset}")
    codes = [row[0] for row in con.execute(f"SELECT DISTINCT unit FROM {table}").fetchall()]
    pairs = [(code, area) for code in codes for area in areas(code)]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE age_area AS SELECT unnest(?::VARCHAR[]) AS unit, unnest(?::VARCHAR[]) AS area",
        [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
    )
    for cut in ageing.strata:
        _find_changes(con, ageing, cut)
        for first, end in _parts(con):
            changes = _fetch(con, "timeline", first, end)
            late = _fetch(con, "late_change", first, end)
            last = con.execute("SELECT epoch(day) // 86400 FROM newest_day").fetchone()
            answers = _answers(changes, late, int(last[0]) if last else 0, ageing.statistic)
            con.register("age_answer", answers)
            con.execute(
                "INSERT INTO history SELECT ?, g.stratum, g.unit, DATE '1970-01-01' + a.day, 0, a.issued, a.hours"
                " FROM age_answer AS a JOIN age_group AS g USING (group_no)",
                [f"{ageing.dataset}.{ageing.measure}"],
            )
            con.unregister("age_answer")
    for name in ("age_life", "timeline", "late_change", "age_group", "age_area"):
        con.execute(f"DROP TABLE IF EXISTS {name}")


def _find_changes(con: duckdb.DuckDBPyConnection, ageing: Ageing, cut: tuple[str, ...]) -> None:
    """Temporary tables `age_group`, `timeline` and `late_change` of one stratum.

    Of several sources of one unit the first in the settings counts, as it does for every other figure.
    """
    table = quoted(f"version_{ageing.dataset}")
    label = " || '|' || ".join(f"'{name}=' || {quoted(name)}" for name in cut) or "''"
    ended = [f"CAST({quoted(name)} AS DATE)" for name in ageing.ended]
    last = f"COALESCE(least({', '.join(ended)}), {NEVER})" if ended else NEVER
    key = ", ".join(["rank", *(quoted(name) for name in ageing.contract.key)])
    con.execute(
        "CREATE OR REPLACE TEMP TABLE age_life AS WITH told AS ("
        f"SELECT {key}, unit, {label} AS stratum, CAST(epoch({quoted(ageing.began)}) AS BIGINT) AS value,"
        f" CAST({quoted(ageing.began)} AS DATE) AS first_day, {last} AS end_day, issued_at AS since, until_at AS until"
        f" FROM {table} WHERE {quoted(ageing.began)} IS NOT NULL AND ({ageing.where})"
        f" QUALIFY rank = min(rank) OVER (PARTITION BY unit)),"
        f" beside AS (SELECT *, hash(unit, stratum, value) AS same FROM told)"
        " SELECT unit, stratum, value, first_day, end_day, since, until,"
        # What the version before and after say of the same item, where they lie side by side and only its end differs.
        " CASE WHEN lag(same) OVER item = same AND lag(until) OVER item = since THEN lag(end_day) OVER item END"
        " AS end_before,"
        " CASE WHEN lead(same) OVER item = same AND lead(since) OVER item = until THEN lead(end_day) OVER item END"
        " AS end_after"
        f" FROM beside WINDOW item AS (PARTITION BY {key} ORDER BY since)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE age_group AS SELECT row_number() OVER (ORDER BY area, stratum) AS group_no,"
        " area AS unit, stratum FROM (SELECT DISTINCT area, stratum FROM age_life JOIN age_area USING (unit))"
    )
    enters = "greatest(since, CAST(first_day AS TIMESTAMPTZ))"
    leaves = f"least(COALESCE(until, CAST({NEVER} AS TIMESTAMPTZ)), CAST(end_day AS TIMESTAMPTZ))"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE timeline AS WITH span AS ("
        f"SELECT unit, stratum, value, {enters} AS enters, {leaves} AS leaves FROM age_life WHERE {enters} < {leaves}),"
        " change AS (SELECT unit, stratum, value, enters AS moment, 1 AS weight FROM span UNION ALL"
        f" SELECT unit, stratum, value, leaves, -1 FROM span WHERE leaves < CAST({NEVER} AS TIMESTAMPTZ))"
        " SELECT group_no, CAST(0 AS BIGINT) AS day, epoch_us(moment) AS moment, value, sum(weight)::BIGINT AS weight"
        " FROM change JOIN age_area USING (unit) JOIN age_group AS g ON g.unit = area AND g.stratum = change.stratum"
        " GROUP BY ALL HAVING sum(weight) <> 0"
    )
    told_on, ended_on = "CAST(since AS DATE)", "CAST(until AS DATE)"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE late_change AS WITH span AS ("
        f"SELECT unit, stratum, value, since AS moment, 1 AS weight, greatest(first_day, end_before) AS low,"
        f" least(end_day, {told_on}, (SELECT day + 1 FROM newest_day)) AS high FROM age_life UNION ALL"
        f" SELECT unit, stratum, value, until, -1, greatest(first_day, end_after),"
        f" least(end_day, {ended_on}, (SELECT day + 1 FROM newest_day)) FROM age_life WHERE until IS NOT NULL),"
        " change AS (SELECT unit, stratum, value, moment, weight, unnest(range(epoch(low)::BIGINT // 86400,"
        " epoch(high)::BIGINT // 86400)) AS day FROM span WHERE low < high)"
        " SELECT group_no, day, epoch_us(moment) AS moment, value, sum(weight)::BIGINT AS weight"
        " FROM change JOIN age_area USING (unit) JOIN age_group AS g ON g.unit = area AND g.stratum = change.stratum"
        " GROUP BY ALL HAVING sum(weight) <> 0"
    )


def _parts(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """Ranges of group numbers [first, end) with about CHANGES_AT_ONCE changes each."""
    rows = con.execute(
        "SELECT group_no, count(*) FROM (SELECT group_no FROM timeline UNION ALL SELECT group_no FROM late_change)"
        " GROUP BY group_no ORDER BY group_no"
    ).fetchall()
    first, held = 0, 0
    for number, count in rows:
        if held and held + count > CHANGES_AT_ONCE:
            yield first, number
            first, held = number, 0
        held += count
    if held:
        yield first, rows[-1][0] + 1


@dataclass(frozen=True)
class _Changes:
    """Changes in order of group, day (of late ones) and moment, as parallel arrays; moments in microseconds."""

    group: Integers
    day: Integers
    moment: Integers
    value: Integers
    weight: Integers


def _fetch(con: duckdb.DuckDBPyConnection, table: str, first: int, end: int) -> _Changes:
    columns = con.execute(
        f"SELECT group_no, day, moment, value, weight FROM {table} WHERE group_no >= ? AND group_no < ?"
        " ORDER BY group_no, day, moment",
        [first, end],
    ).fetchnumpy()
    return _Changes(*(np.asarray(columns[n], dtype=np.int64) for n in ("group_no", "day", "moment", "value", "weight")))


def _day_of(moment: Integers) -> Integers:
    return np.asarray((moment // MICROSECONDS + UTC_OFFSET_SECONDS) // SECONDS_A_DAY, dtype=np.int64)


def _start_of(day: Integers) -> Integers:
    """The first moment of each day, in microseconds."""
    return np.asarray((day * SECONDS_A_DAY - UTC_OFFSET_SECONDS) * MICROSECONDS, dtype=np.int64)


def _last_of_runs(*keys: Integers) -> NDArray[np.bool_]:
    """True at the last of each run of equal keys."""
    if not len(keys[0]):
        return np.zeros(0, dtype=bool)
    differs = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.concatenate((differs, [True]))


def _kept(group: Integers, day: Integers, moment: Integers) -> NDArray[np.bool_]:
    """Which versions are kept: all, but of a day with more than MOST_VERSIONS the last of each five minutes."""
    last = _last_of_runs(group, day)
    ends = np.flatnonzero(last)
    counts = np.diff(ends, prepend=-1)
    many = np.repeat(counts > MOST_VERSIONS, counts)
    return np.asarray(~many | _last_of_runs(group, day, moment // SLOT_MICROSECONDS))


def _answers(changes: _Changes, late: _Changes, last_day: int, statistic: str) -> pa.Table:
    """The versions of one part's figures: group_no, day (since 1970), issued, hours (NULL where nothing is open)."""
    groups, starts = np.unique(changes.group, return_index=True)
    ends = np.append(starts[1:], len(changes.group))[: len(groups)]
    # A day's figure after each issue of that day, and as it is when the day begins.
    told = np.flatnonzero(_last_of_runs(changes.group, changes.moment))
    told = told[_day_of(changes.moment[told]) <= last_day]
    told = told[_kept(changes.group[told], _day_of(changes.moment[told]), changes.moment[told])]
    asked = [(changes.group[told], _day_of(changes.moment[told]), changes.moment[told], told + 1)]
    for group, start, end in zip(groups, starts, ends, strict=True):
        days = np.arange(_day_of(changes.moment[start : start + 1])[0] + 1, last_day + 1)
        begin = _start_of(days)
        place = start + np.searchsorted(changes.moment[start:end], begin, side="right")
        asked.append((np.full(len(days), group), days, begin, place))
    late_at = np.flatnonzero(_last_of_runs(late.group, late.day, late.moment))
    late_at = late_at[_kept(late.group[late_at], late.day[late_at], late.moment[late_at])]
    group = np.concatenate([item[0] for item in asked] + [late.group[late_at]])
    day = np.concatenate([item[1] for item in asked] + [late.day[late_at]])
    moment = np.concatenate([item[2] for item in asked] + [late.moment[late_at]])
    row = np.searchsorted(groups, group)
    known = row < len(groups)
    known[known] = groups[row[known]] == group[known]
    low = np.where(known, np.append(starts, 0)[np.where(known, row, -1)], 0)
    high = low.copy()
    count = len(group) - len(late_at)
    high[:count] = np.concatenate([item[3] for item in asked])
    high[count:] = _until_day_s_end(changes, groups, starts, ends, late.group[late_at], late.day[late_at], low[count:])
    late_low, late_high = np.zeros(len(group), dtype=np.int64), np.zeros(len(group), dtype=np.int64)
    first_of = np.flatnonzero(np.concatenate(([True], _last_of_runs(late.group, late.day)[:-1]))[: len(late.group)])
    late_low[count:] = len(changes.group) + first_of[np.searchsorted(first_of, late_at, side="right") - 1]
    late_high[count:] = len(changes.group) + late_at + 1
    value, weight = np.concatenate((changes.value, late.value)), np.concatenate((changes.weight, late.weight))
    ask = largest if statistic == "newest" else middle
    newest = ask(value, weight, np.stack((low, late_low)), np.stack((high, late_high)))
    hours = ((day + 1) * SECONDS_A_DAY - UTC_OFFSET_SECONDS - newest) / 3600
    return pa.table(
        {
            "group_no": group,
            "day": day.astype(np.int32),
            "issued": pa.array(moment, pa.timestamp("us", tz="UTC")),
            "hours": pa.array(np.round(hours, 4), from_pandas=True),
        }
    )


def _until_day_s_end(
    changes: _Changes,
    groups: Integers,
    starts: Integers,
    ends: Integers,
    group: Integers,
    day: Integers,
    low: Integers,
) -> Integers:
    """For each late question the place in the timeline where its day ends; `low` where its group has no timeline."""
    out = low.copy()
    after = _start_of(day + 1)
    for number, start, end in zip(groups, starts, ends, strict=True):
        mine = group == number
        if mine.any():
            out[mine] = start + np.searchsorted(changes.moment[start:end], after[mine], side="left")
    return out
