"""The reporting duty worked out from what arrived, where no register of reports is delivered.

A unit that began to report a dataset owes it every day from then on. Its report about a day is received when its
first rows came, due DAILY_DUTY_HOURS after the day began, and missing from then on until it comes. Days before
anything of the dataset was received are not held against anybody: they came as a backlog.

No register says which fields a form must fill: those are taken that most of its reports state, and a field of a report
is filled when any of its rows states it. The rows sent back are those that were set aside, but for
plain repetitions, and told their unit. Both are
told as of the newest deliveries, in whatever version of a report.
"""

from __future__ import annotations

import duckdb

from data_sources.contracts import CONTRACTS, Contract
from data_sources.contracts.model import DAILY_DUTY_HOURS
from data_sources.contracts.submissions import FORMS
from data_sources.mapping import quoted

ASKED_SHARE = 0.5
"""A field that most reports state is asked for; stocks that are counted on Mondays only are not owed every day."""
LAST_RANK = 1_000_000
"""Behind every source: what a source says of the duty comes first."""


def is_daily_form(contract: Contract) -> bool:
    """True for datasets that units owe every day; lists of events are not, a unit without any has nothing to send."""
    known = any(choice.value == contract.dataset for choice in FORMS)
    return known and not contract.line_list and contract.late_after_hours is not None


def derive_submissions(con: duckdb.DuckDBPyConnection, present: list[str], version_table: str) -> bool:
    """Fill the versions of `submissions` from the temporary table `report`; False where nothing is owed."""
    for dataset in present:
        contract = CONTRACTS[dataset]
        if not is_daily_form(contract):
            continue
        key = ", ".join(quoted(name) for name in contract.key)
        told = quoted(f"version_{dataset}")
        figures = [item.name for item in contract.columns if item.type == "integer" and item.name not in contract.key]
        stated = ", ".join(
            f"CAST(bool_or({quoted(name)} IS NOT NULL) AS INTEGER) AS s{place}" for place, name in enumerate(figures)
        )
        asked = ", ".join(f"CAST(avg(s{place}) >= $asked AS INTEGER) AS a{place}" for place in range(len(figures)))
        con.execute(
            f"INSERT INTO {version_table} (rank, issued_at, until_at, form, unit, day, due_at, received_at, rows,"
            f" required_fields, required_filled, rows_rejected)"
            f" WITH came AS (SELECT unit, day, min(issued) AS received FROM report WHERE dataset = $form GROUP BY ALL),"
            f" told AS (SELECT unit, day, count(*) AS rows FROM (SELECT DISTINCT {key} FROM {told}) GROUP BY ALL),"
            f" stated AS (SELECT unit, day, {stated} FROM {told} WHERE until_at IS NULL GROUP BY unit, day),"
            f" asked AS (SELECT {asked} FROM stated),"
            f" filled AS (SELECT unit, day, {' + '.join(f'a{place}' for place in range(len(figures)))} AS fields,"
            f" {' + '.join(f'a{place} * s{place}' for place in range(len(figures)))} AS filled FROM stated, asked),"
            f" wrong AS (SELECT unit, day, sum(rows) AS rejected FROM set_aside_part WHERE dataset = $form"
            f" AND unit IS NOT NULL AND reason <> 'duplicate' GROUP BY ALL),"
            f" now AS (SELECT max(issued) AS newest, (SELECT CAST(min(received) AS DATE) FROM came) AS begun"
            f" FROM report),"
            f" owed AS (SELECT unit, unnest(generate_series(greatest(min(day), any_value(begun)),"
            f" CAST(any_value(newest) AS DATE), INTERVAL 1 DAY))::DATE AS day FROM came, now GROUP BY unit),"
            f" since AS (SELECT unit, day, min(received) OVER (PARTITION BY unit ORDER BY day) AS began FROM came),"
            f" due AS (SELECT unit, day, CAST(day AS TIMESTAMPTZ) + to_hours($hours) AS due_at, received, rows, newest,"
            f" fields, filled, COALESCE(rejected, 0) AS rejected,"
            # Before its first report of such a day came nobody knew that the unit would owe it.
            f" greatest(CAST(day AS TIMESTAMPTZ) + to_hours($hours), began) AS missed_at"
            f" FROM owed ASOF LEFT JOIN since USING (unit, day) LEFT JOIN came USING (unit, day)"
            f" LEFT JOIN told USING (unit, day) LEFT JOIN filled USING (unit, day) LEFT JOIN wrong USING (unit, day),"
            f" now)"
            f" SELECT $rank, received, NULL, $form, unit, day, due_at, received, rows, fields, filled, rejected"
            f" FROM due WHERE received IS NOT NULL UNION ALL"
            f" SELECT $rank, missed_at, received, $form, unit, day, due_at, NULL, 0, 0, 0,"
            f" CASE WHEN received IS NULL THEN rejected ELSE 0 END FROM due"
            f" WHERE due_at <= newest AND (received IS NULL OR received > missed_at)",
            {"form": dataset, "hours": DAILY_DUTY_HOURS, "rank": LAST_RANK, "asked": ASKED_SHARE},
        )
    row = con.execute(f"SELECT count(*) FROM {version_table}").fetchone()
    return bool(row and row[0])
