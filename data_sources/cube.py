"""The cube of additive observations, now and as it stood at any time of issue, built from the kept versions.

Each version of a row is valid from its issue until the next version of the same key. It adds its measures to its
cell when it comes and takes them away when it is replaced, so the value of a cell as of a time is the sum of the
changes until then. Sums are of decimals, so that they are exact in any order. All of it is set-based SQL generated
from the contract.
"""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

from data_sources.ageing import Areas, add_ages
from data_sources.between_rows import in_any_order
from data_sources.contracts import CONTRACTS, Contract
from data_sources.judgement import Judged
from data_sources.mapping import quoted
from data_sources.out_of_sight import add_out_of_sight
from data_sources.reporting_duty import derive_submissions
from data_sources.warehouse import table_of

LEAST_SUBSCRIBERS = 15
"""No telecom figure of fewer subscribers is published (the floor Flowminder and Meta's movement data also used)."""

END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)

NOT_A_STRATUM = ("all",)
"""A row about 'all' groups is a total and makes no stratum of its own."""


def load_deliveries(con: duckdb.DuckDBPyConnection, judged: list[Judged], cutoff: datetime | None) -> None:
    """The temporary table `accepted` (content, rank, issued_at) of the deliveries that are in the picture."""
    accepted = [one for one in judged if one.held is None]
    con.execute("CREATE OR REPLACE TEMP TABLE accepted (content INTEGER, rank INTEGER, issued_at TIMESTAMPTZ)")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE accepted_until AS SELECT ?::TIMESTAMPTZ AS cutoff", [cutoff or END_OF_TIME]
    )
    con.execute(
        "INSERT INTO accepted SELECT unnest(?::INTEGER[]), unnest(?::INTEGER[]), unnest(?::TIMESTAMPTZ[])",
        [[one.content for one in accepted], [one.rank for one in accepted], [one.issued_at for one in accepted]],
    )


def build_versions(con: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    """The temporary table `version_<dataset>`: rows with `rank`, `issued_at` and `until_at`; False when there are none.

    A version that says the same as the one before it of the same key is not a version.
    """
    table = version_table(contract)
    columns = [quoted(column.name) for column in contract.public_columns]
    own = [quoted(name) for name in contract.key]
    key = ", ".join(["rank", *own, *(["occurrence"] if contract.repeatable else [])])
    occurrence = ""
    if contract.repeatable:
        same = ", ".join(["r.content", "r.issued_at", *(f"r.{name}" for name in own)])
        occurrence = f", row_number() OVER (PARTITION BY {same} ORDER BY r.rowid) AS occurrence"
    con.execute(f"DROP VIEW IF EXISTS told_{contract.dataset}")
    con.execute(f"DROP TABLE IF EXISTS {table}")
    con.execute(
        f"CREATE TEMP VIEW told_{contract.dataset} AS SELECT a.rank, COALESCE(r.issued_at, a.issued_at) AS issued_at,"
        f" {', '.join(f'r.{name}' for name in columns)}{occurrence}"
        f" FROM {table_of(contract)} AS r JOIN accepted AS a ON a.content = r.content"
        f" WHERE COALESCE(r.issued_at, a.issued_at) <= (SELECT cutoff FROM accepted_until)"
    )
    told = quoted(f"told_{contract.dataset}")
    # Most keys were told once: only the others are put in order, which takes most of the time and of the memory.
    con.execute(f"CREATE OR REPLACE TEMP TABLE told_again AS SELECT hash({key}) AS key FROM {told}"
                " GROUP BY ALL HAVING count(*) > 1")  # fmt: skip
    # IN, not EXISTS: over an expression DuckDB 1.5 makes of the latter a join with every row, five times as slow.
    again = f"hash({key}) IN (SELECT key FROM told_again)"
    with in_any_order(con, contract):
        con.execute(
            f"CREATE TEMP TABLE {table} AS"
            f" WITH known AS (SELECT *, hash({', '.join(columns)}) AS told FROM {told} WHERE {again}),"
            f" changed AS (SELECT * FROM known QUALIFY told IS DISTINCT FROM"
            f" lag(told) OVER (PARTITION BY {key} ORDER BY issued_at, told))"
            f" SELECT *, CAST(NULL AS TIMESTAMPTZ) AS until_at FROM {told} WHERE NOT {again} UNION ALL"
            f" SELECT * EXCLUDE (told), lead(issued_at) OVER (PARTITION BY {key} ORDER BY issued_at, told) AS until_at"
            f" FROM changed"
        )
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return bool(row and row[0])


def version_table(contract: Contract) -> str:
    """The temporary table with a dataset's versions."""
    return quoted(f"version_{contract.dataset}")


def build_cube(con: duckdb.DuckDBPyConnection, areas: Areas) -> list[str]:
    """Temporary tables `observation`, `observation_history`, `report` and `coverage`; the datasets that have rows.

    `areas` gives the codes of the areas a unit lies in, for the figures that cannot be added up over units.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE history (measure VARCHAR, stratum VARCHAR, unit VARCHAR, day DATE, rank INTEGER,"
        " issued TIMESTAMPTZ, value DOUBLE)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE report (dataset VARCHAR, unit VARCHAR, day DATE, issued TIMESTAMPTZ)")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE coverage (dataset VARCHAR, first_day DATE, last_day DATE, issued TIMESTAMPTZ)"
    )
    present = []
    for contract in CONTRACTS.values():
        if build_versions(con, contract):
            present.append(contract.dataset)
            _add(con, contract)
    add_ages(con, present, areas)
    add_out_of_sight(con, present)
    duty = CONTRACTS["submissions"]
    if duty.dataset not in present and derive_submissions(con, present, version_table(duty)):
        present.append(duty.dataset)
        _add(con, duty)
    _withhold_small_telecom(con)
    _choose_sources(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE observation_history AS"
        " SELECT measure, stratum, unit, day, issued, value FROM"
        " (FROM history ANTI JOIN told_twice USING (measure, unit, day) UNION ALL BY NAME FROM chosen)"
        " QUALIFY value IS DISTINCT FROM lag(value) OVER (PARTITION BY measure, stratum, unit, day ORDER BY issued)"
        " OR row_number() OVER (PARTITION BY measure, stratum, unit, day ORDER BY issued) = 1"
        " ORDER BY measure, stratum, unit, day, issued"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE observation AS"
        " SELECT measure, stratum, unit, day, value FROM (SELECT * FROM observation_history"
        " QUALIFY row_number() OVER (PARTITION BY measure, stratum, unit, day ORDER BY issued DESC) = 1)"
        " WHERE value IS NOT NULL ORDER BY measure, stratum, unit, day"
    )
    return present


def _choose_sources(con: duckdb.DuckDBPyConnection) -> None:
    """Temporary tables `told_twice`, the cells that sources of different ranks tell, and `chosen`, what holds of them.

    The first source in the settings that told of a cell holds from its first word on; until then it is the next one,
    as it was in the releases of that time. What only the next one told is withdrawn when the first begins.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE told_twice AS"
        " SELECT measure, unit, day FROM history GROUP BY ALL HAVING min(rank) <> max(rank)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE chosen AS WITH several AS (FROM history SEMI JOIN told_twice"
        " USING (measure, unit, day)),"
        " began AS (SELECT measure, unit, day, rank, min(issued) AS began FROM several GROUP BY ALL),"
        " taken AS (SELECT * EXCLUDE (began), min(began) OVER (PARTITION BY measure, unit, day ORDER BY rank"
        " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS over_at FROM began),"
        " standing AS (FROM several JOIN taken USING (measure, unit, day, rank)"
        " WHERE over_at IS NULL OR issued < over_at),"
        " ended AS (SELECT DISTINCT measure, stratum, unit, day, over_at AS issued FROM standing"
        " WHERE over_at IS NOT NULL)"
        " SELECT measure, stratum, unit, day, issued, value FROM standing UNION ALL"
        " SELECT measure, stratum, unit, day, issued, CAST(NULL AS DOUBLE) FROM ended"
        " ANTI JOIN standing USING (measure, stratum, unit, day, issued)"
    )


def _add(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Add what a dataset's versions tell of figures, reports and days covered."""
    if contract.measures:
        _add_cells(con, contract)
    if contract.line_list:
        _add_coverage(con, contract)


def _add_cells(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Add one dataset's cells to `history` and its reports to `report`."""
    for dated_by in dict.fromkeys((measure.dated_by, measure.dated_else) for measure in contract.measures):
        _add_cells_dated(con, contract, *dated_by)
    con.execute(
        f"INSERT INTO report SELECT DISTINCT ?, unit, day, issued_at FROM {_told(contract)}", [contract.dataset]
    )


def _told(contract: Contract) -> str:
    """The versions with the times from which the cube knows them: of sites, not before the last of the unit's day."""
    table = version_table(contract)
    if contract.site is None:
        return table
    return (
        "(SELECT * EXCLUDE (first_issued, whole_at) REPLACE (greatest(issued_at, whole_at) AS issued_at,"
        " CASE WHEN until_at IS NOT NULL THEN greatest(until_at, whole_at) END AS until_at) FROM"
        " (SELECT *, max(first_issued) OVER (PARTITION BY rank, unit, day) AS whole_at FROM"
        f" (SELECT *, min(issued_at) OVER (PARTITION BY rank, unit, day, {quoted(contract.site)}) AS first_issued"
        f" FROM {table})))"
    )


def _add_cells_dated(con: duckdb.DuckDBPyConnection, contract: Contract, dated_by: str, dated_else: str | None) -> None:
    """Add the cells of the measures that belong to the day of the column `dated_by`, or else of `dated_else`.

    Rows without a day add nothing.
    """
    table = _told(contract)
    dated = [m for m in contract.measures if (m.dated_by, m.dated_else) == (dated_by, dated_else)]
    days = ", ".join(f"CAST({quoted(name)} AS DATE)" for name in (dated_by, dated_else) if name)
    cut_columns = list(dict.fromkeys(name for cut in contract.cuts for name in cut))
    selected = ", ".join(["rank", "unit", "day", *(quoted(name) for name in cut_columns)])
    of_row = ", ".join(["rank", "unit", f"COALESCE({days}) AS day", *map(quoted, cut_columns)])
    measures = ", ".join(f"CAST({measure.expression} AS DECIMAL(18, 4)) AS m{i}" for i, measure in enumerate(dated))
    numbers = range(len(dated))
    finest = ", ".join(
        f"sum(sign * m{i}) AS v{i}, sum(sign * CAST(m{i} IS NOT NULL AS INTEGER)) AS n{i}" for i in numbers
    )
    changed = " OR ".join(f"v{i} <> 0 OR n{i} <> 0" for i in numbers)
    sums = ", ".join(f"sum(v{i}) AS v{i}, sum(n{i}) AS n{i}" for i in numbers)
    sets = ", ".join(
        "(" + ", ".join(["rank", "unit", "day", "since", *(quoted(name) for name in cut)]) + ")"
        for cut in contract.cuts
    )
    grouping = ", ".join(f"grouping({quoted(name)}) AS {quoted('_no_' + name)}" for name in cut_columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE cell AS"
        f" WITH changes AS (SELECT {of_row}, issued_at AS since, 1 AS sign, {measures} FROM {table}"
        f" UNION ALL SELECT {of_row}, until_at, -1, {measures} FROM {table} WHERE until_at IS NOT NULL),"
        f" finest AS (SELECT {selected}, since, {finest} FROM changes WHERE day IS NOT NULL"
        # A row told again with the same number changes no cell: most versions of an item do not, at its first day.
        f" GROUP BY {selected}, since HAVING {changed})"
        f" SELECT {selected}, since, {sums}{', ' + grouping if grouping else ''} FROM finest"
        f" GROUP BY GROUPING SETS ({sets})"
    )
    for cut in contract.cuts:
        condition = [f"{quoted('_no_' + name)} = {0 if name in cut else 1}" for name in cut_columns]
        condition += [f"{quoted(name)} NOT IN {(*NOT_A_STRATUM, '')}" for name in cut]
        label = " || '|' || ".join(f"'{name}=' || {quoted(name)}" for name in cut) or "''"
        for i, measure in enumerate(dated):
            con.execute(
                f"INSERT INTO history SELECT ?, stratum, unit, day, rank, since,"
                f" CASE WHEN n > 0 THEN CAST(v AS DOUBLE) END FROM ("
                f"SELECT {label} AS stratum, unit, day, rank, since,"
                f" sum(COALESCE(v{i}, 0)) OVER running AS v, sum(n{i}) OVER running AS n,"
                f" sum(abs(n{i})) OVER running AS ever"
                f" FROM cell WHERE {' AND '.join(condition) or 'TRUE'}"
                f" WINDOW running AS (PARTITION BY rank, unit, day{''.join(', ' + quoted(name) for name in cut)}"
                f" ORDER BY since)) WHERE ever > 0 OR n > 0",
                [f"{contract.dataset}.{measure.name}"],
            )


def _add_coverage(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """The days a line list covers, as known after each issue that first told of a day, or was the first of a day.

    A list reaches as far as the newest event any of its rows tells of: an item closed today covers today.
    """
    table = version_table(contract)
    dated = dict.fromkeys(["day", *(measure.dated_by for measure in contract.measures)])
    newest = ", ".join(f"CAST({quoted(name)} AS DATE)" for name in dated)
    con.execute(
        f"INSERT INTO coverage WITH told AS (SELECT CAST(day AS DATE) AS oldest, greatest({newest}) AS newest,"
        f" issued_at, CAST(issued_at AS DATE) AS issued_on FROM {table}),"
        " heard AS (SELECT min(issued_at) AS issued, oldest, NULL AS newest FROM told GROUP BY oldest"
        " UNION ALL SELECT min(issued_at), NULL, newest FROM told GROUP BY newest"
        " UNION ALL SELECT min(issued_at), NULL, NULL FROM told GROUP BY issued_on),"
        " known AS (SELECT issued, min(oldest) AS oldest, max(newest) AS newest FROM heard GROUP BY issued)"
        " SELECT * FROM (SELECT ? AS dataset, min(oldest) OVER until_then, max(newest) OVER until_then AS last, issued"
        " FROM known WINDOW until_then AS (ORDER BY issued)) WHERE last IS NOT NULL ORDER BY issued",
        [contract.dataset],
    )


def _withhold_small_telecom(con: duckdb.DuckDBPyConnection) -> None:
    """Drop a unit's telecom counts of a day when fewer than LEAST_SUBSCRIBERS were active, in every version of it."""
    con.execute(
        "DELETE FROM history USING (SELECT unit, day, rank FROM history WHERE measure = 'mobility.active_subscribers'"
        " GROUP BY unit, day, rank HAVING min(value) < ?) AS small WHERE history.measure LIKE 'mobility.%'"
        " AND history.unit = small.unit AND history.day = small.day AND history.rank = small.rank",
        [LEAST_SUBSCRIBERS],
    )
